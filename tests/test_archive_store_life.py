"""A URL's life in the store: table by table, and what politeness remembers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.capture import Revisit
from archive.errors import ArchiveError
from archive.store import Store, leases
from archive.store.orders import Order
from archive.store.types import (
    Again,
    Dead,
    Denied,
    HostState,
    Kind,
    Outcome,
    PutBack,
    RobotsEntry,
    Selection,
    State,
    Stored,
    Target,
)
from tests.archive_store_kit import HOLD, SECOND, START, Desk, quick_folder, target

A = "https://a.example/1"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with quick_folder() as folder:
        desk = Desk(folder)
        yield desk
        desk.sound()
        desk.store.close()


OUTCOMES: list[tuple[Outcome, State, int, str]] = [
    (Stored(next_due=5), State.STORED, 5, ""),
    (Stored(next_due=5, extract=False), State.DONE, 5, ""),
    (Again(START + SECOND, "503"), State.QUEUED, START + SECOND, "503"),
    (PutBack(START + 2, "robots"), State.QUEUED, START + 2, "robots"),
    (Denied("robots.txt: Disallow: /1"), State.DENIED, 0, "robots.txt: Disallow: /1"),
    (Dead("404", next_due=7), State.DEAD, 7, "404"),
]


@pytest.mark.parametrize(("outcome", "state", "due", "reason"), OUTCOMES, ids=lambda v: type(v).__name__)
def test_each_outcome_leads_to_its_state(
    desk: Desk, outcome: Outcome, state: State, due: int, reason: str
) -> None:
    assert desk.add(A) == 1
    lease = desk.one()
    assert desk.state(A) == State.LEASED and lease.target == target(A, due=START) and lease.tries == 1
    done = desk.settle(lease, outcome)
    row = desk.store.url(A)
    assert row is not None
    assert (row.state, row.due, row.reason) == (state, due, reason)
    assert done.stale is False and (done.location is not None) == isinstance(outcome, Stored)
    assert row.tries == {Again: 1, PutBack: 0, Denied: 1, Dead: 1, Stored: 0}[type(outcome)]


# before -> what a link found later in the same run, by a later run of the job, by another job does to it
ACCEPTED = [
    (State.QUEUED, False, False, True),
    (State.LEASED, False, False, False),
    (State.STORED, False, True, True),
    (State.DONE, False, True, True),
    (State.DENIED, False, True, True),
    (State.DEAD, False, True, True),
]


@pytest.mark.parametrize(("state", "same", "later", "other"), ACCEPTED, ids=lambda v: getattr(v, "name", ""))
@pytest.mark.parametrize("who", ["same", "later", "other"])
def test_what_a_link_does_to_a_known_url(
    desk: Desk, state: State, same: bool, later: bool, other: bool, who: str
) -> None:
    desk.add(A)
    desk.reach(state, A)
    desk.now += SECOND
    run = desk.run
    if who == "later":
        desk.store.finish_run(run.id, desk.now)
        run = desk.store.begin_run("job", b"{}", desk.now)
    elif who == "other":
        run = desk.store.begin_run("another", b"{}", desk.now)
    accepted = {"same": same, "later": later, "other": other}[who]
    assert desk.add(A, run=run) == int(accepted)
    assert desk.state(A) == (State.QUEUED if accepted else state)
    assert desk.store.outstanding([run.id], desk.now).queued == int(
        accepted or (state == State.QUEUED and who != "other")
    )


def test_a_page_that_is_not_due_waits_but_another_job_may_have_it(desk: Desk) -> None:
    desk.add(A)
    desk.settle(desk.one(), Stored(next_due=START + 10 * SECOND, extract=False))
    desk.store.finish_run(desk.run.id, desk.now)
    desk.now += 5 * SECOND
    run = desk.store.begin_run("job", b"{}", desk.now)
    assert desk.add(A, run=run) == 0
    assert desk.store.requeue_due(run.id, desk.now) == 0
    other = desk.store.begin_run("other", b"{}", desk.now)
    assert desk.add(A, run=other) == 1


def test_settled_urls_are_queued_again_when_due(desk: Desk) -> None:
    urls = [f"https://h{n}.example/" for n in range(4)]
    desk.add(*urls, depth=3, hops="LLL")
    outcomes: list[Outcome] = [
        Stored(next_due=START + SECOND, extract=False),
        Denied("robots.txt: x", next_due=START + SECOND),
        Dead("x", next_due=START + SECOND),
        Stored(extract=False),
    ]
    for lease in desk.lease():
        desk.settle(lease, outcomes[urls.index(lease.target.url)])
    desk.now += 2 * SECOND
    assert desk.store.requeue_due(desk.run.id, desk.now) == 0, "this run has had them"
    desk.store.finish_run(desk.run.id, desk.now)
    run = desk.store.begin_run("job", b"{}", desk.now)
    assert desk.store.requeue_due(run.id, desk.now) == 3
    assert desk.store.requeue_due(run.id, desk.now) == 0
    again = desk.lease(runs=[run])
    assert sorted(lease.target.url for lease in again) == urls[:3]
    assert {(lease.target.depth, lease.target.hops, lease.tries) for lease in again} == {(3, "LLL", 1)}


def test_a_queued_url_found_again_keeps_the_best(desk: Desk) -> None:
    late, soon = START + 9 * SECOND, START + 3 * SECOND
    desk.add(A, priority=50, due=late)
    desk.add(A, priority=70, due=soon)
    desk.add(A, priority=20, due=late)
    assert desk.store.next_wake([desk.run.id], desk.now) == soon
    desk.now = soon
    got = desk.one().target
    assert (got.priority, got.due) == (20, soon)


def test_priority_first_then_the_longest_due_and_nothing_before_its_time(desk: Desk) -> None:
    at = START + 5 * SECOND
    desk.add("https://a.example/later", priority=0, due=at)
    desk.add("https://a.example/b", priority=10)
    desk.now += 1
    desk.add("https://a.example/c", priority=10)
    desk.add("https://a.example/z", priority=5)
    order = []
    for _ in range(3):
        lease = desk.one()
        order.append(lease.target.url[-1])
        desk.settle(lease, Dead("x"))
    assert order == ["z", "b", "c"] and desk.lease() == []
    assert desk.store.next_wake([desk.run.id], desk.now) == at
    desk.now = at
    assert desk.one().target.url.endswith("later")


def test_a_host_is_leased_once_and_meets_nobody_before_its_time(desk: Desk) -> None:
    desk.add(A, "https://a.example/2", "http://a.example:8080/3")
    first = desk.lease(delay=2 * SECOND)
    assert len(first) == 2, "a port of its own is a host of its own"
    assert desk.lease() == []
    lease = next(x for x in first if x.target.host == "a.example")
    assert lease.until == START + HOLD
    host = desk.store.host("a.example")
    assert host is not None and host.next_at == START + HOLD + 2 * SECOND, "written before the exchange"
    desk.now += SECOND
    desk.settle(lease, Stored(), host=HostState(next_at=desk.now + 3 * SECOND, delay=3 * SECOND, failures=2))
    desk.now += 3 * SECOND - 1
    assert desk.lease() == []
    assert desk.store.next_wake([desk.run.id], desk.now) == desk.now + 1
    desk.now += 1
    again = desk.one()
    assert (again.memory.delay, again.memory.failures) == (3 * SECOND, 2)


def test_several_jobs_share_a_host(desk: Desk) -> None:
    other = desk.store.begin_run("other", b"", desk.now)
    desk.add(A)
    desk.add("https://a.example/2", run=other)
    (lease,) = desk.lease(runs=[desk.run, other])
    desk.now += SECOND
    desk.settle(lease, Stored(), next_at=desk.now + SECOND)
    left = other if lease.run_id == desk.run.id else desk.run
    assert desk.store.next_wake([left.id], desk.now) == desk.now + SECOND
    assert desk.store.next_wake([lease.run_id], desk.now) is None
    desk.now += SECOND
    (second,) = desk.lease(runs=[desk.run, other])
    assert second.run_id == left.id


def test_a_run_is_resumed_until_it_is_finished(desk: Desk) -> None:
    again = desk.store.begin_run("job", b"", START + 5)
    assert (again.id, again.resumed, again.started, again.spec) == (desk.run.id, True, START, b"{}")
    assert desk.store.begin_run("job", b"[]", START + 5).spec == b"[]"
    desk.store.finish_run(again.id, START + 6)
    assert desk.store.runs(unfinished=True) == []
    new = desk.store.begin_run("job", b"{}", START + 7)
    assert (new.resumed, new.job_id, new.started) == (False, desk.run.job_id, START + 7)
    assert [run.id for run in desk.store.runs()] == [new.id, again.id]
    assert desk.store.run(again.id).finished == START + 6
    with pytest.raises(ArchiveError, match="no run 99"):
        desk.store.run(99)


def test_the_previous_capture_is_the_last_complete_one(desk: Desk) -> None:
    def visit(outcome: Outcome, **more: object) -> None:
        desk.store.finish_run(desk.run.id, desk.now)
        desk.now += SECOND
        desk.run = desk.store.begin_run("job", b"{}", desk.now)
        desk.add(A)
        nonlocal lease
        lease = desk.one()
        if more.pop("cut", False):
            settlement, written = desk.settlement(lease, outcome)
            assert written is not None and settlement.capture is not None
            cut = desk.written(settlement.capture, complete=False)
            desk.commit((settlement, cut))
        else:
            desk.settle(lease, outcome, **more)

    desk.add(A)
    lease = desk.one()
    assert lease.previous is None
    desk.settle(lease, Stored(etag='"1"', last_modified="Mon", extract=False))
    visit(Stored(etag='"cut"', extract=False), cut=True)
    whole = lease.previous
    assert whole is not None
    assert (whole.record_id, whole.etag, whole.last_modified) == (f"urn:{desk.token}:1", '"1"', "Mon")
    revisit = Revisit("server-not-modified", whole.record_id, A, whole.date, whole.payload_digest)
    visit(Stored(extract=False), revisit=revisit)
    assert lease.previous == whole, "a cut answer is nothing to refer to"
    visit(Stored(etag='"2"', extract=False), revisit=revisit)
    assert lease.previous == whole, "a 304 without validators keeps them"
    visit(Stored(extract=False))
    assert lease.previous is not None
    assert (lease.previous.record_id, lease.previous.etag) == (whole.record_id, '"2"')
    visit(Dead("x"))
    assert lease.previous is not None
    assert lease.previous.record_id != whole.record_id and lease.previous.etag == ""


def test_robots_rows_are_apart_and_put_back_brings_robots_first(desk: Desk) -> None:
    desk.add(A, priority=10)
    lease = desk.one()
    origins = ["https://a.example", "http://a.example"]
    robots = [
        Target(
            url="https://a.example/robots.txt",
            host="a.example",
            kind=Kind.ROBOTS,
            priority=0,
            robots_for=origin,
        )
        for origin in origins
    ]
    desk.settle(lease, PutBack(START, "robots.txt first"), targets=[*robots, target(robots[0].url)])
    for origin in origins:
        assert desk.state(robots[0].url, Kind.ROBOTS, origin) == State.QUEUED
        lease = desk.one()
        assert lease.target.kind == Kind.ROBOTS and lease.target.priority == 0
        entry = RobotsEntry(
            origin=lease.target.robots_for, status="ok", body=b"x", fetched_at=START, expires=START + 1
        )
        desk.settle(lease, Stored(extract=False), robots=entry)
        assert desk.store.robots(lease.target.robots_for) == entry
    page = desk.one()
    assert page.target.url == A and page.tries == 1, "a try that never was does not count"
    assert desk.store.robots("https://b.example") is None


def test_an_older_robots_copy_does_not_replace_a_newer(desk: Desk) -> None:
    desk.add(A, "https://b.example/")
    new = RobotsEntry(origin="https://a.example", status="ok", body=b"new", fetched_at=9, expires=99)
    old = RobotsEntry(origin="https://a.example", status="allow-all", fetched_at=8, expires=98)
    for lease, entry in zip(desk.lease(), (new, old), strict=True):
        desk.settle(lease, Dead("x"), robots=entry)
    assert desk.store.robots("https://a.example") == new


def test_a_lost_lease_settles_nothing_but_its_capture_stays(desk: Desk) -> None:
    desk.add(A)
    lease = desk.one()
    other = Desk(desk.folder)
    desk.now = other.now = lease.until + 1
    assert [other.store.attend(other.now, HOLD) for _ in range(3)] == [True, False, True], "late three times"
    assert desk.state(A) == State.QUEUED
    late = desk.settlement(
        lease, Stored(), next_at=desk.now + 9 * SECOND, targets=[target("https://n.example/")]
    )
    (done,) = desk.commit(late)
    assert done.stale and done.capture_id and desk.state(A) == State.QUEUED
    host = desk.store.host("a.example")
    assert host is not None and host.next_at >= desk.now + 9 * SECOND, "it was met all the same"
    assert desk.state("https://n.example/") is None
    assert [row.extraction for row in desk.store.captures_of(A)] == ["pending"]
    assert desk.store.run_counts(desk.run.id) == {"bytes": 100, "captures": 1, "stale": 1, "status:2xx": 1}
    other.store.close()


def test_leases_are_renewed(desk: Desk) -> None:
    desk.add(A)
    lease = desk.one()
    desk.now += HOLD
    assert desk.store.renew(desk.now, HOLD) == 1
    other = Desk(desk.folder)
    for _ in range(6):  # the clock is set forward: who lives renews between two looks of the other
        desk.now += 10 * HOLD
        other.store.attend(desk.now, HOLD)
        desk.store.attend(desk.now, HOLD)
    desk.now -= HOLD
    assert other.store.lease([desk.run.id], desk.now + HOLD - 1, 1, HOLD) == []
    assert desk.settle(lease, Stored()).stale is False
    other.store.close()


def test_what_a_dead_owner_held_is_free_and_its_host_keeps_its_delay(desk: Desk) -> None:
    desk.add(A, "https://b.example/")
    other = Desk(desk.folder)
    (lease,) = other.store.lease([desk.run.id], desk.now, 1, HOLD, 7 * SECOND)
    assert desk.store.release_dead(desk.now) == 0, "it lives"
    other.store.close()
    desk.now += SECOND
    assert desk.store.release_dead(desk.now) == 1
    assert not (desk.folder / f"{other.token}.lock").exists()
    host = desk.store.host(lease.target.host)
    assert host is not None and host.next_at == desk.now + 7 * SECOND, "dead now: it asked no later"
    desk.now += 7 * SECOND
    again = next(x for x in desk.lease() if x.target.url == lease.target.url)
    assert again.tries == 2


@pytest.mark.parametrize("jump", [0, 3600 * SECOND, -3600 * SECOND])
def test_a_dead_owners_host_keeps_its_peace_whatever_the_clock_does(desk: Desk, jump: int) -> None:
    desk.add(A, "https://b.example/")
    desk.lease(delay=7 * SECOND)
    desk.store.order(Order(kind="delay", scope="host", name="b.example", since=desk.now, delay=99 * SECOND))
    other = Desk(desk.folder)
    desk.store.close()  # killed
    desk.store = other.store
    assert desk.store.release_dead(desk.now + jump) == 2
    a, b = desk.store.host("a.example"), desk.store.host("b.example")
    assert a is not None and a.next_at == desk.now + jump + 7 * SECOND
    assert b is not None and b.next_at >= desk.now + jump + 99 * SECOND


def test_a_lease_lost_by_a_kill_does_not_shorten_what_another_has_promised(desk: Desk) -> None:
    desk.add(A)
    late = desk.one()
    other = Desk(desk.folder)
    desk.now = other.now = late.until + 1
    for _ in range(3):
        other.store.attend(other.now, HOLD)
    other.one()
    other.store.close()  # killed while it is there
    desk.settle(late, Again(desk.now, "503"), next_at=desk.now + 3600 * SECOND)
    assert desk.store.release_dead(desk.now) == 1
    row = desk.store.host("a.example")
    assert row is not None and row.next_at == desk.now + 3600 * SECOND


def test_a_url_is_settled_once_a_run_whatever_the_clock_does(desk: Desk) -> None:
    desk.add(A)
    desk.now -= 3600 * SECOND
    lease = desk.store.lease([desk.run.id], START, 1, HOLD)[0]
    desk.settle(lease, Stored(next_due=desk.now, extract=False))
    desk.now += 7200 * SECOND
    assert desk.add(A) == 0
    later = desk.store.begin_run("another", b"{}", desk.now)
    assert desk.add(A, run=later) == 1


def test_a_url_that_kills_its_processes_is_given_up(desk: Desk) -> None:
    desk.add(A)
    for turn in range(leases._MAX_KILLS):
        victim = Desk(desk.folder)
        assert len(victim.store.lease([desk.run.id], desk.now, 1, HOLD)) == 1, turn
        victim.store.close()
        desk.now += 2 * HOLD
        desk.store.release_dead(desk.now)
    row = desk.store.url(A)
    assert row is not None and (row.state, row.reason) == (State.DEAD, "killed its process")
    desk.store.finish_run(desk.run.id, desk.now)
    run = desk.store.begin_run("job", b"{}", desk.now + 1)
    assert desk.store.enqueue(run.id, [target(A)], desk.now + 1) == 1, "a later run may try"


def test_parting_in_order_counts_against_nobody(desk: Desk) -> None:
    desk.add(A)
    for _ in range(10):
        other = Desk(desk.folder)
        assert len(other.store.lease([desk.run.id], desk.now, 1, HOLD)) == 1
        assert other.store.release_owner(desk.now) == 1
        other.store.close()
    assert desk.state(A) == State.QUEUED
    assert list(desk.folder.glob("*.lock")) == [desk.folder / f"{desk.token}.lock"]


def test_one_taken_for_dead_commits_nothing(desk: Desk) -> None:
    other = Desk(desk.folder)
    other.add(A)
    lease = other.one()
    (desk.folder / f"{other.token}.lock").unlink()
    desk.store.release_dead(desk.now)
    with pytest.raises(ArchiveError, match="taken for dead"):
        other.settle(lease, Stored())
    assert other.store.captures_of(A) == []
    other.store.close()


def test_a_group_is_committed_whole_or_not_at_all(desk: Desk) -> None:
    desk.add(A, "https://b.example/")
    one, two = desk.lease()
    good = desk.settlement(one, Stored())
    bad = desk.settlement(two, Stored(), targets=[Target(url="https://c.example/", host="d.example")])
    with pytest.raises(ValueError, match="no URL of the host"):
        desk.commit(good, bad)
    assert desk.state(A) == State.LEASED and desk.store.captures_of(A) == []
    assert desk.store.own_files()[0].committed == 0
    assert desk.store.host("d.example") is None
    assert desk.add("https://d.example/") == 1, "host ids of a transaction that is not are not remembered"


def test_via_is_kept_whether_known_or_not(desk: Desk) -> None:
    parents = [A, "https://elsewhere.example/p", "https://a.example/never-seen", ""]
    desk.add(A)
    desk.add(*(f"https://a.example/child{n}" for n in range(2, 3)), via=parents[2])
    for n, via in enumerate(parents):
        desk.add(f"https://a.example/c{n}", via=via)
        row = desk.store.url(f"https://a.example/c{n}")
        assert row is not None and row.via == via


def test_what_a_run_counts(desk: Desk) -> None:
    desk.add(A, "https://b.example/", "https://c.example/")
    outcomes = [Stored(), Dead("dns: no such host"), Denied("robots.txt: Disallow: /")]
    desk.commit(*(desk.settlement(x, o) for x, o in zip(desk.lease(), outcomes, strict=True)))
    desk.store.count(desk.run.id, {"outside": 3})
    desk.store.count(desk.run.id, {"outside": 2})
    assert desk.store.run_counts(desk.run.id) == {
        "bytes": 100, "captures": 1, "dead": 1, "dead:dns": 1, "denied": 1, "denied:robots.txt": 1, "outside": 5,
        "status:2xx": 1, "stored": 1,
    }  # fmt: skip


def test_explain_and_stats_tell_all(desk: Desk) -> None:
    desk.add(A, via="https://a.example/", depth=2, hops="LL", priority=30)
    desk.settle(
        desk.one(), Stored(next_due=START + 9, etag='"e"'), host=HostState(next_at=START + 5, resting="503")
    )
    told = desk.store.explain(A)
    assert told.url is not None and told.host is not None and told.robots is None
    assert (told.url.job, told.url.via, told.url.etag, told.url.settled) == (
        "job",
        "https://a.example/",
        '"e"',
        START,
    )
    assert (told.host.resting, told.host.leased_until, told.host.queued) == ("503", 0, 0)
    assert [row.url for row in told.captures] == [A]
    nothing = desk.store.explain("https://never.example/")
    assert nothing.url is None and nothing.host is None and nothing.captures == ()
    numbers = desk.store.stats(START)
    assert numbers.urls == {"queued": 0, "leased": 0, "stored": 1, "done": 0, "denied": 0, "dead": 0}
    assert numbers.jobs == {"job": {"stored": 1}} and numbers.extractions == {"pending": 1}
    assert (numbers.captures, numbers.bytes, numbers.files, numbers.hosts) == (1, 100, 1, 1)
    assert [row.key for row in numbers.resting] == ["a.example"] and desk.store.stats(START + 5).resting == ()
    assert [row.url for row in desk.store.select_captures(Selection(hosts=("a.example",)))] == [A]


def test_leasing_needs_an_owner_and_tokens_are_unique(desk: Desk) -> None:
    store = Store.open(desk.folder / "crawl.db")
    with pytest.raises(ArchiveError, match="register_owner"):
        store.lease([desk.run.id], START, 1, HOLD)
    with pytest.raises(ArchiveError, match="another process holds"):
        store.register_owner("new", 1, Path(f"{desk.token}.lock"), START)
    with pytest.raises(ArchiveError, match="an owner"):
        store.register_owner(desk.token, 1, Path("new.lock"), START)
    assert repr(store) == f"<Store {desk.folder / 'crawl.db'}>" and "owner" in repr(desk.store)
    store.close()
    store.close()
