"""`broadsheet` with or without its two promises: `python -m tests.bench.careless without crawl …`. Without, nothing is ever
synced and the databases have no journal; for the benchmark of what durability costs, and for nothing else."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path

import apsw

from archive.store.connection import Database, Tx
from archive.warc import Disk
from crawler.cli.app import run

__all__ = ["break_promises"]


def break_promises() -> None:
    """From here on nothing in this process is durable."""
    connect, write = Database._connect, Database.write

    def connected(self: Database) -> apsw.Connection:
        conn = connect(self)
        conn.pragma("synchronous", "off")
        self._durable = False  # so that no transaction sets `synchronous` again
        return conn

    def settings(self: Database) -> None:
        self.conn.pragma("journal_mode", "off")
        self.conn.pragma("locking_mode", "exclusive")
        self.conn.pragma("temp_store", "memory")
        self.conn.pragma("cache_size", -8_000)

    def carelessly(
        self: Database, *, durable: bool = False, uncertain: bool = False
    ) -> AbstractContextManager[Tx]:
        return write(self)

    def no_sync(self: Disk, fd: int) -> None:
        """Nothing."""

    def no_folder_sync(self: Disk, path: Path) -> None:
        """Nothing."""

    Database._connect = connected  # type: ignore[method-assign]
    Database._settings = settings  # type: ignore[method-assign]
    Database.write = carelessly  # type: ignore[method-assign]
    Disk.fdatasync, Disk.fsync_directory = no_sync, no_folder_sync  # type: ignore[method-assign]


if __name__ == "__main__":
    if sys.argv.pop(1) == "without":
        break_promises()
    run()
