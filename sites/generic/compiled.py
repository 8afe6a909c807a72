"""The same modules as machine code: mypyc compiles them where a C compiler is at hand (hatch_build.py), into `native/`.

sources ─▶ digest ─┬─ that of native/ ─▶ its modules are imported in place of the sources
                   └─ another, or none ─▶ the sources are: an edit counts at once, only slower
"""

from __future__ import annotations

import sys
from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES, ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

__all__ = ["NATIVE", "STAMP", "digest", "use"]

NATIVE = "native"
"""The folder beside the sources that holds what was compiled from them."""
STAMP = "sources.sha256"
"""The file in it that tells from which."""
_GROUP = "__mypyc"


def digest(generic: Path) -> str:
    """Of every source that the compiler looks at: constants of the package around are part of the machine code, too."""
    told = sha256(EXTENSION_SUFFIXES[0].encode())
    for source in sorted([*generic.glob("*.py"), *generic.parent.glob("*.py")]):
        told.update(source.name.encode() + b"\0" + source.read_bytes())
    return told.hexdigest()


def use(generic: Path) -> str | None:
    """The folder to import from before the sources, when it was made of them; its common library is loaded then."""
    native = generic / NATIVE
    try:
        fresh = (native / STAMP).read_text(encoding="ascii") == digest(generic)
    except OSError:
        return None
    if not fresh:
        return None
    for library in native.glob(f"*{_GROUP}{EXTENSION_SUFFIXES[0]}"):
        name = library.name.removesuffix(EXTENSION_SUFFIXES[0])
        loader = ExtensionFileLoader(name, str(library))
        spec = spec_from_loader(name, loader)
        if spec is None:
            return None
        sys.modules[name] = module_from_spec(spec)
        loader.exec_module(sys.modules[name])
    return str(native)
