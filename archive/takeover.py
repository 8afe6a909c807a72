"""What dead processes left behind, taken over at the start: files whose lock is free.

.open, as long as committed        gone on with (one), sealed (the others, and those that are full)
.open, longer by up to a group     the tail goes to quarantine/, then the same
.open, longer by more │ shorter │ files the database does not know   stop: `broadsheet recover`
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from archive.capture import FileState
from archive.errors import ArchiveError, failed
from archive.warc import OPEN, Disk, WarcFile, is_ours, new_record_id

__all__ = ["MAX_TAIL", "QUARANTINE", "Quarantined", "TakenOver", "move_tail", "take_over"]

MAX_TAIL = 256 * 1024 * 1024
_MOST_FRESH = 2048  # a file is told to the database when it has its warcinfo record, and nothing else yet
QUARANTINE = "quarantine"
_REMEDY = "`broadsheet recover` takes in what is whole"
_UNKNOWN = f"the database does not know this file, it is older than the files; {_REMEDY}"


class Quarantined(msgspec.Struct, frozen=True):
    """Bytes that were never committed, moved from `offset` of `file` to `path`."""

    file: str
    offset: int
    size: int
    path: Path

    def __str__(self) -> str:
        return f"{self.size} bytes of {self.file} from byte {self.offset} on, never committed, are in {self.path}"


class TakenOver(msgspec.Struct, frozen=True):
    """`file` is to be gone on with (None: begin one)."""

    file: WarcFile | None
    quarantined: tuple[Quarantined, ...]


class _Files(Protocol):
    def own_files(self) -> list[FileState]: ...
    def seal_file(self, file: str, committed: int) -> None: ...


def take_over(
    store: _Files,
    directory: Path,
    *,
    now: int,
    max_size: int,
    disk: Disk | None = None,
    new_id: Callable[[], str] = new_record_id,
    max_tail: int = MAX_TAIL,
) -> TakenOver:
    """See above. ArchiveError before anything is changed when files and database do not fit together."""
    disk = disk or Disk()
    taken: list[WarcFile] = []
    try:
        names = sorted(path.name for path in directory.iterdir()) if directory.exists() else []
        for name in filter(_is_open, names):
            if file := WarcFile.take(directory / name, disk=disk, new_id=new_id):
                taken.append(file)
        known = {state.file: state for state in store.own_files()}
        _check(directory, names, known, taken, max_tail)
        return _mend(store, directory, known, taken, disk, now, max_size)
    except BaseException as error:
        for file in taken:
            file.close()
        if isinstance(error, OSError):
            raise failed("what a dead process left could not be taken over", error, directory) from error
        raise


def _is_open(name: str) -> bool:
    return is_ours(name) and name.endswith(OPEN)


def _check(
    directory: Path,
    names: Sequence[str],
    known: dict[str, FileState],
    taken: Sequence[WarcFile],
    max_tail: int,
) -> None:
    for name in names:
        if is_ours(name) and not name.endswith(OPEN) and name not in known:
            raise ArchiveError(_UNKNOWN, file=directory / name)
    for state in known.values():
        paths = (directory / state.file, directory / (state.file + OPEN))
        sizes = [path.stat().st_size for path in paths if path.exists()]
        if max(sizes, default=0) < state.committed:
            is_there = f"only {max(sizes)} are there" if sizes else "the file is gone"
            message = f"{state.committed} bytes are committed, {is_there}; {_REMEDY}"
            raise ArchiveError(message, file=paths[0], offset=max(sizes, default=None))
    for file in taken:
        if file.file not in known and file.size > _MOST_FRESH:
            raise ArchiveError(_UNKNOWN, file=file.path)
        tail = file.size - (known[file.file].committed if file.file in known else 0)
        if tail > max_tail:
            message = f"{tail} bytes are not committed, more than a group can be; {_REMEDY}"
            raise ArchiveError(message, file=file.path, offset=file.size - tail)


def _mend(
    store: _Files,
    directory: Path,
    known: dict[str, FileState],
    taken: Sequence[WarcFile],
    disk: Disk,
    now: int,
    max_size: int,
) -> TakenOver:
    moved: list[Quarantined] = []
    chosen: WarcFile | None = None
    for state in known.values():
        if not state.sealed and (directory / state.file).exists():  # killed between rename and commit
            store.seal_file(state.file, state.committed)
    for file in taken:
        of_file = known.get(file.file, FileState(file=file.file, committed=0))
        if file.size > of_file.committed:
            moved.append(move_tail(file, of_file.committed, now, disk))
        if file.size == 0 and file.file not in known:
            disk.unlink(file.path)
            file.close()
        elif chosen is None and not of_file.sealed and file.size < max_size:
            chosen = file
        else:
            file.seal()
            store.seal_file(file.file, file.size)
    return TakenOver(chosen, tuple(moved))


def move_tail(file: WarcFile, offset: int, now: int, disk: Disk) -> Quarantined:
    """Move what lies behind `offset` to quarantine/: copied and durable there before it is cut here."""
    folder = file.path.parent / QUARANTINE
    folder.mkdir(exist_ok=True)
    path = folder / f"{file.file}.{offset}-{now}.tail"
    size = file.size - offset
    file.copy(offset, path)
    disk.fsync_directory(folder)
    disk.fsync_directory(folder.parent)
    file.rollback(offset)
    file.sync()
    return Quarantined(file.file, offset, size, path)
