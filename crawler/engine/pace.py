"""What this process itself owes to hosts, by a clock that nobody sets.

The store keeps politeness by the wall clock, for all processes and beyond their lives. When that clock is set
forward, every host looks rested at once: here is known which are not.
"""

from __future__ import annotations

import trio

__all__ = ["Pace"]

_MOST = 10_000


class Pace:
    """Hosts that were spoken to, and when they may be again (trio's clock, seconds)."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def owe(self, host: str, seconds: float) -> None:
        """The host is to be left alone for so long from now on."""
        if len(self._free_at) >= _MOST:
            now = trio.current_time()
            self._free_at = {key: at for key, at in self._free_at.items() if at > now}
        self._free_at[host] = trio.current_time() + seconds

    def left(self, host: str) -> float:
        """Seconds for which the host is still to be left alone; 0 when it may be met."""
        return max(0.0, self._free_at.get(host, 0.0) - trio.current_time())
