"""The watch for traps: before a plain page is asked for, what pages of its shapes have brought is looked up.

Feeds, seeds and what a plugin calls an article are not held up: somebody has said that they are wanted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from archive.store import Store
from archive.store.types import Kind, Target
from crawler.core.scope import PLAIN
from crawler.core.traps import Cut, Decision, Go, good_for, judge, shapes_of
from crawler.engine.blocking import RunSync
from crawler.events import Listener, Notice

__all__ = ["TrapWatch"]

_MOST = 50_000


class TrapWatch:
    """Reads the store's counts as seldom as it can: a shape that has brought much that is new is good for as
    many pages."""

    def __init__(self, store: Store, run_sync: RunSync, emit: Listener) -> None:
        self._store, self._run_sync, self._emit = store, run_sync, emit
        self._credit: dict[tuple[str, str], int] = {}
        self._cut: set[tuple[str, str]] = set()

    async def judge(self, target: Target, run_id: int) -> Decision:
        """Whether to ask for a target now."""
        if target.kind is not Kind.PAGE or target.priority < PLAIN:
            return Go()
        shapes = shapes_of(target.url)
        own = (target.host, shapes[0])
        credit = self._credit.get(own, 0)
        if credit > 0:
            self._credit[own] = credit - 1
            return Go()
        standing, unread = await self._run_sync(self._store.standing, target.host, shapes, run_id)
        decision = judge(target.url, standing, unread)
        if len(self._credit) + len(self._cut) >= _MOST:
            self._credit.clear()
            self._cut.clear()
        if own[1] in standing:
            self._credit[own] = good_for(standing[own[1]])
        if isinstance(decision, Cut):
            self._tell(target.host, decision)
        return decision

    def _tell(self, host: str, cut: Cut) -> None:
        if (host, cut.shape) not in self._cut:
            self._cut.add((host, cut.shape))
            what = f"{cut.barren} of them brought nothing new"
            self._emit(Notice(f"{host}: no more pages like {cut.shape} are asked for: {what}", "warning"))

    def sift(self, targets: Iterable[Target]) -> tuple[tuple[Target, ...], Counter[tuple[str, str]]]:
        """The links without those of shapes that were cut, and how many these were by host and shape. Wider shapes
        are left to `judge`: they may come to bring something yet."""
        kept, cuts = [], Counter[tuple[str, str]]()
        for target in targets:
            trap = self._known(target)
            if trap is None:
                kept.append(target)
            else:
                cuts[trap] += 1
        return tuple(kept), cuts

    def _known(self, target: Target) -> tuple[str, str] | None:
        if target.kind is not Kind.PAGE or target.priority < PLAIN or not self._cut:
            return None
        shapes = shapes_of(target.url)
        if self._credit.get((target.host, shapes[0]), 0) > 0:
            return None
        return next(
            (p for s in shapes[: 1 + ("?" in target.url)] if (p := (target.host, s)) in self._cut), None
        )
