"""What `status` asks the store: hosts by what they wait for, queues by job, rates, what fails, who is at work."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from archive.capture import Capture
from archive.store.orders import Order
from archive.store.types import HostState, Lease, PutBack, Stored
from tests.archive_store_kit import SECOND, START, Desk, quick_folder

MINUTE = 60 * SECOND


@pytest.fixture
def desk() -> Iterator[Desk]:
    with quick_folder() as folder:
        desk = Desk(folder, job="site:gazette")
        yield desk
        desk.store.close()


def url(host: str, page: int = 1) -> str:
    return f"https://{host}.example/{page}"


def put_back(desk: Desk, lease: Lease, **host: object) -> None:
    state = HostState(**{"next_at": desk.now, **host})  # type: ignore[arg-type]
    desk.settle(lease, PutBack(desk.now, "x"), host=state)


def test_hosts_are_counted_by_what_they_wait_for(desk: Desk) -> None:
    desk.add(*(url(h) for h in ("asked", "delay", "rests", "paused", "quiet")))
    leases = {lease.target.host.partition(".")[0]: lease for lease in desk.lease()}
    put_back(desk, leases["delay"], next_at=START + 2 * SECOND, delay=2 * SECOND)
    put_back(desk, leases["rests"], next_at=START + MINUTE, resting="Retry-After")
    put_back(desk, leases["quiet"], next_at=START + 2 * MINUTE, resting="quiet hours")
    put_back(desk, leases["paused"])
    desk.store.order(Order(scope="host", name="paused.example", since=desk.now))
    desk.add(url("ready"))
    seen = desk.store.overview(desk.now)
    assert seen.waits == {
        "asked now": 1, "delay": 1, "Retry-After": 1, "quiet hours": 1, "paused": 1, "ready": 1,
    }  # fmt: skip
    assert [host.key for host in seen.resting] == ["paused.example", "quiet.example", "rests.example"]
    assert [order.name for order in seen.orders] == ["paused.example"]
    (queue,) = seen.queues
    assert (queue.job, queue.urls, queue.hosts, queue.ready) == ("site:gazette", 5, 6, 1)
    assert [host.key for host in desk.store.overview(desk.now, limit=1).resting] == ["paused.example"]


def test_a_paused_job_says_so(desk: Desk) -> None:
    desk.add(url("a"))
    desk.store.order(Order(scope="job", name="site:gazette", since=desk.now, until=START + MINUTE))
    (queue,) = desk.store.overview(desk.now).queues
    assert queue.paused_until == queue.next_at == START + MINUTE
    (queue,) = desk.store.overview(START + MINUTE).queues
    assert queue.paused_until == 0


def test_rates_and_failures_are_those_of_the_last_captures(desk: Desk) -> None:
    """Ten captures, one every half minute; those of the host "bad" fail."""
    for n in range(10):
        desk.now = START + n * MINUTE // 2
        host = "bad" if n % 5 == 4 else "good"
        desk.add(url(host, n))
        lease = desk.one()
        capture = Capture(
            url=lease.target.url, fetched_at=desk.now, error="timeout: no head" if n == 4 else ""
        )
        settlement, _ = desk.settlement(lease, Stored())
        written = desk.written(capture)
        status = {"good": 200, "bad": 0 if n == 4 else 503}[host]
        desk.commit(
            (
                msgspec.structs.replace(settlement, capture=capture),
                msgspec.structs.replace(written, status=status),
            )
        )
    seen = desk.store.overview(desk.now)
    one, five, quarter = seen.rates
    assert (one.minutes, one.captures, one.bytes) == (1, 3, 300)
    assert one.failed == pytest.approx(1 / 3, abs=1e-3)
    assert (five.captures, five.failed) == (2, 0.2) and quarter.captures == pytest.approx(10 / 15, abs=0.01)
    (bad,) = seen.failing
    assert (bad.host, bad.asked, bad.failed, bad.last) == ("bad.example", 2, 2, desk.now)
    assert bad.reasons == {"timeout": 1, "status 503": 1}
    assert desk.store.overview(desk.now + 60 * MINUTE).rates[0].captures == 0


def test_who_is_at_work_is_seen_and_not_disturbed(desk: Desk) -> None:
    other = Desk(desk.folder, "other")
    assert len(desk.store.overview(desk.now).processes) == 2
    other.store.close()  # as if it had been killed: its lock is free, its row is still there
    assert [process.pid for process in desk.store.overview(desk.now).processes] == [1]
    assert desk.store.others(desk.now) == 0


def test_what_is_too_much_to_count_is_not_counted(desk: Desk) -> None:
    desk.add(*(url("a", n) for n in range(5)))
    desk.settle(desk.one(), Stored())
    whole, short = desk.store.stats(desk.now), desk.store.stats(desk.now, most=1)
    assert whole.urls["queued"] == 4 and whole.urls["stored"] == 1 and short.urls == whole.urls
    assert whole.counted and whole.extractions == {"pending": 1}
    assert not short.counted and short.extractions == {"pending": 1, "claimed": 0} and short.captures == 1
    assert desk.store.stats(desk.now, most=2).counted
