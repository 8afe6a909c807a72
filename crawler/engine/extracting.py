"""The extraction tasks: committed captures go to worker processes, their articles and links come back.

    store.claim ─▶ worker: read the WARC record, extract ─▶ group ─▶ articles.db ─▶ crawl.db (done, links)

The article index is written first, idempotent by (capture, fingerprint): a kill in between costs one repeat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import trio

from archive.index import ArticleIndex, IndexEntry
from archive.store.store import Store
from archive.store.types import ExtractionDone, Kind, PendingExtraction
from crawler.core.traps import shapes_of
from crawler.engine.blocking import RunSync
from crawler.engine.room import ROOM_LOOK, Patient, Room
from crawler.engine.teaching import Pupil, Teaching
from crawler.engine.traps import TrapWatch
from crawler.engine.wake import Bell
from crawler.events import Listener, PageExtracted
from crawler.workers.job import ExtractJob, ExtractResult
from crawler.workers.pool import WorkerPool
from sites.url import host_key

__all__ = ["Extracting"]

_GROUP = 64
_LONGEST = 600.0  # bells wake sooner


class _Read(NamedTuple):
    """A capture that a worker has read, and the host's template that it was read by."""

    claim: PendingExtraction
    result: ExtractResult
    template: bytes


class Extracting:
    """Claims captures, has them read, writes what came of it. `busy` counts captures in hand."""

    def __init__(
        self,
        store: Store,
        index: ArticleIndex,
        pool: WorkerPool,
        run_sync: RunSync,
        now: Callable[[], int],
        emit: Listener,
        *,
        run_ids: tuple[int, ...] | None,
        job_of: Callable[[PendingExtraction], ExtractJob],
        next_due: Callable[[PendingExtraction, ExtractResult], int],
        progress: Callable[[], None],
        room: Room,
        traps: TrapWatch | None = None,
        teaching: Teaching | None = None,
    ) -> None:
        self._store, self._index, self._pool = store, index, pool
        self._run_sync, self._write_sync = Patient(run_sync, room), Patient(run_sync, room, shield=True)
        self._now, self._emit, self._room = now, emit, room
        self._run_ids, self._job_of, self._next_due, self._progress = run_ids, job_of, next_due, progress
        self._traps = traps
        self._teaching = teaching
        self.bell = Bell()
        self.busy = 0
        self.idle = False
        self.stopping = False
        self.ended = False
        self._send, self._receive = trio.open_memory_channel[_Read](float("inf"))

    async def run(self) -> None:
        """Until cancelled, or until `stop()` and everything in hand is written."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._write_all)
            async with self._send, trio.open_nursery() as workers:
                await self._claim_all(workers)
        self.ended = True
        self._progress()

    def stop(self) -> None:
        """Claim no more; `run` returns when what is in hand is written."""
        self.stopping = True
        self.bell.ring()

    async def _claim_all(self, nursery: trio.Nursery) -> None:
        most = 4 * self._pool.count
        while not self.stopping:
            claims: list[PendingExtraction] = []
            if self._room.low():
                await self.bell.wait(ROOM_LOOK)
                continue
            if self.busy < most:
                claims = await self._run_sync(
                    self._store.claim_extractions, most - self.busy, self._now(), self._run_ids
                )
            self.busy += len(claims)
            for claim in claims:
                nursery.start_soon(self._read, claim)
            self.idle = not claims and self.busy == 0
            if not claims:
                if self.idle:
                    self._progress()
                await self.bell.wait(_LONGEST)

    async def _read(self, claim: PendingExtraction) -> None:
        job = await self._run_sync(self._job_of, claim)
        result = await self._pool.extract(job)
        self._send.send_nowait(_Read(claim, result, job.template))

    async def _write_all(self) -> None:
        async for first in self._receive:
            group = [first]
            while len(group) < _GROUP:
                try:
                    group.append(self._receive.receive_nowait())
                except (trio.WouldBlock, trio.EndOfChannel):
                    break
            await self._write_sync(self._write, group)
            if self._teaching is not None:
                await self._teaching.found([_pupil(read) for read in group])
            self.busy -= len(group)
            for claim, result, _ in group:
                if claim.again and claim.run_id:
                    continue  # told before
                self._emit(
                    PageExtracted(claim.url, result.outcome, result.page_type, result.title, result.found)
                )
            self.bell.ring()
            self._progress()

    def _write(self, group: list[_Read]) -> None:
        self._index.put(
            [_entry(claim, result) for claim, result, _ in group if result.page_type != "revisit"]
        )
        self._store.finish_extractions([self._done(claim, result) for claim, result, _ in group])
        if stale := [read.claim.capture_id for read in group if self._is_stale(read)]:
            self._store.repeat_extractions(stale)

    def _done(self, claim: PendingExtraction, result: ExtractResult) -> ExtractionDone:
        targets, cuts = result.targets, Counter(result.cuts)
        if self._traps is not None:
            targets, more = self._traps.sift(targets)
            cuts += more
        skipped = {**result.skipped, "trap": cuts.total()} if cuts else result.skipped
        return ExtractionDone(
            capture_id=claim.capture_id,
            fingerprint=result.fingerprint,
            outcome=result.outcome,
            page_type=result.page_type,
            detail=result.detail,
            site=result.site,
            targets=targets,
            skipped=skipped,
            fields=result.fields,
            shapes=shapes_of(claim.url) if claim.kind is Kind.PAGE and result.page_type != "revisit" else (),
            text=result.text,
            cuts=cuts,
            next_due=self._next_due(claim, result),
            now=self._now(),
        )

    def _is_stale(self, read: _Read) -> bool:
        claim = read.claim
        return (
            self._teaching is not None
            and claim.kind is not Kind.ROBOTS
            and self._teaching.stale(host_key(claim.url), read.template)
        )


def _record_id(claim: PendingExtraction) -> str:
    return claim.record_id or f"{claim.location.file}:{claim.location.offset}"


def _pupil(read: _Read) -> Pupil:
    claim, result, _ = read
    return Pupil(
        host=host_key(claim.url),
        capture_id=claim.capture_id,
        record_id=_record_id(claim),
        fingerprint=result.fingerprint,
        article=result.outcome == "ok",
        lesson=result.lesson,
    )


def _entry(claim: PendingExtraction, result: ExtractResult) -> IndexEntry:
    return IndexEntry(
        capture_id=claim.capture_id,
        record_id=_record_id(claim),
        fetched_at=claim.fetched_at,
        url=claim.url,
        fingerprint=result.fingerprint,
        outcome=result.outcome,
        page_type=result.page_type,
        site=result.site,
        article=result.article,
        facts=result.facts,
        noindex=result.noindex,
    )
