"""The shell around `core.schedule`: sleeps until something is due, has it crawled, remembers what failed.

plan() ─▶ decide ─▶ Wait: sleep, a minute at most, and look again (plugins may have changed)
last() ─┘       └─▶ Begin: crawl(sites, seconds) ─▶ ended well? ─▶ next
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import msgspec
import trio

from crawler.core.schedule import Begin, Every, Last, decide
from crawler.events import Listener, RoundBegun, RoundEnded

__all__ = ["Schedule"]

_SECOND = 1_000_000
_LOOK = 60.0
_PAUSE = 1.0


class Schedule:
    """`plan` tells each site's interval, `last` its last round as the store knows it; `crawl` crawls some sites
    for so many seconds at most (None: until they are done) and tells what went wrong, "" for nothing."""

    def __init__(
        self,
        plan: Callable[[], Mapping[str, Every]],
        last: Callable[[], Mapping[str, Last]],
        crawl: Callable[[tuple[str, ...], float | None], Awaitable[str]],
        now: Callable[[], int],
        emit: Listener,
    ) -> None:
        self._plan, self._last, self._crawl, self._now, self._emit = plan, last, crawl, now, emit
        self._own: dict[str, Last] = {}
        self._since = now()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            now = self._now()
            choice = decide(self._plan(), self._known(), now, self._since)
            if isinstance(choice, Begin):
                await self._round(choice, now)
                await trio.sleep(_PAUSE)
            else:
                left = _LOOK if choice.until is None else (choice.until - now) / _SECOND
                await trio.sleep(min(max(left, 0.0), _LOOK))

    def _known(self) -> Mapping[str, Last]:
        """The last rounds: this process's own, unless somebody else has crawled the site since."""
        known = dict(self._last())
        for site, own in self._own.items():
            stored = known.get(site)
            if stored is None or stored.began <= own.ended:
                finished = own.finished if stored is None else stored.finished
                known[site] = msgspec.structs.replace(own, finished=finished)
        return known

    async def _round(self, choice: Begin, now: int) -> None:
        self._emit(RoundBegun(choice.sites, choice.until))
        seconds = None if choice.until is None else (choice.until - now) / _SECOND
        wrong = await self._crawl(choice.sites, seconds)
        ended = self._now()
        for site in choice.sites:
            before = self._own[site].failed if site in self._own else 0
            self._own[site] = Last(began=now, failed=before + 1 if wrong else 0, ended=ended)
        self._emit(RoundEnded(choice.sites, now, ended, wrong))
