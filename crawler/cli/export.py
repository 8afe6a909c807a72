"""`broadsheet export`: the archive for other tools."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from archive.exporting import export_cdxj, export_wacz
from archive.exporting.copying import Files
from archive.index import ArticleIndex
from archive.store import Store
from archive.store.types import Selection
from archive.warc import Info
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    address_of,
    console,
    counted,
    existing_folder,
    print_json,
    settings_from,
)
from crawler.cli.replay import micros
from crawler.cli.wiring import now_us
from crawler.folder import DataFolder
from sites.url import host_key, parse

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True, help="Write the archive for other tools: cdxj, wacz.")

OutputOption = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Where to (default: a new file in the data folder's exports/)."),
]
HostOption = Annotated[
    list[str] | None, typer.Option(metavar="HOST", help="Only captures of this host. May be given again.")
]
UrlOption = Annotated[str, typer.Option(help="Only captures of this URL.")]
Since = Annotated[str, typer.Option(metavar="DATE", help="Fetched on or after.")]
Until = Annotated[str, typer.Option(metavar="DATE", help="Fetched before.")]


def _wanted(host: list[str] | None, url: str, since: str, until: str) -> Selection:
    hosts = tuple(host_key(address) for name in host or () if (address := parse(f"http://{name}/")))
    return Selection(
        hosts=hosts,
        url=address_of(url, "--url") if url else "",
        since=micros(since, "--since"),
        until=micros(until, "--until"),
    )


def _target(output: Path | None, folder: DataFolder, suffix: str) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    return output or folder.root / "exports" / f"broadsheet-{stamp}{suffix}"


@app.command("cdxj")
def cdxj(
    output: OutputOption = None,
    host: HostOption = None,
    url: UrlOption = "",
    since: Since = "",
    until: Until = "",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """An index of the archive's captures as CDXJ, for replay programs: key, time, and where the record lies.

    Example: broadsheet export cdxj --output index.cdxj
    """
    folder = existing_folder(settings_from(config, data=data))
    target = _target(output, folder, ".cdxj")
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        rows = store.select_captures(_wanted(host, url, since, until))
        count = export_cdxj(rows, store.file_path, target)
    if as_json:
        print_json({"file": str(target), "captures": count})
    else:
        console.print(f"{target}: {counted(count, 'capture')}", markup=False)


@app.command("wacz")
def wacz(
    output: OutputOption = None,
    title: Annotated[
        str, typer.Option(metavar="TEXT", help="The collection's title.")
    ] = "A Broadsheet archive",
    host: HostOption = None,
    url: UrlOption = "",
    since: Since = "",
    until: Until = "",
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Captures, their index and a list of pages in one WACZ file, which replay programs open as it is.

    A revisit says where its original is: if --since leaves the original out, the page cannot be replayed from the file.

    Example: broadsheet export wacz --output harbour.wacz --host gazette.example
    """
    settings = settings_from(config, data=data)
    folder = existing_folder(settings)
    target = _target(output, folder, ".wacz")
    software = f"Broadsheet {version('broadsheet')}"
    now, wanted = now_us(), _wanted(host, url, since, until)
    with (
        closing(Store.open(folder.crawl_db, create=False)) as store,
        closing(ArticleIndex.open(folder.articles_db)) as index,
    ):

        def title_of(address: str) -> str:
            found = index.get(address)
            return found.article.title if found is not None else ""

        files = Files(store, Info(software=software, operator=settings.contact), now)
        done = export_wacz(wanted, files, title_of, target, title=title, software=software, now=now)
    if as_json:
        print_json(
            {
                "file": str(target),
                "captures": done.captures,
                "pages": done.pages,
                "files": done.files,
                "left_out": done.left_out,
            }
        )
    else:
        left = f"; {done.left_out} of others could not be taken over" if done.left_out else ""
        console.print(
            f"{target}: {counted(done.captures, 'capture')}, {counted(done.pages, 'page')}{left}",
            markup=False,
        )
