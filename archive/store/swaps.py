"""A file of ours replaced by another with some records less: the catalogue turns from one to the other in one
transaction, the directory follows.

NEW.warc.gz.rewritten, durable ─▶ swap (one transaction: all places, the journal) ─▶ rename ─▶ unlink the old
A kill behind the swap leaves the journal: whoever opens the database next does what is left.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from archive.errors import ArchiveError, failed
from archive.store import files
from archive.store.connection import Database, Tx

__all__ = ["REWRITTEN", "Moved", "finish", "swap"]

REWRITTEN = ".rewritten"
"""What stands behind the name of a file that is not in the catalogue yet."""


class Moved(msgspec.Struct, frozen=True):
    """A capture's old offset and its new place; `response_length` that of its first record."""

    old: int
    offset: int
    length: int
    response_length: int


def swap(tx: Tx, old: str, new: str, size: int, moved: Sequence[Moved]) -> None:
    """Let the captures of `old` be those of `new` ("" when nothing is left). Captures of forgotten URLs that
    did not move are gone; ArchiveError when others did not, for then the file is not what it should be."""
    file_id, _ = files.ids(tx, old)
    if new:
        tx.execute(
            "INSERT INTO files(stem, committed, created, sealed) SELECT ?, ?, created, 1 FROM files WHERE id = ?",
            (new, size, file_id),
        )
        tx.executemany(
            "UPDATE captures SET file_id = ?, offset = ?, length = ?, response_length = ?"
            " WHERE file_id = ? AND offset = ?",
            [(files.ids(tx, new)[0], m.offset, m.length, m.response_length, file_id, m.old) for m in moved],
        )
    tx.execute(
        "DELETE FROM captures WHERE file_id = ? AND EXISTS(SELECT 1 FROM forgotten f"
        " WHERE f.host_id = captures.host_id AND f.hash = captures.hash)",
        (file_id,),
    )
    left = tx.execute("SELECT offset FROM captures WHERE file_id = ? LIMIT 1", (file_id,)).get
    if left is not None:
        message = (
            "a committed capture is not there: `broadsheet verify` says more, `broadsheet recover` mends"
        )
        raise ArchiveError(message, file=old, offset=left)
    tx.execute("DELETE FROM files WHERE id = ?", (file_id,))
    tx.execute("INSERT INTO swaps(old, new) VALUES(?, ?)", (old, new))


def finish(db: Database, archive: Path) -> None:
    """Give swapped files their names and unlink those they replace. Does nothing when nothing is left to do."""
    with db.read() as tx:
        left = tx.execute("SELECT old, new FROM swaps").fetchall()
    if not left:
        return
    try:
        for old, new in left:
            if new and (archive / (new + REWRITTEN)).exists():
                (archive / (new + REWRITTEN)).rename(archive / new)
            for name in (old, old + ".open"):
                (archive / name).unlink(missing_ok=True)
        fd = os.open(archive, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except FileNotFoundError:
        return  # another process is at it
    except OSError as error:
        raise failed("a file could not be replaced", error, archive) from error
    with db.write(durable=True) as tx:
        tx.executemany("DELETE FROM swaps WHERE old = ?", [(old,) for old, _ in left])
