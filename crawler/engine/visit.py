"""One lease, from the robots gate to its settlement. Everything decided here is decided by `crawler.core`.

lease ─▶ gate ──no──▶ Denied, or put back
           │ pass
           └─▶ one exchange ─▶ verdict, host's rest, redirect target, robots entry ─▶ Settlement
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

import msgspec
import trio

from archive.capture import Capture
from archive.decoding import Limits
from archive.http import Head
from archive.store import Store
from archive.store.types import (
    Dead,
    Kind,
    Lease,
    Outcome,
    PutBack,
    RobotsEntry,
    Settlement,
    Stored,
    Target,
)
from crawler.core.keeping import NOT_KEPT, wanted
from crawler.core.politeness import (
    PAGES,
    Manners,
    delay_of,
    is_failing,
    is_given_up,
    pages_counter,
    retry_after,
    settle,
)
from crawler.core.robots import MAX_BYTES, Rules, entry_of
from crawler.core.scope import Accept, Scope
from crawler.core.traps import pathological
from crawler.core.verdict import MAX_REDIRECTS, decide
from crawler.engine.blocking import RunSync
from crawler.engine.gate import Gate, untouched
from crawler.engine.pace import Pace
from crawler.engine.rules import RobotsBook
from crawler.engine.traps import TrapWatch
from crawler.net.fetch import Fetcher
from sites.url import host_key, parse

__all__ = ["Visitor"]

_SECOND = 1_000_000
_MAX_TRIES = 4
_HOP_WAIT = 10 * 60 * 1_000_000
_ROBOTS_HOPS = 5


class Visitor:
    """Makes settlements out of leases. `manners` and `scopes` are kept by run; the redirect of a seed widens a
    scope."""

    def __init__(
        self,
        fetcher: Fetcher,
        robots: RobotsBook,
        traps: TrapWatch,
        store: Store,
        run_sync: RunSync,
        now: Callable[[], int],
        rng: Random,
        *,
        manners: Mapping[int, Manners],
        scopes: dict[int, Scope],
        widened: Callable[[int, Scope], None],
    ) -> None:
        self._fetcher, self._robots, self._store, self._run_sync = fetcher, robots, store, run_sync
        self._now, self._rng = now, rng
        self._manners, self._scopes, self._widened = manners, scopes, widened
        self._pace = Pace()
        self._gate = Gate(
            robots, traps, store, run_sync, now, refusal=fetcher.refusal, manners=manners, scopes=scopes
        )

    async def visit(self, lease: Lease) -> Settlement:
        """The settlement of one lease."""
        target = lease.target
        early = self._pace.left(target.host)
        if early > 1:
            return self._too_early(lease, early)
        await trio.sleep(early)
        gate = await self._gate.judge(lease)
        if isinstance(gate, Settlement):
            return gate
        capture = await self._fetcher.exchange(
            target.url, previous=lease.previous, via=target.via, hops=target.hops, keep=self._keep(lease)
        )
        with trio.CancelScope(shield=True):  # what came is archived, whatever is cancelled meanwhile
            settlement = await self._settled(lease, capture, gate)
        return settlement  # noqa: RET504  (mypy takes the scope for one that swallows)

    def interrupted(self, lease: Lease, reason: str = "interrupted", wait: int = 0) -> Settlement:
        """For a visit that was cut off on our side: the host was perhaps spoken to, the URL goes back, for `wait`
        microseconds at least."""
        now, delay = self._now(), max(self._delay(lease, None), lease.memory.delay)
        self._pace.owe(lease.target.host, delay / _SECOND)
        host = untouched(lease, now + delay)
        return Settlement(lease=lease, outcome=PutBack(due=now + wait, reason=reason), host=host, now=now)

    def _keep(self, lease: Lease) -> Callable[[Head], bool]:
        kind, keep = lease.target.kind, self._scopes[lease.run_id].keep
        return lambda head: wanted(kind, head.get("content-type"), keep)

    def _too_early(self, lease: Lease, early: float) -> Settlement:
        now = self._now()
        host = untouched(lease, now + int(early * _SECOND))
        outcome = PutBack(due=now, reason="the clock was set: the host rests still")
        return Settlement(lease=lease, outcome=outcome, host=host, now=now)

    def _delay(self, lease: Lease, rules: Rules | None) -> int:
        return delay_of(self._promised(lease), rules.crawl_delay if rules else None)

    def _promised(self, lease: Lease) -> int:
        return max(self._manners[lease.run_id].delay, lease.delay_set or 0)

    async def _settled(self, lease: Lease, capture: Capture, rules: Rules | None) -> Settlement:
        finished, jitter = self._now(), self._rng.random()
        head = capture.head
        pause = retry_after(head.get("retry-after"), finished) if head.status >= 300 else 0
        trouble = capture.error or ("" if head.status else "no response")
        outcome = decide(
            status=head.status, error=trouble, tries=lease.tries, max_tries=_MAX_TRIES, now=finished, pause=pause,
            jitter=jitter, host_failing=is_failing(lease.memory), host_given_up=is_given_up(lease.memory),
            etag=head.get("etag"), last_modified=head.get("last-modified"), next_due=finished,
            truncated=capture.truncated,
        )  # fmt: skip
        unread = lease.target.kind is Kind.REQUISITE or capture.error.startswith(NOT_KEPT)
        if isinstance(outcome, Stored) and unread:
            outcome = msgspec.structs.replace(outcome, extract=False)
        targets: tuple[Target, ...] = ()
        entry: RobotsEntry | None = None
        moved = self._moved(lease, head)
        if lease.target.kind is Kind.ROBOTS:
            entry, targets, outcome = await self._robots_reply(lease, capture, moved, outcome)
            known = entry or await self._run_sync(self._store.robots, lease.target.robots_for)
            rules = await self._robots.rules_of(known) if known is not None else None
        elif moved is not None:
            outcome, targets = self._redirect(lease, moved, outcome)
        host = settle(
            lease.memory, finished=finished, delay=self._delay(lease, rules), took=capture.took, status=head.status,
            error="time" if head.status and capture.truncated == "time" else trouble, asked_pause=pause, jitter=jitter,
        )  # fmt: skip
        self._pace.owe(lease.target.host, (host.next_at - finished) / _SECOND)
        return Settlement(
            lease=lease,
            outcome=outcome,
            host=host,
            capture=msgspec.structs.replace(capture, delay=self._promised(lease)),
            robots=entry,
            targets=targets,
            counts=self._counts(lease),
            now=finished,
        )

    def _counts(self, lease: Lease) -> tuple[str, ...]:
        if lease.target.kind is Kind.ROBOTS:
            return ()
        host = (pages_counter(lease.target.host),) if self._manners[lease.run_id].host_pages else ()
        return (PAGES, *host)

    def _moved(self, lease: Lease, head: Head) -> str | None:
        if head.status not in (301, 302, 303, 307, 308):
            return None
        return parse(head.get("location"), lease.target.url) or ""

    def _redirect(self, lease: Lease, url: str, outcome: Outcome) -> tuple[Outcome, tuple[Target, ...]]:
        target = lease.target
        if not url:
            return Dead("redirect to no http URL"), ()
        if len(target.hops) - len(target.hops.rstrip("R")) >= MAX_REDIRECTS:
            return Dead("too many redirects"), ()
        if why := pathological(url):
            return Dead(f"redirect to {why}"), ()
        scope = self._scopes[lease.run_id]
        if not target.hops.strip("R"):  # a seed, or what a seed was redirected to
            wider = scope.widened(url)
            if wider is not scope:
                self._scopes[lease.run_id] = scope = wider
                self._widened(lease.run_id, wider)
        choice = scope.decide(url, target.depth, "follow", covered=target.kind is Kind.REQUISITE)
        if not isinstance(choice, Accept):
            return outcome, ()
        next_target = Target(
            url=url, host=host_key(url), kind=target.kind, priority=target.priority, depth=target.depth,
            hops=target.hops + "R", via=target.url,
        )  # fmt: skip
        return outcome, (next_target,)

    async def _robots_reply(
        self, lease: Lease, capture: Capture, moved: str | None, outcome: Outcome
    ) -> tuple[RobotsEntry | None, tuple[Target, ...], Outcome]:
        target, now = lease.target, self._now()
        hops = len(target.hops) - len(target.hops.rstrip("R"))
        circle = moved in (target.url, f"{target.robots_for}/robots.txt")
        if moved and hops < _ROBOTS_HOPS and not circle:
            hop = msgspec.structs.replace(
                target, url=moved, host=host_key(moved), hops=target.hops + "R", via=target.url
            )
            due = now + (0 if hops else _HOP_WAIT)  # the first is asked for by pages, the others by it alone
            return None, (hop,), Stored(next_due=due, extract=False, status=capture.status)
        last = await self._run_sync(self._store.robots, target.robots_for)
        status = capture.status if moved is None else 0
        body = b""
        if status and 200 <= status < 300:
            body = capture.content(Limits(max_size=MAX_BYTES + 1)).data
        if capture.truncated and len(body) <= MAX_BYTES:
            status = 0  # cut off: what it forbids further on is not known
        entry = entry_of(target.robots_for, status, body[: MAX_BYTES + 1], now, last)
        settled: Outcome = Stored(next_due=entry.expires, extract=entry.status == "ok", status=capture.status)
        return entry, (), settled
