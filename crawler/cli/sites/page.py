"""The page that a plugin is written, tried or pinned against: out of the archive, or fetched into it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import trio
import typer

from archive.store import Store
from archive.store.types import State
from crawler.archived import archived_page
from crawler.cli.common import console, data_folder
from crawler.cli.fetching import check_contact
from crawler.cli.progress import Progress
from crawler.cli.wiring import crawl_jobs
from crawler.engine.crawl import CrawlLimits
from crawler.errors import BroadsheetError
from crawler.jobs import job_of_urls
from crawler.settings import Settings, parse_duration
from sites.page import Page

__all__ = ["CasesOption", "from_archive", "page_of"]

CasesOption = Annotated[
    Path, typer.Option("--cases", metavar="DIR", help="Where cases lie: DIR/SITE/CASE/expected.json.")
]
_SECOND = 1_000_000
_WAIT = 60 * _SECOND


def from_archive(url: str, settings: Settings) -> Page | None:
    """The newest page that the data folder has of an ada href."""
    folder = data_folder(settings)
    if not folder.crawl_db.exists():
        return None
    with closing(Store.open(folder.crawl_db, create=False)) as store:
        return archived_page(store, url)


def page_of(url: str, settings: Settings, *, quiet: bool) -> Page:
    """The page of an ada href: archived, or else crawled now, alone, by all the rules of a crawl. Raises
    BroadsheetError, which says why, when there is none to be had."""
    page = from_archive(url, settings)
    if page is not None:
        return page
    job = job_of_urls([url], never=settings.never, max_depth=0)
    check_contact([job], settings)
    limits = CrawlLimits(
        hold=int((parse_duration(settings.fetch.timeout) + 60) * _SECOND),
        delay=int(parse_duration(settings.delay) * _SECOND),
        wait=_WAIT,
    )
    with Progress(console, quiet=quiet) as progress:
        trio.run(
            lambda: crawl_jobs([job], settings, (), progress, limits=limits, extractors=1, extract=False)
        )
    page = from_archive(url, settings)
    if page is None:
        with closing(Store.open(data_folder(settings).crawl_db, create=False)) as store:
            raise BroadsheetError(f"{url}: there is no page: {_why(store, url)}")
    return page


def _why(store: Store, url: str) -> str:
    row = store.url(url)
    if row is None:
        return "it was never asked for"
    if row.state in (State.DENIED, State.DEAD):
        return f"{row.reason} ({'robots.txt' if row.state is State.DENIED else 'given up'})"
    return f"{row.reason or 'interrupted'}; the same command tries again"
