"""The one commit point: captures into the WARC file, made durable, then everything in one transaction.

record(group) ─▶ append … append ─▶ fdatasync ─▶ store.commit(captures, states, file length) ─▶ Committed
    full disk:  back to the last committed byte, DiskFull; the same group may be tried again
    EIO:        never synced again; sealed at the committed length, the group goes into a new file
    kill:       start() moves what is behind the committed length to quarantine/
A group lies in one file whole; rotation is before a group.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from archive.capture import FileState, Written
from archive.errors import DISK_FULL, ArchiveError, failed
from archive.octets import octets_size
from archive.store.connection import CommitUncertain
from archive.store.types import Committed, Dead, Settlement, Stored
from archive.takeover import MAX_TAIL, Quarantined, take_over
from archive.warc import Disk, Info, WarcFile, as_revisit, new_record_id

__all__ = ["Ledger", "Recorder"]


class Ledger(Protocol):
    """What is asked of the store. `register_file` makes a file known (its warcinfo record is `committed`
    bytes), `commit` settles a group and moves the file's committed length, all in one durable transaction,
    `seal_file` says that no more will come. `own_files` lists those that were registered, not imported."""

    def own_files(self) -> list[FileState]: ...
    def register_file(self, file: str, committed: int, now: int) -> None: ...
    def seal_file(self, file: str, committed: int) -> None: ...
    def commit(
        self, group: Sequence[tuple[Settlement, Written | None]], file: FileState | None, now: int
    ) -> list[Committed]: ...


class Recorder:
    """Owns this process's WARC file in `directory`. `clock` gives microseconds, `token` tells this process's
    files from others'. One thread at a time. Call `start` first, `close` last."""

    def __init__(
        self,
        store: Ledger,
        directory: Path,
        info: Info,
        max_file_size: int = 10**9,
        *,
        clock: Callable[[], int],
        token: str,
        disk: Disk | None = None,
        new_id: Callable[[], str] = new_record_id,
        max_tail: int = MAX_TAIL,
    ) -> None:
        self._store, self._directory, self._info = store, directory, info
        self._max, self._clock, self._token = max_file_size, clock, token
        self._disk, self._new_id, self._max_tail = disk or Disk(), new_id, max_tail
        self._file: WarcFile | None = None
        self._fresh: WarcFile | None = None  # made, but the store had no room to hear of it
        self._begun = False  # whether the file has a warcinfo record of this process
        self._serial = 0

    @property
    def file(self) -> str:
        """The final name of the file being written, "" when there is none."""
        return self._file.file if self._file else ""

    def start(self) -> tuple[Quarantined, ...]:
        """Take over what dead processes left: one file is gone on with, others are sealed, bytes behind the
        last commit go to quarantine/. ArchiveError, naming `broadsheet recover`, when files and database do
        not fit together: nothing has been changed then."""
        taken = take_over(
            self._store,
            self._directory,
            now=self._clock(),
            disk=self._disk,
            new_id=self._new_id,
            max_size=self._max,
            max_tail=self._max_tail,
        )
        self._file, self._begun = taken.file, False
        return taken.quarantined

    def record(self, settlements: Sequence[Settlement]) -> list[Committed]:
        """Archive and settle a group: all of it, durably, or nothing (DiskFull, ArchiveError). A capture that
        says nothing new becomes a revisit record; one that may not be archived (a control character in a
        header field) is settled as dead, the others are not held up by it."""
        group = [_deduplicated(settlement) for settlement in settlements]
        size = sum(_size(settlement) for settlement in group)
        if not any(settlement.capture for settlement in group):
            return self._commit([(settlement, None) for settlement in group], None)
        try:
            return self._record_in(self._ready(size), group)
        except _LostFileError:
            pass
        try:
            return self._record_in(self._ready(size), group)
        except _LostFileError as lost:
            raise failed("the disk fails", lost.error, self._directory) from lost

    def close(self, *, seal: bool = False) -> None:
        """Let the file go; unsealed, the next run goes on in it."""
        if self._file is not None and seal:
            self._seal()
        for file in (self._file, self._fresh):
            if file is not None:
                file.close()
        self._file = self._fresh = None

    def _record_in(self, file: WarcFile, group: list[Settlement]) -> list[Committed]:
        base = file.size
        try:
            if not self._begun:
                file.go_on(self._info, self._clock())
                self._begun = True
            written = [self._append(file, settlement) for settlement in group]
            file.sync()
        except OSError as error:
            if error.errno in DISK_FULL:
                self._roll_back(file, base)
                raise failed("nothing could be written", error, file.path) from error
            self._abandon(file, base)
            raise _LostFileError(error) from error
        try:
            return self._commit(written, FileState(file=file.file, committed=file.size))
        except CommitUncertain:
            raise  # it may be committed: the bytes stay
        except BaseException:
            self._roll_back(file, base)
            raise

    def _append(self, file: WarcFile, settlement: Settlement) -> tuple[Settlement, Written | None]:
        if settlement.capture is None:
            return settlement, None
        before = file.size
        try:
            return settlement, file.append(settlement.capture)
        except ArchiveError as refused:
            file.rollback(before)
            return msgspec.structs.replace(settlement, capture=None, outcome=Dead(refused.message)), None

    def _commit(
        self, group: Sequence[tuple[Settlement, Written | None]], file: FileState | None
    ) -> list[Committed]:
        return self._store.commit(group, file, self._clock())

    def _ready(self, size: int) -> WarcFile:
        """The file that a group of about `size` bytes goes into."""
        if self._file is not None and self._file.size + size > self._max:
            self._seal()
        if self._file is None:
            self._fresh = self._fresh or self._create()
            self._store.register_file(self._fresh.file, self._fresh.size, self._clock())
            self._file, self._fresh = self._fresh, None
            self._begun = True
        return self._file

    def _create(self) -> WarcFile:
        self._serial += 1
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            return WarcFile.create(
                self._directory,
                self._info,
                now=self._clock(),
                token=self._token,
                serial=self._serial,
                disk=self._disk,
                new_id=self._new_id,
            )
        except OSError as error:
            raise failed("no new file could be begun", error, self._directory) from error

    def _seal(self) -> None:
        """Only at a committed length. A rename whose directory could not be synced may come undone by a power
        cut: readers and `start` know both names, so that is borne."""
        file = self._file
        assert file is not None
        try:
            file.seal()
        except OSError as error:
            if file.path.name != file.file:
                raise failed("could not be sealed", error, file.path) from error
        self._file = None
        self._store.seal_file(file.file, file.size)

    def _roll_back(self, file: WarcFile, base: int) -> None:
        """Back to the committed length; the warcinfo record of this process may go with the rest."""
        try:
            file.rollback(base)
        except OSError:
            self._file = None
            file.close()  # stays .open, its tail is for start() to move
        self._begun = False

    def _abandon(self, file: WarcFile, base: int) -> None:
        self._file = None
        try:
            file.rollback(base)
            file.seal()
        except OSError:
            file.close()
            return
        self._store.seal_file(file.file, base)


class _LostFileError(Exception):
    """The file failed in a way that may not be tried again; the group can go into another."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


def _deduplicated(settlement: Settlement) -> Settlement:
    previous = settlement.lease.previous
    if settlement.capture is None or previous is None or not isinstance(settlement.outcome, Stored):
        return settlement
    return msgspec.structs.replace(settlement, capture=as_revisit(settlement.capture, previous))


def _size(settlement: Settlement) -> int:
    capture = settlement.capture
    return octets_size(capture.response) + len(capture.request) + 4096 if capture else 0
