"""The live line of a crawl, and its counts: a listener, nothing more."""

from __future__ import annotations

import time
from collections import Counter

from rich.console import Console
from rich.status import Status

from crawler.cli.common import counted, print_json, print_warning, when
from crawler.events import (
    AtWork,
    DiskLow,
    DiskRoomy,
    Event,
    HostResting,
    Notice,
    PageExtracted,
    PageFailed,
    PageStored,
    RunEnded,
    RunStarted,
)

__all__ = ["Progress"]

_MOST_TOLD = 5


class Progress:
    """Counts events; on a terminal it keeps one line up to date, otherwise it says little."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self.counts: Counter[str] = Counter()
        self._resting: dict[str, int] = {}
        self._told: set[str] = set()
        self._paused = ""
        self._processes = 0
        self._console, self._quiet = console, quiet
        self._begun = time.monotonic()
        self._status: Status | None = None

    def __enter__(self) -> Progress:
        if not self._quiet and self._console.is_terminal:
            self._status = self._console.status("starting")
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, event: Event) -> None:
        match event:
            case PageStored(status=status, size=size):
                self.counts["pages"] += 1
                self.counts["bytes"] += size
                self.counts[f"status {status // 100}xx"] += 1
            case PageFailed(fate=fate, others=others):
                self.counts[fate] += 1 + others
            case PageExtracted(outcome=outcome):
                self.counts["articles" if outcome == "ok" else outcome] += 1
            case HostResting(host=host, until=until, reason=reason):
                self._rests(host, until, reason)
            case RunStarted(job=job, resumed=resumed):
                self._say(f"{'going on with' if resumed else 'crawling'} {job}")
            case RunEnded(job=job, finished=finished, deferred=deferred, next_at=next_at) if deferred:
                due = f", the first due {when(next_at)}" if finished and next_at else ""
                self.counts["deferred"] += deferred
                left = f"{counted(deferred, 'queued URL')} left"
                self._say(f"{job}: {left}{due}; the same command goes on with the rest")
            case DiskLow(free=free, wanted=wanted, error=error):
                self._paused = f"paused, the disk is full: {free / 1e6:.0f} MB free"
                why = error or f"{free / 1e6:.0f} MB are free on the disk, min_free is {wanted / 1e6:.0f} MB"
                self._warn(f"{why}; the crawl pauses until there is room")
            case DiskRoomy(free=free):
                self._paused = ""
                self._warn(f"there is room again, {free / 1e6:.0f} MB; the crawl goes on")
            case AtWork(processes=processes):
                self._processes = processes
            case Notice(text=text, level="warning"):
                self._warn(text)
            case Notice(text=text):
                self._say(text)
        if self._status is not None:
            self._status.update(self.line())

    def _rests(self, host: str, until: int, reason: str) -> None:
        """Told of the first hosts only: of a thousand, `status` is the place to read."""
        self._resting[host] = until
        if host not in self._told and len(self._told) < _MOST_TOLD:
            self._told.add(host)
            self._say(f"{host} rests till {when(until)}: {reason}")
            if len(self._told) == _MOST_TOLD:
                self._say("which other hosts rest, `broadsheet status` tells")

    def line(self) -> str:
        """One line: pages, rate, articles, what failed, hosts at rest."""
        passed = max(time.monotonic() - self._begun, 0.001)
        now = time.time_ns() // 1000
        self._resting = {h: u for h, u in self._resting.items() if u > now}
        c = self.counts
        parts = [
            counted(c["pages"], "page"),
            f"{c['pages'] / passed:.1f}/s",
            counted(c["articles"], "article"),
        ]
        parts += [
            f"{c[name]} {word}"
            for name, word in (("retry", "to retry"), ("denied", "denied"), ("dead", "dead"))
            if c[name]
        ]
        if self._resting:
            parts.append(f"{counted(len(self._resting), 'host')} resting")
        if self._processes:
            parts.append(f"{self._processes} processes")
        if self._paused:
            parts.append(self._paused)
        return " · ".join(parts)

    def note(self, text: str) -> None:
        """Something to read before the crawl begins."""
        self._say(text)

    def _say(self, text: str) -> None:
        if not self._quiet:
            self._console.print(text, markup=False)

    def _warn(self, text: str) -> None:
        """Also for those who asked for nothing but JSON."""
        if self._quiet:
            print_warning(text)
        else:
            self._say(text)

    def summary(self, extra: dict[str, object], *, as_json: bool) -> None:
        """The closing line, or object."""
        if as_json:
            print_json({**dict(self.counts), **extra})
        else:
            self._console.print(self.line(), markup=False)
