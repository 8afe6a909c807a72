"""Content coding undone within bounds: no body costs more memory or time than its limits allow.

payload ─▶ [gzip|deflate|br|zstd] ─▶ … ≤ 2 layers ─▶ content ≤ max_size, ≤ max_ratio × payload
           each layer a generator of pieces ≤ 64 KiB: nothing is inflated before it is counted
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, cast

import brotli
import msgspec
import zstandard
from isal import isal_zlib

__all__ = ["Decoded", "Limits", "decode_content", "decode_pieces"]

_IN, _OUT = 16 * 1024, 64 * 1024
_ISAL_ERROR = cast("type[Exception]", isal_zlib.error)


class Limits(msgspec.Struct, frozen=True):
    """Bounds of decoding. `max_size` bytes of any layer's output; `max_ratio` output bytes for each payload
    byte, held against outputs above `ratio_floor` bytes only (small pages of blanks are no attack)."""

    max_size: int = 64 * 1024 * 1024
    max_ratio: int = 100
    ratio_floor: int = 4 * 1024 * 1024
    max_layers: int = 2


class Decoded(msgspec.Struct, frozen=True):
    """`data` is what could be decoded; `problem` says what went wrong ("" when nothing)."""

    data: bytes
    problem: str = ""


class _BrokenError(Exception):
    """A stream that cannot be decoded further; the message says why."""


def decode_content(data: bytes, encodings: Sequence[str], limits: Limits | None = None) -> Decoded:
    """Undo the content codings (in the order of the header: the last was applied last). Pieces decoded before
    a break are kept. An unknown coding, or a body that plainly is not in its coding, stays as it is: browsers
    and caches do the same (Chrome ignores an unknown coding)."""
    if not encodings:
        limits = limits or Limits()
        if len(data) > limits.max_size:
            return Decoded(data[: limits.max_size], f"content is over {limits.max_size} bytes")
        return Decoded(data)
    return decode_pieces(iter((data,)), encodings, limits)


def decode_pieces(pieces: Iterable[bytes], encodings: Sequence[str], limits: Limits | None = None) -> Decoded:
    """As `decode_content`, over pieces of a payload that need not be in memory at once."""
    limits = limits or Limits()
    if len(encodings) > limits.max_layers:
        return Decoded(b"", f"{len(encodings)} content codings: more than {limits.max_layers}")
    meter = _Meter(limits)
    stream: Iterator[bytes] = meter.intake(pieces)
    for name in reversed(encodings):
        layer = _LAYERS.get(name.lower())
        if layer is None:
            meter.problem = meter.problem or f"unknown content coding {name[:40]!r}"
        else:
            stream = meter.outlet(layer(stream))
    content = io.BytesIO()  # its getvalue() shares the buffer: a joined list would need the size twice
    try:
        for piece in stream:
            content.write(piece)
            if content.tell() > limits.max_size:
                content.truncate(limits.max_size)
                raise _BrokenError(f"content is over {limits.max_size} bytes")
    except _BrokenError as broken:
        meter.problem = str(broken)
    return Decoded(content.getvalue(), meter.problem)


class _Meter:
    """Counts what goes in and what each layer gives."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.taken, self.problem = limits, 0, ""

    def intake(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            for at in range(0, len(piece), _IN):
                part = piece[at : at + _IN]
                self.taken += len(part)
                yield part

    def outlet(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        given, limits = 0, self.limits
        for piece in pieces:
            given += len(piece)
            if given > limits.max_size:
                yield piece[: len(piece) - (given - limits.max_size)]
                raise _BrokenError(f"content is over {limits.max_size} bytes")
            if given > limits.ratio_floor and given > limits.max_ratio * self.taken:
                raise _BrokenError(f"content is over {limits.max_ratio} times its coded size")
            yield piece


def _start(source: Iterator[bytes]) -> bytes:
    """The first four bytes or more: enough to know a format by."""
    data = b""
    while len(data) < 4 and (piece := next(source, b"")):
        data += piece
    return data


def _gzip(source: Iterator[bytes]) -> Iterator[bytes]:
    first = _start(source)
    if first and not first.startswith(b"\x1f\x8b"[: len(first)]):
        yield from _as_it_is(first, source, "gzip")
    yield from _inflate(first, source, 31, "gzip")


def _deflate(source: Iterator[bytes]) -> Iterator[bytes]:
    """RFC 9110, 8.4.1.2: zlib format; many servers send the raw stream, and every browser takes both."""
    first = _start(source)
    wrapped = len(first) >= 2 and first[0] & 0x0F == 8 and int.from_bytes(first[:2], "big") % 31 == 0
    yield from _inflate(first, source, 15 if wrapped else -15, "deflate")


def _as_it_is(first: bytes, source: Iterator[bytes], name: str) -> Iterator[bytes]:
    yield first
    yield from source
    raise _BrokenError(f"declared as {name}, but it is not")


def _inflate(first: bytes, source: Iterator[bytes], wbits: int, name: str) -> Iterator[bytes]:
    stream, data, ended = isal_zlib.decompressobj(wbits), first, False
    while data or (data := next(source, b"")):
        if ended:
            if wbits != 31 or not data.startswith(b"\x1f\x8b"[: len(data)]):
                return  # what follows a finished stream is ignored, as browsers do
            stream, ended = isal_zlib.decompressobj(wbits), False
        try:
            piece = stream.decompress(data, _OUT)
        except _ISAL_ERROR as error:
            raise _BrokenError(f"broken {name} stream: {error}") from None
        ended = stream.eof
        data = stream.unused_data if ended else stream.unconsumed_tail
        if piece:
            yield piece
        while not ended and not data and len(piece) == _OUT:  # output held back although all input is taken
            piece = stream.decompress(b"", _OUT)
            ended, data = stream.eof, stream.unused_data if stream.eof else stream.unconsumed_tail
            if piece:
                yield piece
    if first and not ended:
        raise _BrokenError(f"the {name} stream ends early")


def _brotli(source: Iterator[bytes]) -> Iterator[bytes]:
    stream, begun = brotli.Decompressor(), False
    for data in source:
        begun = True
        try:
            piece = stream.process(data, output_buffer_limit=_OUT)
            while piece:
                yield piece
                piece = stream.process(b"", output_buffer_limit=_OUT)
        except brotli.error:
            raise _BrokenError("broken br stream") from None
        if stream.is_finished():
            return
    if begun:
        raise _BrokenError("the br stream ends early")


class _Source(io.RawIOBase):
    """A file's face for an iterator of pieces, as zstandard wants it."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._rest or next(self._pieces, b"")
        cut = len(data) if size < 0 else size
        self._rest = data[cut:]
        return data[:cut]


def _zstd(source: Iterator[bytes]) -> Iterator[bytes]:
    """RFC 9659: a window of at most 8 MiB."""
    first = _start(source)
    if first and not first.startswith(b"\x28\xb5\x2f\xfd"[: len(first)]):
        yield from _as_it_is(first, source, "zstd")

    def again() -> Iterator[bytes]:
        yield first
        yield from source

    decompressor = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024)
    reader = decompressor.stream_reader(
        cast(IO[bytes], _Source(again())), read_size=_OUT, read_across_frames=True
    )
    try:
        while piece := reader.read1(_OUT):
            yield piece
    except zstandard.ZstdError as error:
        raise _BrokenError(f"broken zstd stream: {error}") from None


_LAYERS: dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
