"""Queued URLs that share the fate of the one that was leased: settled with it, many in one transaction.

    forbidden by the same robots.txt ─▶ DENIED, each with its line
    the host is over its cap, or given up ─▶ everything of the job that is queued there: DENIED, DEAD

Only QUEUED rows are touched: what is leased belongs to whoever holds it.
"""

from __future__ import annotations

from collections.abc import Sequence

from archive.store.connection import Tx
from archive.store.names import join
from archive.store.types import Dead, Denied, Kind, Lease, State

__all__ = ["settle", "settle_all", "waiting"]

_MOST = 20_000  # in one transaction, which others wait for; the next lease goes on
_QUEUED = (
    "FROM urls INDEXED BY urls_queued WHERE state = 0 AND host_id = ? AND job_id = ? AND kind <> ?"
    " ORDER BY priority, due LIMIT ?"
)
_SETTLE = "UPDATE urls SET state = ?, due = ?, settled = ?, kills = 0, reason = ? WHERE host_id = ? AND hash"


def waiting(tx: Tx, lease: Lease, limit: int) -> list[tuple[int, str]]:
    """Key and URL of what the lease's job has queued at its host but robots.txt: those to be asked for first."""
    rows = tx.execute(
        f"SELECT hash, tls, path {_QUEUED}", (lease.host_id, lease.job_id, Kind.ROBOTS, limit)
    ).fetchall()
    return [(hashed, join(tls, lease.target.host, path)) for hashed, tls, path in rows]


def settle(tx: Tx, lease: Lease, outcome: Denied | Dead, keys: Sequence[int], now: int) -> int:
    """Settle these; how many were still queued for the job."""
    found = tx.executemany(
        f"{_SETTLE} = ? AND state = 0 AND job_id = ? RETURNING 1",
        [(*_values(lease, outcome, now), key, lease.job_id) for key in sorted(keys)],
    )
    return len(found.fetchall())


def settle_all(tx: Tx, lease: Lease, outcome: Denied | Dead, now: int) -> int:
    """Settle what the job has queued at the host but robots.txt, a bounded number; how many there were."""
    found = tx.execute(
        f"{_SETTLE} IN (SELECT hash {_QUEUED}) RETURNING 1",
        (*_values(lease, outcome, now), lease.host_id, lease.job_id, Kind.ROBOTS, _MOST),
    )
    return len(found.fetchall())


def _values(lease: Lease, outcome: Denied | Dead, now: int) -> tuple[int, int, int, str, int]:
    state = State.DENIED if isinstance(outcome, Denied) else State.DEAD
    return state, outcome.next_due, now, outcome.reason, lease.host_id
