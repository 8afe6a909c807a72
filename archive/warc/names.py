"""Names of WARC files: NAME-YYYYMMDDhhmmss-TOKEN-NNNNN.warc.gz, and `.open` behind it while it is written."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.errors import ArchiveError

__all__ = ["OPEN", "SUFFIX", "file_name", "is_ours", "resolve"]

SUFFIX = ".warc.gz"
OPEN = ".open"

_OURS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*-\d{14}-[A-Za-z0-9]+-\d{5,}\.warc\.gz(\.open)?")


def file_name(name: str, now: int, token: str, serial: int) -> str:
    """The final name of a new file. `now` in microseconds (UTC epoch), `token` tells processes apart."""
    stamp = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=now)
    made = f"{name}-{stamp:%Y%m%d%H%M%S}-{token}-{serial:05d}{SUFFIX}"
    if not _OURS.fullmatch(made):
        raise ArchiveError("a WARC file's name takes letters, digits, dots and dashes only", file=made)
    return made


def is_ours(file: str) -> bool:
    """Whether a file (final name or `.open`) is named as this archive names its own."""
    return _OURS.fullmatch(file) is not None


def resolve(path: Path) -> Path:
    """The file itself, or its `.open` name while it is still being written. ArchiveError when neither is."""
    if path.exists():
        return path
    still_open = path.with_name(path.name + OPEN)
    if still_open.exists():
        return still_open
    if path.exists():  # sealed between the two looks
        return path
    raise ArchiveError("there is no such file, nor one of this name with .open", file=path)
