"""`broadsheet replay`: extract again from the archive, without the network."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import trio
import typer

from archive.index import ArticleIndex
from archive.store import Store
from archive.store.types import CaptureRow, Selection
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    SitesOption,
    address_of,
    console,
    counted,
    existing_folder,
    fail,
    print_json,
    settings_from,
    site_dirs,
)
from crawler.cli.progress import Progress
from crawler.cli.wiring import replay_pending
from crawler.errors import ConfigError
from crawler.folder import DataFolder
from sites.fingerprint import fingerprint
from sites.registry import Registry
from sites.url import host_key

__all__ = ["mark_outdated", "micros", "replay"]


def micros(text: str, name: str) -> int:
    """An ISO date as a stored time, 0 for ""; `name` is the option that an error names."""
    if not text:
        return 0
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{name} {text}: write a date like 2026-01-31") from None
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1_000_000)


def _hosts(registry: Registry, site: str) -> tuple[str, ...]:
    """The hosts whose captures are a site's though no plugin has read them yet ("*.host" names none)."""
    layers = registry.layers(site) if site in registry.names() else ()
    hosts = [host for layer in layers for host in layer.all_hosts if not host.startswith("*")]
    return tuple(dict.fromkeys(name for host in hosts for name in (host, f"www.{host}")))


def _check_site(registry: Registry, store: Store, site: str) -> None:
    """Raises ConfigError, which names those there are, when neither a plugin nor a capture is of this site."""
    if (
        site
        and site not in registry.names()
        and not any(True for _ in store.select_captures(Selection(site=site)))
    ):
        registry.get(site)


def mark_outdated(
    folder: DataFolder, registry: Registry, wanted: Selection, *, force: bool = False, dry_run: bool = False
) -> int:
    """Mark the captures that today's rules have not read (with `force` all) to be extracted again; how many."""
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        taught = store.template_versions()

        def current(row: CaptureRow) -> str:
            if row.kind == 1:
                return "robots"
            day = datetime.fromtimestamp(row.fetched_at / 1e6, UTC).date()
            return fingerprint(registry.for_url(row.url, day), taught.get(host_key(row.url), ""))

        if dry_run:
            return sum(1 for _ in store.outdated(wanted, None if force else current))
        return store.mark_for_replay(wanted, None if force else current)


def replay(
    site: Annotated[str, typer.Option(help="Only captures of this site.")] = "",
    url: Annotated[str, typer.Option(help="Only captures of this URL.")] = "",
    since: Annotated[str, typer.Option(metavar="DATE", help="Fetched on or after.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Fetched before.")] = "",
    force: Annotated[
        bool, typer.Option("--force", help="Also what today's rules have read already.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    workers: Annotated[int, typer.Option(min=0, help="Extraction processes.")] = 0,
    sites: SitesOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Extract again what today's rules have not read, from the archive alone.

    Example: broadsheet replay --site gazette --dry-run
    """
    settings = settings_from(config, data=data)
    folder = existing_folder(settings)
    folders = site_dirs(sites, settings)
    registry = Registry.load(folders)

    wanted = Selection(
        site=site,
        hosts=_hosts(registry, site),
        url=address_of(url, "--url") if url else "",
        since=micros(since, "--since"),
        until=micros(until, "--until"),
    )
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        _check_site(registry, store, site)
    with closing(ArticleIndex.open(folder.articles_db)) as index:
        anew = force or index.empty()  # what was read before is not in this one
    count = mark_outdated(folder, registry, wanted, force=anew, dry_run=dry_run)
    if dry_run:
        if as_json:
            print_json({"outdated": count})
        else:
            console.print(f"{counted(count, 'capture')} would be extracted again")
        return
    with Progress(console, quiet=as_json) as progress:
        trio.run(lambda: replay_pending(settings, folders, progress, workers=workers))
    if as_json:
        print_json({"replayed": count, **dict(progress.counts)})
    else:
        console.print(
            f"{counted(count, 'capture')} extracted again: {counted(progress.counts['articles'], 'article')}"
        )
    if unread := progress.counts["error"]:
        fail(
            f"{counted(unread, 'capture')} could not be read: `broadsheet verify` says what is wrong with the files"
        )
