"""How the crawls of a store go on now: what waits for what, how fast, what fails. Made to be asked for every second: a row a
host is read, and of the captures the last `_RECENT`; never all URLs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from archive.store import orders, shapes, stats
from archive.store.connection import Tx
from archive.store.orders import Order
from archive.store.shapes import Trap
from archive.store.stats import HostRow
from archive.store.types import Kind

__all__ = ["Failing", "Overview", "Process", "QueueRow", "Rate", "overview"]

_RECENT = 20_000
_MINUTE = 60 * 1_000_000
_WINDOWS = (1, 5, 15)


class QueueRow(msgspec.Struct, frozen=True, kw_only=True):
    """A job's queue: its `urls` at so many `hosts`, those being asked among them, of which `ready` may be asked now; the
    first wakes at `next_at`. `paused_until` is that of the job as a whole, 0 for none."""

    job: str
    urls: int
    hosts: int
    ready: int
    next_at: int
    paused_until: int = 0


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """The last `minutes`, or as much of them as the last 20,000 captures tell: captures a minute, wire bytes a
    minute, and what share of them failed (no answer, or a status of 400 and more)."""

    minutes: float
    captures: float
    bytes: float
    failed: float


class Failing(msgspec.Struct, frozen=True, kw_only=True):
    """A host, of whose last `asked` captures `failed` did; `reasons` by how often, `last` when."""

    host: str
    asked: int
    failed: int
    reasons: dict[str, int]
    last: int


class Process(msgspec.Struct, frozen=True, kw_only=True):
    """A process at work on the store."""

    pid: int
    since: int


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """`waits` counts the hosts with queued URLs by what they wait for: "asked now", "ready", "delay", "paused", or
    what rests them ("Retry-After", "quiet hours", "status 503" …); `resting` are those that rest longest."""

    processes: tuple[Process, ...]
    queues: tuple[QueueRow, ...]
    waits: dict[str, int]
    rates: tuple[Rate, ...]
    orders: tuple[Order, ...]
    resting: tuple[HostRow, ...]
    failing: tuple[Failing, ...]
    traps: tuple[Trap, ...]


def overview(tx: Tx, now: int, processes: Sequence[Process], limit: int) -> Overview:
    """At most `limit` rows of each list."""
    recent = tx.execute(
        "SELECT host_id, fetched_at, length, status, error FROM captures WHERE NOT imported AND kind <> ?"
        " ORDER BY id DESC LIMIT ?",
        (Kind.ROBOTS, _RECENT),
    ).fetchall()
    return Overview(
        processes=tuple(processes),
        queues=tuple(_queues(tx, now, limit)),
        waits=_waits(tx, now),
        rates=tuple(_rate(recent, minutes, now) for minutes in _WINDOWS),
        orders=tuple(orders.all_of(tx, now)[:limit]),
        resting=stats.resting(tx, now, limit),
        failing=tuple(_failing(tx, recent, limit)),
        traps=shapes.traps(tx, limit),
    )


def _queues(tx: Tx, now: int, limit: int) -> list[QueueRow]:
    rows = tx.execute(
        "SELECT job_id, name, urls, ifnull(hosts, 0), ifnull(ready, 0), ifnull(least, ?1) FROM tallies"
        " JOIN jobs ON jobs.id = job_id"
        " LEFT JOIN (SELECT job_id, count(*) AS hosts FROM queues GROUP BY job_id) USING(job_id)"
        " LEFT JOIN (SELECT job_id, sum(at <= ?1) AS ready, min(at) AS least FROM wakes GROUP BY job_id) USING(job_id)"
        " WHERE state = 0 AND urls > 0 ORDER BY urls DESC LIMIT ?2",
        (now, limit),
    ).fetchall()
    paused = orders.paused_jobs(tx, [row[0] for row in rows])
    return [
        QueueRow(
            job=name, urls=urls, hosts=hosts, ready=ready, next_at=max(next_at, paused[job_id]),
            paused_until=paused[job_id] if paused[job_id] > now else 0,
        )
        for job_id, name, urls, hosts, ready, next_at in rows
    ]  # fmt: skip


def _waits(tx: Tx, now: int) -> dict[str, int]:
    found = tx.execute(
        "SELECT CASE WHEN id IN (SELECT host_id FROM leases) THEN 'asked now' WHEN pause_until > ?1 THEN 'paused'"
        " WHEN next_at <= ?1 THEN 'ready' WHEN resting <> '' THEN resting ELSE 'delay' END, count(*) FROM hosts"
        " WHERE id IN (SELECT host_id FROM queues) OR id IN (SELECT host_id FROM leases)"
        " GROUP BY 1 ORDER BY 2 DESC, 1",
        (now,),
    )
    return dict(found.fetchall())


def _rate(recent: Sequence[tuple[int, int, int, int, str]], minutes: int, now: int) -> Rate:
    since = now - minutes * _MINUTE
    inside = [row for row in recent if row[1] >= since]
    span = float(minutes)
    if len(recent) == len(inside) == _RECENT:  # there were more
        span = max((now - min(row[1] for row in inside)) / _MINUTE, 1e-6)
    return Rate(
        minutes=round(span, 3),
        captures=round(len(inside) / span, 2),
        bytes=round(sum(row[2] for row in inside) / span),
        failed=round(sum(map(_failed, inside)) / len(inside), 4) if inside else 0.0,
    )


def _failed(row: tuple[int, int, int, int, str]) -> bool:
    return row[3] == 0 or row[3] >= 400


def _failing(tx: Tx, recent: Sequence[tuple[int, int, int, int, str]], limit: int) -> list[Failing]:
    asked, reasons, last = Counter[int](), dict[int, Counter[str]](), dict[int, int]()
    for row in recent:
        host_id, fetched_at, _, status, error = row
        asked[host_id] += 1
        if _failed(row):
            why = f"status {status}" if status else error.partition(":")[0] or "no answer"
            reasons.setdefault(host_id, Counter())[why] += 1
            last[host_id] = max(last.get(host_id, 0), fetched_at)
    worst = sorted(reasons, key=lambda host_id: (-reasons[host_id].total(), host_id))[:limit]
    return [
        Failing(
            host=tx.execute("SELECT key FROM hosts WHERE id = ?", (host_id,)).get,
            asked=asked[host_id],
            failed=reasons[host_id].total(),
            reasons=dict(reasons[host_id].most_common(5)),
            last=last[host_id],
        )
        for host_id in worst
    ]
