"""May this URL be asked for, now? The questions before an exchange, the cheap ones first.

lease ─▶ on the list of those who said no? ──▶ Denied
         quiet hours? ──▶ put back, the host rests until they are over
         robots.txt itself? ──▶ pass
         enough pages of host or site in this run? ──▶ Denied until the next one
         a trap's? ──▶ Denied, or put back until its like have been read
         robots.txt known? ──no──▶ put back behind it; unreachable: the host rests
         forbidden by it? ──▶ Denied, and what else is queued there and forbidden          else pass, with its rules
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from archive.store import Store
from archive.store.types import (
    Dead,
    Denied,
    HostState,
    Kind,
    Lease,
    Outcome,
    PutBack,
    RobotsEntry,
    Settlement,
    Target,
)
from crawler.core.politeness import PAGES, Manners, pages_counter
from crawler.core.quiet import quiet_until
from crawler.core.robots import Rules
from crawler.core.scope import Scope, forbidden
from crawler.core.traps import Cut, Wait
from crawler.engine.blocking import RunSync
from crawler.engine.rules import RobotsBook
from crawler.engine.traps import TrapWatch
from sites.url import origin

__all__ = ["Gate", "untouched"]

_SECOND = 1_000_000
_TRAP_WAIT = _SECOND
_LONGEST_WAIT = 900 * _SECOND  # longer than a crawl waits: where a robots.txt has moved to may rest for hours
_MOST_ASKED = 10_000
_LEAST_REACH = 16
_MOST_REACH = 1_024


def untouched(lease: Lease, next_at: int = 0, resting: str = "") -> HostState:
    """The host's state as it was: nobody spoke to it. It is met again not before `next_at`."""
    return HostState(
        next_at=max(lease.taken, next_at), delay=lease.memory.delay, failures=lease.memory.failures,
        resting=resting, slow=lease.memory.slow, lately=lease.memory.lately, usual=lease.memory.usual,
    )  # fmt: skip


def _denied(rules: Rules, url: str) -> Denied:
    line = rules.verdict(url).reason
    return Denied(reason=f"robots.txt: {line}" if line else "robots.txt")


class Gate:
    """Lets leases pass or settles them. `refusal` says of a URL why its address may not be asked ("" if it may);
    `manners` and `scopes` are kept by run; the scopes change when a seed is redirected."""

    def __init__(
        self,
        robots: RobotsBook,
        traps: TrapWatch,
        store: Store,
        run_sync: RunSync,
        now: Callable[[], int],
        *,
        refusal: Callable[[str], Awaitable[str]],
        manners: Mapping[int, Manners],
        scopes: Mapping[int, Scope],
    ) -> None:
        self._robots, self._traps, self._store, self._run_sync = robots, traps, store, run_sync
        self._now, self._refusal, self._manners, self._scopes = now, refusal, manners, scopes
        self._asked: dict[str, int] = {}
        self._reach: dict[int, int] = {}

    async def judge(self, lease: Lease) -> Settlement | Rules | None:
        """The settlement of a lease that may not pass, else the rules that let it; None for a robots.txt."""
        target, now = lease.target, self._now()
        manners, never = self._manners[lease.run_id], self._scopes[lease.run_id].never
        if never and (entry := forbidden(target.url, never)):
            return self._settled(lease, Denied(reason=f"never: {entry}"))
        if quiet := quiet_until(manners.quiet, now):
            put_back = PutBack(due=now, reason="quiet hours")
            return self._settled(lease, put_back, untouched(lease, quiet, "quiet hours"))
        if target.kind is Kind.ROBOTS:
            return None
        if manners.host_pages and await self._count(lease, pages_counter(target.host)) >= manners.host_pages:
            return self._capped(lease, f"cap: {manners.host_pages} pages of the host in one run")
        if manners.pages and await self._count(lease, PAGES) >= manners.pages:
            return self._capped(lease, f"cap: {manners.pages} pages of the site in one run")
        trap = await self._traps.judge(target, lease.run_id)
        if isinstance(trap, Cut):
            reason = f"trap: {trap.shape} brought nothing new"
            return self._settled(lease, Denied(reason=reason, shape=trap.shape))
        if isinstance(trap, Wait):
            return self._settled(lease, PutBack(due=now + _TRAP_WAIT, reason="its like are still unread"))
        found = await self._robots.find(origin(target.url))
        if found is None:
            return self._robots_first(lease)
        self._asked.pop(origin(target.url), None)
        return await self._by_robots(lease, *found)

    async def _count(self, lease: Lease, name: str) -> int:
        return await self._run_sync(self._store.run_count, lease.run_id, name)

    def _capped(self, lease: Lease, reason: str) -> Settlement:
        """Not in this run; the next one takes it up."""
        return self._settled(lease, Denied(reason=reason, next_due=self._now(), whole_host=True))

    def _robots_first(self, lease: Lease) -> Settlement:
        """Behind robots.txt. It is asked for next, unless it has moved to another host and comes when that is free:
        who looks in vain waits longer each time."""
        place, now = origin(lease.target.url), self._now()
        first = Target(
            url=place + "/robots.txt", host=lease.target.host, kind=Kind.ROBOTS, priority=0,
            hops=lease.target.hops + "X", via=lease.target.url, robots_for=place,
        )  # fmt: skip
        wait = self._asked.pop(place, 0)
        if len(self._asked) >= _MOST_ASKED:
            self._asked.clear()
        self._asked[place] = min(max(2 * wait, _SECOND), _LONGEST_WAIT)
        return self._settled(lease, PutBack(due=now + wait, reason="robots.txt first"), targets=(first,))

    async def _by_robots(self, lease: Lease, entry: RobotsEntry, rules: Rules) -> Settlement | Rules:
        if rules.allows(lease.target.url):
            return rules
        if entry.status == "unreachable" and not entry.body_at:
            if refused := await self._refusal(lease.target.url):  # it was never asked, and will not be
                return self._settled(lease, Dead(refused))
            why = "robots.txt is unreachable"
            return self._settled(
                lease, PutBack(due=entry.expires, reason=why), untouched(lease, entry.expires, why)
            )
        others = await self._forbidden_too(lease, rules)
        return msgspec.structs.replace(self._settled(lease, _denied(rules, lease.target.url)), others=others)

    async def _forbidden_too(self, lease: Lease, rules: Rules) -> tuple[tuple[Denied, tuple[int, ...]], ...]:
        """What else is queued at the host and forbidden. The more was found the last time, the farther is looked."""
        reach = self._reach.pop(lease.host_id, _LEAST_REACH)
        place, found = origin(lease.target.url), defaultdict[Denied, list[int]](list)
        waiting = await self._run_sync(self._store.waiting, lease, reach)
        for key, url in waiting:
            if origin(url) == place and not rules.allows(url):
                found[_denied(rules, url)].append(key)
        if 2 * sum(map(len, found.values())) >= reach and len(self._reach) < _MOST_ASKED:
            self._reach[lease.host_id] = min(4 * reach, _MOST_REACH)
        return tuple((denied, tuple(keys)) for denied, keys in found.items())

    def _settled(
        self, lease: Lease, outcome: Outcome, host: HostState | None = None, targets: tuple[Target, ...] = ()
    ) -> Settlement:
        return Settlement(
            lease=lease, outcome=outcome, host=host or untouched(lease), targets=targets, now=self._now()
        )
