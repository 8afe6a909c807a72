"""What a process looks at every few seconds, and what it must remember of it until the next look."""

from __future__ import annotations

from archive.store import leases
from archive.store.connection import Tx

__all__ = ["Look"]

_LATE_LOOKS = 3  # a clock that is set forward makes every lease late until its owner looks


class Look:
    """The database's version, and the leases found late so far with how often."""

    def __init__(self) -> None:
        self._version = 0
        self._late: dict[tuple[int, int], int] = {}

    def at(self, tx: Tx, owner_id: int, now: int, hold: int) -> tuple[bool, bool, dict[int, int]]:
        """Whether another process has written since the last look; whether own leases are half over; leases
        (token, until) that living owners have left unrenewed for long."""
        version = tx.execute("PRAGMA data_version").get
        changed, self._version = version != self._version, version
        late = leases.late(tx, owner_id, now)
        self._late = {one: self._late.get(one, 0) + 1 for one in late.items()}
        overdue = dict(one for one, looks in self._late.items() if looks >= _LATE_LOOKS)
        return changed, leases.ageing(tx, owner_id, now + hold // 2), overdue
