"""What workers make of captures: one row for each capture that one should read.

    PENDING ──claim──▶ CLAIMED ──finish──▶ DONE(outcome, fingerprint) ──replay──▶ PENDING
       ▲                  │
       └── its owner died ┘    after fifty claims without a result: DONE, outcome crash
A row's run is the crawl that waits for the links; 0 for imports and replays, which nobody waits for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from archive.capture import Location
from archive.store import queue, runs, shapes
from archive.store.connection import Tx
from archive.store.hosts import HostIds
from archive.store.names import join
from archive.store.types import ExtractionDone, Kind, PendingExtraction, State

__all__ = ["ROOM", "again", "chunks", "claim", "finish", "release", "repeat", "want"]

_PENDING, _CLAIMED, _DONE = range(3)
_MAX_CLAIMS = 50  # pages crash workers, which is told; a claim is lost when its whole process is killed

ROOM = 2_000
"""Links taken in one transaction."""


def want(tx: Tx, capture_id: int, host_id: int, run_id: int) -> None:
    tx.execute(
        "INSERT INTO extractions(capture_id, host_id, run_id) VALUES(?, ?, ?)", (capture_id, host_id, run_id)
    )


def claim(tx: Tx, owner_id: int, run_ids: Sequence[int], limit: int, now: int) -> list[PendingExtraction]:
    """Up to `limit` captures, oldest first. Those that took fifty claimants with them are done: crash."""
    found: list[PendingExtraction] = []
    for run_id in run_ids:
        while len(found) < limit:
            rows = tx.execute(
                "SELECT capture_id, attempts FROM extractions INDEXED BY extractions_pending"
                " WHERE state = 0 AND run_id = ? ORDER BY capture_id LIMIT ?",
                (run_id, limit - len(found)),
            ).fetchall()
            if not rows:
                break
            crashed = [
                ExtractionDone(
                    capture_id=c, fingerprint="", outcome="crash", detail="no worker came back", now=now
                )
                for c, attempts in rows
                if attempts >= _MAX_CLAIMS
            ]
            _settle(tx, HostIds(), crashed)
            found += [_claim(tx, owner_id, c) for c, attempts in rows if attempts < _MAX_CLAIMS]
    return found


def _claim(tx: Tx, owner_id: int, capture_id: int) -> PendingExtraction:
    run_id, attempts, done_at = tx.execute(
        "UPDATE extractions SET state = 1, owner_id = ?, attempts = attempts + 1 WHERE capture_id = ?"
        " RETURNING run_id, attempts, done_at",
        (owner_id, capture_id),
    ).fetchone()
    tls, host, path, depth, hops, kind, fetched_at, stem, offset, length, record_id, *more = tx.execute(
        "SELECT tls, hosts.key, urls.path, depth, hops, captures.kind, fetched_at, stem, offset, length,"
        " record_id, revisit_of, ifnull(runs.job_id, 0) FROM captures JOIN urls USING(host_id, hash)"
        " JOIN hosts ON hosts.id = captures.host_id JOIN files ON files.id = file_id"
        " LEFT JOIN runs ON runs.id = ? WHERE captures.id = ?",
        (run_id, capture_id),
    ).fetchone()
    revisit_of, job_id = more
    return PendingExtraction(
        capture_id=capture_id,
        run_id=run_id,
        job_id=job_id,
        url=join(tls, host, path),
        kind=Kind(kind),
        depth=depth,
        hops=hops,
        fetched_at=fetched_at,
        location=Location(stem, offset, length),
        attempts=attempts,
        record_id=record_id,
        original=_original(tx, capture_id, revisit_of) if revisit_of else None,
        again=done_at > 0,
    )


def _original(tx: Tx, capture_id: int, record_id: str) -> Location | None:
    """Where the complete capture of the same URL lies that a revisit refers to; None when it is not here."""
    row = tx.execute(
        "SELECT stem, original.offset, original.length FROM captures AS revisit"
        " JOIN captures AS original USING(host_id, hash) JOIN files ON files.id = original.file_id"
        " WHERE revisit.id = ? AND original.record_id = ? AND original.complete",
        (capture_id, record_id),
    ).fetchone()
    return Location(*row) if row is not None else None


def release(tx: Tx, owner_id: int, *, killed: bool) -> int:
    """The owner's claims are pending again; those it let go of by itself do not count as attempts."""
    rows = tx.execute(
        "UPDATE extractions SET state = 0, owner_id = NULL, attempts = attempts - ?"
        " WHERE state = 1 AND owner_id = ? RETURNING capture_id",
        (int(not killed), owner_id),
    )
    return len(rows.fetchall())


def chunks(done: Iterable[ExtractionDone]) -> Iterable[tuple[ExtractionDone, bool]]:
    """The results in pieces of bounded size, each with whether it is the last of its capture."""
    for one in done:
        targets = one.targets
        for at in range(0, max(1, len(targets)), ROOM):
            part = one if len(targets) <= ROOM else replace(one, targets=targets[at : at + ROOM])
            yield part, at + ROOM >= len(targets)


def finish(tx: Tx, ids: HostIds, parts: Sequence[tuple[ExtractionDone, bool]]) -> int:
    """Queue the links, settle the captures whose last part this is; how many links were accepted."""
    accepted = 0
    for part, _ in parts:
        run_id = tx.execute(
            "SELECT run_id FROM extractions WHERE capture_id = ? AND state < 2", (part.capture_id,)
        ).get
        if run_id and part.targets:
            accepted += queue.enqueue(tx, ids, runs.get(tx, run_id), part.targets, part.now)
    _settle(tx, ids, [part for part, last in parts if last])
    return accepted


def _settle(tx: Tx, ids: HostIds, done: Sequence[ExtractionDone]) -> None:
    """A capture that has its result already is passed over."""
    counts: dict[tuple[int, str], int] = defaultdict(int)
    for one in done:
        waiting = tx.execute(
            "SELECT run_id, done_at FROM extractions WHERE capture_id = ? AND state < 2", (one.capture_id,)
        ).fetchone()
        if waiting is None:
            continue
        tx.execute(
            "UPDATE extractions SET state = 2, owner_id = NULL, fingerprint = ?, outcome = ?, page_type = ?,"
            " site = ?, detail = ?, done_at = ? WHERE capture_id = ?",
            (one.fingerprint, one.outcome, one.page_type, one.site, one.detail, one.now, one.capture_id),
        )
        _url_done(tx, one)
        run_id, before = waiting
        if before:
            continue  # read again by what its host taught: the run has counted it
        if run_id and one.shapes:
            shapes.learn(tx, one)
        for (host, shape), urls in sorted(one.cuts.items()):
            shapes.not_asked(tx, ids.make(tx, host), shape, urls)
        counts[run_id, f"extracted:{one.outcome}"] += 1
        if one.page_type:
            counts[run_id, f"page:{one.page_type}"] += 1
        for reason, number in one.skipped.items():
            counts[run_id, f"skipped:{reason}"] += number
        if one.outcome == "ok":
            counts[run_id, "articles"] += 1
            counts[run_id, f"articles:{one.site}"] += 1
        for field in one.fields:
            counts[run_id, f"field:{one.site}:{field}"] += 1
    runs.add_counts(tx, counts)


def _url_done(tx: Tx, one: ExtractionDone) -> None:
    """STORED means that extraction is still to come: the URL is DONE with the last result it waits for."""
    host_id, hashed = tx.execute(
        "SELECT host_id, hash FROM captures WHERE id = ?", (one.capture_id,)
    ).fetchone()
    tx.execute(
        "UPDATE urls SET state = ?1, due = iif(?2 = 0, due, ?2) WHERE host_id = ?3 AND hash = ?4"
        " AND state = ?5 AND NOT EXISTS(SELECT 1 FROM captures JOIN extractions ON capture_id = captures.id"
        " WHERE captures.host_id = ?3 AND captures.hash = ?4 AND extractions.state < 2)",
        (State.DONE, one.next_due, host_id, hashed, State.STORED),
    )


def repeat(tx: Tx, capture_ids: Iterable[int]) -> None:
    """Have captures read once more by the run that they belong to: their host has taught something since."""
    tx.executemany(
        "UPDATE extractions SET state = 0, attempts = 0 WHERE capture_id = ? AND state = 2",
        [(capture_id,) for capture_id in capture_ids],
    )


def again(tx: Tx, capture_ids: Iterable[int]) -> int:
    """Have captures read again, for no run. Those that an unfinished crawl waits for stay with it."""
    marked = 0
    for capture_id in capture_ids:
        marked += len(
            tx.execute(
                "UPDATE extractions SET state = 0, run_id = 0, attempts = 0 WHERE capture_id = ?"
                " AND (state = 2 OR (state = 0 AND run_id NOT IN (SELECT id FROM runs WHERE finished = 0)))"
                " RETURNING 1",
                (capture_id,),
            ).fetchall()
        )
    return marked
