"""No statement that a crawl repeats reads a whole table: its plan by SQLite's own account.

The statements are those that the store sends while a crawl's life is played through, so that a new one is looked at, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import apsw
import pytest
from msgspec.structs import replace

from archive.store.shapes import Standing
from archive.store.types import (
    Again,
    Dead,
    Denied,
    ExtractionDone,
    Outcome,
    PutBack,
    RobotsEntry,
    Stored,
)
from tests.archive_store_kit import HOLD, SECOND, Desk, quick_folder, target

_SMALL = {"owners", "leases", "orders", "jobs", "counters", "forgotten"}
"""Tables with a row a process, an exchange in flight, an order, a crawl: these may be read whole."""
_FEW = {"extractions_claimed", "shapes_cut"}
"""Indexes of few rows."""


@pytest.fixture
def desk() -> Iterator[Desk]:
    with quick_folder() as folder:
        desk = Desk(folder)
        yield desk
        desk.store.close()


def scans(conn: apsw.Connection, statement: str, values: Sequence[object] = (None,)) -> list[str]:
    """What of a statement's plan reads a table or an index from end to end."""
    plan = conn.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    found = []
    for *_, step in plan:
        match = re.fullmatch(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?.*", step)
        if (match and match[1] not in _SMALL and match[2] not in _FEW) or "USE TEMP B-TREE" in step:
            found.append(step)
    return found


def play(desk: Desk) -> None:
    """A crawl's life: every kind of outcome, links, robots.txt, traps, a dead owner, a next run."""
    store = desk.store
    desk.add(
        *(f"https://h{n}.example/{page}" for n in range(8) for page in range(3)), via="https://h0.example/0"
    )
    leases = desk.lease(8)
    ((key, _), *_) = store.waiting(leases[0], 1)
    entry = RobotsEntry(
        origin="https://h0.example",
        status="ok",
        body=b"",
        body_at=1,
        fetched_at=1,
        expires=2,
        record_id="urn:x",
    )
    outcomes: list[Outcome] = [
        Stored(next_due=desk.now + 1), Stored(extract=False), Again(desk.now, "503"), PutBack(desk.now, "later"),
        Denied("trap", shape="/*"), Dead("404"), Dead("gone", whole_host=True),
    ]  # fmt: skip
    links = (target("https://h0.example/new", via="https://h0.example/0"),)
    desk.commit(
        *(
            desk.settlement(lease, outcome, robots=entry, targets=links)
            for lease, outcome in zip(leases, outcomes, strict=False)
        )
    )
    more, written = desk.settlement(desk.lease(8)[0], Denied("robots.txt"))
    desk.commit((replace(more, others=((Denied("robots.txt"), (key,)),)), written))
    store.renew(desk.now + SECOND, 2 * HOLD)
    for claim in store.claim_extractions(5, desk.now, [desk.run.id]):
        store.finish_extractions(
            [
                ExtractionDone(
                    capture_id=claim.capture_id, fingerprint="f", outcome="ok", targets=links, shapes=("/*",),
                    text=7, cuts={("h1.example", "/*"): 2}, now=desk.now, site="s", fields=("title",),
                )
            ]
        )  # fmt: skip
        store.repeat_extractions([claim.capture_id])
    other = Desk(desk.folder)
    other.store.close()  # as if it had been killed
    desk.now += 10 * HOLD
    store.others(desk.now)
    store.release_dead(desk.now)
    assert store.standing("h0.example", ["/*"], desk.run.id)[0] == {"/*": Standing(novel=1)}
    store.robots("https://h0.example")
    store.host("h0.example")
    store.run_count(desk.run.id, "captures")
    store.paused([desk.run.id], desk.now)
    store.next_wake([desk.run.id], desk.now)
    store.outstanding([desk.run.id], desk.now)
    store.finish_run(desk.run.id, desk.now)
    store.latest_runs()
    store.runs_of("job", 5)
    again = store.begin_run("job", b"", desk.now)
    store.requeue_due(again.id, desk.now)
    desk.lease(8, runs=[again])


def test_no_statement_of_a_crawl_reads_a_whole_table(desk: Desk) -> None:
    conn, seen = desk.store._db.conn, dict[str, Sequence[object]]()

    def note(_cursor: apsw.Cursor, statement: str, values: Sequence[object] | None) -> bool:
        seen[statement] = values or ()
        return True

    conn.exec_trace = note
    play(desk)
    conn.exec_trace = None
    verbs = ("SELECT", "UPDATE", "DELETE", "INSERT")
    statements = {s: values for s, values in seen.items() if s.startswith(verbs)}
    assert len(statements) > 60, "the whole of a crawl's life"
    found = {s: plan for s, values in statements.items() if (plan := scans(conn, s, values))}
    assert found == {}


def test_a_scan_is_seen(desk: Desk) -> None:
    conn = desk.store._db.conn
    assert scans(conn, "SELECT path FROM urls WHERE path = ?") == ["SCAN urls"]
    assert scans(conn, "SELECT key FROM hosts ORDER BY next_at LIMIT 1", ())
    assert scans(conn, "SELECT path FROM urls WHERE host_id = ?") == []
