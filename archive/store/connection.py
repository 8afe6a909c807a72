"""One SQLite database: opened with checks, written in transactions, its errors made ours.

    open: SQLite new enough? ─▶ disk local? ─▶ ours, and not newer? ─▶ create or migrate (after a backup)
    write: BEGIN IMMEDIATE ─▶ … ─▶ COMMIT     (NORMAL: survives a kill; FULL: survives a power cut)

apsw brings its own SQLite: the WAL of those before 3.51.3 can lose commits with two writing processes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol, cast

import apsw
import msgspec

from archive.errors import ArchiveError, DiskFull
from archive.store.mounts import refuse_network

__all__ = [
    "CommitUncertain",
    "Database",
    "DatabaseFull",
    "Rows",
    "Schema",
    "Tx",
]

_LEAST_SQLITE = (3, 51, 3)
_BUSY_MS = 60_000
_NO_ROOM = 1 << 16


class Rows(Protocol):
    """What a statement gave: any values, as SQLite has them."""

    def __iter__(self) -> Iterator[Any]: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    @property
    def get(self) -> Any:
        """The first row's value, a tuple if it has several; None when there is no row."""


class Tx(Protocol):
    """A connection inside a transaction: all that the modules beside this one see of SQLite."""

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Rows: ...
    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> Rows: ...


class DatabaseFull(DiskFull):
    """There is no room for the transaction."""


class CommitUncertain(ArchiveError):
    """COMMIT itself failed: whether the transaction is in must be looked up."""


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    """`steps[n]` is the SQL that leads from `user_version` n to n + 1; `application_id` tells our files
    apart; `remedy` is what to do when the file is damaged."""

    name: str
    application_id: int
    steps: tuple[str, ...]
    remedy: str


class Database:
    """A connection and its path. One thread at a time; several processes may have the file open.

    Raises ArchiveError when SQLite is too old, the file lies on a network file system, is not of this kind
    or was made by a newer version, or (with `create=False`) is not there.
    """

    def __init__(self, path: Path, schema: Schema, *, create: bool = True, vfs: str | None = None) -> None:
        self.path, self._schema, self._vfs = path, schema, vfs
        self._durable: bool | None = None
        if not create and not path.exists():
            raise ArchiveError("there is no such database", file=path)
        _check_library(apsw.sqlite_lib_version())
        refuse_network(path)
        try:
            with _alone_in(path.parent):
                self.conn = self._connect()
                try:
                    self._prepare()
                except BaseException:
                    self.conn.close(True)
                    raise
        except apsw.Error as error:
            raise self._ours(error) from error

    def _connect(self) -> apsw.Connection:
        conn = apsw.Connection(str(self.path), vfs=self._vfs, statementcachesize=256)
        conn.set_busy_timeout(_BUSY_MS)
        # A plan hangs on the statement alone: else each that may touch a partial index is planned anew each time
        conn.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        self._durable = None
        return conn

    def _prepare(self) -> None:
        conn, schema = self.conn, self._schema
        version = conn.pragma("user_version")
        if conn.pragma("application_id") != schema.application_id and (
            version or conn.execute("SELECT count(*) FROM sqlite_schema").get
        ):
            raise ArchiveError(f"this is no {schema.name} database of Broadsheet", file=self.path)
        if version > len(schema.steps):
            raise ArchiveError(
                f"made by a newer Broadsheet (format {version}, here {len(schema.steps)}): update it",
                file=self.path,
            )
        conn.pragma("page_size", 8_192)  # of one that is made now: half as many reads and writes as of 4 KiB
        conn.pragma("journal_mode", "wal")
        self._settings()
        if version < len(schema.steps):
            if version:
                conn.execute("VACUUM INTO ?", (f"{self.path}.format-{version}.bak",))
            with self.write(durable=True) as tx:
                for step in schema.steps[version:]:
                    tx.execute(step)
                tx.execute(f"PRAGMA application_id = {schema.application_id}")
                tx.execute(f"PRAGMA user_version = {len(schema.steps)}")

    def _settings(self) -> None:
        conn = self.conn
        conn.pragma("temp_store", "memory")
        conn.pragma("cache_size", -24_000)  # KiB; with 64 or 128 MB the queue of ten million is no quicker
        conn.pragma(
            "wal_autocheckpoint", 2_000
        )  # pages: 16 MiB beside each database, room that a small disk has
        conn.pragma("journal_size_limit", 64 * 2**20)

    @contextmanager
    def write(self, *, durable: bool = False, uncertain: bool = False) -> Iterator[Tx]:
        """One transaction; rolled back by any exception. `durable`: on the disk when the block ends. A COMMIT
        that failed is out for all that live; but if they are all killed before the next one, SQLite may find
        it whole in the WAL. Who cannot bear that asks for `uncertain`: CommitUncertain, then `reopen`."""
        conn = self.conn
        try:
            if durable is not self._durable:
                conn.execute("PRAGMA synchronous=FULL" if durable else "PRAGMA synchronous=NORMAL")
                self._durable = durable
            conn.execute("BEGIN IMMEDIATE")
        except apsw.Error as error:
            raise self._ours(error) from error
        try:
            yield cast(Tx, conn)
        except BaseException as error:
            self._roll_back()
            if isinstance(error, apsw.Error):
                raise self._ours(error) from error
            raise
        try:
            conn.execute("COMMIT")
        except apsw.Error as error:
            self._roll_back()
            if uncertain:
                raise CommitUncertain(f"commit failed: {error}", file=self.path) from error
            raise self._ours(error) from error

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """One consistent view for several statements."""
        try:
            with self._snapshot():
                yield cast(Tx, self.conn)
        except apsw.Error as error:
            raise self._ours(error) from error

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        if self.conn.in_transaction:
            yield
            return
        self.conn.execute("BEGIN")
        try:
            yield
        finally:
            self._roll_back()

    def compact(self) -> bool:
        """Write the database anew, so that nothing deleted is left in its pages or its WAL; False while
        another process reads (then the WAL still has it)."""
        try:
            self.conn.execute("VACUUM")
            self.conn.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            return False
        except apsw.Error as error:
            raise self._ours(error) from error
        return True

    def _roll_back(self) -> None:
        if self.conn.in_transaction:
            with suppress(apsw.Error):
                self.conn.execute("ROLLBACK")

    def certain(self, error: CommitUncertain) -> ArchiveError:
        """The error, once it is known that the transaction is not in."""
        cause = error.__cause__
        return self._ours(cause) if isinstance(cause, apsw.Error) else error

    def copy_to(self, path: Path) -> None:
        """One consistent state, as a database of its own: an older file there is replaced. Others may write
        meanwhile. DiskFull when there is no room for it."""
        path.unlink(missing_ok=True)
        try:
            with (
                closing(apsw.Connection(str(path))) as target,
                target.backup("main", self.conn, "main") as job,
            ):
                job.step(-1)
        except apsw.Error as error:
            path.unlink(missing_ok=True)
            raise self._ours(error) from error

    def reopen(self) -> None:
        """A fresh connection, which sees only what is truly in the file."""
        try:
            with suppress(apsw.Error):
                self.conn.close(True)
            self.conn = self._connect()
            self._settings()
        except apsw.Error as error:
            raise self._ours(error) from error

    def close(self) -> None:
        """Closing twice does no harm."""
        try:
            self.conn.close()
        except apsw.Error as error:
            raise self._ours(error) from error

    def _ours(self, error: apsw.Error) -> ArchiveError:
        match error:
            case apsw.FullError():
                return DatabaseFull("there is no room on the disk", file=self.path)
            case apsw.BusyError():
                return ArchiveError(
                    f"another process has held the database for {_BUSY_MS // 1000} s", file=self.path
                )
            case apsw.IOError() if shutil.disk_usage(self.path.parent).free < _NO_ROOM:
                return ArchiveError(f"{error}: there is no room on the disk, make some", file=self.path)
            case apsw.NotADBError() | apsw.CorruptError():
                return ArchiveError(f"damaged: {error}; {self._schema.remedy}", file=self.path)
            case _:
                return ArchiveError(str(error), file=self.path)


def _check_library(version: str) -> None:
    if tuple(map(int, version.split("."))) < _LEAST_SQLITE:
        wanted = ".".join(map(str, _LEAST_SQLITE))
        raise ArchiveError(
            f"SQLite {version} can lose commits of two writing processes: use an apsw with {wanted} or later"
        )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """No two processes create or migrate a database of this folder at once."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)
