"""`broadsheet backup`: a copy of the data folder that can be gone on with, made while a crawl runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive.backup import back_up
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    console,
    counted,
    existing_folder,
    print_json,
    print_warning,
    settings_from,
)
from crawler.cli.wiring import now_us

__all__ = ["backup"]


def backup(
    into: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new or empty folder, or an earlier backup of this data.")
    ],
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the data folder while crawls run: databases at one moment, WARC files as far as they were committed then.

    The copy is a data folder itself. Made again into the same place, it takes what is new.
    To restore: copy it to where the data shall be, then `broadsheet verify`, and crawl on.

    Example: broadsheet backup /mnt/backup/news --data ./data
    """
    folder = existing_folder(settings_from(config, data=data))
    made = back_up(folder.root, into, now_us())
    if as_json:
        print_json(made)
        return
    console.print(
        f"{counted(made.files, 'file')}, {made.size / 1e6:.1f} MB, and the databases are in {into} "
        f"({counted(made.copied, 'file')} copied, {made.linked} linked, the others were there)",
        markup=False,
    )
    for path in made.elsewhere:
        print_warning(f"{path} was imported where it lies and is not in the backup")
