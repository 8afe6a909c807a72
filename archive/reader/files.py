"""Whole files read: every raw record with its place, every damage with its offset, whatever the format.

file ─▶ sources (a WACZ has several) ─▶ stretches ─▶ records, placed ─▶ Found | Damage
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

import msgspec

from archive.capture import Capture, Location
from archive.errors import ArchiveError
from archive.reader.captures import belongs, capture_of, is_capture
from archive.reader.records import Damage, Raw, promising, records_in
from archive.reader.stretches import Stretch, stretches
from archive.reader.windows import File, Window, window_of
from archive.warc.names import OPEN, resolve

__all__ = ["Found", "Placed", "exchanges", "read_file", "read_raw", "read_source"]


class Placed(msgspec.Struct, frozen=True):
    """A raw record and where it lies, as a Location counts. `alone` tells that it has a gzip member (or zstd
    frame) to itself, or lies in a plain file."""

    raw: Raw
    offset: int
    length: int
    alone: bool = True


class Found(msgspec.Struct, frozen=True):
    """An exchange in a file. `payload_digest` is what the record claims ("" when nothing), `response_length`
    the bytes of the first record alone."""

    location: Location
    capture: Capture
    payload_digest: str = ""
    response_length: int = 0


def read_file(path: Path) -> Iterator[Found | Damage]:
    """Every exchange in a .warc, .arc (plain, .gz, .zst) or .wacz file, in order, and every damage. Known by
    content, not by name. ArchiveError when there is no such file; bad content never raises."""
    return exchanges(read_raw(path), path.name.removesuffix(OPEN))


def exchanges(items: Iterable[Placed | Damage], stem: str) -> Iterator[Found | Damage]:
    """Raw records put together, as they follow each other in the file of that name."""
    pending: list[Placed] = []

    def found() -> Iterator[Found]:
        if pending:
            first, last = pending[0], pending[-1]
            length = abs(last.offset - first.offset) + last.length
            capture = capture_of(first.raw, [placed.raw for placed in pending[1:]])
            digest = first.raw.get("WARC-Payload-Digest")
            yield Found(Location(stem, first.offset, length), capture, digest, first.length)
            pending.clear()

    for item in items:
        if isinstance(item, Damage):
            yield from found()
            yield item
            continue
        if pending and belongs(item.raw, pending[0].raw) and _adjacent(pending[-1], item):
            pending.append(item)
            continue
        yield from found()
        if is_capture(item.raw):
            pending.append(item)
    yield from found()


def _adjacent(before: Placed, after: Placed) -> bool:
    return abs(after.offset) == abs(before.offset) + before.length and (after.offset < 0) == (
        before.offset < 0
    )


def read_raw(path: Path) -> Iterator[Placed | Damage]:
    """Every raw record of a file, placed, and every damage, in order."""
    path = resolve(path)
    try:
        with path.open("rb") as file:
            size = path.stat().st_size
            if not zipfile.is_zipfile(file):
                yield from read_source(File(file, 0, size), 0)
                return
            for source in _wacz_sources(path):
                if isinstance(source, Damage):
                    yield source
                else:
                    start, length = source
                    yield from read_source(File(file, start, length), start)
    except OSError as error:
        raise ArchiveError(f"cannot be read: {error.strerror or error}", file=path) from error


def _wacz_sources(path: Path) -> Iterator[tuple[int, int] | Damage]:
    """Where the WARCs of a WACZ lie in the zip file (WACZ 1.1.1, 5.2.1: in archive/, stored)."""
    try:
        with zipfile.ZipFile(path) as package, path.open("rb") as file:
            entries = [e for e in package.infolist() if e.filename.startswith("archive/") and not e.is_dir()]
            if not entries:
                yield Damage(0, "a WACZ without WARC files")
            for entry in entries:
                if entry.compress_type != zipfile.ZIP_STORED:
                    yield Damage(entry.header_offset, f"{entry.filename} is squeezed by zip: no place in it")
                    continue
                file.seek(entry.header_offset + 26)
                name, extra = (int.from_bytes(file.read(2), "little") for _ in "ne")
                yield entry.header_offset + 30 + name + extra, entry.file_size
    except (zipfile.BadZipFile, UnicodeDecodeError, NotImplementedError) as error:
        yield Damage(0, f"a broken zip file: {error}")


def read_source(source: Window, base: int) -> Iterator[Placed | Damage]:
    """As `read_raw`, over one WARC or ARC that begins at `base` in its file."""
    plain_at = 0  # of the stretch's first byte, among all plain bytes of the source
    carried: Stretch | None = None
    for stretch in stretches(source, base, promising):
        if carried is not None and stretch.plain.size and not promising(stretch.plain.read(0, 1024)):
            stretch = _joined(carried, stretch)
        elif carried is not None:
            yield _cut_short(carried)
            plain_at += carried.plain.size
        carried = None
        if not stretch.packed:
            yield from _in_plain(stretch)
            continue
        items = records_in(stretch.plain, last=False)
        begun = list(islice(items, 2))
        if len(begun) == 1 and isinstance(begun[0], Raw) and not stretch.problem:
            if begun[0].whole:
                yield Placed(begun[0], stretch.offset, stretch.length)
            else:
                carried = stretch  # it may go on in the next member
                continue
        else:
            yield from _in_member(chain(begun, items), stretch, plain_at)
        plain_at += stretch.plain.size
    if carried is not None:
        yield _cut_short(carried)


def _cut_short(stretch: Stretch) -> Damage:
    return Damage(stretch.offset, "a record is cut short: its gzip member ends before its block")


def _joined(first: Stretch, second: Stretch) -> Stretch:
    """Two members as one: for files whose records run across members."""

    def pieces() -> Iterator[bytes]:
        for stretch in (first, second):
            for at in range(0, stretch.plain.size, 2**20):
                yield stretch.plain.read(at, at + 2**20)

    length = second.offset + second.length - first.offset
    return Stretch(first.offset, length, window_of(pieces()), second.problem)


def _in_plain(stretch: Stretch) -> Iterator[Placed | Damage]:
    for item in records_in(stretch.plain):
        if isinstance(item, Damage):
            yield Damage(stretch.offset + item.offset, item.reason)
        elif item.readable:
            yield Placed(item, stretch.offset + item.offset, item.length)


def _in_member(items: Iterable[Raw | Damage], stretch: Stretch, plain_at: int) -> Iterator[Placed | Damage]:
    """Records that share a member, or lie in a broken one: places count in the plain bytes."""
    for item in items:
        if isinstance(item, Damage):
            yield Damage(stretch.offset, item.reason)
        elif item.whole:
            yield Placed(item, -1 - (plain_at + item.offset), item.length, alone=False)
        elif not stretch.problem:
            yield _cut_short(stretch)
    if stretch.problem:
        yield Damage(stretch.offset, stretch.problem)
