"""What the operator says to crawls that run: a pause of everything, of a job, of a host; a least delay for a host.

order ─▶ its row, and at a host the time or the delay that leases look at ─▶ in force from the next lease on
lift, or its time is over ─▶ as before
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from archive.errors import ArchiveError
from archive.store import hosts
from archive.store.connection import Tx
from archive.store.hosts import HostIds

__all__ = ["FOREVER", "Order", "Scope", "all_of", "give", "lift", "paused", "paused_jobs"]

FOREVER = 253_370_764_800_000_000
"""The year 9999: until it is lifted."""

Scope = Literal["all", "job", "host"]
_ALL, _JOB, _HOST, _DELAY = range(4)


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is a job's ("site:gazette") or a host's key, "" for everything; `delay` (µs) that of a "delay", which
    hosts alone have. `since` <= now < `until`; `who` gave it, and `why` ("" if that was not said)."""

    kind: Literal["pause", "delay"] = "pause"
    scope: Scope
    name: str = ""
    since: int
    until: int = FOREVER
    delay: int = 0
    who: str = ""
    why: str = ""


def give(tx: Tx, ids: HostIds, order: Order) -> None:
    """Put an order in force; one of the same kind and name is replaced. ArchiveError for a job never heard of."""
    kind, ref = _place(tx, ids, order.kind, order.scope, order.name)
    tx.execute("DELETE FROM orders WHERE until <= ?", (order.since,))
    tx.execute(
        "INSERT OR REPLACE INTO orders(kind, ref, since, until, delay, who, why) VALUES(?, ?, ?, ?, ?, ?, ?)",
        (kind, ref, order.since, order.until, order.delay, order.who, order.why),
    )
    if kind == _HOST:
        tx.execute("UPDATE hosts SET pause_until = ? WHERE id = ?", (order.until, ref))
    if kind == _DELAY:
        tx.execute(
            "UPDATE hosts SET delay_set = ?1, next_at = max(next_at, ?2) WHERE id = ?3",
            (order.delay, order.since + order.delay, ref),
        )
    if kind in (_HOST, _DELAY):
        hosts.refresh(tx, ref)


def lift(tx: Tx, ids: HostIds, kind: Literal["pause", "delay"], scope: Scope, name: str, now: int) -> bool:
    """Take an order back; whether there was one in force."""
    number, ref = _place(tx, ids, kind, scope, name)
    until = tx.execute("DELETE FROM orders WHERE kind = ? AND ref = ? RETURNING until", (number, ref)).get
    if number == _HOST:
        tx.execute("UPDATE hosts SET pause_until = 0 WHERE id = ?", (ref,))
    if number == _DELAY:
        tx.execute("UPDATE hosts SET delay_set = NULL WHERE id = ?", (ref,))
    if number in (_HOST, _DELAY):
        hosts.refresh(tx, ref)
    return until is not None and until > now


def _place(tx: Tx, ids: HostIds, kind: Literal["pause", "delay"], scope: Scope, name: str) -> tuple[int, int]:
    if scope == "all":
        return _ALL, 0
    if scope == "host":
        return _DELAY if kind == "delay" else _HOST, ids.make(tx, name)
    job_id = tx.execute("SELECT id FROM jobs WHERE name = ?", (name,)).get
    if job_id is None:
        raise ArchiveError(f"{name}: there was no such crawl")
    return _JOB, int(job_id)


def all_of(tx: Tx, now: int, host: str = "") -> list[Order]:
    """The orders in force, those of everything first, then of jobs, then of hosts; or a host's own alone."""
    rows = tx.execute(
        "SELECT kind, CASE kind WHEN 0 THEN '' WHEN 1 THEN (SELECT name FROM jobs WHERE id = ref)"
        " ELSE (SELECT key FROM hosts WHERE id = ref) END AS called, since, until, delay, who, why FROM orders"
        " WHERE until > ?1 AND (?2 = '' OR (kind >= 2 AND called = ?2)) ORDER BY kind, called",
        (now, host),
    )
    scopes: tuple[Scope, ...] = ("all", "job", "host", "host")
    return [
        Order(kind="delay" if kind == _DELAY else "pause", scope=scopes[kind], name=called, since=since,
              until=until, delay=delay, who=who, why=why)
        for kind, called, since, until, delay, who, why in rows
    ]  # fmt: skip


def paused_jobs(tx: Tx, job_ids: Iterable[int]) -> Mapping[int, int]:
    """Until when each of these jobs is paused as a whole: 0 for those that never were."""
    rows = tx.execute("SELECT kind, ref, until FROM orders WHERE kind IN (0, 1)").fetchall()
    untils = {(kind, ref): until for kind, ref, until in rows}
    everything = untils.get((_ALL, 0), 0)
    return {job_id: max(everything, untils.get((_JOB, job_id), 0)) for job_id in job_ids}


def paused(tx: Tx, job_ids: Sequence[int], now: int) -> bool:
    """Whether something that these jobs wait for waits for the operator."""
    if any(until > now for until in paused_jobs(tx, job_ids).values()):
        return True
    among = ", ".join("?" * len(job_ids))
    found = tx.execute(
        "SELECT 1 FROM orders WHERE kind = 2 AND until > ? AND EXISTS"
        f"(SELECT 1 FROM queues WHERE host_id = ref AND job_id IN ({among})) LIMIT 1",
        (now, *job_ids),
    )
    return found.get is not None
