"""Message bytes: in memory, or spilled to a temporary file when there are too many."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

__all__ = ["PIECE", "Octets", "Spill", "octets_open", "octets_pieces", "octets_size"]

PIECE = 256 * 1024


class Spill:
    """Bytes too many for memory, in an unlinked temporary file: nothing is left behind by a kill. The file
    is the Spill's own, and closed with its last reference."""

    __slots__ = ("_file", "size")

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self.size = file, size

    def __del__(self) -> None:
        self._file.close()

    def open(self) -> IO[bytes]:
        """The file, rewound. One reader at a time."""
        self._file.seek(0)
        return self._file

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Spill | bytes):
            return octets_size(self) == octets_size(other) and self.open().read() == octets_open(other).read()
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.size)

    def __repr__(self) -> str:
        return f"<Spill {self.size} bytes>"


Octets = bytes | Spill


def octets_size(data: Octets) -> int:
    return data.size if isinstance(data, Spill) else len(data)


def octets_open(data: Octets) -> IO[bytes]:
    """A reader over the bytes, at their start."""
    return data.open() if isinstance(data, Spill) else io.BytesIO(data)


def octets_pieces(data: Octets, start: int = 0) -> Iterator[bytes]:
    """The bytes from `start` on: bytes in memory as one piece, a spilled file in pieces of `PIECE`."""
    if isinstance(data, bytes):
        if start < len(data):
            yield data[start:] if start else data
        return
    file = data.open()
    file.seek(start)
    while piece := file.read(PIECE):
        yield piece
