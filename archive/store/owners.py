"""Owners: the processes that share a store. One is alive while it holds the lock on its own lock file.

register: create and lock the file ─▶ row          dead: the row's lock can be taken, or its file is gone
release_dead: their leases ─▶ URL QUEUED again (tries kept), host free after its delay; claims ─▶ pending
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import apsw

from archive.errors import ArchiveError
from archive.store import extractions, leases
from archive.store.connection import Tx
from archive.store.overview import Process

__all__ = ["Owner", "at_work", "dead_owners", "register", "release", "release_late", "remove", "take_lock"]


class Owner:
    """This process as an owner: `seq` is the number of its next commit."""

    def __init__(self, owner_id: int, lock: int, path: Path) -> None:
        self.id, self.seq, self.path = owner_id, 0, path
        self._lock: int | None = lock

    def unlock(self) -> None:
        """Let the lock file go; harmless when done twice."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def take_lock(path: Path, *, create: bool) -> int | None:
    """The locked file's descriptor; None when somebody else has it. FileNotFoundError without `create`."""
    fd = os.open(path, os.O_RDWR | os.O_CLOEXEC | (os.O_CREAT if create else 0), 0o644)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd


def register(tx: Tx, folder: Path, token: str, pid: int, lock_path: Path, now: int) -> Owner:
    """A new owner, locked before its row can be seen. ArchiveError when the lock or the token is taken."""
    path = (folder / lock_path).absolute()
    lock = take_lock(path, create=True)
    if lock is None:
        raise ArchiveError("another process holds this lock", file=path)
    kept = path.relative_to(folder) if path.is_relative_to(folder) else path
    try:
        owner_id = tx.execute(
            "INSERT INTO owners(token, pid, lock_path, since) VALUES(?, ?, ?, ?) RETURNING id",
            (token, pid, str(kept), now),
        ).get
    except BaseException as error:
        os.close(lock)
        if isinstance(error, apsw.ConstraintError):
            raise ArchiveError(f"there is an owner {token!r} already", file=path) from error
        raise
    return Owner(owner_id, lock, path)


def dead_owners(tx: Tx, folder: Path, own: int | None) -> list[Owner]:
    """Owners whose lock could be taken, which it now is: `unlock` them when they are released."""
    dead = []
    for owner_id, lock_path in tx.execute("SELECT id, lock_path FROM owners").fetchall():
        path = folder / lock_path
        if owner_id == own:
            continue
        try:
            lock = take_lock(path, create=False)
        except FileNotFoundError:
            lock = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        if lock is not None:
            dead.append(Owner(owner_id, lock, path))
    return dead


def at_work(tx: Tx, folder: Path) -> list[Process]:
    """Processes that hold their lock, oldest first; nothing is changed."""
    found = []
    for pid, since, lock_path in tx.execute(
        "SELECT pid, since, lock_path FROM owners ORDER BY id"
    ).fetchall():
        with suppress(FileNotFoundError):
            lock = take_lock(folder / lock_path, create=False)
            if lock is None:
                found.append(Process(pid=pid, since=since))
            else:
                os.close(lock)
    return found


def release(tx: Tx, owner_id: int, now: int, *, killed: bool) -> int:
    """Free what the owner held: its leases and claims; how many there were. `killed`: it did not let go of
    its own will, which counts against what it had in hand."""
    held = tx.execute("SELECT token FROM leases WHERE owner_id = ?", (owner_id,)).fetchall()
    for (token,) in held:
        leases.release(tx, token, now, killed=killed, ended=True)
    claims = extractions.release(tx, owner_id, killed=killed)
    tx.execute("DELETE FROM owners WHERE id = ?", (owner_id,))
    return len(held) + claims


def release_late(tx: Tx, late: Mapping[int, int], now: int) -> int:
    """The fallback: free leases (token, until) of owners that live but have not renewed them."""
    freed = 0
    for token, until in late.items():
        if tx.execute("SELECT 1 FROM leases WHERE token = ? AND until = ?", (token, until)).get:
            leases.release(tx, token, now, killed=True, ended=False)
            freed += 1
    return freed


def remove(owner: Owner) -> None:
    """Unlink the lock file, then let it go."""
    with suppress(FileNotFoundError):
        owner.path.unlink()
    owner.unlock()
