"""The WARC side of the commit point when the disk fails, the process dies or the power goes, at every single call.

A life is: take over what three dead processes left, record six groups over rotating files, seal. It is lived once
for every n with a fault in its nth call. Then: all that was acknowledged is there and nothing else, no record is
torn, no byte of a dead process is gone, and a fresh process goes on by itself.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from archive.capture import FileState, Written
from archive.errors import ArchiveError, DiskFull
from archive.reader import Damage, read_file
from archive.recorder import Recorder
from archive.recovery import recover
from archive.store.connection import DatabaseFull
from archive.store.types import Committed, Settlement
from archive.takeover import QUARANTINE
from archive.warc import Disk
from tests.archive_kit import CLOCK, MemoryLedger, assert_sound, html, pages, recorder, settle
from tests.archive_store_kit import quick_folder
from tests.faulty_disk import FaultyDisk, Killed

TAILS = (b"\x1f\x8b torn by a kill", b"begun, never registered", b"behind a full file")
ROTATE = 14_000


class DyingLedger(MemoryLedger):
    """A ledger whose process may be killed right before and right after each of its transactions; or its `nth`
    transaction fails with `error`."""

    def __init__(self, disk: FaultyDisk, nth: int = 0, error: ArchiveError | None = None) -> None:
        super().__init__()
        self._disk, self._nth, self._error, self.count = disk, nth, error, 0

    def _transaction(self) -> None:
        self._disk.point("transaction")
        self.count += 1
        if self.count == self._nth and self._error is not None:
            raise self._error

    def register_file(self, file: str, committed: int, now: int) -> None:
        self._transaction()
        super().register_file(file, committed, now)
        self._disk.point("committed")

    def seal_file(self, file: str, committed: int) -> None:
        self._transaction()
        super().seal_file(file, committed)
        self._disk.point("committed")

    def commit(
        self, group: Sequence[tuple[Settlement, Written | None]], file: FileState | None, now: int
    ) -> list[Committed]:
        self._transaction()
        done = super().commit(group, file, now)
        self._disk.point("committed")
        return done


def leave(ledger: MemoryLedger, directory: Path) -> None:
    """What dead processes left: a file with a torn tail, one never registered, one killed while it was sealed,
    one that is full."""
    for token, size in (("torn", 10**9), ("seal", 10**9), ("full", 10**9)):
        rec = recorder(ledger, directory, token=token, max_file_size=size)
        if ledger.files:  # its own file, not the last one's
            rec.record([settle(html(url=f"http://a.example/{token}"))])
        else:
            rec.start()
            rec.record([settle(page) for page in pages(2)])
        path, length = directory / (rec.file + ".open"), ledger.files[rec.file].committed
        rec.close()
        if token == "seal":
            path.rename(path.with_name(path.name.removesuffix(".open")))
        else:
            path.write_bytes(path.read_bytes() + (TAILS[0] if token == "torn" else TAILS[2]))
            assert path.stat().st_size > length
    (directory / "broadsheet-20260101000000-dead-00001.warc.gz.open").write_bytes(TAILS[1])


def live(rec: Recorder, groups: int = 6) -> list[str]:
    """The URLs that were acknowledged, in a life that goes on where it may and stops where it must."""
    told: list[str] = []
    try:
        rec.start()
        for number in range(groups):
            group = [settle(page) for page in pages(2)]
            for _ in range(3):
                try:
                    done = rec.record(group)
                except DiskFull:
                    continue
                told += [one.lease.target.url for one in done if one.location]
                break
            else:
                break
            assert len(done) == 2, number
        rec.close(seal=True)
    except ArchiveError:  # a clear stop
        rec.close()
    return told


def prove(ledger: MemoryLedger, directory: Path, before: int, told: list[str]) -> None:
    """A fresh process goes on without help, and everything is as it must be."""
    assert [settlement.lease.target.url for settlement, _ in ledger.captures[before:]][: len(told)] == told
    after = recorder(ledger, directory, token="after", max_file_size=ROTATE, now=2 * CLOCK)
    after.start()
    after.record([settle(html())])
    after.close(seal=True)
    assert_sound(ledger, directory)
    for state in ledger.files.values():
        path = directory / state.file
        assert state.sealed and path.stat().st_size == state.committed, state
        assert not [item for item in read_file(path) if isinstance(item, Damage)]
    kept = b"".join(path.read_bytes() for path in (directory / QUARANTINE).iterdir())
    assert all(tail in kept for tail in TAILS), "bytes of a dead process are gone"


Life = Callable[[int, Path], FaultyDisk | DyingLedger]


def every(life: Life, at_least: int) -> None:
    """Live with a fault in the nth call, for every n until the fault comes too late to strike."""
    with quick_folder() as folder:
        nth, struck = 0, True
        while struck:
            nth += 1
            struck = life(nth, folder / str(nth)).count >= nth
        assert nth > at_least


def prepared(directory: Path) -> tuple[MemoryLedger, int]:
    ledger = MemoryLedger()
    leave(ledger, directory)
    return ledger, len(ledger.captures)


def faced(ledger: MemoryLedger, mortal: DyingLedger) -> DyingLedger:
    """The same books, in the hands of a process that may die."""
    mortal.files, mortal.captures, mortal.entries = ledger.files, ledger.captures, ledger.entries
    return mortal


@pytest.mark.parametrize(
    ("error", "short", "forever"),
    [
        (errno.EIO, 0, False),
        (errno.EIO, 0, True),
        (errno.ENOSPC, 900, False),
        (errno.ENOSPC, 0, True),
        (errno.EROFS, 900, False),
    ],
)
def test_a_call_fails(error: int, short: int, forever: bool) -> None:
    def life(nth: int, directory: Path) -> FaultyDisk:
        ledger, before = prepared(directory)
        disk = FaultyDisk(nth, error, short=short, forever=forever)
        told = live(recorder(ledger, directory, disk, max_file_size=ROTATE))
        assert len(ledger.captures) - before == len(told)
        if error == errno.ENOSPC and not forever and disk.count >= nth and told:
            assert len(told) == 12, "a full disk passes: the crawl must have gone on"
        prove(ledger, directory, before, told)
        return disk

    every(life, 60)


@pytest.mark.parametrize("error", [DatabaseFull("full"), ArchiveError("disk I/O error")])
def test_a_transaction_fails(error: ArchiveError) -> None:
    def life(nth: int, directory: Path) -> DyingLedger:
        ledger, before = prepared(directory)
        disk = FaultyDisk()
        mortal = faced(ledger, DyingLedger(disk, nth, error))
        told = live(recorder(mortal, directory, disk, max_file_size=ROTATE))
        open_files = [path for path in directory.iterdir() if path.name.endswith(".open")]
        assert len(open_files) <= 4, "a failed registration may not leave a file behind at every try"
        prove(ledger, directory, before, told)
        return mortal

    every(life, 10)


@pytest.mark.parametrize("power", [True, False], ids=["power cut", "kill"])
def test_the_process_dies(power: bool) -> None:
    def life(nth: int, directory: Path) -> FaultyDisk:
        ledger, before = prepared(directory)
        disk = FaultyDisk(nth, kill=True)
        mortal = faced(ledger, DyingLedger(disk))
        try:
            live(recorder(mortal, directory, disk, max_file_size=ROTATE))
        except Killed:
            disk.power_cut() if power else disk.die()
        prove(ledger, directory, before, [])
        return disk

    every(life, 60)


def _lost_track(ledger: MemoryLedger, directory: Path) -> Iterator[str]:
    """Files and books that do not fit: records behind the commit, a lost end, an unknown file."""
    for token in ("behind", "short", "unknown"):
        rec = recorder(ledger, directory, token=token)
        rec.record([settle(page) for page in pages(2)])
        first = ledger.files[rec.file].committed
        rec.record([settle(html(url=f"http://a.example/{token}"))])
        name, path = rec.file, directory / (rec.file + ".open")
        rec.close()
        match token:
            case "behind":
                ledger.files[name] = FileState(file=name, committed=first)
                ledger.entries[name] = {at: e for at, e in ledger.entries[name].items() if at < first}
                path.write_bytes(path.read_bytes() + TAILS[0])
            case "short":
                path.write_bytes(path.read_bytes()[: first + 40])
            case _:
                del ledger.files[name], ledger.entries[name]
        yield name


@pytest.mark.parametrize("kill", [False, True], ids=["EIO", "kill"])
def test_recover_is_struck(kill: bool) -> None:
    """Whatever strikes `recover`, running it once more makes all fit, with all that was whole taken in."""

    def life(nth: int, directory: Path) -> FaultyDisk:
        ledger, disk = MemoryLedger(), FaultyDisk(nth, kill=kill)
        behind, short, unknown = _lost_track(ledger, directory)
        try:
            with suppress(ArchiveError):
                recover(ledger, directory, CLOCK, disk=disk)
        except Killed:
            disk.die()
        recover(ledger, directory, CLOCK + 1)
        assert {name: len(ledger.entries[name]) for name in (behind, short, unknown)} == {
            behind: 3, short: 2, unknown: 3,
        }  # fmt: skip
        assert recover(ledger, directory, CLOCK + 2) == []
        rec = recorder(ledger, directory, token="after")
        assert rec.start() == ()
        rec.close()
        kept = b"".join(path.read_bytes() for path in (directory / QUARANTINE).iterdir())
        assert TAILS[0] in kept
        return disk

    every(life, 12)


def test_a_disk_names_what_failed(tmp_path: Path) -> None:
    rec = recorder(MemoryLedger(), tmp_path / "archive", FaultyDisk(2, errno.EROFS))
    rec.start()
    with pytest.raises(ArchiveError, match=rf"{tmp_path}.*no new file could be begun: Read-only file system"):
        rec.record([settle(html())])
    rec = recorder(MemoryLedger(), tmp_path / "file" / "archive", Disk())
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ArchiveError, match="Not a directory"):
        rec.record([settle(html())])
