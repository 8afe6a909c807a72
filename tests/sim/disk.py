"""Simulated blocking: calls made in place, a disk that runs full, fails, or is cut off in the middle of a call."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from random import Random

import trio

from archive.warc import Disk

__all__ = ["Inline", "Killed", "SimDisk"]


class Killed(BaseException):
    """SIGKILL, as far as a task inside can tell: it never comes back from where it is."""


class SimDisk(Disk):
    """`full`: no room. `sick`: the next fdatasync fails (`failed`: one did). `fuse`: killed at so many calls from now (0: not)."""

    def __init__(self, die: Callable[[], None]) -> None:
        self.full = self.sick = self.failed = self.dead = False
        self.fuse = 0
        self._die = die
        self._open: set[int] = set()

    def cut(self) -> None:
        """The process is gone: its descriptors are closed, and nothing that it still calls does anything."""
        self.dead = True
        for fd in sorted(self._open):
            super().close(fd)
        self._open.clear()

    def free(self) -> int:
        return 10**5 if self.full else 10**9

    def _call(self) -> None:
        if self.fuse:
            self.fuse -= 1
            if not self.fuse:
                self._die()
        if self.dead:
            raise Killed

    def open(self, path: Path, flags: int) -> int:
        self._call()
        fd = super().open(path, flags)
        self._open.add(fd)
        return fd

    def close(self, fd: int) -> None:
        if not self.dead:
            self._open.discard(fd)
            super().close(fd)

    def write(self, fd: int, data: memoryview) -> int:
        self._call()
        if self.full:
            self.failed = True
            super().write(fd, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "no space left (simulated)")
        return super().write(fd, data)

    def fdatasync(self, fd: int) -> None:
        self._call()
        if self.sick:
            self.sick, self.failed = False, True
            raise OSError(errno.EIO, "input/output error (simulated)")

    def truncate(self, fd: int, length: int) -> None:
        self._call()
        super().truncate(fd, length)

    def rename(self, source: Path, target: Path) -> None:
        self._call()
        super().rename(source, target)

    def unlink(self, path: Path) -> None:
        self._call()
        super().unlink(path)

    def fsync_directory(self, path: Path) -> None:
        self._call()


class Inline:
    """The engine's `RunSync` without a thread: one call at a time, in order; begun, it is never abandoned.

    `fuse`: killed at so many calls from now, before or after the call."""

    def __init__(self, rng: Random, die: Callable[[], None], step: Callable[[], None]) -> None:
        self._rng, self._die, self._step = rng, die, step
        self._turn = trio.Lock()
        self.fuse = 0
        self.dead = False

    async def __call__(self, fn: Callable[..., object], *args: object) -> object:
        async with self._turn:
            if self._rng.random() < 0.05:
                with trio.CancelScope(shield=True):
                    await trio.sleep(self._rng.choice((0.001, 0.02)))
            self._burn()
            if self.dead:
                raise Killed
            result = fn(*args)
            self._step()
            self._burn()
            if self.dead:
                raise Killed
            return result

    def _burn(self) -> None:
        if self.fuse:
            self.fuse -= 1
            if not self.fuse:
                self._die()
