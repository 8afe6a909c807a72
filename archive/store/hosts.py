"""Hosts and when they may be met, and each job's queue at a host: when the first of its URLs is due.

A queue's URLs are found by (priority, due): one look for each priority that occurs there, however many URLs
wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from archive.store.connection import Tx
from archive.store.types import HostState, State

__all__ = [
    "STATE",
    "HostIds",
    "count",
    "least_due",
    "meet",
    "pick",
    "refresh",
    "set_state",
    "state_of",
    "wait",
]

STATE = ", ".join(HostState.__struct_fields__)
"""The columns of a host that are its HostState, in its order."""

_FIRST = (
    "SELECT priority, due, hash FROM urls INDEXED BY urls_queued"
    " WHERE state = 0 AND host_id = ? AND job_id = ? AND priority > ? ORDER BY priority, due LIMIT 1"
)
_BELOW_ALL = -(2**63)


class HostIds:
    """Ids of host keys, remembered: hosts are never removed."""

    def __init__(self, room: int = 100_000) -> None:
        self._room = room
        self._known: dict[str, int] = {}

    def get(self, tx: Tx, key: str) -> int | None:
        """None for a host never heard of."""
        found = self._known.get(key)
        if found is None:
            found = tx.execute("SELECT id FROM hosts WHERE key = ?", (key,)).get
            if found is not None:
                self._remember(key, found)
        return found

    def make(self, tx: Tx, key: str) -> int:
        """Created if need be; call `forget` when the transaction is rolled back."""
        found = self.get(tx, key)
        if found is None:
            found = int(tx.execute("INSERT INTO hosts(key) VALUES(?) RETURNING id", (key,)).get)
            if key.startswith("www."):
                _inherit(tx, key.removeprefix("www."), found)
            self._remember(key, found)
        return found

    def _remember(self, key: str, host_id: int) -> None:
        if len(self._known) >= self._room:
            self._known.clear()
        self._known[key] = host_id

    def forget(self) -> None:
        self._known.clear()


def _inherit(tx: Tx, bare: str, host_id: int) -> None:
    """A www. that was met just now: the operator's orders for its bare host were meant for it, too."""
    tx.execute(
        "INSERT INTO orders(kind, ref, since, until, delay, who, why)"
        " SELECT kind, ?, since, until, delay, who, why FROM orders"
        " WHERE kind IN (2, 3) AND ref = (SELECT id FROM hosts WHERE key = ?)",
        (host_id, bare),
    )
    tx.execute(
        "UPDATE hosts SET pause_until = ifnull((SELECT until FROM orders WHERE kind = 2 AND ref = ?1), 0),"
        " delay_set = (SELECT delay FROM orders WHERE kind = 3 AND ref = ?1) WHERE id = ?1",
        (host_id,),
    )


def pick(tx: Tx, host_id: int, job_id: int, now: int) -> int | None:
    """The hash of the due URL to ask for first: least priority, then longest due. None when none is due."""
    priority = _BELOW_ALL
    while row := tx.execute(_FIRST, (host_id, job_id, priority)).fetchone():
        priority, due, found = row
        if due <= now:
            return int(found)
    return None


def least_due(tx: Tx, host_id: int, job_id: int, enough: int) -> int | None:
    """When the first of this job's queued URLs of the host is due, or one that is due by `enough`; None when there
    is none."""
    priority, least = _BELOW_ALL, None
    while row := tx.execute(_FIRST, (host_id, job_id, priority)).fetchone():
        priority, due = row[0], int(row[1])
        if due <= enough:
            return due
        least = due if least is None else min(least, due)
    return least


def count(tx: Tx, changes: Mapping[int, int]) -> None:
    """Add to the numbers of queued URLs by job."""
    tx.executemany(
        "INSERT INTO tallies(job_id, state, urls) VALUES(?, ?, ?)"
        " ON CONFLICT DO UPDATE SET urls = urls + excluded.urls",
        [(job_id, State.QUEUED, change) for job_id, change in sorted(changes.items()) if change],
    )


def wait(tx: Tx, host_id: int, job_id: int, due: int) -> None:
    """There are URLs in the job's queue at the host now, the first of which is due then."""
    tx.execute(
        "INSERT INTO queues(host_id, job_id, due) VALUES(?, ?, ?)"
        " ON CONFLICT DO UPDATE SET due = excluded.due WHERE excluded.due < due",
        (host_id, job_id, due),
    )


def refresh(tx: Tx, host_id: int) -> None:
    """Let each queue of the host wake when host and URL are ready; one without URLs is no more."""
    free_at = tx.execute("SELECT max(next_at, pause_until) FROM hosts WHERE id = ?", (host_id,)).get
    for job_id, before in tx.execute(
        "SELECT job_id, due FROM queues WHERE host_id = ?", (host_id,)
    ).fetchall():
        due = least_due(tx, host_id, job_id, free_at)
        if due is None:
            tx.execute("DELETE FROM queues WHERE host_id = ? AND job_id = ?", (host_id, job_id))
        elif due > max(free_at, before):
            tx.execute("UPDATE queues SET due = ? WHERE host_id = ? AND job_id = ?", (due, host_id, job_id))


def set_state(tx: Tx, host_id: int, state: HostState) -> None:
    """What the settlement of a valid lease says of its host."""
    marks = ", ".join("?" * len(HostState.__struct_fields__))
    tx.execute(
        f"UPDATE hosts SET ({STATE}) = ({marks}) WHERE id = ?", (*msgspec.structs.astuple(state), host_id)
    )


def state_of(row: Sequence[Any]) -> HostState:
    """Out of the columns of `STATE`."""
    return HostState(**dict(zip(HostState.__struct_fields__, row, strict=True)))


def meet(tx: Tx, host_id: int, not_before: int) -> None:
    """The host may only be met later, never sooner; its queues wake then."""
    tx.execute("UPDATE hosts SET next_at = max(next_at, ?) WHERE id = ?", (not_before, host_id))
