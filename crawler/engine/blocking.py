"""Blocking calls (SQLite, fsync) leave the event loop through here, one at a time and in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

import trio

__all__ = ["RunSync", "Thread"]

T = TypeVar("T")


class RunSync(Protocol):
    """How blocking calls are made: in a thread, unless a test makes them otherwise."""

    def __call__(self, fn: Callable[..., T], *args: object) -> Awaitable[T]: ...


class Thread:
    """One worker thread at a time. A call that has begun is never abandoned: cancellation waits for it."""

    def __init__(self) -> None:
        self._limiter = trio.CapacityLimiter(1)

    async def __call__(self, fn: Callable[..., T], *args: object) -> T:
        return await trio.to_thread.run_sync(lambda: fn(*args), limiter=self._limiter)
