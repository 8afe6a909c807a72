"""The commit point: groups whole or not at all, under every fault; what dead processes left is taken over."""

from __future__ import annotations

import errno
from pathlib import Path

import msgspec
import pytest

from archive.capture import FileState
from archive.errors import ArchiveError, DiskFull
from archive.store.connection import CommitUncertain, DatabaseFull
from archive.store.types import Dead, Previous, Stored
from tests.archive_kit import CLOCK, MemoryLedger, assert_sound, checked, html, pages, recorder, settle
from tests.faulty_disk import FaultyDisk


def test_a_group_is_committed_with_places_and_lengths(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    rec = recorder(ledger, tmp_path)
    assert rec.start() == ()
    assert rec.record([]) == [] and rec.file == ""
    done = rec.record([settle(page) for page in pages(3)] + [settle(None)])
    assert [c.location is not None for c in done] == [True, True, True, False]
    name = rec.file
    assert ledger.files[name].committed == (tmp_path / (name + ".open")).stat().st_size
    rec.close(seal=True)
    assert ledger.files[name].sealed
    checked(tmp_path / name)
    assert_sound(ledger, tmp_path)


def test_files_rotate_before_a_group(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    rec = recorder(ledger, tmp_path, max_file_size=9_000)
    rec.start()
    for page in pages(12):
        rec.record([settle(page)])
    rec.close()
    assert len(ledger.files) > 2 and [s.sealed for s in ledger.files.values()].count(False) == 1
    assert all(path.stat().st_size <= 9_000 for path in tmp_path.iterdir())
    assert_sound(ledger, tmp_path)


def test_an_unsealed_file_is_continued(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    rec = recorder(ledger, tmp_path)
    rec.start()
    rec.record([settle(html())])
    name = rec.file
    rec.close()
    again = recorder(ledger, tmp_path, token="two")
    assert again.start() == () and again.file == name
    again.close()
    third = recorder(ledger, tmp_path, token="three")
    assert third.start() == ()
    third.record([settle(html())])
    third.close(seal=True)
    checked(tmp_path / name)
    assert_sound(ledger, tmp_path)


def test_two_processes_keep_apart(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    one, two = recorder(ledger, tmp_path), recorder(ledger, tmp_path, token="two")
    one.start()
    one.record([settle(html())])
    assert two.start() == ()
    two.record([settle(html())])
    assert one.file != two.file
    one.close()
    two.close()
    assert_sound(ledger, tmp_path)


def test_torn_and_uncommitted_bytes_go_to_quarantine(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    rec = recorder(ledger, tmp_path)
    rec.start()
    rec.record([settle(page) for page in pages(2)])
    path = tmp_path / (rec.file + ".open")
    rec.close()
    committed = path.read_bytes()
    path.write_bytes(committed + b"\x1f\x8b torn")
    stray = tmp_path / "broadsheet-20260101000000-dead-00001.warc.gz.open"
    stray.write_bytes(b"begun, never registered")
    again = recorder(ledger, tmp_path, token="two")
    moved = again.start()
    assert [(q.offset, q.path.read_bytes()) for q in moved] == [
        (0, b"begun, never registered"),
        (len(committed), b"\x1f\x8b torn"),
    ]
    assert path.read_bytes() == committed and not stray.exists()
    again.record([settle(html())])
    again.close()
    assert_sound(ledger, tmp_path)


def test_what_does_not_fit_stops_and_changes_nothing(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    rec = recorder(ledger, tmp_path)
    rec.start()
    rec.record([settle(html())])
    name = rec.file
    rec.close()
    path = tmp_path / (name + ".open")
    good = path.read_bytes()

    path.write_bytes(good + bytes(1000))
    with pytest.raises(ArchiveError, match=r"1000 bytes are not committed.*broadsheet recover"):
        recorder(ledger, tmp_path, max_tail=999).start()
    path.write_bytes(good[:-1])
    with pytest.raises(
        ArchiveError, match=f"{len(good)} bytes are committed, only {len(good) - 1} are there"
    ):
        recorder(ledger, tmp_path).start()
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(ArchiveError, match="the file is gone"):
        recorder(ledger, tmp_path).start()
    (tmp_path / "elsewhere").rename(tmp_path / name)
    with pytest.raises(ArchiveError, match="the database does not know this file"):
        recorder(MemoryLedger(), tmp_path).start()
    assert (tmp_path / name).read_bytes() == good[:-1] and not (tmp_path / "quarantine").exists()


def test_killed_between_rename_and_commit(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    rec = recorder(ledger, tmp_path)
    rec.start()
    rec.record([settle(html())])
    name = rec.file
    rec.close(seal=True)
    ledger.files[name] = msgspec.structs.replace(ledger.files[name], sealed=False)
    recorder(ledger, tmp_path).start()
    assert ledger.files[name].sealed


def test_a_full_disk_keeps_nothing_and_the_group_may_come_again(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    disk = FaultyDisk(3, errno.ENOSPC, ["write"])
    rec = recorder(ledger, tmp_path, disk)
    rec.start()
    rec.record([settle(html())])
    group = [settle(page) for page in pages(3)]
    with pytest.raises(DiskFull):
        rec.record(group)
    (state,) = ledger.files.values()
    assert (tmp_path / (state.file + ".open")).stat().st_size == state.committed
    assert len(rec.record(group)) == 3
    ledger.fail = DatabaseFull("full")
    with pytest.raises(DiskFull):
        rec.record(group)
    ledger.fail = None
    assert len(rec.record(group)) == 3
    rec.close(seal=True)
    checked(tmp_path / state.file)
    assert_sound(ledger, tmp_path)


def test_a_failed_fsync_is_never_tried_again(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    disk = FaultyDisk(3, errno.EIO, ["fdatasync"])
    rec = recorder(ledger, tmp_path, disk)
    rec.start()
    rec.record([settle(html())])
    before = rec.file
    rec.record([settle(page) for page in pages(2)])
    assert rec.file != before and ledger.files[before].sealed
    assert (tmp_path / before).stat().st_size == ledger.files[before].committed
    rec.close()
    assert_sound(ledger, tmp_path)


def test_an_uncertain_commit_leaves_the_bytes(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    rec = recorder(ledger, tmp_path)
    rec.start()
    ledger.fail = CommitUncertain("?")
    with pytest.raises(CommitUncertain):
        rec.record([settle(html())])
    path = tmp_path / (rec.file + ".open")
    assert path.stat().st_size > ledger.files[rec.file].committed
    rec.close()


def test_unchanged_pages_become_revisits(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    rec = recorder(ledger, tmp_path)
    rec.start()
    rec.record([settle(html())])
    _, first = ledger.captures[0]
    previous = Previous(record_id=first.record_ids.response, date=CLOCK, payload_digest=first.payload_digest)
    rec.record([settle(html(), previous), settle(html(b"<p>news"), previous)])
    same, news = ledger.captures[1][1], ledger.captures[2][1]
    assert same.revisit is not None and same.payload_digest == first.payload_digest and not same.complete
    assert news.revisit is None and news.complete
    rec.close()


def test_a_capture_that_may_not_be_archived_holds_up_nobody(tmp_path: Path) -> None:
    ledger = MemoryLedger()
    outcomes: list[object] = []
    commit = ledger.commit

    def watched(group: list, file: FileState | None, now: int) -> list:  # type: ignore[type-arg]
        outcomes.extend(settlement.outcome for settlement, _ in group)
        return commit(group, file, now)

    ledger.commit = watched  # type: ignore[method-assign,assignment]
    rec = recorder(ledger, tmp_path)
    rec.start()
    hostile = msgspec.structs.replace(html(), peer="1.2.3.4\r\nWARC-Type: response")
    done = rec.record([settle(html()), settle(hostile), settle(html())])
    assert [c.location is not None for c in done] == [True, False, True]
    assert isinstance(outcomes[0], Stored) and isinstance(outcomes[1], Dead)
    rec.close()
    assert_sound(ledger, tmp_path)
