"""A bell between tasks: who waits is woken by the next ring, or by a time limit."""

from __future__ import annotations

import trio

__all__ = ["Bell"]


class Bell:
    """`ring()` wakes whoever waits; a ring while nobody waits is remembered, once."""

    def __init__(self) -> None:
        self._event = trio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, `seconds` at most."""
        with trio.move_on_after(max(0.0, seconds)):
            await self._event.wait()
        self._event = trio.Event()
