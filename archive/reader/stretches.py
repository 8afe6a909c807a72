"""A file taken apart into stretches of plain bytes: each gzip member or zstd frame is one, a plain file too.

gzip    member │ member │ ??? │ member      damage ends a stretch; the next begins at the next gzip magic
zstd    (dictionary) frame │ frame          behind which a WARC or ARC header comes out
plain   ────────── one stretch ──────────
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import cast

import msgspec
import zstandard
from isal import isal_zlib

from archive.reader.windows import Bytes, Window, window_of

__all__ = ["ISAL_ERROR", "Stretch", "member_of", "stretches"]

_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
ISAL_ERROR = cast("type[Exception]", isal_zlib.error)
_MAX_PLAIN = 16 * 2**30
_IN, _OUT = 32 * 1024, 256 * 1024


class Stretch(msgspec.Struct, frozen=True):
    """`offset` and `length` in the file, `plain` its bytes, `problem` why it broke off ("" when it did not).
    `packed` tells compressed stretches from plain ones."""

    offset: int
    length: int
    plain: Window
    problem: str = ""
    packed: bool = True


class _Broken(Exception):
    pass


def stretches(source: Window, base: int, promising: Callable[[bytes], bool]) -> Iterator[Stretch]:
    """Take `source` apart; `base` is its place in the file. After damage a stretch is looked for whose first
    bytes are `promising`."""
    magic = source.read(0, 4)
    if magic.startswith(_GZIP[:2]):
        yield from _packed(source, base, promising, _GZIP, member_of)
    elif magic == _ZSTD or magic[1:] == _SKIPPABLE:
        yield from _zstd(source, base, promising)
    elif not promising(source.read(0, 1024)) and source.find(b"WARC/", 0) < 0 and _hidden(source, promising):
        yield from _packed(source, base, promising, _GZIP, member_of)
    elif source.size:
        yield Stretch(base, source.size, source, packed=False)


def _hidden(source: Window, promising: Callable[[bytes], bool]) -> bool:
    """Whether a file that begins like none of the formats holds gzip members further on."""
    return _next(source, 0, promising, _GZIP, member_of) < source.size


Unpack = Callable[[Window, int, int], tuple[Window, int, str]]


def _packed(
    source: Window, base: int, promising: Callable[[bytes], bool], magic: bytes, unpack: Unpack
) -> Iterator[Stretch]:
    at = 0
    while at < source.size:
        if not source.read(at, at + len(magic)).startswith(magic):
            problem, plain, length = "bytes that are no compressed data", cast(Window, Bytes(b"")), 0
        else:
            plain, length, problem = unpack(source, at, _MAX_PLAIN)
        if problem:
            length = _next(source, at + 1, promising, magic, unpack) - at
        yield Stretch(base + at, length, plain, problem)
        at += length


def _next(source: Window, at: int, promising: Callable[[bytes], bool], magic: bytes, unpack: Unpack) -> int:
    """Where the next stretch begins that unpacks to something promising; the end when there is none."""
    while (at := source.find(magic, at)) >= 0:
        plain, _, _ = unpack(source, at, 1024)
        if promising(plain.read(0, 1024)):
            return at
        at += 1
    return source.size


def member_of(source: Window, start: int, most: int) -> tuple[Window, int, str]:
    """The gzip member at `start` (RFC 1952): its bytes (at most about `most`), its length in the file, and
    what is wrong with it. Bytes that came out before a break are kept."""
    state = _Inflating(source, start)
    try:
        plain = window_of(state.pieces(most))
    except _Broken as broken:  # only from the header: later breaks end the pieces
        return Bytes(b""), 0, str(broken)
    return plain, state.at - start, state.problem


class _Inflating:
    def __init__(self, source: Window, start: int) -> None:
        self.source, self.at, self.problem = source, start, ""
        self._buffer = b""

    def pieces(self, most: int) -> Iterator[bytes]:
        self._skip_header()
        stream, crc, size = isal_zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
        data = b""
        while not stream.eof:
            data = data or self._more()
            if not data:
                self.problem = "the gzip member ends early"
                return
            try:
                piece = stream.decompress(data, _OUT)
            except ISAL_ERROR as error:
                self.problem = f"broken gzip member: {error}"
                return
            data = stream.unused_data if stream.eof else stream.unconsumed_tail
            crc, size = isal_zlib.crc32(piece, crc), size + len(piece)
            if piece:
                yield piece
            if size > most:
                self.problem = f"the gzip member gives more than {most} bytes"
                return
        self.at -= len(data)
        trailer = self.source.read(self.at, self.at + 8)
        self.at += len(trailer)
        if len(trailer) < 8:
            self.problem = "the gzip member ends early, in its trailer"
        elif trailer != crc.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little"):
            self.problem = "wrong checksum at the end of the gzip member"

    def _more(self) -> bytes:
        data = self.source.read(self.at, self.at + _IN)
        self.at += len(data)
        return data

    def _skip_header(self) -> None:
        head = self.source.read(self.at, self.at + 10)
        if len(head) < 10:
            raise _Broken("the gzip member ends early, in its header")
        flags, self.at = head[3], self.at + 10
        if flags & 4:
            self.at += 2 + int.from_bytes(self.source.read(self.at, self.at + 2), "little")
        for flag in (8, 16):
            if flags & flag:
                end = self.source.find(b"\0", self.at)
                if end < 0:
                    raise _Broken("the gzip member ends early, in its header")
                self.at = end + 1
        self.at += 2 if flags & 2 else 0


def _zstd(source: Window, base: int, promising: Callable[[bytes], bool]) -> Iterator[Stretch]:
    """Zstandard WARC, IIPC proposal 1.0: an optional dictionary in a first skippable frame."""
    at, dictionary = 0, None
    while source.read(at + 1, at + 4) == _SKIPPABLE:
        size = int.from_bytes(source.read(at + 4, at + 8), "little")
        if source.read(at, at + 1) == b"\x5d" and at == 0:
            dictionary = source.read(8, 8 + min(size, 64 * 2**20))
            if dictionary.startswith(_ZSTD):
                dictionary = zstandard.ZstdDecompressor().decompress(dictionary, 64 * 2**20)
        at += 8 + size
    decompressor = (
        zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(dictionary))
        if dictionary
        else zstandard.ZstdDecompressor()
    )

    def frame_of(window: Window, start: int, most: int) -> tuple[Window, int, str]:
        stream, place, problem = decompressor.decompressobj(), start, ""

        def pieces() -> Iterator[bytes]:
            nonlocal place, problem
            given = 0
            while not stream.eof:
                data = window.read(place, place + 4096)
                place += len(data)
                if not data:
                    problem = "the zstd frame ends early"
                    return
                try:
                    piece = stream.decompress(data)
                except zstandard.ZstdError as error:
                    problem = f"broken zstd frame: {error}"
                    return
                given += len(piece)
                yield piece
                if given > most and not stream.eof:
                    problem = f"the zstd frame gives more than {most} bytes"
                    return

        plain = window_of(pieces())
        return plain, place - start - len(stream.unused_data), problem

    rest = _Tail(source, at)
    yield from _packed(rest, base + at, promising, _ZSTD, frame_of)


class _Tail:
    """A window from some offset on."""

    def __init__(self, window: Window, start: int) -> None:
        self._window, self._start, self.size = window, start, max(0, window.size - start)

    def read(self, start: int, stop: int) -> bytes:
        return self._window.read(self._start + start, self._start + stop)

    def find(self, needle: bytes, start: int) -> int:
        at = self._window.find(needle, self._start + start)
        return at - self._start if at >= 0 else -1
