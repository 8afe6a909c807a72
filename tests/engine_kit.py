"""The engine on a FakeWeb, in one process and without threads: what was asked, when, and what the store says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import msgspec
import trio

from archive.index import ArticleIndex
from archive.recorder import Recorder
from archive.store import Store
from archive.store.types import PendingExtraction
from archive.warc import Info
from crawler.core.politeness import Manners
from crawler.core.scope import Scope
from crawler.engine.crawl import Crawl, CrawlEnd, CrawlLimits
from crawler.engine.extracting import Extracting
from crawler.engine.room import Room
from crawler.engine.rules import RobotsBook
from crawler.engine.teaching import Teaching
from crawler.engine.traps import TrapWatch
from crawler.engine.visit import Visitor
from crawler.engine.wake import Bell
from crawler.events import Event
from crawler.jobs import Job, job_of_urls
from crawler.workers.child import extract_at
from crawler.workers.job import ExtractJob, ExtractResult
from tests.fakeweb import FakeWeb

__all__ = ["SECOND", "Rig"]

SECOND = 1_000_000
T = TypeVar("T")


async def _inline(fn: Callable[..., T], *args: object) -> T:
    await trio.lowlevel.checkpoint()
    return fn(*args)


class _Pool:
    count = 2

    async def call(self, fn: Callable[..., T], *args: object) -> T:
        return await _inline(fn, *args)

    async def extract(self, job: ExtractJob) -> ExtractResult:
        return await _inline(extract_at, job)


def _job_of(store: Store, scope: Scope, claim: PendingExtraction) -> ExtractJob:
    return ExtractJob(
        path=str(store.file_path(claim.location.file)), location=claim.location, url=claim.url, kind=claim.kind,
        depth=claim.depth, hops=claim.hops, scope=msgspec.json.encode(scope),
    )  # fmt: skip


class Rig:
    """A data folder that outlives its processes. `crawl` is one of them, from start to end."""

    def __init__(self, folder: Path, web: FakeWeb, *seeds: str, **job: Any) -> None:
        self.folder, self.web = folder, web
        self.job: Job = job_of_urls(seeds, **job)
        self.events: list[Event] = []
        self.processes = 0
        (folder / "archive").mkdir(exist_ok=True)

    def store(self) -> Store:
        return Store.open(self.folder / "crawl.db")

    def counts(self) -> Mapping[str, int]:
        """URLs by state."""
        store = self.store()
        try:
            return store.stats(self.web.now()).urls
        finally:
            store.close()

    async def crawl(
        self, *, wait: float = 3600, most: float = float("inf"), resume: bool = True, **manners: Any
    ) -> CrawlEnd:
        """One process: it waits `wait` seconds for resting hosts, and is interrupted after `most`."""
        self.processes += 1
        name, now = f"p{self.processes}", self.web.now
        store, index = self.store(), ArticleIndex.open(self.folder / "articles.db")
        try:
            store.register_owner(name, self.processes, Path(f"{name}.lock"), now())
            store.release_dead(now())
            recorder = Recorder(store, self.folder / "archive", Info(), clock=now, token=name)
            recorder.start()
            run = store.begin_run(self.job.name, msgspec.json.encode(self.job.scope), now())
            if not run.resumed:
                while store.requeue_due(run.id, now()):
                    pass
            store.enqueue(run.id, self.job.targets(), now())
            how = Manners(**{"delay": 2 * SECOND, **manners})
            bell, pool, room = Bell(), _Pool(), Room(lambda: 10**12, 0, self.events.append)
            traps = TrapWatch(store, _inline, self.events.append)
            visitor = Visitor(
                self.web, RobotsBook(store, pool, _inline, now), traps, store, _inline, now, Random(1),
                manners={run.id: how}, scopes={run.id: self.job.scope}, widened=lambda _run, _scope: None,
            )  # fmt: skip
            extracting = Extracting(
                store, index, pool, _inline, now, self.events.append, run_ids=(run.id,),
                job_of=partial(_job_of, store, self.job.scope), next_due=lambda claim, _: claim.fetched_at + 1,
                progress=bell.ring, traps=traps, room=room,
                teaching=Teaching(store, index, pool, _inline, self.events.append, run_ids=(run.id,)),
            )  # fmt: skip
            limits = CrawlLimits(delay=how.delay, wait=int(wait * SECOND))
            crawl = Crawl(
                store, recorder, visitor, extracting, _inline, now, self.events.append,
                run_ids=(run.id,), limits=limits, bell=bell, room=room,
            )  # fmt: skip
            end: CrawlEnd | None = None
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._interrupt, crawl, most)
                with trio.fail_after(100 * 86_400):
                    end = await crawl.run()
                nursery.cancel_scope.cancel()
            recorder.close()
            assert end is not None
            if end.finished:
                store.finish_run(run.id, now())
            store.release_owner(now())
            return end
        finally:
            store.close()
            index.close()

    async def _interrupt(self, crawl: Crawl, after: float) -> None:
        await trio.sleep(after)
        crawl.stop("interrupted")
