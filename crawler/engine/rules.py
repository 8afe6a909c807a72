"""The robots rules at hand: parsed in a worker, kept for as long as the store says they are valid."""

from __future__ import annotations

from collections.abc import Callable

from archive.store import Store
from archive.store.types import RobotsEntry
from crawler.core.robots import Rules
from crawler.engine.blocking import RunSync
from crawler.workers.child import read_robots
from crawler.workers.pool import WorkerPool

__all__ = ["TOKEN", "RobotsBook"]

TOKEN = "broadsheet"  # noqa: S105  the product token of RFC 9309
_MOST = 5_000
_CLOSED = "User-agent: *\nDisallow: /"


class RobotsBook:
    """Answers for one origin: its entry and rules, or None when robots.txt has to be fetched first."""

    def __init__(self, store: Store, pool: WorkerPool, run_sync: RunSync, now: Callable[[], int]) -> None:
        self._store, self._pool, self._run_sync, self._now = store, pool, run_sync, now
        self._known: dict[str, tuple[RobotsEntry, Rules]] = {}

    async def find(self, origin: str) -> tuple[RobotsEntry, Rules] | None:
        """The entry and its rules, None when there is none that is still valid."""
        known = self._known.get(origin)
        if known is not None and known[0].expires > self._now():
            return known
        entry = await self._run_sync(self._store.robots, origin)
        if entry is None or entry.expires <= self._now():
            return None
        rules = await self.rules_of(entry)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[origin] = (entry, rules)
        return self._known[origin]

    async def rules_of(self, entry: RobotsEntry) -> Rules:
        """What an entry says, parsed. A file that no worker can read forbids everything."""
        if entry.status == "unreachable" and not entry.body_at:
            return Rules(_CLOSED, TOKEN)
        if not entry.body:
            return Rules("", TOKEN)
        try:
            return await self._pool.call(read_robots, entry.body, TOKEN)
        except Exception:  # too slow, too large, or fatal to the worker
            return Rules(_CLOSED, TOKEN)
