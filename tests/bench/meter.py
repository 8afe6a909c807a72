"""CPU seconds of the pieces of a transaction's life at a store.

A checkpoint falls to whichever transaction made the log too long: its seconds are shared among the pieces, by the pages
that each has written since the one before.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import apsw

__all__ = ["Meter"]


class Meter:
    """Takes the place of the connection's own checkpoints, and makes them when they would have been made."""

    def __init__(self, conn: apsw.Connection) -> None:
        self._conn, self._most = conn, conn.pragma("wal_autocheckpoint")
        self._seconds: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._checkpoints = 0.0
        conn.set_wal_hook(self._committed)

    def _committed(self, conn: apsw.Connection, _name: str, pages: int) -> int:
        if pages >= self._most:
            began = time.process_time()
            conn.wal_checkpoint()
            self._checkpoints += time.process_time() - began
        return apsw.SQLITE_OK

    @contextmanager
    def piece(self, name: str) -> Iterator[None]:
        """What is done in it is the piece's."""
        pages, began = self._written(), time.process_time()
        yield
        spent, self._checkpoints = self._checkpoints, 0.0
        self._seconds[name] += time.process_time() - began - spent
        self._pages[name] += self._written() - pages
        if spent:
            total = self._pages.total()
            for each, its in self._pages.items():
                self._seconds[each] += spent * its / total
            self._pages.clear()

    def _written(self) -> int:
        return self._conn.status(apsw.SQLITE_DBSTATUS_CACHE_WRITE)[0]

    def read(self, names: tuple[str, ...]) -> list[float]:
        """The pieces' seconds since they were last read."""
        return [self._seconds.pop(name, 0.0) for name in names]
