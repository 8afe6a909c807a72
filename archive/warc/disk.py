"""The operating system as the WARC writer sees it: every call that can fail goes through here, so that tests
can make any of them fail."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

__all__ = ["Disk"]

_PIECE = 1024 * 1024


class Disk:
    """Thin names over `os`; all raise OSError. Replace single methods in a subclass to inject faults."""

    def open(self, path: Path, flags: int) -> int:
        return os.open(path, flags | os.O_CLOEXEC, 0o644)

    def close(self, fd: int) -> None:
        os.close(fd)

    def lock(self, fd: int) -> bool:
        """Take the exclusive flock; False when another open file holds it."""
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def write(self, fd: int, data: memoryview) -> int:
        """As os.write: may write less than it was given."""
        return os.write(fd, data)

    def pread(self, fd: int, size: int, offset: int) -> bytes:
        return os.pread(fd, size, offset)

    def size(self, fd: int) -> int:
        return os.fstat(fd).st_size

    def truncate(self, fd: int, length: int) -> None:
        os.ftruncate(fd, length)

    def fdatasync(self, fd: int) -> None:
        if hasattr(os, "fdatasync"):
            os.fdatasync(fd)
        else:  # macOS
            os.fsync(fd)

    def copy(self, fd: int, start: int, end: int, target: Path) -> int:
        """Copy those bytes of an open file into a new one, durably; how many there were. Nothing stays of a copy
        that failed."""
        out = self.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        at = start
        try:
            while at < end and (piece := memoryview(self.pread(fd, min(_PIECE, end - at), at))):
                at += len(piece)
                while piece:
                    piece = piece[self.write(out, piece) :]
            self.fdatasync(out)
        except OSError:
            self.unlink(target)
            raise
        finally:
            self.close(out)
        return at - start

    def rename(self, source: Path, target: Path) -> None:
        """Refuses to replace a file that is there already."""
        if target.exists():
            raise FileExistsError(17, "there is a file of that name already", str(target))
        source.rename(target)

    def unlink(self, path: Path) -> None:
        path.unlink()

    def fsync_directory(self, path: Path) -> None:
        """Make created and renamed entries last (POSIX says nothing of entries when a file is fsynced)."""
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
