"""The response's bytes as they come: in memory up to a bound, in an unlinked temporary file beyond."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from archive.capture import Octets, Spill
from archive.errors import failed
from archive.octets import PIECE

__all__ = ["Budget", "Tape"]

_SPILL = 1024 * 1024


class _Unlinked(io.FileIO):
    """A temporary file without a name. Who drops the last Capture of it closes it: that is no mistake."""

    def __init__(self, folder: Path) -> None:
        handle, name = tempfile.mkstemp(dir=folder)
        os.unlink(name)  # noqa: PTH108
        super().__init__(handle, "rb+")

    def __del__(self) -> None:
        self.close()

    def append(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[self.write(rest) :]


class Budget:
    """Bytes that all exchanges together may hold in memory. Who gets none spills to disk at once, to `spool`
    (None: the system's temporary folder): nobody waits, so nobody can wait for each other."""

    def __init__(self, limit: int, spool: Path | None = None) -> None:
        self.limit, self.spool, self.held = limit, spool or Path(tempfile.gettempdir()), 0

    def take(self, count: int) -> bool:
        if self.held + count > self.limit:
            return False
        self.held += count
        return True

    def give(self, count: int) -> None:
        self.held -= count


class Tape:
    """Bytes appended at the end, dropped at the start (informational responses) or cut at the end. Raises
    DiskFull or ArchiveError when they cannot be spilled."""

    __slots__ = ("_budget", "_file", "_parts", "_taken", "size")

    def __init__(self, budget: Budget) -> None:
        self._budget, self._parts, self._taken = budget, list[bytes](), 0
        self._file: _Unlinked | None = None
        self.size = 0

    def add(self, data: bytes) -> None:
        self.size += len(data)
        if self._file is not None:
            self._write(self._file, data)
            return
        self._parts.append(data)
        if self.size <= _SPILL and self._budget.take(len(data)):
            self._taken += len(data)
        else:
            self._spill()

    def _spill(self) -> None:
        parts, self._parts = self._parts, []
        self.release()
        try:
            self._file = _Unlinked(self._budget.spool)
        except OSError as error:
            raise failed("a long body could not be kept", error, self._budget.spool) from error
        for part in parts:
            self._write(self._file, part)

    def _write(self, file: _Unlinked, data: bytes) -> None:
        try:
            file.append(data)
        except OSError as error:
            raise failed("a long body could not be kept", error, self._budget.spool) from error

    def first(self, count: int) -> bytes:
        """The first `count` bytes."""
        if self._file is not None:
            self._file.seek(0)
            data = self._file.read(count)
            self._file.seek(0, 2)
            return data
        if len(self._parts) > 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0][:count] if self._parts else b""

    def drop(self, count: int) -> None:
        """Forget the first `count` bytes. Only heads are dropped: what is there is small."""
        rest = self.first(self.size)[count:]
        self.cut(0)
        self.add(rest)

    def cut(self, size: int) -> None:
        """Keep the first `size` bytes."""
        if size >= self.size:
            return
        if self._file is not None:
            self._file.truncate(size)
            self._file.seek(0, 2)
        else:
            self._parts = [self.first(size)]
        self.size = size

    def pieces(self) -> Iterator[bytes]:
        """All bytes from the start, in pieces."""
        if self._file is None:
            yield self.first(self.size)
            return
        self._file.seek(0)
        while piece := self._file.read(PIECE):
            yield piece

    def octets(self) -> Octets:
        """The bytes, as a Capture holds them."""
        return Spill(self._file, self.size) if self._file is not None else self.first(self.size)

    def release(self) -> None:
        """Give back to the budget what was held of it."""
        self._budget.give(self._taken)
        self._taken = 0
