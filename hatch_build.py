"""Compiles sites/generic with mypyc when the package is built or installed, where a C compiler is at hand.

python hatch_build.py   compiles what the sources are now (make compiled); without it, edited sources run interpreted

Extraction runs the same either way, compiled a third faster; a failure to compile is told and is none of the
installation. What is in INTERPRETED stays as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
GENERIC = ROOT / "sites" / "generic"
INTERPRETED = ("__init__", "compiled", "lessons", "template")
"""What loads the others; and what is written to disk by msgspec, whose class options mypyc does not pass on."""
_OPTIONS = [
    "--config-file=",
    "--ignore-missing-imports",
    "--follow-imports=silent",
    "--disable-error-code=arg-type",
    "--disable-error-code=assignment",
    "--disable-error-code=list-item",
    "--disable-error-code=var-annotated",
]


def _compiled() -> Any:
    """sites.generic.compiled, without what the packages around it import."""
    spec = spec_from_file_location("compiled", GENERIC / "compiled.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_fresh(compiled: Any) -> bool:
    stamp = GENERIC / compiled.NATIVE / compiled.STAMP
    return stamp.exists() and bool(stamp.read_text(encoding="ascii") == compiled.digest(GENERIC))


def _no_compiler() -> str:
    """What to say when there is none; "" when there is one."""
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    if shutil.which(compiler):
        return ""
    return f"no C compiler ({compiler}): extraction will run interpreted, slower; on Debian: apt install gcc python3-dev"


def build() -> None:
    """Put the compiled modules into the folder NATIVE, whole or not at all. Raises SystemExit when it cannot."""
    from mypyc.build import mypycify
    from setuptools import Distribution
    from setuptools.command.build_ext import build_ext

    compiled = _compiled()
    native, told = GENERIC / compiled.NATIVE, compiled.digest(GENERIC)
    os.chdir(ROOT)
    sources = [str(p.relative_to(ROOT)) for p in sorted(GENERIC.glob("*.py")) if p.stem not in INTERPRETED]
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch) / "made"
        extensions = mypycify(
            [*_OPTIONS, *sources], opt_level="2", debug_level="0", target_dir=f"{scratch}/c"
        )
        command = build_ext(Distribution({"name": "generic", "ext_modules": extensions}))
        command.build_lib, command.build_temp, command.parallel = str(made), f"{scratch}/temp", 2
        command.ensure_finalized()
        command.run()
        fresh = GENERIC / f"{compiled.NATIVE}.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        for library in made.rglob("*.so"):
            shutil.move(library, fresh / library.name)
        (fresh / compiled.STAMP).write_text(told, encoding="ascii")
    shutil.rmtree(native, ignore_errors=True)
    fresh.rename(native)


class Compiled(BuildHookInterface[Any]):
    """Adds what was compiled to a wheel; an editable installation finds it beside the sources."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compiled = _compiled()
        if not _is_fresh(compiled):
            if missing := _no_compiler():
                self.app.display_warning(missing)
                return
            self.app.display_waiting("Compiling sites/generic: about a minute")
            done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                last = "\n".join((done.stdout + done.stderr).splitlines()[-12:])
                self.app.display_warning(f"not compiled, extraction will run interpreted:\n{last}")
                return
        build_data["artifacts"] += [f"sites/generic/{compiled.NATIVE}/*"]
        build_data["pure_python"] = False
        build_data["infer_tag"] = True


if __name__ == "__main__" and not _is_fresh(_compiled()):
    if missing := _no_compiler():
        sys.stderr.write(f"{missing}\n")
    else:
        build()
