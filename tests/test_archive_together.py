"""Recorder, reader, verify and recover with the real store: what one writes, the others find."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.importing import import_file
from archive.reader import Damage, read_capture, read_file
from archive.recorder import Recorder
from archive.recovery import recover
from archive.store import Store
from archive.store.types import HostState, Settlement, Stored, Target
from archive.verify import verify_store
from archive.warc import rejoin
from tests.archive_kit import CLOCK, INFO, checked, html
from tests.corpus import corpus_path

HOUR = 3_600_000_000


def opened(folder: Path, token: str = "one") -> Store:
    store = Store.open(folder / "crawl.db")
    store.register_owner(token, os.getpid(), Path(f"{token}.lock"), CLOCK)
    return store


def crawl(store: Store, recorder: Recorder, urls: list[str], now: int, body: bytes = b"<p>same") -> None:
    run = store.begin_run("job", b"{}", now)
    store.enqueue(run.id, [Target(url=url, host="a.example") for url in urls], now)
    for number in range(len(urls)):
        moment = now + number * HOUR
        (lease,) = store.lease([run.id], moment, 1, 1)
        capture = html(body, url=lease.target.url)
        settlement = Settlement(lease=lease, outcome=Stored(), host=HostState(next_at=0), capture=capture)
        (done,) = recorder.record([settlement])
        assert done.capture_id and not done.stale
    store.finish_run(run.id, now)


def run_ids(store: Store) -> list[int]:
    return [run.id for run in store.runs()]


def test_a_crawl_its_revisit_and_its_proof(tmp_path: Path) -> None:
    store = opened(tmp_path)
    recorder = Recorder(store, tmp_path / "archive", INFO, clock=lambda: CLOCK, token="one")
    recorder.start()
    urls = ["http://a.example/1", "http://a.example/2"]
    crawl(store, recorder, urls, CLOCK)
    crawl(store, recorder, urls, CLOCK + 24 * HOUR)
    revisit, original = store.captures_of(urls[0])
    assert revisit.revisit_of == original.record_id and not original.revisit_of
    again = read_capture(store.file_path(revisit.location.file), revisit.location)
    first = read_capture(store.file_path(original.location.file), original.location)
    assert rejoin(again, first).page().html == b"<p>same"
    claimed = {
        claim.capture_id: claim.original for claim in store.claim_extractions(9, CLOCK, run_ids(store))
    }
    assert claimed[original.capture_id] is None and claimed[revisit.capture_id] == original.location
    assert list(verify_store(store, tmp_path / "archive")) == []
    recorder.close(seal=True)
    assert list(verify_store(store, tmp_path / "archive")) == []
    checked(store.file_path(revisit.location.file))
    store.close()


def test_a_lost_database_is_recovered(tmp_path: Path) -> None:
    store = opened(tmp_path)
    recorder = Recorder(store, tmp_path / "archive", INFO, clock=lambda: CLOCK, token="one")
    recorder.start()
    crawl(store, recorder, ["http://a.example/1", "http://a.example/2"], CLOCK)
    recorder.close()
    before = [row.location for row in store.select_captures()]
    store.close()
    (tmp_path / "crawl.db").unlink()
    (tmp_path / "crawl.db-wal").unlink(missing_ok=True)
    (tmp_path / "crawl.db-shm").unlink(missing_ok=True)
    fresh = Store.open(tmp_path / "crawl.db")
    (result,) = recover(fresh, tmp_path / "archive", CLOCK)
    assert result.adopted == 2
    assert [row.location for row in fresh.select_captures()] == before
    assert list(verify_store(fresh, tmp_path / "archive")) == []
    fresh.close()


def test_imported_captures_are_read_from_where_they_lie(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "crawl.db")
    names = (
        "warcio__example.warc.gz",
        "warcio__example-bad-non-chunked.warc.gz",
        "replayweb.page__example.wacz",
    )
    for name in names:
        path = corpus_path("warc-samples", name)
        report = import_file(path, store, CLOCK)
        assert report.new == report.captures > 0
        assert import_file(path, store, CLOCK).new == 0
    rows = list(store.select_captures())
    assert rows and all(row.imported for row in rows)
    for row in rows:
        capture = read_capture(store.file_path(row.location.file), row.location)
        assert capture.fetched_at == row.fetched_at and capture.status == row.status
    store.close()


@pytest.mark.check
def test_kills_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    dice = random.Random(7)
    for number in range(12):
        command = [sys.executable, "-m", "tests.archive_child", str(tmp_path), f"child{number}"]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1])
        assert child.stdout is not None
        reported = int(child.stdout.readline())
        until = time.monotonic() + dice.uniform(0.05, 0.6)
        while time.monotonic() < until:
            reported += int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        reported += sum(int(line) for line in child.stdout if line.endswith("\n"))
        child.wait()
        child.stdout.close()

        store = opened(tmp_path, f"after{number}")
        recorder = Recorder(store, tmp_path / "archive", INFO, clock=lambda: CLOCK, token=f"after{number}")
        recorder.start()
        recorder.close()
        rows = list(store.select_captures())
        urls = [row.url for row in rows if f"/child{number}/" in row.url]
        assert len(urls) == len(set(urls)), "settled twice"
        assert len(rows) >= reported
        assert list(verify_store(store, tmp_path / "archive")) == []
        assert store.problems() == []
        store.release_owner(CLOCK)
        store.close()
    for path in (tmp_path / "archive").glob("*.warc.gz*"):
        assert not [item for item in read_file(path) if isinstance(item, Damage)]
