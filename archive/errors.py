"""Errors of the archive: each names a file, and an offset where there is one."""

from __future__ import annotations

from pathlib import Path

from sites.errors import BroadsheetError

__all__ = ["ArchiveError"]


class ArchiveError(BroadsheetError):
    """A file or a database is damaged, too new, in use or out of room.

    `file` is the path, `offset` the byte offset (None when the whole file is meant).
    """

    def __init__(self, message: str, *, file: Path | str = "", offset: int | None = None) -> None:
        self.message, self.file, self.offset = message, str(file), offset
        place = self.file + (f" at byte {offset}" if offset is not None else "")
        super().__init__(f"{place}: {message}" if place else message)
