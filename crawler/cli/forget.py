"""`broadsheet forget`: a URL taken down."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from archive.index import ArticleIndex
from archive.store import Store
from archive.takedown import Erased, Erasure, all_names, erase
from archive.takedown import forget as mark
from crawler.cli.common import (
    EXIT_FAILED,
    EXIT_USAGE,
    ConfigOption,
    DataOption,
    JsonOption,
    address_of,
    console,
    existing_folder,
    fail,
    print_json,
    settings_from,
)
from crawler.cli.wiring import now_us, register

__all__ = ["forget"]


def forget(
    urls: Annotated[
        list[str] | None, typer.Argument(metavar="[URL]...", help="None: finish what earlier calls began.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which URLs would go.")] = False,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a URL down, with the other URLs of its article: at once it is neither shown, exported nor fetched again,
    then its records are taken out of all files. That cannot be undone.

    While a crawl is at work the files stay as they are: call it again without a URL when the crawl has ended.

    Example: broadsheet forget https://example.com/news/1 --reason "asked for by its author"
    """
    if urls and not reason and not dry_run:
        fail("say why: --reason TEXT", EXIT_USAGE)
    addresses = [address_of(url) for url in urls or ()]
    folder = existing_folder(settings_from(config, data=data))
    with (
        closing(Store.open(folder.crawl_db, create=False)) as store,
        closing(ArticleIndex.open(folder.articles_db)) as index,
    ):
        names = all_names(store, index, addresses)
        if dry_run:
            _tell_names(names, "would be forgotten", as_json)
            return
        token = register(store, folder)
        mark(store, index, names, reason, now_us())
        _tell_names(names, "is forgotten", as_json)
        done = erase(
            store, index, folder.root, now=now_us(), token=token, report=lambda one: _tell_file(one, as_json)
        )
        store.release_owner(now_us())
    _tell_end(done, as_json)
    if not done.finished:
        raise typer.Exit(EXIT_FAILED)


def _tell_names(names: list[str], what: str, as_json: bool) -> None:
    for name in names:
        if as_json:
            print_json({"url": name})
        else:
            console.print(f"{name} {what}", markup=False)


def _tell_file(one: Erased, as_json: bool) -> None:
    if as_json:
        print_json(one)
    elif one.records:
        became = f"now {one.new}" if one.new else "nothing was left of it"
        console.print(f"{one.old}: {one.records} records taken out, {became}", markup=False)
    else:
        console.print(f"{one.old}: removed, it may hold the URL", markup=False)


def _tell_end(done: Erasure, as_json: bool) -> None:
    if as_json:
        print_json({"finished": done.finished, "busy": done.busy, "holders": dict(done.holders)})
        return
    for path, records in done.holders:
        console.print(
            f"{path} was imported and is not ours to change: it still has {records} records of it",
            markup=False,
        )
    if done.busy:
        console.print(
            f"{done.busy} other processes are at work here: `broadsheet forget` once more when they have ended"
        )
    elif not done.finished:
        console.print("a database is being read: `broadsheet forget` once more")
    else:
        console.print("no file holds it any more; backups and copies elsewhere are yours to look after")
