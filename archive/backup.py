"""A backup: a data folder of its own, made while a crawl runs, to be gone on with as it is.

    crawl.db ─SQLite's backup─▶ what is committed ─▶ WARC files: sealed ones linked or copied, open ones copied up to
    articles.db ─likewise, after it─▶                their committed length; ─all synced─▶ all get their names

Made again into the same folder it takes only what is new, and leaves out what the archive has forgotten.
"""

from __future__ import annotations

import errno
import os
from contextlib import closing
from pathlib import Path

import msgspec

from archive.capture import FileState
from archive.errors import ArchiveError, failed
from archive.index import ArticleIndex
from archive.store import Store
from archive.takeover import QUARANTINE
from archive.warc import OPEN, Disk, is_ours

__all__ = ["Backup", "back_up"]

_CRAWL, _ARTICLES, _ARCHIVE, _MARK = "crawl.db", "articles.db", "archive", "backup.json"
_PART = ".part"


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """What is in the backup: WARC `files` of `size` bytes, of which now `linked` or `copied` (the others were
    there). `elsewhere` are imported files, which are not in it."""

    files: int
    size: int
    linked: int
    copied: int
    elsewhere: tuple[str, ...]


class _Mark(msgspec.Struct, frozen=True):
    """Says of a folder that it is a backup, and whose."""

    of: str
    made: int


def back_up(data: Path, into: Path, now: int, *, disk: Disk | None = None) -> Backup:
    """Back up the data folder `data` into `into`: a new or empty folder, or an earlier backup of the same one.
    `now` in microseconds. ArchiveError when it is neither, when files are missing, or the disk fails; an earlier
    backup stays what it was until everything of the new one is on the disk."""
    job = _Job(data.absolute(), into.absolute(), disk or Disk())
    try:
        return job.run(now)
    except OSError as error:
        raise failed("the backup failed", error, into) from error


class _Job:
    def __init__(self, data: Path, into: Path, disk: Disk) -> None:
        self._data, self._into, self._disk = data, into, disk
        self._linked = self._copied = 0
        self._ready: list[Path] = []  # copies on the disk, under their final names with `.part` behind

    def run(self, now: int) -> Backup:
        self._claim(now)
        with closing(Store.open(self._data / _CRAWL, create=False)) as store:
            store.copy_to(self._part(_CRAWL))
        if (self._data / _ARTICLES).exists():
            with closing(ArticleIndex.open(self._data / _ARTICLES, create=False)) as index:
                index.copy_to(self._part(_ARTICLES))
        with closing(Store.open(self._part(_CRAWL), create=False)) as copy:
            copy.release_all(now)
            files, elsewhere = copy.own_files(), copy.imported_files()
        for state in files:
            self._take(state)
        self._take_quarantine()
        self._sync_databases()
        self._give_names()
        self._drop_unknown({state.file: state for state in files})
        size = sum(state.committed for state in files)
        return Backup(
            files=len(files), size=size, linked=self._linked, copied=self._copied, elsewhere=tuple(elsewhere)
        )

    def _claim(self, now: int) -> None:
        """Only a folder that may be written to: nobody's, or ours."""
        into, mark = self._into, self._into / _MARK
        if into == self._data or into.is_relative_to(self._data) or self._data.is_relative_to(into):
            raise ArchiveError("a backup lies outside the data folder it is of", file=into)
        if mark.exists():
            try:
                of = msgspec.json.decode(mark.read_bytes(), type=_Mark).of
            except msgspec.DecodeError:
                of = "something else"
            if of != str(self._data):
                raise ArchiveError(f"is a backup of {of}: choose another folder", file=into)
        elif into.exists() and any(into.iterdir()):
            raise ArchiveError("is neither empty nor a backup: choose another folder", file=into)
        (into / _ARCHIVE).mkdir(parents=True, exist_ok=True)
        mark.write_bytes(msgspec.json.encode(_Mark(str(self._data), now)) + b"\n")

    def _part(self, name: str) -> Path:
        return _part_of(self._into / name)

    def _take(self, state: FileState) -> None:
        """One WARC file, as far as it is committed."""
        target = self._into / _ARCHIVE / (state.file if state.sealed else state.file + OPEN)
        if state.sealed and target.exists() and target.stat().st_size == state.committed:
            return
        source = self._data / _ARCHIVE / state.file
        if state.sealed and source.exists() and self._link(source, target):
            return
        for path in (
            source,
            source.with_name(state.file + OPEN),
            source,
        ):  # it may be sealed between the looks
            try:
                self._copy(path, target, state.committed)
            except FileNotFoundError:
                continue
            return
        if state.committed:
            raise ArchiveError("the file is gone: `broadsheet verify` says more", file=source)

    def _link(self, source: Path, target: Path) -> bool:
        part = _part_of(target)
        part.unlink(missing_ok=True)
        try:
            part.hardlink_to(source)
        except OSError as error:
            if error.errno in (errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK):
                return False
            raise
        self._ready.append(part)
        self._linked += 1
        return True

    def _copy(self, source: Path, target: Path, length: int) -> None:
        part = _part_of(target)
        reader = self._disk.open(source, os.O_RDONLY)
        try:
            part.unlink(missing_ok=True)
            copied = self._disk.copy(reader, 0, length, part)
        finally:
            self._disk.close(reader)
        if copied < length:
            raise ArchiveError(f"{length} bytes are committed, only {copied} are there", file=source)
        self._ready.append(part)
        self._copied += 1

    def _take_quarantine(self) -> None:
        folder, into = self._data / _ARCHIVE / QUARANTINE, self._into / _ARCHIVE / QUARANTINE
        for source in sorted(folder.iterdir()) if folder.exists() else ():
            into.mkdir(exist_ok=True)
            target = into / source.name
            if not target.exists() and not self._link(source, target):
                self._copy(source, target, source.stat().st_size)

    def _sync_databases(self) -> None:
        for part in map(self._part, (_CRAWL, _ARTICLES)):
            if part.exists():
                fd = self._disk.open(part, os.O_RDWR)
                try:
                    self._disk.fdatasync(fd)
                finally:
                    self._disk.close(fd)
                self._ready.append(part)

    def _give_names(self) -> None:
        for name in (_CRAWL, _ARTICLES):
            for left in ("-wal", "-shm"):  # of a process that died looking at the earlier one
                (self._into / (name + left)).unlink(missing_ok=True)
        for part in self._ready:
            part.replace(part.with_name(part.name.removesuffix(_PART)))
        for folder in (
            self._into / _ARCHIVE / QUARANTINE,
            self._into / _ARCHIVE,
            self._into,
            self._into.parent,
        ):
            if folder.exists():
                self._disk.fsync_directory(folder)

    def _drop_unknown(self, known: dict[str, FileState]) -> None:
        """What the archive has forgotten, or has sealed since; and what an attempt left that was cut off."""
        for path in (self._into / _ARCHIVE).iterdir():
            state = known.get(path.name.removesuffix(OPEN))
            wrong = state is None or (state.sealed and path.name.endswith(OPEN))
            if path.name.endswith(_PART) or (wrong and is_ours(path.name)):
                path.unlink()


def _part_of(path: Path) -> Path:
    return path.with_name(path.name + _PART)
