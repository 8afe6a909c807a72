"""What the store's tests share: a store with an owner, targets, settlements, captures that were written."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from archive.capture import Capture, FileState, Location, RecordIds, Revisit, Written
from archive.store import Store
from archive.store.types import (
    Committed,
    Dead,
    Denied,
    HostState,
    Kind,
    Lease,
    Outcome,
    RobotsEntry,
    Run,
    Settlement,
    State,
    Stored,
    Target,
)
from sites.url import host_key

__all__ = ["HOLD", "SECOND", "START", "Desk", "quick_folder", "target"]

START = 1_790_000_000_000_000
SECOND = 1_000_000
HOLD = 60 * SECOND

_tokens = itertools.count(1)


def target(url: str, **more: object) -> Target:
    return Target(url=url, host=host_key(url), **more)  # type: ignore[arg-type]


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A folder in memory where there is such a thing: thousands of commits need no real disk under them."""
    memory = "/dev/shm"
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


class Desk:
    """A store, one owner and a WARC file that is only spoken of; `now` goes on by hand."""

    def __init__(self, folder: Path, name: str = "", job: str = "job") -> None:
        self.folder = folder
        self.token = name or f"owner{next(_tokens)}"
        self.now = START
        self.store = Store.open(folder / "crawl.db")
        self.store.register_owner(self.token, 1, Path(f"{self.token}.lock"), self.now)
        self.file, self.length, self.serial = f"{self.token}.warc.gz", 0, 0
        self.store.register_file(self.file, 0, self.now)
        self.run: Run = self.store.begin_run(job, b"{}", self.now)

    def add(self, *urls: str, run: Run | None = None, **more: object) -> int:
        return self.store.enqueue((run or self.run).id, [target(url, **more) for url in urls], self.now)

    def lease(self, limit: int = 10, delay: int = 0, runs: Iterable[Run] = ()) -> list[Lease]:
        ids = [run.id for run in runs] or [self.run.id]
        return self.store.lease(ids, self.now, limit, HOLD, delay)

    def one(self) -> Lease:
        (lease,) = self.lease(1)
        return lease

    def written(self, capture: Capture, *, complete: bool = True, digest: str = "sha1:A") -> Written:
        self.serial += 1
        self.length += 100
        return Written(
            location=Location(self.file, self.length - 100, 100),
            response_length=60,
            record_ids=RecordIds(response=f"urn:{self.token}:{self.serial}", metadata="urn:m"),
            payload_digest=capture.revisit.payload_digest if capture.revisit else digest,
            payload_size=40,
            status=200,
            media_type="text/html",
            complete=complete and capture.revisit is None,
            revisit=capture.revisit,
        )

    def settlement(
        self,
        lease: Lease,
        outcome: Outcome,
        *,
        next_at: int | None = None,
        targets: Sequence[Target] = (),
        robots: RobotsEntry | None = None,
        revisit: Revisit | None = None,
        capture: bool | None = None,
        host: HostState | None = None,
    ) -> tuple[Settlement, Written | None]:
        came = isinstance(outcome, Stored) if capture is None else capture
        kept = Capture(url=lease.target.url, fetched_at=self.now, revisit=revisit) if came else None
        settlement = Settlement(
            lease=lease,
            outcome=outcome,
            host=host or HostState(next_at=self.now if next_at is None else next_at),
            capture=kept,
            targets=tuple(targets),
            robots=robots,
            now=self.now,
        )
        return settlement, self.written(kept) if kept else None

    def commit(self, *group: tuple[Settlement, Written | None]) -> list[Committed]:
        return self.store.commit(group, FileState(file=self.file, committed=self.length), self.now)

    def settle(self, lease: Lease, outcome: Outcome, **more: object) -> Committed:
        (done,) = self.commit(self.settlement(lease, outcome, **more))  # type: ignore[arg-type]
        return done

    def state(self, url: str, kind: Kind = Kind.PAGE, robots_for: str = "") -> State | None:
        row = self.store.url(url, kind, robots_for)
        return row.state if row else None

    def reach(self, state: State, url: str) -> None:
        """Bring a queued URL, alone on its host, into a state."""
        if state == State.QUEUED:
            return
        lease = self.one()
        assert lease.target.url == url
        outcomes: dict[State, Outcome] = {
            State.STORED: Stored(),
            State.DONE: Stored(extract=False),
            State.DENIED: Denied("robots.txt: Disallow: /"),
            State.DEAD: Dead("404"),
        }
        if state in outcomes:
            self.settle(lease, outcomes[state])
        assert self.state(url) == state

    def sound(self) -> None:
        assert self.store.problems(pages=False) == []
