"""`broadsheet import`: archives made by others, taken in where they lie."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import trio
import typer

from archive.errors import ArchiveError
from archive.importing import ImportReport, import_file
from archive.store import Store
from crawler.cli.common import (
    EXIT_FAILED,
    ConfigOption,
    DataOption,
    JsonOption,
    SitesOption,
    console,
    counted,
    data_folder,
    print_error,
    print_json,
    settings_from,
    site_dirs,
)
from crawler.cli.progress import Progress
from crawler.cli.wiring import now_us, replay_pending

__all__ = ["import_"]


def _tell(report: ImportReport) -> None:
    console.print(f"{report.path}: {counted(report.captures, 'capture')}, {report.new} new", markup=False)
    for damage in report.damage:
        console.print(f"  damaged at byte {damage.offset}: {damage.reason}", markup=False)


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="WARC, ARC or WACZ files.")],
    no_extract: Annotated[bool, typer.Option("--no-extract", help="Only take them in.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Extraction processes.")] = 0,
    sites: SitesOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in archives made by others, in place, then extract their articles.

    Damage is named by file and offset and read past; exit code 1 tells that there was some.

    Example: broadsheet import other-crawl.warc.gz
    """
    settings = settings_from(config, data=data)
    folder = data_folder(settings)
    folder.make()
    failed = False
    store = Store.open(folder.crawl_db)
    try:
        for file in files:
            try:
                report = import_file(file, store, now_us())
            except (ArchiveError, OSError) as error:
                failed = True
                if as_json:
                    print_json({"path": str(file), "error": str(error)})
                else:
                    print_error(error)
                continue
            failed = failed or bool(report.damage)
            if as_json:
                print_json(report)
            else:
                _tell(report)
    finally:
        store.close()
    if not no_extract:
        with Progress(console, quiet=as_json) as progress:
            trio.run(lambda: replay_pending(settings, site_dirs(sites, settings), progress, workers=workers))
        if not as_json:
            console.print(counted(progress.counts["articles"], "article"))
    if failed:
        raise typer.Exit(EXIT_FAILED)
