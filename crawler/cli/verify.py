"""`broadsheet verify`: prove that files are what they should be, and that database and files agree."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from archive.store import Store
from archive.verify import Finding, verify_file, verify_store
from crawler.cli.common import (
    EXIT_FAILED,
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    existing_folder,
    print_json,
    settings_from,
)

__all__ = ["verify"]


def _findings(files: list[Path], data: Path | None, config: Path | None) -> Iterator[Finding]:
    if files:
        for file in files:
            yield from verify_file(file)
        return
    folder = existing_folder(settings_from(config, data=str(data) if data else None))
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
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check files by the WARC specification; without files, check the data folder record by record.

    Example: broadsheet verify --data ./data
    """
    errors = warnings = 0
    for finding in _findings(files or [], data, config):
        errors += finding.severity == "error"
        warnings += finding.severity != "error"
        if as_json:
            print_json(finding)
        else:
            console.print(str(finding), markup=False)
    if as_json:
        print_json({"errors": errors, "warnings": warnings})
    else:
        console.print(f"{errors} errors, {warnings} warnings" if errors or warnings else "everything agrees")
    if errors:
        raise typer.Exit(EXIT_FAILED)
