"""How the cost of the queue grows with its length: `python -m tests.bench.queue_bench [URLS …]`.

For each size a fresh store is filled (URLs spread over a hundredth as many hosts, Zipf-like), then enqueueing of
links, leasing and committing are timed; bytes a URL are those of the database file after a checkpoint.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from archive.capture import Capture, FileState, Location, RecordIds, Written
from archive.store import Store
from archive.store.types import HostState, Lease, Settlement, Stored, Target

__all__ = ["measure"]

_START = 1_790_000_000_000_000
_SECOND = 1_000_000
_BATCH = 1_000
_ROUNDS = 40
_GROUP = 50
_LINKS = 20


def _target(number: int, hosts: int) -> Target:
    """The links of a page are of one host, mostly: twenty numbers in a row are."""
    mixed = (number // _LINKS) * 2_654_435_761 % 2**32
    host = f"www.paper-{int(hosts * (mixed / 2**32) ** 2)}.example"
    path = f"/2026/{number % 12 + 1:02}/news-of-the-day-{number * 40_503 % 2**32:08x}-and-what-it-means.html"
    return Target(
        url=f"https://{host}{path}",
        host=host,
        priority=50 + number % 3,
        depth=2,
        hops="LL",
        via=f"https://{host}/",
    )


def _written(number: int) -> Written:
    return Written(
        location=Location("bench.warc.gz", number * 10, 10),
        response_length=8,
        record_ids=RecordIds(response=f"urn:uuid:00000000-0000-4000-8000-{number:012}"),
        payload_digest="sha1:" + "A" * 32,
        status=200,
        media_type="text/html",
        complete=True,
    )


def _clock() -> complex:
    """CPU seconds, and wall clock as the imaginary part."""
    return complex(time.process_time(), time.perf_counter())


def measure(urls: int, folder: Path) -> dict[str, complex]:
    """Microseconds a URL (CPU, and wall clock as the imaginary part), bytes a URL, peak memory in MB."""
    hosts = max(10, urls // 100)
    path = folder / "crawl.db"
    store = Store.open(path)
    store.register_owner("bench", 1, Path("bench.lock"), _START)
    run = store.begin_run("bench", b"{}", _START)
    store.enqueue(run.id, _fronts(hosts), _START)
    began = _clock()
    last = began
    for at in range(0, urls, _BATCH):
        if at >= urls - 50 * _BATCH and last == began:
            last = _clock()
        store.enqueue(run.id, [_target(n, hosts) for n in range(at, min(urls, at + _BATCH))], _START)
    ended = _clock()
    filled = {"fill": (ended - began) / urls, "fill, last 50k": (ended - last) / min(urls, 50 * _BATCH)}
    store.close()
    size = path.stat().st_size / (urls + hosts)
    began = _clock()
    store = Store.open(path)
    store.register_owner("bench2", 1, Path("bench2.lock"), _START)
    store.release_dead(_START)
    run = store.begin_run("bench", b"", _START)
    assert store.next_wake([run.id]) is not None
    opened = _clock() - began
    began = _clock()
    assert store.outstanding([run.id]).queued > urls / 2
    outstanding = _clock() - began
    store.register_file("bench.warc.gz", 0, _START)
    spent = {"lease": 0j, "commit": 0j, "links": 0j}
    now, serial = _START + _SECOND, 0
    for turn in range(_ROUNDS):
        now += _SECOND
        t0 = _clock()
        leased = store.lease([run.id], now, _GROUP, 60 * _SECOND)
        t1 = _clock()
        group = [_settle(lease, serial + n, now) for n, lease in enumerate(leased)]
        serial += len(leased)
        t2 = _clock()
        store.commit(group, FileState(file="bench.warc.gz", committed=serial * 10), now)
        t3 = _clock()
        links = [_target(n, hosts) for page in range(_GROUP) for n in _links(turn * _GROUP + page, urls)]
        t4 = _clock()
        store.enqueue(run.id, links, now)
        spent["lease"] += t1 - t0
        spent["commit"] += t3 - t2
        spent["links"] += _clock() - t4
    store.close()
    each = _ROUNDS * _GROUP
    assert serial == each
    return {
        **{name: 1e6 * value for name, value in filled.items()},
        "lease": 1e6 * spent["lease"] / each,
        "commit": 1e6 * spent["commit"] / each,
        "link": 1e6 * spent["links"] / each / _LINKS,
        "bytes/URL": size,
        "open, ms": 1e3 * opened,
        "outstanding, ms": 1e3 * outstanding,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _links(page: int, urls: int) -> Iterator[int]:
    """Every fourth link is new, the others are known."""
    known = page * 104_729 % (urls // _LINKS) * _LINKS
    yield from range(known, known + 15)
    yield from range(urls + page * _LINKS, urls + page * _LINKS + 5)


def _fronts(hosts: int) -> Iterator[Target]:
    for n in range(hosts):
        host = f"www.paper-{n}.example"
        yield Target(url=f"https://{host}/", host=host, priority=10)


def _settle(lease: Lease, number: int, now: int) -> tuple[Settlement, Written]:
    capture = Capture(url=lease.target.url, fetched_at=now)
    outcome = Stored(next_due=now + 86_400 * _SECOND, extract=True)
    settlement = Settlement(
        lease=lease, outcome=outcome, host=HostState(next_at=now + 2 * _SECOND), capture=capture, now=now
    )
    return settlement, _written(number)


def _text(value: complex) -> str:
    return f"{value.real:.1f}/{value.imag:.1f}" if isinstance(value, complex) else f"{value:.1f}"


def main() -> None:
    for text in sys.argv[1:] or ["100000", "1000000"]:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            result = measure(int(text), Path(folder))
        print(
            f"{int(text):>11,} URLs: " + "  ".join(f"{k} {_text(v)}" for k, v in result.items()), flush=True
        )


if __name__ == "__main__":
    main()
