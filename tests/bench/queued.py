"""A store with a queue of any length, and the crawl's own statements at work on it.

fill: a seed a host, then links in groups of twenty, each of one host, hosts at random and Zipf-like
turn: lease ─▶ commit ─▶ claim ─▶ links of the pages, of their own host

A hundred URLs a host, and all hosts are ready, as `line_up` or `scatter` leave them. Nothing is fetched and no WARC file is written: what is measured is the store alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archive.capture import Capture, FileState, Location, RecordIds, Written
from archive.store import Store
from archive.store.types import (
    ExtractionDone,
    HostState,
    Lease,
    PendingExtraction,
    Settlement,
    Stored,
    Target,
)
from tests.bench.meter import Meter

__all__ = ["GROUP", "LINKS", "NEW", "SECOND", "START", "Cost", "Queue", "links"]

START = 1_790_000_000_000_000
SECOND = 1_000_000
GROUP = 50
"""Hosts leased and captures committed at once."""
LINKS = 20
"""Links of a page."""
NEW = 5
"""So many of them are new."""
_BATCH = 1_000
_FAR = 3_571  # a prime: with each power of ten it gives all the remainders
_FILE = "bench.warc.gz"


class Cost(NamedTuple):
    """CPU seconds of the pieces of a turn."""

    lease: float
    commit: float
    claim: float
    links: float


def _host(number: int, hosts: int) -> str:
    """Twenty numbers in a row are of one host; a host's share is Zipf-like, whatever its own number."""
    mixed = (number // LINKS) * 2_654_435_761 % 2**32
    return f"www.paper-{_mixed(int(hosts * (mixed / 2**32) ** 2), hosts)}.example"


def _mixed(number: int, hosts: int) -> int:
    """All the numbers below a power of ten, in another order."""
    return number * 7_919 % hosts


def _target(number: int, host: str) -> Target:
    name = f"news-of-the-day-{number:08x}-and-what-it-means"
    url = f"https://{host}/2026/{number % 12 + 1:02}/{name}.html"
    return Target(url=url, host=host, priority=50 + number % 3, depth=2, hops="LL", via=f"https://{host}/")


def links(first: int, last: int, hosts: int) -> Iterator[Target]:
    """Those of these numbers."""
    return (_target(number, _host(number, hosts)) for number in range(first, last))


class Queue:
    """A store in `folder`, whose queue has or will have `urls` URLs, with this process as an owner."""

    def __init__(self, folder: Path, urls: int, owner: str) -> None:
        self.path, self._urls, self._hosts = folder / "crawl.db", urls, urls // 100
        self.store = Store.open(self.path)
        self._meter = Meter(self.store._db.conn)
        self.store.register_owner(owner, 1, Path(f"{owner}.lock"), START)
        self.run = self.store.begin_run("bench", b"", START)
        self._serial = self.store.stats(START).captures
        self._now = START + (3600 + self._serial) * SECOND  # whoever was met before is free again

    def fill(self) -> None:
        """Queue all the URLs, and each host's front page for tomorrow."""
        fronts = (f"www.paper-{number}.example" for number in range(self._hosts))
        seeds = [
            Target(url=f"https://{h}/", host=h, priority=10, due=START + 86_400 * SECOND) for h in fronts
        ]
        for at in range(0, len(seeds), _BATCH):
            self.store.enqueue(self.run.id, seeds[at : at + _BATCH], START)
        for at in range(0, self._urls, _BATCH):
            self.store.enqueue(self.run.id, links(at, min(self._urls, at + _BATCH), self._hosts), START + at)
        self.store.register_file(_FILE, 0, START)

    def line_up(self) -> None:
        """Let all hosts be ready in the order in which they were first heard of, as those of a list of seeds are."""
        self._wake("?1")

    def scatter(self) -> None:
        """Let all hosts be ready, each far from the one before it in the database."""
        self._wake(f"?1 - host_id * {_FAR} % {self._hosts}")

    def _wake(self, at: str) -> None:
        with self.store._write() as tx:
            tx.execute("UPDATE hosts SET next_at = 0")
            tx.execute(f"UPDATE queues SET due = {at}", (START,))
        self._now += 600 * SECOND  # by then all that were leased are free again

    def turn(self) -> Cost:
        """Lease hosts, commit a capture of each, and take its links as a worker found them."""
        self._now += SECOND
        with self._meter.piece("lease"):
            leased = self.store.lease([self.run.id], self._now, GROUP, 60 * SECOND, 2 * SECOND)
        assert len(leased) == GROUP, leased
        group = [self._settled(lease) for lease in leased]
        state = FileState(file=_FILE, committed=self._serial * 10 + 10)
        with self._meter.piece("commit"):
            self.store.commit(group, state, self._now)
        with self._meter.piece("claim"):
            claims = self.store.claim_extractions(GROUP, self._now, [self.run.id])
        assert len(claims) == GROUP
        done = [self._read(claim) for claim in claims]
        with self._meter.piece("links"):
            accepted = self.store.finish_extractions(done)
        assert accepted >= GROUP * NEW, accepted
        return Cost(*self._meter.read(Cost._fields))

    def _settled(self, lease: Lease) -> tuple[Settlement, Written]:
        self._serial += 1
        capture = Capture(url=lease.target.url, fetched_at=self._now)
        settlement = Settlement(
            lease=lease,
            outcome=Stored(next_due=self._now + 86_400 * SECOND, extract=True),
            host=HostState(next_at=self._now + 2 * SECOND),
            capture=capture,
            now=self._now,
        )
        return settlement, Written(
            location=Location(_FILE, self._serial * 10, 10),
            response_length=8,
            record_ids=RecordIds(response=f"urn:uuid:00000000-0000-4000-8000-{self._serial:012}"),
            payload_digest="sha1:" + "A" * 32,
            status=200,
            media_type="text/html",
            complete=True,
        )

    def _read(self, claim: PendingExtraction) -> ExtractionDone:
        host, number = claim.url.split("/")[2], int(claim.url.split("-")[-5], 16)
        known = number // LINKS * LINKS
        new = self._urls + claim.capture_id * NEW
        numbers = [*range(known, known + LINKS - NEW), *range(new, new + NEW)]
        return ExtractionDone(
            capture_id=claim.capture_id,
            fingerprint="f" * 16,
            outcome="ok",
            page_type="article",
            targets=tuple(_target(n, host) for n in numbers),
            shapes=(f"/2026/{number % 12 + 1:02}/*",),
            text=number + 1,
            now=self._now,
        )

    def close(self) -> None:
        """Part in order: the WAL is in the file then."""
        self.store.release_owner(self._now)
        self.store.close()
