"""Putting URLs into the queue: what becomes of a target depends on what is known of its URL.

unknown ─▶ QUEUED          LEASED ─▶ as it was          QUEUED ─▶ this job's; least due, best priority
STORED, DONE, DENIED, DEAD ─▶ QUEUED, if not settled since this run began and (due, or of another job);
                              robots.txt whenever it is due
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import msgspec

from archive.store import forgotten, hosts
from archive.store.connection import Tx
from archive.store.hosts import HostIds
from archive.store.names import target_hash, target_parts
from archive.store.types import Kind, Run, State, Target
from sites.url import host_key, key

__all__ = ["Known", "enqueue", "requeue_due", "verdict"]

Verdict = Literal["", "new", "again", "move", "better"]
_REQUEUE_CHUNK = 2_000

_INSERT = (
    "INSERT INTO urls(host_id, hash, state, kind, tls, path, job_id, run_id, priority, due, depth, hops, via,"
    " robots_for) VALUES(?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AGAIN = (
    "UPDATE urls SET state = 0, kind = ?, job_id = ?, run_id = ?, priority = ?, due = ?, depth = ?, hops = ?,"
    " via = ?, tries = 0, kills = 0, reason = NULL WHERE host_id = ? AND hash = ?"
)
_BETTER = "UPDATE urls SET job_id = ?, run_id = ?, priority = ?, due = ? WHERE host_id = ? AND hash = ?"


class Known(msgspec.Struct, frozen=True):
    """What the store has of a URL already, and the run that it was queued or leased for last; `settled` 0 if it never
    was."""

    state: int
    job_id: int
    priority: int
    due: int
    settled: int
    run_id: int


def verdict(known: Known | None, run: Run, target: Target, due: int, now: int) -> Verdict:
    """What a target of `run` does to the URL: nothing, or which of the arrows above. A robots.txt is asked for
    as often in a run as its copy is over. The run's number tells what its start does not when the clock was set back."""
    if known is None:
        return "new"
    if known.state == State.LEASED:
        return ""
    if known.state == State.QUEUED:
        if known.job_id != run.job_id:
            return "move"
        return "better" if target.priority < known.priority or due < known.due else ""
    if (known.run_id == run.id or known.settled >= run.started) and target.kind != Kind.ROBOTS:
        return ""
    return "again" if known.job_id != run.job_id or known.due <= now else ""


def enqueue(tx: Tx, ids: HostIds, run: Run, targets: Iterable[Target], now: int) -> int:
    """Queue the targets for the run; how many were not queued for it before. ValueError when a target's
    host is not its URL's."""
    places = _places(tx, ids, targets)
    for place in forgotten.among(tx, places):
        del places[place]
    known = {
        (host_id, found): Known(*rest)
        for host_id, found, *rest in tx.executemany(
            "SELECT host_id, hash, state, job_id, priority, due, ifnull(settled, 0), run_id FROM urls"
            " WHERE host_id = ? AND hash = ?",
            places,
        )
    }
    parents: dict[tuple[int, str], int | str | None] = {}
    inserts, agains, betters = [], [], []
    counts: Counter[int] = Counter()
    least: dict[int, int] = {}
    left: set[int] = set()
    accepted = 0
    for (host_id, hashed), target in places.items():
        due = target.due or now
        before = known.get((host_id, hashed))
        what = verdict(before, run, target, due, now)
        if not what:
            continue
        if what in ("new", "again"):
            parent = (host_id, target.via)
            if parent not in parents:
                parents[parent] = _parent(tx, host_id, target)
            way = (target.priority, due, target.depth, target.hops, parents[parent])
            if what == "new":
                tls, path = target_parts(target)
                inserts.append(
                    (
                        host_id,
                        hashed,
                        target.kind,
                        tls,
                        path,
                        run.job_id,
                        run.id,
                        *way,
                        target.robots_for or None,
                    )
                )
            else:
                agains.append((target.kind, run.job_id, run.id, *way, host_id, hashed))
        elif before is not None:
            due = min(due, before.due)
            betters.append((run.job_id, run.id, min(target.priority, before.priority), due, host_id, hashed))
            if what == "move":
                counts[before.job_id] -= 1
                left.add(host_id)
        least[host_id] = min(due, least.get(host_id, due))
        accepted += what != "better"
    tx.executemany(_INSERT, inserts)
    tx.executemany(_AGAIN, agains)
    tx.executemany(_BETTER, betters)
    counts[run.job_id] += accepted
    hosts.count(tx, counts)
    for host_id in sorted(least):
        hosts.wait(tx, host_id, run.job_id, least[host_id])
    for host_id in sorted(left):
        hosts.refresh(tx, host_id)
    return accepted


def _places(tx: Tx, ids: HostIds, targets: Iterable[Target]) -> dict[tuple[int, int], Target]:
    """The targets by key, in the index's order, one a URL: the best priority of those given twice."""
    found: dict[tuple[int, int], Target] = {}
    for target in targets:
        place = (ids.make(tx, target.host), target_hash(target))
        other = found.get(place)
        if other is None or (target.priority, target.due) < (other.priority, other.due):
            found[place] = target
    return dict(sorted(found.items(), key=lambda item: item[0]))


def _parent(tx: Tx, host_id: int, target: Target) -> int | str | None:
    """The parent's hash when it is a known URL of the same host (8 bytes instead of its text)."""
    if not target.via:
        return None
    if host_key(target.via) == target.host:
        hashed = key(target.via)
        if tx.execute("SELECT 1 FROM urls WHERE host_id = ? AND hash = ?", (host_id, hashed)).get:
            return hashed
    return target.via


def requeue_due(tx: Tx, run: Run, now: int) -> int:
    """Queue settled URLs of the run's job whose time has come, a bounded number; 0 when there are no more."""
    rows = tx.execute(
        "SELECT host_id, hash, due FROM urls INDEXED BY urls_again"
        " WHERE state >= 3 AND due > 0 AND job_id = ? AND due <= ? AND settled < ? LIMIT ?",
        (run.job_id, now, run.started, _REQUEUE_CHUNK),
    ).fetchall()
    tx.executemany(
        "UPDATE urls SET state = 0, run_id = ?, tries = 0, kills = 0, reason = NULL"
        " WHERE host_id = ? AND hash = ?",
        sorted((run.id, host_id, hashed) for host_id, hashed, _ in rows),
    )
    least: dict[int, int] = {}
    for host_id, _, due in rows:
        least[host_id] = min(due, least.get(host_id, due))
    for host_id in sorted(least):
        hosts.wait(tx, host_id, run.job_id, least[host_id])
    hosts.count(tx, {run.job_id: len(rows)})
    return len(rows)
