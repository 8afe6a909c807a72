"""`broadsheet verify`: prove that files are what they should be, and that database and files agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from archive.store import Store
from archive.verify import Finding, verify_file, verify_manners, verify_store
from archive.warc import is_ours
from crawler.cli.common import (
    EXIT_FAILED,
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    counted,
    existing_folder,
    print_json,
    settings_from,
)
from crawler.core.politeness import delay_of
from crawler.core.robots import parse as parse_robots
from crawler.engine.rules import TOKEN
from crawler.folder import DataFolder

__all__ = ["verify"]


def _findings(files: list[Path], folder: DataFolder | None, manners: bool) -> Iterator[Finding]:
    if manners:
        paths = files if folder is None else [path for path in folder.archive.iterdir() if is_ours(path.name)]
        yield from verify_manners(paths, lambda body: parse_robots(body, TOKEN), delay_of)
        return
    for file in files:
        yield from verify_file(file)
    if folder is None:
        return
    store = Store.open(folder.crawl_db, create=False)
    try:
        yield from verify_store(store, folder.archive)
    finally:
        store.close()


def verify(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="WARC or WACZ files; none: the data folder."),
    ] = None,
    manners: Annotated[
        bool,
        typer.Option("--manners", help="Prove from the files alone: no robots rule broken, no host hurried."),
    ] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check files by the WARC specification; without files, check the data folder record by record.

    Example: broadsheet verify --data ./data
    """
    folder = None if files else existing_folder(settings_from(config, data=data))
    errors = warnings = 0
    for finding in _findings(files or [], folder, manners):
        errors += finding.severity == "error"
        warnings += finding.severity == "warning"
        if as_json:
            print_json(finding)
        else:
            console.print(str(finding), markup=False)
    if as_json:
        print_json({"errors": errors, "warnings": warnings})
    else:
        good = "no robots rule broken, no host met before its delay" if manners else "everything agrees"
        console.print(
            f"{counted(errors, 'error')}, {counted(warnings, 'warning')}" if errors or warnings else good
        )
    if errors:
        raise typer.Exit(EXIT_FAILED)
