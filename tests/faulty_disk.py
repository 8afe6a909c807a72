"""A disk under the WARC writer that fails, dies or loses its power at the nth call.

FaultyDisk(7, errno.ENOSPC)              the 7th call fails, the others do what they should
FaultyDisk(7, errno.EIO, forever=True)   so do all after it
FaultyDisk(7, kill=True)                 the process dies in the 7th call; nothing that follows has an effect
disk.power_cut()                         what was not synced is gone: bytes, new names, renames
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from archive.errors import DISK_FULL
from archive.warc import Disk

__all__ = ["FaultyDisk", "Killed"]


class Killed(BaseException):
    """SIGKILL, as far as the code under test can see it: nothing it does afterwards has an effect."""


class FaultyDisk(Disk):
    """Counts the calls named in `calls` (all by default). A failing write leaves half of its bytes; with `short`,
    the system takes that many bytes at once at most. A descriptor whose fdatasync failed may not be synced
    again (AssertionError), unless the disk was full and what could not be synced was cut off."""

    def __init__(
        self,
        nth: int = 0,
        error: int = errno.EIO,
        calls: Sequence[str] = (),
        short: int = 0,
        *,
        forever: bool = False,
        kill: bool = False,
    ) -> None:
        self.nth, self.error, self.calls, self.short = nth, error, tuple(calls), short
        self.forever, self.kill = forever, kill
        self.count, self.dead = 0, False
        self.log: list[str] = []
        self._paths: dict[int, Path] = {}
        self._unsyncable: set[int] = set()
        self._synced: dict[Path, int] = {}  # bytes of each written file that a power cut leaves
        self._entries: list[tuple[Path, Path | None]] = []  # new name, old name: the folder is not synced yet

    def die(self) -> None:
        """The process is gone: its descriptors are closed, its locks free."""
        self.dead = True
        while self._paths:
            os.close(self._paths.popitem()[0])

    def power_cut(self) -> None:
        """Only what was synced is on the disk."""
        self.die()
        for new, old in reversed(self._entries):
            if old is not None:
                new.rename(old)
                self._synced[old] = self._synced.pop(new, old.stat().st_size)
            else:
                new.unlink(missing_ok=True)
        for path, size in self._synced.items():
            if path.exists() and path.stat().st_size > size:
                os.truncate(path, size)

    def point(self, name: str) -> None:
        """A moment that is no call of the disk, at which the process may be killed."""
        if self.kill or self.dead:
            self._step(name)

    def _step(self, name: str) -> None:
        if self.dead:
            raise Killed
        self.log.append(name)
        if self.calls and name not in self.calls:
            return
        self.count += 1
        if self.count == self.nth and self.kill:
            self.dead = True
            raise Killed
        if self.count == self.nth or (self.forever and 0 < self.nth < self.count):
            raise OSError(self.error, os.strerror(self.error))

    def open(self, path: Path, flags: int) -> int:
        self._step("open")
        there = path.exists()
        fd = super().open(path, flags)
        self._paths[fd] = path
        if not there:
            self._entries.append((path, None))
            self._synced[path] = 0
        return fd

    def close(self, fd: int) -> None:
        if self.dead:
            raise Killed
        self._unsyncable.discard(fd)
        del self._paths[fd]
        super().close(fd)

    def write(self, fd: int, data: memoryview) -> int:
        if self.short and len(data) > self.short:
            data = data[: self.short]
        was_dead = self.dead
        try:
            self._step("write")
        except (OSError, Killed):
            if not was_dead:
                self._wrote(fd, data[: len(data) // 2])  # part of it is on the disk when the error comes
            raise
        return self._wrote(fd, data)

    def _wrote(self, fd: int, data: memoryview) -> int:
        self._synced.setdefault(self._paths[fd], self.size(fd))
        return super().write(fd, data)

    def pread(self, fd: int, size: int, offset: int) -> bytes:
        self._step("pread")
        return super().pread(fd, size, offset)

    def truncate(self, fd: int, length: int) -> None:
        self._step("truncate")
        super().truncate(fd, length)
        if self.error in DISK_FULL:
            self._unsyncable.discard(fd)

    def fdatasync(self, fd: int) -> None:
        assert fd not in self._unsyncable, "synced again after it failed"
        self._unsyncable.add(fd)
        self._step("fdatasync")
        self._unsyncable.discard(fd)
        self._synced[self._paths[fd]] = self.size(fd)

    def rename(self, source: Path, target: Path) -> None:
        self._step("rename")
        super().rename(source, target)
        self._entries.append((target, source))
        self._synced[target] = self._synced.pop(source, target.stat().st_size)
        for fd, path in self._paths.items():
            if path == source:
                self._paths[fd] = target

    def unlink(self, path: Path) -> None:
        self._step("unlink")
        super().unlink(path)
        self._entries = [entry for entry in self._entries if entry[0] != path]

    def fsync_directory(self, path: Path) -> None:
        self._step("fsync_directory")
        self._entries = [entry for entry in self._entries if entry[0].parent != path]
