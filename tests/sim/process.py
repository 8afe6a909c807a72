"""One simulated crawling process: the real engine, store, recorder and index on a data folder; killed at will."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from zlib import crc32

import msgspec
import trio

from archive.errors import ArchiveError
from archive.index import ArticleIndex
from archive.reader import read_capture
from archive.recorder import Recorder
from archive.store import Store
from archive.store.types import Committed, PendingExtraction, Settlement
from archive.warc import Info
from crawler.core.politeness import Manners
from crawler.core.scope import Scope, scope_of
from crawler.engine.crawl import Crawl, CrawlEnd, CrawlLimits
from crawler.engine.extracting import Extracting
from crawler.engine.room import Room
from crawler.engine.rules import RobotsBook
from crawler.engine.teaching import Teaching
from crawler.engine.traps import TrapWatch
from crawler.engine.visit import Visitor
from crawler.engine.wake import Bell
from crawler.workers.child import extract_at
from crawler.workers.job import ExtractJob, ExtractResult
from crawler.workers.links import targets_of
from sites.extraction import Extraction, Link
from sites.quiet import parse_quiet
from sites.url import host_key
from tests.sim.disk import Inline, Killed, SimDisk
from tests.sim.plan import Plan
from tests.sim.watch import Watch

__all__ = ["JOB", "Pool", "Process"]

JOB = "sim"
_SECOND = 1_000_000
_HREF = re.compile(rb'href="([^"]+)"')


class Process:
    """`name` is the slot and its incarnation: "0.3". A mutation may bring its own store or pool, or
    keep less than the delay."""

    def __init__(
        self,
        plan: Plan,
        name: str,
        folder: Path,
        watch: Watch,
        *,
        store_class: type[Store] = Store,
        pool_class: type[Pool] | None = None,
        haste: float = 1.0,
    ) -> None:
        self.plan, self.name, self.folder, self.watch = plan, name, folder, watch
        self.web = watch.web
        self.rng = plan.rng("process", name)
        self.disk = SimDisk(self.kill)
        self.run_sync = Inline(self.rng, self.kill, self._step)
        self._store_class, self._pool_class, self._haste = store_class, pool_class or Pool, haste
        self._scope = trio.CancelScope()
        self.killed = False
        self.run_id = 0
        self.crawl: Crawl | None = None
        self.extracting: Extracting | None = None
        self._steps = 0

    def kill(self) -> None:
        """SIGKILL: from here on nothing that this process does has any effect."""
        if not self.killed:
            self.watch.note(f"{self.name} is killed")
            self.killed = self.run_sync.dead = True
            self.disk.cut()
            self.watch.lost(self.name)
            self._scope.cancel()

    def _step(self) -> None:
        self._steps += 1
        if self.extracting is not None:
            reading = self.extracting.busy
            self.watch.demand(reading <= 4 * Pool.count, f"{self.name} holds {reading} captures to be read")
        self.watch.step()
        if self._steps % 61 == 0:
            self.watch.look()

    async def run(self) -> CrawlEnd | None:
        """From start to end; None when it was killed."""
        store = index = None
        end: CrawlEnd | None = None
        try:
            store = self._store_class.open(self.folder / "crawl.db")
            index = ArticleIndex.open(self.folder / "articles.db")
            with self._scope:
                end = await self._crawl(store, index)
        except* Killed:
            end = None
        except* ArchiveError:  # a disk that fails for good ends a crawl: as well as a kill does
            self.watch.demand(self.disk.failed, "an error of the archive, though the disk is well")
            self.kill()
        finally:
            if store is not None:
                store.close()
            if index is not None:
                index.close()
            if not self.killed:
                self.disk.cut()
        return None if self.killed else end

    async def _crawl(self, store: Store, index: ArticleIndex) -> CrawlEnd:
        now, web = self.web.now, self.web
        store.register_owner(self.name, 1, Path(f"{self.name}.lock"), now())
        store.release_dead(now())
        recorder = _Recorder(
            self.watch, self.name, store, self.folder / "archive", Info(), 40_000,
            clock=now, token=self.name.replace(".", ""), disk=self.disk, new_id=self._ids(),
        )  # fmt: skip
        recorder.start()
        scope = scope_of("hosts", web.seeds)
        run = store.begin_run(JOB, msgspec.json.encode(scope), now())
        self.run_id = run.id
        if not run.resumed:
            while store.requeue_due(run.id, now()):
                pass
        store.enqueue(run.id, _seeds(web.seeds), now())
        pool = self._pool_class(self.plan, self.rng)
        bell, room = Bell(), Room(self.disk.free, 10**6, _deaf)
        traps = TrapWatch(store, self.run_sync, _deaf)
        limits = CrawlLimits(
            connections=self.plan.connections, hold=120 * _SECOND, delay=int(self.plan.delay * _SECOND),
            wait=8 * 3600 * _SECOND, look=self.plan.look,
        )  # fmt: skip
        begin, hours = self.plan.quiet
        manners = Manners(
            delay=int(limits.delay / self._haste),
            host_pages=self.plan.host_pages,
            quiet=parse_quiet(f"{begin}:00-{(begin + hours) % 24}:00") if hours else None,
        )
        visitor = Visitor(
            _Door(self), RobotsBook(store, pool, self.run_sync, now), traps, store, self.run_sync, now, self.rng,
            manners={run.id: manners}, scopes={run.id: scope}, widened=lambda _run, _scope: None,
        )  # fmt: skip
        self.extracting = Extracting(
            store, index, pool, self.run_sync, now, _deaf, run_ids=(run.id,), job_of=partial(_job_of, store, scope),
            next_due=_next_due, progress=bell.ring, room=room, traps=traps,
            teaching=Teaching(store, index, pool, self.run_sync, _deaf, run_ids=(run.id,)),
        )  # fmt: skip
        self.crawl = Crawl(
            store, recorder, visitor, self.extracting, self.run_sync, now, _deaf,
            run_ids=(run.id,), limits=limits, bell=bell, room=room,
        )  # fmt: skip
        end = await self.crawl.run()
        recorder.close()
        if end.finished:
            store.finish_run(run.id, now())
        store.release_owner(now())
        self.watch.parted(self.name)
        return end

    def _ids(self) -> Callable[[], str]:
        rng = self.plan.rng("ids", self.name)
        return lambda: f"urn:uuid:{rng.getrandbits(32):08x}-0000-4000-8000-{rng.getrandbits(48):012x}"


def _seeds(urls: Sequence[str]) -> list[object]:
    from crawler.jobs import job_of_urls

    return list(job_of_urls(urls).targets())


def _deaf(event: object) -> None:
    """Nobody listens."""


def _job_of(store: Store, scope: Scope, claim: PendingExtraction) -> ExtractJob:
    taught = store.template(host_key(claim.url))
    return ExtractJob(
        path=str(store.file_path(claim.location.file)), location=claim.location, url=claim.url, kind=claim.kind,
        depth=claim.depth, hops=claim.hops, scope=msgspec.json.encode(scope),
        template=taught.body if taught is not None else b"",
    )  # fmt: skip


def _next_due(claim: PendingExtraction, result: ExtractResult) -> int:
    return claim.fetched_at + 12 * 3600 * _SECOND


class _Door:
    """The fetcher of one process: every exchange is seen by the watch, from both sides."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def refusal(self, url: str) -> str:
        return ""

    async def exchange(self, url: str, **more: object) -> object:
        watch, name = self._process.watch, self._process.name
        watch.begins(name, url)
        try:
            capture = await self._process.web.exchange(url, **more)
        finally:
            watch.ends(name, url)
        watch.came(name, capture.url, capture.fetched_at)
        return capture


class _Recorder(Recorder):
    """The real one, overheard."""

    def __init__(self, watch: Watch, name: str, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self._watch, self._name = watch, name

    def record(self, settlements: Sequence[Settlement]) -> list[Committed]:
        done = super().record(settlements)
        self._watch.recorded(self._name, settlements, done)
        return done


class Pool:
    """Extraction in place: the record is read from the WARC file, its links go through the real scope."""

    count = 2

    def __init__(self, plan: Plan, rng: Random) -> None:
        self.plan, self.rng = plan, rng

    async def call(self, fn: Callable[..., object], *args: object) -> object:
        await trio.lowlevel.checkpoint()
        return fn(*args)

    async def extract(self, job: ExtractJob) -> ExtractResult:
        await trio.sleep(self.rng.choice((0.0, 0.01, 0.3)))
        chance = self.rng.random()
        if self.plan.has("workers") and chance < 0.06:
            return ExtractResult(outcome="timeout" if chance < 0.03 else "crash")
        return extract_at(job) if self.plan.real else self.read(job)

    def read(self, job: ExtractJob) -> ExtractResult:
        capture = read_capture(Path(job.path), job.location)
        if capture.revisit is not None:
            return ExtractResult(outcome="none", page_type="revisit", fingerprint="revisit")
        body = capture.content().data if job.kind == 0 else b""
        links = tuple(Link(url=found.decode()) for found in _HREF.findall(body))
        scope = msgspec.json.decode(job.scope, type=Scope)
        found = targets_of(Extraction(links=links), job, scope, None)
        return ExtractResult(
            outcome="none",
            fingerprint="sim",
            targets=found.targets,
            skipped=found.skipped,
            cuts=found.cuts,
            text=crc32(body),
            found=len(links),
        )
