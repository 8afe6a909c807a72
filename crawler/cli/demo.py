"""`broadsheet demo`: a small newsroom on loopback, crawled while you watch."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import trio
import typer

from archive.index import ArticleIndex, Query
from crawler.cli.common import console, print_table
from crawler.cli.progress import Progress
from crawler.cli.wiring import crawl_jobs
from crawler.demo import build_newsroom
from crawler.demo.server import Server, running
from crawler.engine.crawl import CrawlLimits
from crawler.folder import DataFolder
from crawler.jobs import Job, job_of_site, job_of_urls
from crawler.settings import Settings
from sites.registry import Registry

__all__ = ["demo"]

_PLUGINS = ("gazette", "observer", "minato", "brightledger")
_BARE = ("http://lantern.example/",)


def demo(
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep the newsroom up to practise on, crawl nothing.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, help="The loopback port (default: a free one).")] = 0,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="The data folder (default: a fresh one).")
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(
            "--settings", metavar="FILE", help="With --serve: write settings that reach the newsroom."
        ),
    ] = None,
) -> None:
    """Crawl a small newsroom made for this, over real sockets on this machine alone.

    Example: broadsheet demo
    """
    newsroom = build_newsroom(1, today=datetime.now(UTC).date())
    with running(newsroom, port=port) as server:
        if serve:
            _serve(server, settings)
        else:
            _crawl(server, data or Path(tempfile.mkdtemp(prefix="broadsheet-demo-")))


def _serve(server: Server, settings: Path | None) -> None:
    if settings is not None:
        settings.write_text(server.settings, encoding="utf-8")
        console.print(f"settings that reach it are in {settings}", markup=False)
    else:
        console.print(server.settings, markup=False)
    console.print(f"the newsroom is up on {server.address} port {server.port}; Ctrl-C ends it", markup=False)
    trio.run(trio.sleep_forever)


def _crawl(server: Server, folder: Path) -> None:
    settings = Settings(
        data=str(folder),
        contact="demo@newsroom.example",
        delay=0,
        allow_address=("127.0.0.0/8",),
        resolve=server.resolve,
    )
    registry = Registry.load()
    jobs: list[Job] = [job_of_site(registry.get(name)) for name in _PLUGINS]
    jobs.append(job_of_urls(_BARE))
    console.print(
        f"five papers on {server.address} port {server.port}: four with a plugin, one without", markup=False
    )
    with Progress(console, quiet=False) as progress:
        trio.run(
            lambda: crawl_jobs(
                jobs, settings, (), progress, limits=CrawlLimits(wait=5_000_000, max_time=50), workers=0
            )
        )
    progress.summary({}, as_json=False)
    console.print()
    with closing(ArticleIndex.open(DataFolder(folder).articles_db)) as index:
        rows = list(index.list(Query(limit=8)))
        print_table(("published", "site", "title"), ((r.published[:16], r.site, r.title) for r in rows))
        console.print(f"… {index.count()} articles in all")
    command = "broadsheet" if shutil.which("broadsheet") else sys.argv[0]  # so that it can be pasted
    console.print(
        f"\nthe data folder is {folder}; try next:\n"
        f"  {command} articles search harbour --data {folder}\n"
        f"  {command} articles show {rows[0].url} --data {folder}\n"
        f"  {command} verify --data {folder}\n"
        f"  {command} replay --force --data {folder}",
        markup=False,
    )
