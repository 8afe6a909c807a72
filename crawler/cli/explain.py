"""`broadsheet explain`: the whole story of one URL."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import msgspec
import typer

from archive.index import ArticleIndex
from archive.store import Store
from archive.store.stats import Explained
from archive.store.types import State
from crawler.cli.common import (
    ConfigOption,
    DataOption,
    JsonOption,
    SitesOption,
    address_of,
    console,
    existing_folder,
    print_facts,
    print_json,
    print_table,
    settings_from,
    site_dirs,
    when,
)
from crawler.cli.telling import Told, tell
from crawler.cli.wiring import now_us
from sites.registry import Registry

__all__ = ["explain"]

_SIGNS = {True: "yes", False: "no", None: "waits"}


def explain(
    url: Annotated[str, typer.Argument(help="Any URL.")],
    sites: SitesOption = None,
    data: DataOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say why a URL was fetched or not, or would be: who found it, which rule of the plugin, the scope and robots.txt
    (with its line, and the date of the copy) say what, whether it is cut as a trap, what its host waits for, every
    attempt with its outcome and the place of its record, what it was read as, and when it is asked for next.

    Example: broadsheet explain https://example.com/news/1
    """
    settings = settings_from(config, data=data)
    folder = existing_folder(settings)
    address = address_of(url)
    registry = Registry.load(site_dirs(sites, settings))
    with (
        closing(Store.open(folder.crawl_db, create=False)) as store,
        closing(ArticleIndex.open(folder.articles_db)) as index,
    ):
        address = _identity(address, registry, store)
        known = store.explain(address)
        told = tell(address, known, store, index, registry, settings, now_us())
    if as_json:
        print_json({"identity": address, **msgspec.structs.asdict(known), **msgspec.structs.asdict(told)})
        return
    _print(address, known, told)


def _identity(address: str, registry: Registry, store: Store) -> str:
    """The page's one URL, unless it was met as it stands, before its plugin said so."""
    site = registry.for_url(address)
    own = site.identity(address) if site is not None else address
    return address if own != address and store.url(own) is None and store.url(address) is not None else own


def _print(address: str, known: Explained, told: Told) -> None:
    row = known.url
    facts = {
        "identity": address,
        "outcome": told.outcome,
        "state": State(row.state).name.lower() if row is not None else "never heard of",
        "found on": " <- ".join(told.way) or ("a seed" if row is not None and not row.hops else ""),
        "depth": row.depth if row is not None else "",
        "site": told.site,
        "index": told.index,
    }
    print_facts({name: value for name, value in facts.items() if value != ""})
    console.print()
    print_table(("question", "passes", "answer"), ((a.about, _SIGNS[a.passes], a.says) for a in told.story))
    if not known.captures:
        return
    console.print()
    print_table(
        ("asked", "outcome", "took#", "bytes#", "record", "read as"),
        (
            (
                when(c.fetched_at),
                f"{c.status}{', cut off: ' + c.truncated if c.truncated else ''}" if c.status else c.error,
                f"{c.took / 1e6:.2f} s",
                c.payload_size,
                f"{c.location.file}, {c.location.length} bytes at {c.location.offset}",
                c.page_type or c.extraction,
            )
            for c in known.captures
        ),
    )
