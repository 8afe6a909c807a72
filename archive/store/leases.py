"""Leases: a host, and one URL of it, for one owner.

lease ─▶ nobody meets the host before until + delay, URL LEASED, tries + 1 ─▶ settled by commits, which corrects it
                └─ its owner dies ─▶ release: URL QUEUED, kills + 1; DEAD after _MAX_KILLS
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from archive.store import hosts, orders, runs
from archive.store.connection import Tx
from archive.store.names import join
from archive.store.types import Kind, Lease, Outstanding, Previous, State, Target

__all__ = ["ageing", "host_of", "late", "lease", "next_wake", "outstanding", "parent", "release", "renew"]

_MAX_KILLS = 12  # an innocent page may be struck some times when crawls are killed again and again
_KILLER = "killed its process"
# Till a lease past its time (the clock was set) is looked at again: its end may come whenever
_NAP = 5_000_000


def lease(
    tx: Tx,
    owner_id: int,
    run_ids: Sequence[int],
    now: int,
    limit: int,
    hold: int,
    delay: int,
) -> list[Lease]:
    """Up to `limit` hosts that are ready, those first that have been ready longest; none of jobs that are
    paused."""
    jobs = runs.job_ids(tx, tuple(run_ids))
    jobs = {job_id: jobs[job_id] for job_id, until in orders.paused_jobs(tx, jobs).items() if until <= now}
    found: list[Lease] = []
    while len(found) < limit:
        ready = sorted(
            (at, host_id, job_id)
            for job_id in jobs
            for host_id, at in tx.execute(
                "SELECT host_id, at FROM wakes WHERE job_id = ? AND at <= ? ORDER BY at LIMIT ?",
                (job_id, now, limit - len(found)),
            )
        )[: limit - len(found)]
        if not ready:
            break
        met: set[int] = set()
        for at, host_id, job_id in ready:
            if host_id not in met:
                met.add(host_id)
                got = _take(tx, owner_id, jobs[job_id], host_id, (job_id, at), now, hold, delay)
                if got is not None:
                    found.append(got)
    hosts.count(tx, {job_id: -number for job_id, number in Counter(got.job_id for got in found).items()})
    return found


def _take(
    tx: Tx,
    owner_id: int,
    run_id: int,
    host_id: int,
    woken: tuple[int, int],
    now: int,
    hold: int,
    delay: int,
) -> Lease | None:
    """The lease; None when the host is not ready after all. Then its queue of the job, which `woken` (job, moment) was
    found by, wakes later than now, or when somebody's lease of the host has ended."""
    job_id, at = woken
    host_key, delay_set, *remembered = tx.execute(
        f"SELECT key, delay_set, {hosts.STATE} FROM hosts WHERE id = ?", (host_id,)
    ).fetchone()
    memory = hosts.state_of(remembered)
    leased = tx.execute("SELECT 1 FROM leases WHERE host_id = ?", (host_id,)).get is not None
    hashed = hosts.pick(tx, host_id, job_id, now) if not leased else None
    if hashed is None and not leased:
        hosts.refresh(tx, host_id)
        return None
    tx.execute("DELETE FROM wakes WHERE job_id = ? AND at = ? AND host_id = ?", (job_id, at, host_id))
    if hashed is None:
        return None
    gap = max(delay, memory.delay, delay_set or 0)
    until = now + hold
    token = tx.execute(
        "INSERT INTO leases(host_id, hash, owner_id, run_id, job_id, taken, until, delay)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?) RETURNING token",
        (host_id, hashed, owner_id, run_id, job_id, now, until, gap),
    ).get
    row = tx.execute(
        "UPDATE urls SET state = 1, run_id = ?, tries = tries + 1 WHERE host_id = ? AND hash = ?"
        " RETURNING tls, path, kind, priority, depth, hops, via, due, robots_for, tries, capture_id, etag,"
        " last_modified",
        (run_id, host_id, hashed),
    ).fetchone()
    tls, path, kind, priority, depth, hops, via, due, robots_for, tries, capture_id, etag, modified = row
    return Lease(
        token=token,
        run_id=run_id,
        job_id=job_id,
        host_id=host_id,
        url_key=hashed,
        target=Target(
            url=join(tls, host_key, path),
            host=host_key,
            kind=Kind(kind),
            priority=priority,
            depth=depth,
            hops=hops,
            via=parent(tx, host_id, host_key, via),
            due=due,
            robots_for=robots_for or "",
        ),
        tries=tries,
        taken=now,
        until=until,
        memory=memory,
        delay_set=delay_set,
        previous=_previous(tx, capture_id, etag, modified),
    )


def parent(tx: Tx, host_id: int, host_key: str, via: int | str | None) -> str:
    """The text of a `via` column."""
    if isinstance(via, int):
        row = tx.execute(
            "SELECT tls, path FROM urls WHERE host_id = ? AND hash = ?", (host_id, via)
        ).fetchone()
        return join(row[0], host_key, row[1]) if row else ""
    return via or ""


def _previous(tx: Tx, capture_id: int | None, etag: str | None, modified: str | None) -> Previous | None:
    if capture_id is None:
        return None
    row = tx.execute(
        "SELECT record_id, fetched_at, payload_digest FROM captures WHERE id = ?", (capture_id,)
    ).fetchone()
    if row is None:
        return None
    return Previous(
        record_id=row[0], date=row[1], payload_digest=row[2], etag=etag or "", last_modified=modified or ""
    )


def release(tx: Tx, token: int, now: int, *, killed: bool, ended: bool) -> None:
    """Free a lease that was not settled. `ended`: its process is gone, so the host was last met before now: by the
    clock of today, whatever it was when the lease was taken. What others have made the host wait for stays."""
    host_id, hashed, job_id, delay, until = tx.execute(
        "DELETE FROM leases WHERE token = ? RETURNING host_id, hash, job_id, delay, until", (token,)
    ).fetchone()
    if ended:
        tx.execute(
            "UPDATE hosts SET next_at = max(iif(next_at <= ?1, 0, next_at), ?2 + max(?3, ifnull(delay_set, 0)))"
            " WHERE id = ?4",
            (until + delay, now, delay, host_id),
        )
    else:
        hosts.meet(tx, host_id, until + delay)
    kills, due = tx.execute(
        "SELECT kills, due FROM urls WHERE host_id = ? AND hash = ?", (host_id, hashed)
    ).fetchone()
    kills += killed
    if kills >= _MAX_KILLS:
        tx.execute(
            "UPDATE urls SET state = ?, kills = ?, settled = ?, due = 0, reason = ?"
            " WHERE host_id = ? AND hash = ?",
            (State.DEAD, kills, now, _KILLER, host_id, hashed),
        )
    else:
        tx.execute(
            "UPDATE urls SET state = ?, kills = ?, priority = priority + ? WHERE host_id = ? AND hash = ?",
            (State.QUEUED, kills, 20 * killed, host_id, hashed),  # behind the others: it may be the killer
        )
        hosts.count(tx, {job_id: 1})
        hosts.wait(tx, host_id, job_id, due)
    hosts.refresh(tx, host_id)


def renew(tx: Tx, owner_id: int, until: int) -> int:
    """All leases of the owner last until `until` at least, and so does their hosts' peace."""
    rows = tx.execute(
        "UPDATE leases SET until = ?1 WHERE owner_id = ?2 AND until < ?1 RETURNING 1", (until, owner_id)
    )
    return len(rows.fetchall())


def ageing(tx: Tx, owner_id: int, before: int) -> bool:
    """Whether a lease of the owner ends before that moment."""
    found = tx.execute("SELECT 1 FROM leases WHERE owner_id = ? AND until < ? LIMIT 1", (owner_id, before))
    return found.get is not None


def late(tx: Tx, owner_id: int, now: int) -> dict[int, int]:
    """Leases of other owners that are past their time: token and that time."""
    return dict(
        tx.execute("SELECT token, until FROM leases WHERE until < ? AND owner_id <> ?", (now, owner_id))
    )


def host_of(tx: Tx, token: int, owner_id: int) -> tuple[int, int] | None:
    """Host and hash of a lease that is still the owner's."""
    row: tuple[int, int] | None = tx.execute(
        "SELECT host_id, hash FROM leases WHERE token = ? AND owner_id = ?", (token, owner_id)
    ).fetchone()
    return row


def next_wake(tx: Tx, run_ids: Sequence[int], now: int) -> int | None:
    """When the first host with queued URLs of these runs may be ready: never later than the truth, but for the end
    of somebody's lease, which may come at any time."""
    wakes = []
    for job_id, paused_until in orders.paused_jobs(tx, runs.job_ids(tx, tuple(run_ids))).items():
        at = tx.execute("SELECT min(at) FROM wakes WHERE job_id = ?", (job_id,)).get
        leased_until = tx.execute(
            "SELECT min(until) FROM leases WHERE host_id IN"
            " (SELECT host_id FROM queues WHERE queues.host_id = leases.host_id AND queues.job_id = ?)",
            (job_id,),
        ).get
        if at is not None:
            wakes.append(max(at, paused_until))
        if leased_until is not None:
            wakes.append(max(leased_until, now + _NAP, paused_until))
    return min(wakes, default=None)


def outstanding(tx: Tx, run_ids: Sequence[int], now: int) -> Outstanding:
    """What the runs still have before them; a few rows are read, however much that is."""
    leased = queued = waiting = 0
    for job_id in runs.job_ids(tx, tuple(run_ids)):
        leased += tx.execute("SELECT count(*) FROM leases WHERE job_id = ?", (job_id,)).get
        queued += tx.execute(
            "SELECT ifnull(sum(urls), 0) FROM tallies WHERE job_id = ? AND state = 0", (job_id,)
        ).get
    for run_id in run_ids:
        waiting += tx.execute(
            "SELECT count(*) FROM extractions WHERE state = 0 AND run_id = ?", (run_id,)
        ).get
        waiting += tx.execute(
            "SELECT count(*) FROM extractions WHERE state = 1 AND run_id = ?", (run_id,)
        ).get
    return Outstanding(
        leased=leased, queued=queued, extractions=waiting, next_wake=next_wake(tx, run_ids, now)
    )
