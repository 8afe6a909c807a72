"""A running crawl: leases out, settlements in, until nothing is left or somebody says stop.

    dispatch ──lease──▶ visit (one task a host) ──settlement──▶ recorder ──commit──▶ extraction ──links──▶ queue
        ▲                                                          │                        │
        └──────────────────────── bell ────────────────────────────┴────────────────────────┘

Stopping: no more leases, visits are cancelled and put back, what has come is committed, workers finish.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf

import msgspec
import trio

from archive.errors import DiskFull
from archive.octets import octets_size
from archive.recorder import Recorder
from archive.store import Store
from archive.store.types import Again, Committed, Dead, Denied, Lease, Settlement, Stored
from crawler.engine.blocking import RunSync
from crawler.engine.extracting import Extracting
from crawler.engine.recording import record_all
from crawler.engine.room import ROOM_LOOK, Patient, Room
from crawler.engine.visit import Visitor
from crawler.engine.wake import Bell
from crawler.events import HostResting, Listener, Notice, PageFailed, PageStored

__all__ = ["Crawl", "CrawlEnd", "CrawlLimits"]

_SECOND = 1_000_000
_LONGEST = 600.0  # bells wake sooner
_NO_ROOM = 60 * _SECOND  # a body that found none is not asked for again at once


class CrawlLimits(msgspec.Struct, frozen=True, kw_only=True):
    """`connections` exchanges at once. In microseconds: `hold` is the longest exchange, `delay` the least pause at
    a host that a kill must not forget, `wait` how long to wait for hosts that rest. `max_pages` and `max_time`
    (seconds) end the crawl early, None for never. `look`: seconds between two looks at what other processes and
    the operator have done."""

    connections: int = 64
    hold: int = 120 * _SECOND
    delay: int = 2 * _SECOND
    wait: int = 600 * _SECOND
    max_pages: int | None = None
    max_time: float | None = None
    look: float = 5.0


class CrawlEnd(msgspec.Struct, frozen=True):
    """How it ended: `finished` when nothing was left to do now; `why` says what stopped it otherwise."""

    finished: bool
    why: str = ""
    next_wake: int = 0


class Crawl:
    """The tasks of one process over its runs. `extracting` None: captures wait for a replay."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        visitor: Visitor,
        extracting: Extracting | None,
        run_sync: RunSync,
        now: Callable[[], int],
        emit: Listener,
        *,
        run_ids: tuple[int, ...],
        limits: CrawlLimits,
        bell: Bell,
        room: Room,
    ) -> None:
        self._store, self._recorder, self._visitor = store, recorder, visitor
        self._extracting, self._now, self._emit = extracting, now, emit
        self._run_sync = Patient(run_sync, room)
        self._run_ids, self._limits, self._bell = run_ids, limits, bell
        self._busy: set[int] = set()
        self._pages = 0
        self._stop = ""
        self._room = room
        self._visits = trio.CancelScope()
        self._next_wake = 0
        self._told_paused = False

    def stop(self, why: str) -> None:
        """End soon and safely; `why` is for the report."""
        if not self._stop:
            self._stop = why
            self._visits.cancel()
            self._room.end()
            self._bell.ring()

    async def run(self) -> CrawlEnd:
        """Until done or stopped. Everything that came is committed when this returns."""
        send, receive = trio.open_memory_channel[Settlement](float("inf"))
        finished = False
        async with trio.open_nursery() as nursery:
            if self._extracting is not None:
                nursery.start_soon(self._extracting.run)
            nursery.start_soon(self._watch)
            nursery.start_soon(self._watch_time)
            async with trio.open_nursery() as recording:
                recording.start_soon(record_all, receive, self._recorder, self._run_sync, self._committed)
                async with send:
                    with self._visits:
                        async with trio.open_nursery() as visits:
                            finished = await self._dispatch(visits, send)
            if self._extracting is not None:
                self._extracting.stop()
                while not self._extracting.ended:
                    await self._bell.wait(_LONGEST)
            nursery.cancel_scope.cancel()
        return CrawlEnd(finished and not self._stop, self._stop, self._next_wake)

    async def _dispatch(self, visits: trio.Nursery, send: trio.MemorySendChannel[Settlement]) -> bool:
        quiet_since: float | None = None
        while not self._stop:
            if self._room.low():
                await self._bell.wait(ROOM_LOOK)
                continue
            free = self._limits.connections - len(self._busy)
            if self._limits.max_pages is not None:
                free = min(free, self._limits.max_pages - self._pages - len(self._busy))
                if self._pages >= self._limits.max_pages and not self._busy:
                    self.stop(f"--max-pages {self._limits.max_pages} reached")
                    return False
            leases, wakes = await self._run_sync(self._lease, free) if free > 0 else ([], None)
            for lease in leases:
                self._busy.add(lease.token)
                visits.start_soon(self._visit, lease, send)
            if leases or self._busy:
                quiet_since = None
                await self._bell.wait(self._seconds_to(wakes))
                continue
            rest = await self._rest()
            if rest is None:
                return True
            now = trio.current_time()
            quiet_since = quiet_since if quiet_since is not None else now
            patience = inf
            if rest:
                patience = self._limits.wait / _SECOND - (now - quiet_since)
                asked = 0.0 if await self._for_operator() else self._seconds_to(rest, inf)
                if asked >= patience:  # who pauses is here, and may resume
                    self._next_wake = rest
                    return True
            await self._bell.wait(min(self._seconds_to(rest or None), patience))
        return False

    def _lease(self, free: int) -> tuple[list[Lease], int | None]:
        """Up to `free` leases, and when there may be more of them (None: not before the bell rings)."""
        limits = self._limits
        leases = self._store.lease(self._run_ids, self._now(), free, limits.hold, limits.delay)
        return leases, self._store.next_wake(self._run_ids, self._now()) if len(leases) < free else None

    def _seconds_to(self, moment: int | None, most: float = _LONGEST) -> float:
        return most if moment is None else min(most, (moment - self._now()) / _SECOND)

    async def _rest(self) -> int | None:
        """When to look again: None when nothing is left, 0 when others are at work."""
        left = await self._run_sync(self._store.outstanding, self._run_ids, self._now())
        if left.leased or (self._extracting is not None and (left.extractions or self._extracting.busy)):
            return 0
        return left.next_wake

    async def _for_operator(self) -> bool:
        """Whether only the operator can say how long to wait; that is told once."""
        paused = await self._run_sync(self._store.paused, self._run_ids, self._now())
        if paused and not self._told_paused:
            self._emit(
                Notice("what is left is paused: `broadsheet status` says since when, `resume` goes on")
            )
        self._told_paused = paused
        return paused

    async def _visit(self, lease: Lease, send: trio.MemorySendChannel[Settlement]) -> None:
        try:
            settlement = await self._visitor.visit(lease)
        except DiskFull as error:  # for a body too long for memory
            self._room.refused(error)
            settlement = self._visitor.interrupted(lease, "no room on the disk", _NO_ROOM)
        except BaseException:
            send.send_nowait(self._visitor.interrupted(lease))
            raise
        send.send_nowait(settlement)

    def _committed(self, group: Sequence[Settlement], done: Sequence[Committed]) -> None:
        extract = False
        for settlement, committed in zip(group, done, strict=True):
            self._busy.discard(settlement.lease.token)
            self._report(settlement, committed.others)
            extract = extract or bool(committed.capture_id)
        if extract and self._extracting is not None:
            self._extracting.bell.ring()
        self._bell.ring()

    def _report(self, settlement: Settlement, others: int) -> None:
        target, capture = settlement.lease.target, settlement.capture
        match settlement.outcome:
            case Stored(status=status) if capture is not None:
                self._pages += target.kind == 0
                size, took = octets_size(capture.response), capture.took / _SECOND
                self._emit(PageStored(target.url, status, size, took))
            case Again(reason=reason):
                self._emit(PageFailed(target.url, "retry", reason))
            case Denied(reason=reason):
                self._emit(PageFailed(target.url, "denied", reason, others))
            case Dead(reason=reason):
                self._emit(PageFailed(target.url, "dead", reason, others))
        if settlement.host.resting:
            self._emit(HostResting(target.host, settlement.host.next_at, settlement.host.resting))

    async def _watch(self) -> None:
        """Keep our leases, free what dead processes hold, wake the others when something may have changed (for
        the clock, too: it may have been set, or the machine been asleep)."""
        drift = self._now() - int(trio.current_time() * _SECOND)
        while True:
            await trio.sleep(self._limits.look)
            changed = await self._run_sync(self._store.attend, self._now(), self._limits.hold)
            before, drift = drift, self._now() - int(trio.current_time() * _SECOND)
            if changed or abs(drift - before) > _SECOND:
                self._bell.ring()
                if self._extracting is not None:
                    self._extracting.bell.ring()

    async def _watch_time(self) -> None:
        if self._limits.max_time is not None:
            await trio.sleep(self._limits.max_time)
            self.stop(f"--max-time {self._limits.max_time:g} s is over")
