"""Errors of the archive: each names a file, and an offset where there is one."""

from __future__ import annotations

import errno
from pathlib import Path

from sites.errors import BroadsheetError

__all__ = ["DISK_FULL", "ArchiveError", "DiskFull", "failed"]

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when there is no room, and what can be tried again when there is."""


class ArchiveError(BroadsheetError):
    """A file or a database is damaged, too new, in use or out of room.

    `file` is the path, `offset` the byte offset (None when the whole file is meant).
    """

    def __init__(self, message: str, *, file: Path | str = "", offset: int | None = None) -> None:
        self.message, self.file, self.offset = message, str(file), offset
        place = self.file + (f" at byte {offset}" if offset is not None else "")
        super().__init__(f"{place}: {message}" if place else message)


class DiskFull(ArchiveError):
    """There is no room. Nothing of what was asked was kept: ask again when there is."""


def failed(what: str, error: OSError, file: Path) -> ArchiveError:
    """What the system said, as an error of ours: DiskFull when that is what it is."""
    kind = DiskFull if error.errno in DISK_FULL else ArchiveError
    return kind(f"{what}: {error.strerror}", file=error.filename or file)
