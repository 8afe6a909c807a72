"""Where the concrete parts are put together: stores, recorder, fetcher, workers, engine. Nowhere else."""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, closing
from functools import partial
from pathlib import Path
from random import Random

import msgspec
import trio

from archive.index import ArticleIndex
from archive.recorder import Recorder
from archive.store import Store
from archive.store.types import Kind, PendingExtraction, Run
from crawler.cli.fetching import archive_info, make_fetcher
from crawler.collector import calm_collector
from crawler.core.politeness import Manners
from crawler.core.scope import Scope
from crawler.engine.blocking import Thread
from crawler.engine.crawl import Crawl, CrawlEnd, CrawlLimits
from crawler.engine.extracting import Extracting
from crawler.engine.room import Patient, Room
from crawler.engine.rules import RobotsBook
from crawler.engine.teaching import Teaching
from crawler.engine.traps import TrapWatch
from crawler.engine.visit import Visitor
from crawler.engine.wake import Bell
from crawler.events import Listener, Notice, RunEnded, RunStarted
from crawler.folder import DataFolder
from crawler.jobs import Job
from crawler.settings import ExtractionSettings, Settings, SiteSettings, parse_duration, parse_size
from crawler.workers.job import ExtractJob, ExtractResult
from crawler.workers.pool import WorkerPool, default_count, open_pool
from sites.quiet import parse_quiet
from sites.url import host_key

__all__ = ["crawl_jobs", "now_us", "register", "replay_pending"]

_SECOND = 1_000_000


def now_us() -> int:
    """Microseconds, UTC epoch."""
    return time.time_ns() // 1000


def register(store: Store, folder: DataFolder) -> str:
    """Make this process an owner of the store; its token."""
    token = secrets.token_hex(4)
    store.register_owner(token, os.getpid(), (folder.owners / f"{token}.lock").absolute(), now_us())
    store.release_dead(now_us())
    return token


def _job_of(store: Store, scopes: dict[int, bytes], claim: PendingExtraction) -> ExtractJob:
    scope, template = scopes.get(claim.run_id, b""), _template_of(store, claim)
    return ExtractJob(
        path=str(store.file_path(claim.location.file)),
        location=claim.location,
        url=claim.url,
        kind=claim.kind,
        depth=claim.depth,
        hops=claim.hops,
        scope=scope,
        original_path=str(store.file_path(claim.original.file)) if claim.original else "",
        original=claim.original,
        template=template,
        lesson=not template and claim.kind is not Kind.ROBOTS,
    )


def _template_of(store: Store, claim: PendingExtraction) -> bytes:
    taught = store.template(host_key(claim.url)) if claim.kind is not Kind.ROBOTS else None
    return taught.body if taught is not None else b""


def _next_due(claim: PendingExtraction, result: ExtractResult) -> int:
    """Articles may be asked for again after a day, anything else in the next run."""
    return claim.fetched_at + (86_400 * _SECOND if result.outcome == "ok" else 0)


async def crawl_jobs(
    jobs: Sequence[Job],
    settings: Settings,
    site_dirs: tuple[Path, ...],
    emit: Listener,
    *,
    limits: CrawlLimits,
    extractors: int,
    extract: bool = True,
) -> CrawlEnd:
    """Crawl some jobs until they are done for now, or a signal comes. What was committed is safe at any moment.
    `extractors` processes read what has come (0: as the settings say).
    Without `extract` captures stay pending, for a replay to read."""
    calm_collector()
    folder = DataFolder(Path(settings.data))
    folder.make()
    run_sync, room = Thread(), Room(folder.free, parse_size(settings.min_free), emit)
    rng = Random(secrets.randbits(64))  # noqa: S311  jitter is no secret
    with (
        closing(Store.open(folder.crawl_db)) as store,
        closing(ArticleIndex.open(folder.articles_db)) as index,
    ):
        token = register(store, folder)
        recorder = Recorder(store, folder.archive, archive_info(settings), clock=now_us, token=token)
        for moved in recorder.start():
            emit(Notice(f"{moved}", "warning"))
        runs = _begin(store, jobs, emit)
        scopes = {run.id: msgspec.json.decode(run.spec, type=Scope) for run in runs}
        encoded = {run.id: run.spec for run in runs}
        manners = {run.id: _manners(job, settings) for run, job in zip(runs, jobs, strict=True)}
        fetcher = make_fetcher(jobs, settings, now_us, folder.owners)
        ids = tuple(run.id for run in runs)
        bell = Bell()

        def widened(run_id: int, scope: Scope) -> None:
            encoded[run_id] = msgspec.json.encode(scope)

        async with (
            fetcher,
            _extractors(settings.extraction, extractors, site_dirs) as pool,
        ):
            traps = TrapWatch(store, run_sync, emit)
            visitor = Visitor(
                fetcher,
                RobotsBook(store, pool, run_sync, now_us),
                traps,
                store,
                run_sync,
                now_us,
                rng,
                manners=manners,
                scopes=scopes,
                widened=widened,
            )
            extracting = Extracting(
                store,
                index,
                pool,
                run_sync,
                now_us,
                emit,
                run_ids=ids,
                job_of=partial(_job_of, store, encoded),
                next_due=_next_due,
                progress=bell.ring,
                traps=traps,
                room=room,
                teaching=Teaching(store, index, pool, Patient(run_sync, room), emit, run_ids=ids),
            )
            crawl = Crawl(
                store,
                recorder,
                visitor,
                extracting if extract else None,
                run_sync,
                now_us,
                emit,
                run_ids=ids,
                limits=limits,
                bell=bell,
                room=room,
            )
            end = await _until_signal(crawl.run, crawl.stop)
        recorder.close()
        for run, job in zip(runs, jobs, strict=True):
            left = store.outstanding((run.id,), now_us())
            if end.finished or left.nothing:
                store.finish_run(run.id, now_us())
            emit(RunEnded(job.label, end.finished, left.queued, left.next_wake or 0))
        store.release_owner(now_us())
    return end


def _extractors(
    settings: ExtractionSettings, count: int, site_dirs: tuple[Path, ...]
) -> AbstractAsyncContextManager[WorkerPool]:
    """`count` extraction processes, 0: as many as the settings say."""
    return open_pool(
        count or settings.processes or default_count(),
        parse_duration(settings.timeout),
        parse_size(settings.memory),
        site_dirs,
    )


def _manners(job: Job, settings: Settings) -> Manners:
    """How a job treats its hosts: the operator's word on the site, else the plugin's, else the default."""
    own = settings.site.get(job.site, SiteSettings())
    delay = own.delay if own.delay != "" else job.delay if job.delay is not None else settings.delay
    quiet = own.quiet or job.quiet
    return Manners(
        delay=int(parse_duration(delay) * _SECOND),
        quiet=parse_quiet(quiet) if quiet else None,
        host_pages=settings.max_host_pages,
        pages=own.max_pages,
    )


def _begin(store: Store, jobs: Sequence[Job], emit: Listener) -> list[Run]:
    runs = []
    for job in jobs:
        run = store.begin_run(job.name, msgspec.json.encode(job.scope), now_us())
        emit(RunStarted(job.label, run.resumed))
        if not run.resumed:
            while store.requeue_due(run.id, now_us()):
                pass
        store.enqueue(run.id, job.targets(), now_us())
        runs.append(run)
    return runs


async def _until_signal(run: Callable[[], Awaitable[CrawlEnd]], stop: Callable[[str], None]) -> CrawlEnd:
    end: list[CrawlEnd] = []

    async def listen(scope: trio.CancelScope) -> None:
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for number in signals:
                stop("interrupted" if number == signal.SIGINT else "terminated")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(listen, nursery.cancel_scope)
        end.append(await run())
        nursery.cancel_scope.cancel()
    return end[0]


async def replay_pending(
    settings: Settings, site_dirs: tuple[Path, ...], emit: Listener, *, workers: int
) -> None:
    """Extract what waits to be extracted without a crawl: replays and imports. No network."""
    folder = DataFolder(Path(settings.data))
    folder.make()
    run_sync, room = Thread(), Room(folder.free, parse_size(settings.min_free), emit)
    with (
        closing(Store.open(folder.crawl_db)) as store,
        closing(ArticleIndex.open(folder.articles_db)) as index,
    ):
        register(store, folder)
        bell = Bell()
        async with _extractors(settings.extraction, workers, site_dirs) as pool:
            extracting = Extracting(
                store,
                index,
                pool,
                run_sync,
                now_us,
                emit,
                run_ids=None,
                job_of=partial(_job_of, store, {}),
                next_due=_next_due,
                progress=bell.ring,
                room=room,
                teaching=Teaching(store, index, pool, Patient(run_sync, room), emit, run_ids=(0,)),
            )
            async with trio.open_nursery() as nursery:
                nursery.start_soon(extracting.run)
                while not extracting.idle:
                    await bell.wait(1.0)
                extracting.stop()
        store.release_owner(now_us())
