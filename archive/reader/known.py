"""One exchange read from a known place: what workers do for every page, hence the short cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from isal import isal_zlib

from archive.capture import Capture, Location
from archive.errors import ArchiveError
from archive.reader.captures import belongs, capture_of, is_capture
from archive.reader.files import read_source
from archive.reader.records import Damage, Raw, promising, records_in
from archive.reader.stretches import ISAL_ERROR, stretches
from archive.reader.windows import Bytes, File, Window, window_of
from archive.warc.names import resolve

__all__ = ["read_capture", "read_raws"]

_FAST = 8 * 1024 * 1024
_FAST_PLAIN = 64 * 1024 * 1024


def read_capture(path: Path, location: Location) -> Capture:
    """The Capture at `location` in the file at `path` (or `path` with `.open`). Requests and metadata that
    the location covers are joined in. ArchiveError names file and offset when no whole record is there."""
    raws = read_raws(path, location)
    main = raws[0]
    if not is_capture(main):
        raise ArchiveError(
            f"a {main.type or 'nameless'} record, no capture", file=path, offset=location.offset
        )
    return capture_of(main, [raw for raw in raws[1:] if belongs(raw, main)])


def read_raws(path: Path, location: Location) -> list[Raw]:
    """The raw records that a location covers, at least one; places in them are relative to the location."""
    path = resolve(path)
    try:
        with path.open("rb") as file:
            if location.offset < 0:
                raws = _inner(File(file, 0, os.fstat(file.fileno()).st_size), location)
            else:
                raws = _spanned(File(file, location.offset, location.length))
    except OSError as error:
        raise ArchiveError(f"cannot be read: {error.strerror}", file=path, offset=location.offset) from error
    problem = next((item.reason for item in raws if isinstance(item, Damage)), "")
    records = [item for item in raws if isinstance(item, Raw)]
    if not records or not all(raw.readable for raw in records) or (problem and records[0].whole):
        raise ArchiveError(
            f"no whole record here: {problem or 'it is cut short'}", file=path, offset=location.offset
        )
    return records


def _spanned(source: File) -> list[Raw | Damage]:
    if source.size <= _FAST:
        data = source.read(0, source.size)
        if data.startswith(b"\x1f\x8b") and (members := _members(data)) is not None:
            raws = [item for member in members for item in records_in(Bytes(member), last=False)]
            if all(isinstance(item, Raw) and item.whole for item in raws):
                return raws
    found: list[Raw | Damage] = []
    for item in read_source(source, 0):
        found.append(item if isinstance(item, Damage) else item.raw)
    return found


def _members(data: bytes) -> list[bytes] | None:
    """The gzip members of `data`; None when they are many or odd and the careful way is called for."""
    members, room = [], _FAST_PLAIN
    while data:
        stream = isal_zlib.decompressobj(31)
        try:
            plain = stream.decompress(data, room)
        except ISAL_ERROR:
            return None
        room -= len(plain)
        if not stream.eof or room <= 0:
            return None
        members.append(plain)
        data = stream.unused_data
    return members


def _inner(source: Window, location: Location) -> list[Raw | Damage]:
    """Records inside a long gzip member: everything before them has to be inflated again."""
    start = -1 - location.offset
    at = 0
    for stretch in stretches(source, 0, promising):
        size = stretch.plain.size
        if at <= start < at + size:
            piece = window_of(_cut(stretch.plain, start - at, start - at + location.length))
            return list(records_in(piece))
        at += size
    return []


def _cut(window: Window, start: int, stop: int) -> Iterator[bytes]:
    for at in range(start, stop, 2**20):
        yield window.read(at, min(at + 2**20, stop))
