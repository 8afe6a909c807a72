"""The robots.txt of each origin, as last seen."""

from __future__ import annotations

from archive.store.connection import Tx
from archive.store.types import RobotsEntry

__all__ = ["get", "put"]

_COLUMNS = "origin, status, body, body_at, fetched_at, expires, record_id"


def get(tx: Tx, origin: str) -> RobotsEntry | None:
    row = tx.execute(f"SELECT {_COLUMNS} FROM robots WHERE origin = ?", (origin,)).fetchone()
    if row is None:
        return None
    origin, status, body, body_at, fetched_at, expires, record_id = row
    return RobotsEntry(
        origin=origin,
        status=status,
        body=body,
        body_at=body_at,
        fetched_at=fetched_at,
        expires=expires,
        record_id=record_id,
    )


def put(tx: Tx, entry: RobotsEntry) -> None:
    """An entry older than the one there is left out: it came by a lease that had been lost."""
    tx.execute(
        f"INSERT INTO robots({_COLUMNS}) VALUES(?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(origin) DO UPDATE SET status = excluded.status, body = excluded.body,"
        " body_at = excluded.body_at, fetched_at = excluded.fetched_at, expires = excluded.expires,"
        " record_id = excluded.record_id WHERE excluded.fetched_at >= fetched_at",
        (
            entry.origin,
            entry.status,
            entry.body,
            entry.body_at,
            entry.fetched_at,
            entry.expires,
            entry.record_id,
        ),
    )
