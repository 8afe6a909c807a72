"""Room on the disk: the crawl pauses before there is none, and waits where there is none all the same.

free < min_free ─────▶ low: no more leases; what is in flight is committed ─┐
DiskFull from a call ─▶ low: the call waits, then it is made again ─────────┴▶ enough again: both go on
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import trio

from archive.errors import DiskFull
from crawler.engine.blocking import RunSync
from crawler.events import DiskLow, DiskRoomy, Listener

__all__ = ["ROOM_LOOK", "Patient", "Room"]

T = TypeVar("T")
ROOM_LOOK = 1.0
"""Seconds between two looks for room while there is too little."""
_AGAIN = 5.0  # seconds after which a call that found no room is made again


class Room:
    """Watches `free()` (bytes). Below `min_free` there is too little; enough is an eighth more, so that a crawl
    does not stop and go page by page. Says so once, by events."""

    def __init__(self, free: Callable[[], int], min_free: int, emit: Listener) -> None:
        self._free, self._min, self._emit = free, min_free, emit
        self._low = False
        self._refused = float("-inf")
        self._ended = trio.Event()

    def low(self) -> bool:
        """Whether to begin nothing new. Looks at the disk, which costs microseconds."""
        free = self._free()
        enough = self._min + self._min // 8 if self._low else self._min
        self._turn(free < enough or trio.current_time() - self._refused < _AGAIN, free)
        return self._low

    def refused(self, error: DiskFull) -> None:
        """Something found no room, whatever `free` says."""
        self._refused = trio.current_time()
        self._turn(True, self._free(), str(error))

    async def wait(self, error: DiskFull) -> None:
        """After `error`: until it is worth another try. Raises it when the crawl is to end."""
        self.refused(error)
        with trio.move_on_after(_AGAIN):
            await self._ended.wait()
        if self._ended.is_set():
            raise error

    def end(self) -> None:
        """Whoever waits for room gives up: what was not committed goes back to the queue."""
        self._ended.set()

    def _turn(self, low: bool, free: int, error: str = "") -> None:
        if low != self._low:
            self._low = low
            self._emit(DiskLow(free, self._min, error) if low else DiskRoomy(free))


class Patient:
    """Blocking calls that wait for room when there is none: only for calls that may be made again after a
    DiskFull. With `shield` a call is made even when its task is cancelled; waiting never is shielded."""

    def __init__(self, run_sync: RunSync, room: Room, *, shield: bool = False) -> None:
        self._run_sync, self._room, self._shield = run_sync, room, shield

    async def __call__(self, fn: Callable[..., T], *args: object) -> T:
        while True:
            try:
                if not self._shield:
                    return await self._run_sync(fn, *args)
                with trio.CancelScope(shield=True):
                    return await self._run_sync(fn, *args)
            except DiskFull as error:
                await self._room.wait(error)
