"""The commit: how leases end, all of a group in one durable transaction.

    Stored ─▶ STORED (to be extracted) or DONE    Again, PutBack ─▶ QUEUED    Denied ─▶ DENIED    Dead ─▶ DEAD
    lease lost meanwhile ─▶ its capture and robots.txt are kept, its URL is not settled by it

The first statement advances the owner's sequence number: after a COMMIT whose outcome is unknown, it tells.
Order of writes: owner, file, then hosts by id and their URLs by hash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from archive.capture import FileState, Written
from archive.errors import ArchiveError
from archive.store import (
    bulk,
    captures,
    extractions,
    files,
    forgotten,
    hosts,
    leases,
    queue,
    robots,
    runs,
    shapes,
)
from archive.store.connection import Tx
from archive.store.hosts import HostIds
from archive.store.types import (
    Again,
    Committed,
    Dead,
    Denied,
    PutBack,
    Settlement,
    State,
    Stored,
)

__all__ = ["advance_owner", "commit", "sequence"]

_STORED = "UPDATE urls SET state = ?1, due = ?2, settled = ?3, tries = 0, kills = 0, reason = NULL"

Group = Sequence[tuple[Settlement, Written | None]]
Counts = dict[tuple[int, str], int]


def advance_owner(tx: Tx, owner_id: int, seq: int) -> None:
    """ArchiveError when the owner is gone (taken for dead) or its last commit was of another number."""
    found = tx.execute(
        "UPDATE owners SET seq = seq + 1 WHERE id = ? AND seq = ? RETURNING id", (owner_id, seq)
    ).get
    if found is None:
        there = sequence(tx, owner_id)
        what = "this process was taken for dead" if there is None else f"commit {seq} is in already"
        raise ArchiveError(f"nothing was committed: {what}")


def sequence(tx: Tx, owner_id: int) -> int | None:
    """The number of the owner's next commit."""
    found: int | None = tx.execute("SELECT seq FROM owners WHERE id = ?", (owner_id,)).get
    return found


def commit(
    tx: Tx, ids: HostIds, owner_id: int, group: Group, file: FileState | None, now: int
) -> list[Committed]:
    """Settle a group; the results are in its order."""
    if file is not None:
        files.advance(tx, file.file, file.committed)
    file_ids: dict[str, int] = {}
    counts: Counts = defaultdict(int)
    done: dict[int, Committed] = {}
    order = sorted(range(len(group)), key=lambda n: (group[n][0].lease.host_id, group[n][0].lease.url_key))
    for n in order:
        settlement, written = group[n]
        if written is not None and written.location.file not in file_ids:
            file_ids[written.location.file] = files.ids(tx, written.location.file)[0]
        done[n] = _settle(tx, ids, owner_id, settlement, written, file_ids, settlement.now or now, counts)
    runs.add_counts(tx, counts)
    return [done[n] for n in range(len(group))]


def _settle(
    tx: Tx,
    ids: HostIds,
    owner_id: int,
    settlement: Settlement,
    written: Written | None,
    file_ids: dict[str, int],
    now: int,
    counts: Counts,
) -> Committed:
    lease, outcome = settlement.lease, settlement.outcome
    place = (lease.host_id, lease.url_key)
    stale = leases.host_of(tx, lease.token, owner_id) != place
    capture_id = others = 0
    if written is not None and settlement.capture is not None:
        capture = settlement.capture
        if capture.url != lease.target.url:
            raise ValueError(f"a capture of {capture.url!r} cannot settle a lease of {lease.target.url!r}")
        file_id = file_ids[written.location.file]
        capture_id = captures.insert(tx, place, lease.target.kind, lease.run_id, file_id, capture, written)
        unwanted = stale and forgotten.look(tx, place) is not None  # while it was under way
        if isinstance(outcome, Stored) and outcome.extract and not unwanted:
            extractions.want(tx, capture_id, lease.host_id, lease.run_id)
        counts[lease.run_id, "captures"] += 1
        counts[lease.run_id, "bytes"] += written.location.length
        counts[lease.run_id, f"status:{written.status // 100}xx" if written.status else "status:none"] += 1
    if settlement.robots is not None:
        robots.put(tx, ids, settlement.robots, now)
    if stale:
        hosts.meet(tx, lease.host_id, settlement.host.next_at)
        counts[lease.run_id, "stale"] += 1
    else:
        tx.execute("DELETE FROM leases WHERE token = ?", (lease.token,))
        _settle_url(tx, settlement, written, capture_id, now)
        hosts.set_state(tx, lease.host_id, settlement.host)
        if isinstance(outcome, Again | PutBack):
            hosts.count(tx, {lease.job_id: 1})
            hosts.wait(tx, lease.host_id, lease.job_id, outcome.due)
        others = _settle_others(tx, settlement, now, counts)
        hosts.refresh(tx, lease.host_id)
        counts[lease.run_id, type(outcome).__name__.lower()] += 1
        for name in settlement.counts:
            counts[lease.run_id, name] += 1
        if isinstance(outcome, Dead | Denied):
            counts[lease.run_id, f"{type(outcome).__name__.lower()}:{_class_of(outcome.reason)}"] += 1
        if isinstance(outcome, Denied) and outcome.shape:
            shapes.not_asked(tx, lease.host_id, outcome.shape, 1)
        if settlement.targets:
            queue.enqueue(tx, ids, runs.get(tx, lease.run_id), settlement.targets, now)
    location = written.location if written is not None else None
    return Committed(lease=lease, capture_id=capture_id, location=location, stale=stale, others=others)


def _settle_others(tx: Tx, settlement: Settlement, now: int, counts: Counts) -> int:
    """The URLs that share the leased one's fate; how many."""
    lease, outcome = settlement.lease, settlement.outcome
    done: list[tuple[Denied | Dead, int]] = [
        (denied, bulk.settle(tx, lease, denied, keys, now)) for denied, keys in settlement.others
    ]
    if isinstance(outcome, Denied | Dead) and outcome.whole_host:
        done.append((outcome, bulk.settle_all(tx, lease, outcome, now)))
    total = sum(number for _, number in done)
    if total:
        hosts.count(tx, {lease.job_id: -total})
    for fate, number in done:
        name = type(fate).__name__.lower()
        counts[lease.run_id, name] += number
        counts[lease.run_id, f"{name}:{_class_of(fate.reason)}"] += number
    return total


def _class_of(reason: str) -> str:
    """The part of a reason before its details: reasons are counted, and there must not be one for each
    URL."""
    return reason.partition(":")[0][:60]


def _settle_url(tx: Tx, settlement: Settlement, written: Written | None, capture_id: int, now: int) -> None:
    lease, outcome = settlement.lease, settlement.outcome
    place = (lease.host_id, lease.url_key)
    match outcome:
        case Stored():
            state = State.STORED if capture_id and outcome.extract else State.DONE
            values = (state, outcome.next_due, now, *place)
            if written is None or not (written.complete or written.revisit is not None):
                tx.execute(f"{_STORED} WHERE host_id = ?4 AND hash = ?5", values)
            else:  # a revisit renews the validators of the capture that it refers to
                tx.execute(
                    f"{_STORED}, capture_id = iif(?6, ?7, capture_id),"
                    " etag = coalesce(nullif(?8, ''), iif(?6, NULL, etag)), last_modified ="
                    " coalesce(nullif(?9, ''), iif(?6, NULL, last_modified))"
                    " WHERE host_id = ?4 AND hash = ?5",
                    (*values, written.complete, capture_id, outcome.etag, outcome.last_modified),
                )
        case Again() | PutBack():
            back = int(isinstance(outcome, PutBack))
            tx.execute(
                "UPDATE urls SET state = 0, due = ?, kills = 0, reason = ?, tries = tries - ?"
                " WHERE host_id = ? AND hash = ?",
                (outcome.due, outcome.reason, back, *place),
            )
        case Denied() | Dead():
            state = State.DENIED if isinstance(outcome, Denied) else State.DEAD
            tx.execute(
                "UPDATE urls SET state = ?, due = ?, settled = ?, kills = 0, reason = ?"
                " WHERE host_id = ? AND hash = ?",
                (state, outcome.next_due, now, outcome.reason, *place),
            )
