"""`broadsheet sites check`: are the plugins well made, and do they still find what their cases expect?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from crawler.cases import find_cases, read_case, run_case
from crawler.cli.common import (
    EXIT_FAILED,
    ConfigOption,
    JsonOption,
    SitesOption,
    console,
    print_json,
    print_table,
    settings_from,
    site_dirs,
)
from crawler.cli.sites.page import CasesOption
from crawler.errors import BroadsheetError, ConfigError
from sites.registry import Registry

__all__ = ["check"]

_LOADING = 30.0


class _Checked(msgspec.Struct):
    site: str
    file: str = ""
    cases: int = 0
    wrong: list[str] = []


def check(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SITE]...", help="Only these (default: all of your own).")
    ] = None,
    cases: CasesOption = Path("tests/cases"),
    sites: SitesOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that the plugins are well made and find what their cases expect.

    Example: broadsheet sites check courier
    """
    folders = site_dirs(sites, settings_from(config))
    _load_apart(folders)
    registry = Registry.load(folders)
    broken = {problem.plugin for problem in registry.problems}
    folder_of = [path for path in find_cases(cases) if not names or path.parent.name in names]
    own = Registry.load(folders, bundled=False).names()
    wanted = set(names or ()) or {*own, *broken, *(path.parent.name for path in folder_of)}
    for name in wanted - broken:
        registry.get(name)  # or say what there is instead
    checked = {name: _Checked(name) for name in sorted(wanted)}
    for problem in registry.problems:
        if problem.plugin in checked:
            checked[problem.plugin].wrong.append(str(problem))
    for name in wanted - broken:
        checked[name].file = _near(registry.file_of(name))
    for folder in folder_of:
        entry = checked[folder.parent.name]
        entry.cases += 1
        if folder.parent.name not in broken:
            entry.wrong += [f"{folder}: {told}" for told in _told(folder, registry)]
    _show(list(checked.values()), cases, as_json)
    if any(entry.wrong for entry in checked.values()):
        raise typer.Exit(EXIT_FAILED)


def _near(file: str) -> str:
    """As one would type it here."""
    path = Path(file)
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def _load_apart(folders: Sequence[Path]) -> None:
    """Load the plugins in a process of its own first: one that hangs or kills is found out there."""
    command = [sys.executable, "-P", "-m", "sites.loading", *map(str, folders)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_LOADING, check=False)
    except subprocess.TimeoutExpired:
        shown = ", ".join(map(str, folders))
        raise BroadsheetError(
            f"loading the plugins of {shown} took longer than {_LOADING:g} s: one hangs"
        ) from None
    if done.returncode not in (0, 1):
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BroadsheetError(f"loading the plugins ended with {done.returncode}: {said[-1] if said else ''}")


def _told(folder: Path, registry: Registry) -> tuple[str, ...]:
    try:
        return run_case(read_case(folder), registry)
    except ConfigError as error:
        return (str(error),)


def _show(checked: Sequence[_Checked], cases: Path, as_json: bool) -> None:
    if as_json:
        for entry in checked:
            print_json(entry)
        return
    if not checked:
        console.print(
            "there is no plugin of your own here: `broadsheet sites new URL` writes one", markup=False
        )
        return
    print_table(
        ("site", "cases#", "verdict", "file"),
        (
            (e.site, e.cases, f"{len(e.wrong)} wrong" if e.wrong else "ok" if e.cases else "no case", e.file)
            for e in checked
        ),
    )
    for entry in checked:
        for line in entry.wrong:
            console.print(f"{entry.site}: {line}", markup=False)
        if not entry.cases and not entry.wrong:
            console.print(
                f"{entry.site}: there is no case in {cases / entry.site}: `broadsheet sites pin URL` makes one",
                markup=False,
            )
