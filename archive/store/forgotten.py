"""URLs taken down: what is kept of one is its key, when and why; never its text.

mark ─▶ not queued, leased, read or listed from now on; its row keeps its text until the files are without it
erase ─▶ the row, its captures, whatever names it: gone        finished ─▶ the database holds nothing any more
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from archive.store import hosts
from archive.store.connection import Tx
from archive.store.hosts import HostIds
from archive.store.names import join
from archive.store.types import State
from sites.url import host_key, key, path_query

__all__ = [
    "Forgotten",
    "again",
    "among",
    "erase",
    "finished",
    "holders",
    "look",
    "mark",
    "open_marks",
    "pending",
]

Place = tuple[int, int]
_REASON = "forgotten"


class Forgotten(msgspec.Struct, frozen=True):
    """`at` when (µs), `reason` as it was given, `done` whether the files are without it."""

    at: int
    reason: str
    done: bool


def look(tx: Tx, place: Place) -> Forgotten | None:
    """None when the URL was never forgotten."""
    row = tx.execute(
        "SELECT at, reason, done FROM forgotten WHERE host_id = ? AND hash = ?", place
    ).fetchone()
    return Forgotten(row[0], row[1], bool(row[2])) if row else None


def among(tx: Tx, places: Iterable[Place]) -> frozenset[Place]:
    """Those of the places that are forgotten."""
    if tx.execute("SELECT 1 FROM forgotten LIMIT 1").get is None:
        return frozenset()
    return frozenset(
        tx.executemany("SELECT host_id, hash FROM forgotten WHERE host_id = ? AND hash = ?", sorted(places))
    )


def mark(tx: Tx, ids: HostIds, url: str, reason: str, now: int) -> None:
    """Forget a URL (ada href). A lease of it is lost, so that what is under way settles nothing."""
    host_id, hashed = place = (ids.make(tx, host_key(url)), key(url))
    tx.execute(
        "INSERT INTO forgotten(host_id, hash, at, reason, done) VALUES(?, ?, ?, ?, 0)"
        " ON CONFLICT DO UPDATE SET done = 0, reason = excluded.reason",
        (*place, now, reason),
    )
    tx.execute(
        "INSERT INTO urls(host_id, hash, state, kind, tls, path, job_id, run_id, priority, due, depth, hops)"
        " VALUES(?, ?, ?, 0, ?, ?, 0, 0, 0, 0, 0, '') ON CONFLICT DO NOTHING",
        (*place, State.DEAD, url.startswith("https:"), path_query(url)),
    )
    state, job_id = tx.execute(
        "SELECT state, job_id FROM urls WHERE host_id = ? AND hash = ?", place
    ).fetchone()
    tx.execute(
        "UPDATE urls SET state = ?, due = 0, settled = ?, reason = ?, via = NULL, etag = NULL, last_modified = NULL"
        " WHERE host_id = ? AND hash = ?",
        (State.DEAD, now, _REASON, *place),
    )
    if state == State.QUEUED:
        hosts.count(tx, {job_id: -1})
        hosts.refresh(tx, host_id)
    for until, delay in tx.execute(
        "DELETE FROM leases WHERE host_id = ? AND hash = ? RETURNING until, delay", place
    ).fetchall():
        hosts.meet(tx, host_id, until + delay)
    tx.execute(
        "DELETE FROM extractions WHERE capture_id IN (SELECT id FROM captures WHERE host_id = ? AND hash = ?)",
        place,
    )
    tx.execute(
        "UPDATE urls SET via = NULL WHERE via = ? OR (host_id = ? AND via = ?)", (url, host_id, hashed)
    )


def again(tx: Tx, places: Iterable[Place]) -> None:
    """Records of these came to light anew: they have to be erased once more."""
    tx.executemany("UPDATE forgotten SET done = 0 WHERE host_id = ? AND hash = ?", sorted(places))


def pending(tx: Tx) -> list[str]:
    """The URLs whose records may still be in files."""
    rows = tx.execute(
        "SELECT tls, hosts.key, path FROM forgotten JOIN urls USING(host_id, hash)"
        " JOIN hosts ON hosts.id = forgotten.host_id WHERE NOT done"
    )
    return sorted(join(*row) for row in rows)


def holders(tx: Tx) -> Iterator[tuple[str, int]]:
    """Imported files, which are not ours to change, with how many records of pending URLs they hold."""
    yield from tx.execute(
        "SELECT path, count(*) FROM forgotten JOIN captures USING(host_id, hash)"
        " JOIN files ON files.id = file_id WHERE NOT done AND path IS NOT NULL GROUP BY path ORDER BY path"
    )


def erase(tx: Tx) -> None:
    """Take out all rows of pending URLs. Their marks stay open until `finished`."""
    places = tx.execute("SELECT host_id, hash FROM forgotten WHERE NOT done").fetchall()
    tx.executemany("DELETE FROM captures WHERE host_id = ? AND hash = ?", places)
    tx.executemany("DELETE FROM urls WHERE host_id = ? AND hash = ?", places)


def open_marks(tx: Tx) -> int:
    """How many forgotten URLs may still have left a trace."""
    return int(tx.execute("SELECT count(*) FROM forgotten WHERE NOT done").get)


def finished(tx: Tx) -> None:
    """Nothing is left of any of them."""
    tx.execute("UPDATE forgotten SET done = 1 WHERE NOT done")
