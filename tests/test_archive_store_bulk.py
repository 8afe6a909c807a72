"""Queued URLs that share the fate of the one that was leased: settled with it, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from archive.store.types import Committed, Dead, Denied, Kind, Lease, Outcome, RobotsEntry, State, Stored
from tests.archive_store_kit import Desk, quick_folder

A = "http://a.example/"
PAGES = tuple(f"{A}{n}" for n in range(6))
BY_ROBOTS = Denied("robots.txt: Disallow: /")


@pytest.fixture
def desk() -> Iterator[Desk]:
    with quick_folder() as folder:
        desk = Desk(folder)
        yield desk
        desk.sound()
        desk.store.close()


def settle(desk: Desk, lease: Lease, outcome: Outcome, *others: tuple[Denied, tuple[int, ...]]) -> Committed:
    settlement, written = desk.settlement(lease, outcome)
    (done,) = desk.commit((msgspec.structs.replace(settlement, others=others), written))
    return done


def states(desk: Desk, *urls: str) -> list[State | None]:
    return [desk.state(url) for url in urls]


def test_some_are_denied_with_it_each_for_its_reason(desk: Desk) -> None:
    desk.add(*PAGES)
    lease = desk.one()
    keys = {url: key for key, url in desk.store.waiting(lease, 99)}
    assert keys.keys() == set(PAGES) - {lease.target.url} and len(desk.store.waiting(lease, 2)) == 2
    first, second, third, *rest = keys
    other = Denied("robots.txt: Disallow: /2")
    done = settle(
        desk,
        lease,
        BY_ROBOTS,
        (BY_ROBOTS, (keys[first], keys[second], lease.url_key)),
        (other, (keys[third],)),
    )
    assert done.others == 3, "the leased one is settled by its own outcome"
    assert states(desk, lease.target.url, first, second, third) == [State.DENIED] * 4
    assert states(desk, *rest) == [State.QUEUED] * 2
    row = desk.store.url(third)
    assert row is not None and row.reason == other.reason
    counts = desk.store.run_counts(desk.run.id)
    assert counts["denied"] == counts["denied:robots.txt"] == 4
    assert desk.store.outstanding([desk.run.id], desk.now).queued == 2


def test_another_robots_txt_brings_them_all_back(desk: Desk) -> None:
    robots_comes(desk, b"old")
    desk.add(*PAGES)
    lease = desk.one()
    settle(desk, lease, BY_ROBOTS, (BY_ROBOTS, tuple(key for key, _ in desk.store.waiting(lease, 99))))
    assert states(desk, *PAGES) == [State.DENIED] * 6
    robots_comes(desk, b"new")
    assert states(desk, *PAGES) == [State.QUEUED] * 6


def robots_comes(desk: Desk, body: bytes) -> None:
    desk.now += 1
    place = "http://a.example"
    desk.add(f"{place}/robots.txt", kind=Kind.ROBOTS, robots_for=place)
    entry = RobotsEntry(origin=place, status="ok", body=body, fetched_at=desk.now, expires=desk.now)
    desk.settle(desk.one(), Stored(next_due=desk.now, extract=False), robots=entry)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Dead("failed for a day", whole_host=True), State.DEAD), (Denied("cap", whole_host=True), State.DENIED)],
)
def test_a_whole_host_but_no_robots_txt_no_other_host_and_no_other_job(
    desk: Desk, outcome: Outcome, state: State
) -> None:
    other = desk.store.begin_run("other", b"{}", desk.now)
    desk.add(*PAGES[:4])
    desk.add(*PAGES[4:], run=other)
    desk.add("http://b.example/")
    desk.add("http://a.example/robots.txt", kind=Kind.ROBOTS, robots_for="http://a.example", priority=99)
    (lease,) = (lease for lease in desk.lease() if lease.target.host == "a.example")
    assert settle(desk, lease, outcome).others == 3
    assert states(desk, *PAGES) == [state] * 4 + [State.QUEUED] * 2
    assert desk.state("http://a.example/robots.txt", Kind.ROBOTS, "http://a.example") == State.QUEUED
    assert desk.state("http://b.example/") == State.LEASED
    assert desk.store.run_counts(desk.run.id)[state.name.lower()] == 4


def test_a_lost_lease_settles_no_others(desk: Desk) -> None:
    desk.add(*PAGES)
    lease = desk.one()
    other = Desk(desk.folder)
    desk.now = other.now = lease.until + 1
    for _ in range(3):
        other.store.attend(other.now, 1)
    keys = tuple(key for key, _ in desk.store.waiting(lease, 99))
    done = settle(desk, lease, Dead("gone", whole_host=True), (BY_ROBOTS, keys))
    assert done.stale and not done.others
    assert states(desk, *PAGES) == [State.QUEUED] * 6
    other.store.close()
