"""Backups: made while a process writes, gone on with as they are, made again, refused where they would do harm."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.backup import back_up
from archive.errors import ArchiveError, DiskFull
from archive.importing import import_file
from archive.index import ArticleIndex
from archive.recorder import Recorder
from archive.recovery import recover
from archive.store import Store
from archive.store.types import HostState, Lease, Settlement, Stored, Target
from archive.verify import verify_store
from tests.archive_kit import CLOCK, INFO, html
from tests.faulty_disk import FaultyDisk

HOUR = 3_600_000_000


class Process:
    """A crawl at work in `data`: pages 0, 1, 2 … of one host, files of a few records."""

    def __init__(self, data: Path, token: str, now: int = CLOCK) -> None:
        self.now, self._archive = now, data / "archive"
        self.store = Store.open(data / "crawl.db")
        self.store.register_owner(token, os.getpid(), Path(f"{token}.lock"), now)
        self.freed = self.store.release_dead(now)
        self.recorder = Recorder(self.store, self._archive, INFO, 9_000, clock=lambda: self.now, token=token)
        self.moved = self.recorder.start()
        self.run = self.store.begin_run("job", b"{}", now)

    def add(self, count: int) -> None:
        targets = [Target(url=f"http://a.example/{n}", host="a.example") for n in range(count)]
        self.store.enqueue(self.run.id, targets, self.now)

    def lease(self) -> list[Lease]:
        self.now += HOUR
        return self.store.lease([self.run.id], self.now, 1, 1)

    def crawl(self, count: int) -> None:
        for _ in range(count):
            (lease,) = self.lease()
            capture = html(os.urandom(400).hex().encode(), url=lease.target.url)
            outcome, host = Stored(next_due=self.now * 2), HostState(next_at=0)
            self.recorder.record([Settlement(lease=lease, outcome=outcome, host=host, capture=capture)])

    def urls(self) -> list[str]:
        return sorted(row.url for row in self.store.select_captures())

    def close(self) -> None:
        self.recorder.close()
        self.store.release_owner(self.now)
        self.store.close()


@pytest.fixture
def crawl(tmp_path: Path) -> Iterator[Process]:
    (tmp_path / "data").mkdir()
    ArticleIndex.open(tmp_path / "data" / "articles.db").close()
    process = Process(tmp_path / "data", "one")
    process.add(20)
    process.crawl(7)
    yield process
    process.close()


def went_on(folder: Path, token: str, urls: int) -> None:
    """A crawl goes on in a restored folder, to the end."""
    process = Process(folder, token, CLOCK + 100 * HOUR)
    assert process.moved == () and process.freed == 0
    process.crawl(20 - urls)
    assert process.urls() == sorted(f"http://a.example/{n}" for n in range(20))
    process.close()
    proved(folder)


def proved(folder: Path) -> None:
    store = Store.open(folder / "crawl.db")
    assert list(verify_store(store, folder / "archive")) == []
    assert store.problems() == []
    assert recover(store, folder / "archive", CLOCK) == []
    store.close()


def test_a_backup_of_a_crawl_at_work_is_gone_on_with(crawl: Process, tmp_path: Path) -> None:
    (lease,) = crawl.lease()
    backup = back_up(tmp_path / "data", tmp_path / "backup", CLOCK)
    assert backup.copied == 1 and backup.linked == backup.files - 1 >= 2 and not backup.elsewhere
    crawl.recorder.record(
        [
            Settlement(
                lease=lease, outcome=Stored(), host=HostState(next_at=0), capture=html(url=lease.target.url)
            )
        ]
    )
    crawl.crawl(5)
    restored = Path(shutil.copytree(tmp_path / "backup", tmp_path / "restored"))
    proved(restored)
    store = Store.open(restored / "crawl.db")
    row = store.url(lease.target.url)
    assert row is not None and row.state == 0, "what the process held is free in the copy"
    store.close()
    went_on(restored, "two", urls=7)
    assert len(crawl.urls()) == 13


def test_made_again_it_takes_what_is_new_and_drops_what_is_sealed_or_forgotten(
    crawl: Process, tmp_path: Path
) -> None:
    data, into = tmp_path / "data", tmp_path / "backup"
    first = back_up(data, into, CLOCK)
    before = {path.name for path in (into / "archive").iterdir()}
    (into / "archive" / "broadsheet-20260101000000-gone-00001.warc.gz").write_bytes(b"forgotten since")
    (data / "archive" / "quarantine").mkdir()
    (data / "archive" / "quarantine" / "odd.tail").write_bytes(b"odd bytes")
    crawl.crawl(6)
    second = back_up(data, into, CLOCK + HOUR)
    names = {path.name for path in (into / "archive").iterdir()}
    assert second.files > first.files and second.linked < second.files
    assert names == {path.name for path in (data / "archive").iterdir()} != before
    assert (into / "archive" / "quarantine" / "odd.tail").read_bytes() == b"odd bytes"
    assert not [path for path in into.rglob("*") if path.name.endswith((".part", "-wal", "-shm"))]
    went_on(into, "two", urls=13)


def test_files_of_others_are_named_not_copied(crawl: Process, tmp_path: Path) -> None:
    other = tmp_path / "other.warc.gz"
    shutil.copyfile(next((tmp_path / "data" / "archive").glob("*.warc.gz")), other)
    import_file(other, crawl.store, CLOCK)
    assert back_up(tmp_path / "data", tmp_path / "backup", CLOCK).elsewhere == (str(other),)


def test_where_a_backup_would_do_harm_it_is_refused(crawl: Process, tmp_path: Path) -> None:
    data = tmp_path / "data"
    full = tmp_path / "photographs"
    full.mkdir()
    (full / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(ArchiveError, match="neither empty nor a backup"):
        back_up(data, full, CLOCK)
    for inside in (data, data / "backup", tmp_path):
        with pytest.raises(ArchiveError, match="outside the data folder"):
            back_up(data, inside, CLOCK)
    back_up(data, tmp_path / "backup", CLOCK)
    shutil.copytree(data, tmp_path / "other")
    with pytest.raises(ArchiveError, match=f"is a backup of {data}"):
        back_up(tmp_path / "other", tmp_path / "backup", CLOCK)
    with pytest.raises(ArchiveError, match="no such database"):
        back_up(tmp_path / "nothing", tmp_path / "new", CLOCK)


def test_what_is_missing_is_named(crawl: Process, tmp_path: Path) -> None:
    data = tmp_path / "data"
    sealed = next((data / "archive").glob("*.warc.gz"))
    held = sealed.read_bytes()
    sealed.unlink()
    with pytest.raises(ArchiveError, match=f"{sealed.name}: the file is gone"):
        back_up(data, tmp_path / "backup", CLOCK)
    sealed.write_bytes(held)
    still_open = next((data / "archive").glob("*.open"))
    os.truncate(still_open, 10)
    with pytest.raises(ArchiveError, match=r"bytes are committed, only 10 are there"):
        back_up(data, tmp_path / "backup", CLOCK)
    still_open.write_bytes(b"")


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC])
def test_a_backup_that_fails_leaves_the_one_before(crawl: Process, tmp_path: Path, error: int) -> None:
    data, into = tmp_path / "data", tmp_path / "backup"
    back_up(data, into, CLOCK)
    crawl.crawl(3)
    nth, made = 0, False
    while not made:
        nth += 1
        disk = FaultyDisk(nth, error)
        told: ArchiveError | None = None
        try:
            back_up(data, into, CLOCK + nth, disk=disk)
        except ArchiveError as failure:
            told = failure
        made = told is None
        assert made or isinstance(told, DiskFull) == (error == errno.ENOSPC)
        if "fsync_directory" not in disk.log:  # the new names were not given yet
            restored = Path(shutil.copytree(into, tmp_path / f"restored{nth}"))
            proved(restored)
            went_on(restored, "two", urls=7)
    assert nth > 5
    went_on(into, "two", urls=10)
