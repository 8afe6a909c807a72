"""One WARC file written anew without some of its records; all others are copied as they lie, byte for byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from archive.errors import ArchiveError, failed
from archive.reader import Damage, Placed
from archive.reader.files import read_source
from archive.reader.windows import File
from archive.store.swaps import Moved
from archive.takedown.records import Judge
from archive.warc import Disk
from archive.warc.records import Draft, write_member

__all__ = ["Copy", "copy_without", "needs_copy"]

_PIECE = 1024 * 1024
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


class Copy(msgspec.Struct, frozen=True):
    """`size` of the new file, `records` that went; `starts` and `ends`: old offsets to new ones, of the records
    that stayed, and `left` how many of these are no warcinfo records."""

    size: int
    records: int
    left: int
    starts: dict[int, int]
    ends: dict[int, int]

    def moved(self, offset: int, length: int, response_length: int) -> Moved | None:
        """A capture's new place; None when it is gone."""
        start, end = self.starts.get(offset), self.ends.get(offset + length)
        first_end = self.ends.get(offset + response_length)
        if start is None or end is None or first_end is None:
            return None
        return Moved(offset, start, end - start, first_end - start)


def needs_copy(path: Path, committed: int, judge: Judge) -> bool:
    """Whether a record of the file's committed part has to go or to change."""
    for placed in _records(path, committed):
        judge.keeps(placed.raw)
        if judge.touched:
            return True
    return False


def copy_without(path: Path, committed: int, target: Path, judge: Judge, disk: Disk) -> Copy:
    """Write `target`, durable when this returns. ArchiveError when the source is damaged: then nobody can say
    what is in it."""
    starts, ends = dict[int, int](), dict[int, int]()
    gone = left = size = 0
    try:
        fd = disk.open(target, _FLAGS)
        try:
            with path.open("rb") as source:
                for placed in _records(path, committed):
                    kept = judge.keeps(placed.raw)
                    if kept is False:
                        gone += 1
                        continue
                    starts[placed.offset] = size
                    left += placed.raw.type != "warcinfo"
                    for piece in (
                        _member(kept) if isinstance(kept, Draft) else _copied(source.fileno(), placed)
                    ):
                        size += len(piece)
                        _write(disk, fd, piece)
                    ends[placed.offset + placed.length] = size
            disk.fdatasync(fd)
        finally:
            disk.close(fd)
        disk.fsync_directory(target.parent)
    except OSError as error:
        raise failed("could not be written anew", error, target) from error
    return Copy(size, gone, left, starts, ends)


def _records(path: Path, committed: int) -> Iterator[Placed]:
    with path.open("rb") as file:
        for item in read_source(File(file, 0, committed), 0):
            if isinstance(item, Damage):
                raise ArchiveError(
                    f"{item.reason}; nothing can be taken out of it", file=path, offset=item.offset
                )
            if not item.alone:
                raise ArchiveError("records share a gzip member", file=path)
            yield item


def _copied(fd: int, placed: Placed) -> Iterator[bytes]:
    for at in range(placed.offset, placed.offset + placed.length, _PIECE):
        yield os.pread(fd, min(_PIECE, placed.offset + placed.length - at), at)


def _member(draft: Draft) -> Iterator[bytes]:
    pieces: list[bytes] = []
    write_member(draft, pieces.append)
    yield from pieces


def _write(disk: Disk, fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[disk.write(fd, rest) :]
