"""The operator's orders in the store: pauses of everything, of a job, of a host, and a host's least delay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive.errors import ArchiveError
from archive.store.orders import FOREVER, Order, Scope
from archive.store.types import Again
from tests.archive_store_kit import HOLD, SECOND, START, Desk, quick_folder

A, B = "https://a.example/1", "https://b.example/1"


@pytest.fixture
def desk() -> Iterator[Desk]:
    with quick_folder() as folder:
        desk = Desk(folder)
        yield desk
        desk.sound()
        desk.store.close()


PAUSES: list[tuple[Scope, str, set[str]]] = [
    ("all", "", set()),
    ("job", "job", set()),
    ("job", "other", {A, B}),
    ("host", "a.example", {B}),
    ("host", "never.heard.example", {A, B}),
]


@pytest.mark.parametrize(("scope", "name", "left"), PAUSES)
def test_what_is_paused_is_not_leased_till_it_is_resumed(
    scope: Scope, name: str, left: set[str], desk: Desk
) -> None:
    desk.store.begin_run("other", b"{}", desk.now)
    desk.add(A, B)
    order = Order(scope=scope, name=name, since=desk.now, who="ann", why="they asked")
    desk.store.order(order)
    assert desk.store.orders(desk.now) == [order]
    assert {lease.target.url for lease in desk.lease()} == left
    assert desk.store.paused([desk.run.id], desk.now) == (len(left) < 2)
    if not left:
        assert desk.store.next_wake([desk.run.id], desk.now) == FOREVER
    desk.now += SECOND
    assert desk.store.lift("pause", scope, name, desk.now) and desk.store.orders(desk.now) == []
    assert {lease.target.url for lease in desk.lease()} == {A, B} - left
    assert not desk.store.paused([desk.run.id], desk.now)
    assert not desk.store.lift("pause", scope, name, desk.now)


def test_a_www_met_later_is_meant_with_its_bare_host(desk: Desk) -> None:
    for order in (
        Order(scope="host", name="a.example", since=desk.now, why="they asked"),
        Order(kind="delay", scope="host", name="b.example", since=desk.now, delay=30 * SECOND),
    ):
        desk.store.order(order)
    desk.add("https://www.a.example/1", "https://www.b.example/1", "https://wwww.a.example/1")
    assert {lease.target.url for lease in desk.lease()} == {
        "https://www.b.example/1",
        "https://wwww.a.example/1",
    }
    told = {order.name: (order.why, order.delay) for order in desk.store.orders(desk.now)}
    assert told["www.a.example"] == ("they asked", 0) and told["www.b.example"] == ("", 30 * SECOND)
    assert desk.store.lift("pause", "host", "www.a.example", desk.now)
    assert [lease.target.url for lease in desk.lease()] == ["https://www.a.example/1"]


@pytest.mark.parametrize(("scope", "name"), [("all", ""), ("job", "job"), ("host", "a.example")])
def test_a_pause_may_end_by_itself(scope: Scope, name: str, desk: Desk) -> None:
    desk.add(A)
    until = START + 100 * SECOND
    desk.store.order(Order(scope=scope, name=name, since=desk.now, until=until))
    desk.now += SECOND
    assert desk.lease() == [] and desk.store.next_wake([desk.run.id], desk.now) == until
    desk.now = until
    assert desk.store.orders(desk.now) == [] and not desk.store.paused([desk.run.id], desk.now)
    assert desk.one().target.url == A
    assert not desk.store.lift("pause", scope, name, desk.now)


def test_what_is_in_flight_is_settled_and_then_the_host_is_left_alone(desk: Desk) -> None:
    desk.add(A)
    lease = desk.one()
    desk.store.order(Order(scope="host", name="a.example", since=desk.now))
    assert not desk.settle(lease, Again(desk.now, "x")).stale
    desk.now += HOLD
    assert desk.lease() == []


def test_a_delay_holds_from_the_next_lease_and_counts_from_now(desk: Desk) -> None:
    desk.add(A)
    desk.store.order(
        Order(kind="delay", scope="host", name="a.example", since=desk.now, delay=50 * SECOND, who="ann")
    )
    assert desk.lease() == [] and desk.store.next_wake([desk.run.id], desk.now) == START + 50 * SECOND
    desk.now += 50 * SECOND
    lease = desk.one()
    assert lease.delay_set == 50 * SECOND
    host = desk.store.host("a.example")
    assert host is not None and host.next_at == desk.now + HOLD + 50 * SECOND
    assert [o.delay for o in desk.store.orders(desk.now, "a.example")] == [50 * SECOND]
    assert desk.store.lift("delay", "host", "a.example", desk.now)
    desk.settle(lease, Again(desk.now, "x"))
    assert desk.one().delay_set is None


def test_orders_survive_and_a_second_one_replaces_the_first(desk: Desk) -> None:
    for why in ("one", "two"):
        desk.store.order(Order(scope="host", name="a.example", since=desk.now, why=why))
    desk.store.order(Order(kind="delay", scope="host", name="a.example", since=desk.now, delay=SECOND))
    again = Desk(desk.folder)
    assert [(o.kind, o.why) for o in again.store.orders(again.now)] == [("pause", "two"), ("delay", "")]
    again.store.close()


def test_a_job_that_never_was_cannot_be_paused(desk: Desk) -> None:
    with pytest.raises(ArchiveError, match="no such crawl"):
        desk.store.order(Order(scope="job", name="site:nobody", since=desk.now))
