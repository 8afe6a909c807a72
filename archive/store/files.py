"""The catalogue's files: our own, in the archive folder, and those of others, where they lie.

Own files have no path: the archive folder may be moved. A name is never given twice.
"""

from __future__ import annotations

from pathlib import Path

import apsw

from archive.capture import FileState
from archive.errors import ArchiveError
from archive.store.connection import Tx

__all__ = ["add", "advance", "ids", "own", "path_of", "register", "seal"]


def register(tx: Tx, file: str, committed: int, now: int) -> None:
    """A file of ours. ArchiveError when the name is known."""
    try:
        tx.execute("INSERT INTO files(stem, committed, created) VALUES(?, ?, ?)", (file, committed, now))
    except apsw.ConstraintError as error:
        raise ArchiveError("a file of this name is known already", file=file) from error


def add(tx: Tx, path: Path, now: int) -> str:
    """The name of an imported file: its own, with a number behind it when another file has that."""
    known: str | None = tx.execute("SELECT stem FROM files WHERE path = ?", (str(path),)).get
    if known is not None:
        return known
    stem, number = path.name, 1
    while tx.execute("SELECT 1 FROM files WHERE stem = ?", (stem,)).get:
        number += 1
        stem = f"{path.name}~{number}"
    tx.execute("INSERT INTO files(stem, path, created, sealed) VALUES(?, ?, ?, 1)", (stem, str(path), now))
    return stem


def advance(tx: Tx, file: str, committed: int) -> None:
    """More of a file is committed. ArchiveError when it would become less, or the file is unknown or
    sealed."""
    changed = tx.execute(
        "UPDATE files SET committed = ?1 WHERE stem = ?2 AND path IS NULL AND committed <= ?1 RETURNING id",
        (committed, file),
    ).get
    if changed is None:
        raise ArchiveError(f"its committed length cannot become {committed}", file=file)


def seal(tx: Tx, file: str, committed: int) -> None:
    tx.execute(
        "UPDATE files SET sealed = 1, committed = ? WHERE stem = ? AND path IS NULL", (committed, file)
    )


def own(tx: Tx) -> list[FileState]:
    """The files that were registered, not imported; oldest first."""
    rows = tx.execute("SELECT stem, committed, sealed FROM files WHERE path IS NULL ORDER BY id")
    return [
        FileState(file=stem, committed=committed, sealed=bool(sealed)) for stem, committed, sealed in rows
    ]


def path_of(tx: Tx, file: str, archive: Path) -> Path:
    """Where a file lies (without `.open`). ArchiveError when it is not known."""
    row = tx.execute("SELECT path FROM files WHERE stem = ?", (file,)).fetchone()
    if row is None:
        raise ArchiveError("the database does not know this file", file=file)
    return archive / file if row[0] is None else Path(row[0])


def ids(tx: Tx, file: str) -> tuple[int, bool]:
    """Row id, and whether the file is imported."""
    row = tx.execute("SELECT id, path IS NOT NULL FROM files WHERE stem = ?", (file,)).fetchone()
    if row is None:
        raise ArchiveError("the database does not know this file", file=file)
    return int(row[0]), bool(row[1])
