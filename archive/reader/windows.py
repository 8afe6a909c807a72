"""Bytes to look into, wherever they lie: in memory, or too many for it in a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from typing import IO, Protocol

from archive.octets import PIECE, Octets, Spill

__all__ = ["BIG", "Bytes", "File", "Window", "take", "window_of"]

BIG = 16 * 1024 * 1024


class Window(Protocol):
    """`size` bytes; `read` gives those from `start` to `stop` (fewer at the end); `find` as bytes.find."""

    @property
    def size(self) -> int: ...
    def read(self, start: int, stop: int) -> bytes: ...
    def find(self, needle: bytes, start: int) -> int: ...


class Bytes:
    __slots__ = ("data", "size")

    def __init__(self, data: bytes) -> None:
        self.data, self.size = data, len(data)

    def read(self, start: int, stop: int) -> bytes:
        return self.data[start:stop]

    def find(self, needle: bytes, start: int) -> int:
        return self.data.find(needle, start)


class File:
    """A stretch of an open file, by pread: a file that shrinks meanwhile gives fewer bytes, no SIGBUS. What is read
    of a small piece's surroundings is held: most reads are small, and follow each other."""

    __slots__ = ("_at", "_file", "_held", "_owned", "_start", "size")

    def __init__(self, file: IO[bytes], start: int, size: int, *, owned: bool = False) -> None:
        self._file, self._start, self.size, self._owned = file, start, size, owned
        self._at, self._held = 0, b""

    def __del__(self) -> None:
        if self._owned:
            self._file.close()

    def read(self, start: int, stop: int) -> bytes:
        stop = min(stop, self.size)
        if start < self._at or stop > self._at + len(self._held):
            if stop - start >= PIECE:
                return self._pread(start, stop)
            self._at, self._held = start, self._pread(start, min(start + PIECE, self.size))
        return self._held[start - self._at : max(0, stop - self._at)]

    def _pread(self, start: int, stop: int) -> bytes:
        data = b""
        while start + len(data) < stop:
            at = start + len(data)
            more = os.pread(self._file.fileno(), stop - at, self._start + at)
            if not more:
                break
            data = data + more if data else more
        return data

    def find(self, needle: bytes, start: int) -> int:
        overlap = len(needle) - 1
        while start < self.size:
            piece = self.read(start, start + PIECE + overlap)
            at = piece.find(needle)
            if at >= 0:
                return start + at
            if len(piece) <= overlap:
                break
            start += PIECE
        return -1


def window_of(pieces: Iterable[bytes]) -> Window:
    """The pieces joined: in memory up to `BIG`, behind that in an unlinked temporary file."""
    held: list[bytes] = []
    size, spool = 0, None
    for piece in pieces:
        size += len(piece)
        if spool is None and size > BIG:
            spool = tempfile.TemporaryFile()  # noqa: SIM115
            spool.writelines(held)
            held.clear()
        if spool is None:
            held.append(piece)
        else:
            spool.write(piece)
    if spool is None:
        return Bytes(held[0] if len(held) == 1 else b"".join(held))
    spool.flush()
    return File(spool, 0, size, owned=True)


def take(window: Window, start: int, stop: int) -> Octets:
    """Bytes out of a window to keep: spilled to a file of their own when they are many."""
    if stop - start <= BIG:
        return window.read(start, stop)
    spool = tempfile.TemporaryFile()  # noqa: SIM115
    for at in range(start, stop, PIECE):
        spool.write(window.read(at, min(at + PIECE, stop)))
    spool.flush()
    return Spill(spool, stop - start)
