"""`crawl --workers N`: several crawl processes on one data folder, started, watched and ended as one.

command ─▶ N processes (crawler.cli.member) ──events──▶ one listener
   │            └─ killed: told; the others find its lock free and take over what it had in hand
   └─ SIGINT, SIGTERM ─▶ all; killed itself: their standard input ends, and so do they

They need not know of each other: the store sees to it that no host is met by two at once.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from subprocess import PIPE

import msgspec
import trio

from archive.index import ArticleIndex
from archive.store import Store
from crawler.cli.member import Assignment, Ended, Said
from crawler.engine.crawl import CrawlEnd, CrawlLimits
from crawler.events import AtWork, Event, Listener, Notice, RunEnded, RunStarted
from crawler.folder import DataFolder

__all__ = ["Crew", "CrewEnd", "shares"]

_MEMBER = (sys.executable, "-P", "-m", "crawler.cli.member")


class CrewEnd(msgspec.Struct, frozen=True, kw_only=True):
    """How all of it ended: `lost` processes of `processes` did not come to their end."""

    end: CrawlEnd
    processes: int
    lost: int


def shares(limits: CrawlLimits, workers: int) -> list[CrawlLimits]:
    """Each process's limits: a limit of pages is shared out, and nobody is started for none."""
    if limits.max_pages is None:
        return [limits] * workers
    parts = [limits.max_pages // workers + (n < limits.max_pages % workers) for n in range(workers)]
    return [msgspec.structs.replace(limits, max_pages=part) for part in parts if part]


class Crew:
    """The processes of one crawl. What they tell reaches `emit` as if it were one."""

    def __init__(self, assignments: Sequence[Assignment], emit: Listener) -> None:
        self._assignments, self._emit = assignments, emit
        self._alive: set[trio.Process] = set()
        self._ends: list[CrawlEnd] = []
        self._why = ""
        self._lost = 0
        self._begun: set[str] = set()
        self._noticed: set[str] = set()
        self._over: dict[str, RunEnded] = {}

    async def run(self) -> CrewEnd:
        """Until the last of them has ended."""
        self._lay_out()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._listen)
            async with trio.open_nursery() as members:
                for assignment in self._assignments:
                    members.start_soon(self._member, assignment)
            nursery.cancel_scope.cancel()
        for over in self._over.values():
            self._emit(over)
        return CrewEnd(end=self._end(), processes=len(self._assignments), lost=self._lost)

    def _lay_out(self) -> None:
        """The databases, before several want to make them."""
        folder = DataFolder(Path(self._assignments[0].settings.data))
        folder.make()
        with closing(Store.open(folder.crawl_db)), closing(ArticleIndex.open(folder.articles_db)):
            pass

    async def _listen(self) -> None:
        with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for number in signals:
                self._why = self._why or ("interrupted" if number == signal.SIGINT else "terminated")
                for process in self._alive:
                    process.terminate()

    async def _member(self, assignment: Assignment) -> None:
        process = await trio.lowlevel.open_process(_MEMBER, stdin=PIPE, stdout=PIPE, stderr=PIPE)
        assert process.stdin is not None and process.stdout is not None and process.stderr is not None
        self._alive.add(process)
        self._emit(AtWork(len(self._alive)))
        ended = len(self._ends)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(self._relay, process.stderr, process.pid)
                if self._why:
                    process.terminate()
                with suppress(trio.BrokenResourceError):
                    await process.stdin.send_all(msgspec.json.encode(assignment) + b"\n")
                ended = await self._hear(process.stdout)
                await process.wait()
        finally:
            with trio.CancelScope(shield=True):
                await process.stdin.aclose()
                await process.wait()
            self._alive.discard(process)
        self._emit(AtWork(len(self._alive)))
        if not ended and not self._why:
            self._lost += 1
            self._tell_lost(process)

    def _tell_lost(self, process: trio.Process) -> None:
        code = process.returncode or 0
        how = f"was killed (signal {-code})" if code < 0 else f"ended with exit code {code}"
        rest = "the others take over what it had in hand" if self._alive else "none is left"
        self._emit(Notice(f"crawl process {process.pid} {how}: {rest}", "warning"))

    async def _hear(self, stream: trio.abc.ReceiveStream) -> bool:
        """Pass on what a process tells; whether it told its end."""
        decoder, rest, ended = msgspec.json.Decoder(Said), b"", False
        async for data in stream:
            *lines, rest = (rest + bytes(data)).split(b"\n")
            for line in lines:
                said = decoder.decode(line)
                if isinstance(said, Ended):
                    ended = True
                    self._ends.append(said.end)
                else:
                    self._pass_on(said)
        return ended

    def _pass_on(self, event: Event) -> None:
        """What several say of the same thing is told once: a run's beginning at first, its end at last."""
        match event:
            case RunStarted(job=job):
                if job not in self._begun:
                    self._begun.add(job)
                    self._emit(event)
            case RunEnded(job=job):
                self._over[job] = event
            case Notice(text=text):
                if text not in self._noticed:
                    self._noticed.add(text)
                    self._emit(event)
            case _:
                self._emit(event)

    async def _relay(self, stream: trio.abc.ReceiveStream, pid: int) -> None:
        said = b"".join([bytes(data) async for data in stream])
        for line in said.decode(errors="replace").splitlines()[-20:]:
            self._emit(Notice(f"crawl process {pid}: {line}", "warning"))

    def _end(self) -> CrawlEnd:
        if self._why or not self._ends:
            return CrawlEnd(finished=False, why=self._why or "every crawl process was lost")
        why = next((end.why for end in self._ends if end.why), "")
        wakes = [end.next_wake for end in self._ends if end.next_wake]
        return CrawlEnd(all(end.finished for end in self._ends), why, min(wakes, default=0))
