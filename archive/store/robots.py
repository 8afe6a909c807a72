"""The robots.txt of each origin, as last seen. When one changes, what the old one denied is looked at again."""

from __future__ import annotations

from collections import Counter

from archive.store import hosts
from archive.store.connection import Tx
from archive.store.hosts import HostIds
from archive.store.types import RobotsEntry, State
from sites.url import host_key

__all__ = ["DENIED_BY", "get", "put"]

DENIED_BY = "robots.txt"
"""How the reason of a denial by robots.txt begins."""

_COLUMNS = "origin, status, body, body_at, fetched_at, expires, record_id, since"


def get(tx: Tx, origin: str) -> RobotsEntry | None:
    row = tx.execute(f"SELECT {_COLUMNS} FROM robots WHERE origin = ?", (origin,)).fetchone()
    if row is None:
        return None
    return RobotsEntry(**dict(zip(RobotsEntry.__struct_fields__, row, strict=True)))


def put(tx: Tx, ids: HostIds, entry: RobotsEntry, now: int) -> None:
    """An entry older than the one there is left out: it came by a lease that had been lost."""
    before = get(tx, entry.origin)
    if before is not None and before.fetched_at > entry.fetched_at:
        return
    marks = ", ".join("?" * len(RobotsEntry.__struct_fields__))
    values = [getattr(entry, name) for name in RobotsEntry.__struct_fields__]
    tx.execute(f"INSERT OR REPLACE INTO robots({_COLUMNS}) VALUES({marks})", values)
    if before is not None and (before.status, before.body) != (entry.status, entry.body):
        _look_again(tx, ids, entry.origin, now)


def _look_again(tx: Tx, ids: HostIds, origin: str, now: int) -> None:
    host_id = ids.get(tx, host_key(origin))
    if host_id is None:
        return
    rows = tx.execute(
        "UPDATE urls SET state = ?1, due = ?2, tries = 0, reason = NULL WHERE host_id = ?3 AND state = ?4"
        " AND tls = ?5 AND reason LIKE ?6 RETURNING job_id",
        (State.QUEUED, now, host_id, State.DENIED, origin.startswith("https:"), f"{DENIED_BY}%"),
    )
    jobs = Counter(job_id for (job_id,) in rows.fetchall())
    hosts.count(tx, jobs)
    for job_id in jobs:
        hosts.wait(tx, host_id, job_id, now)
