"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from archive.errors import ArchiveError, failed

__all__ = ["whole_file"]


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file to write to, which gets its name, durably, when the block ends; nothing is left when it raises. An
    older file of that name is replaced. ArchiveError when the disk fails."""
    if path.is_dir():
        raise ArchiveError("this is a folder, no file can be written over it", file=path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb+") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        fd = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        with suppress(OSError):  # it may never have come to be: where a folder should be, there is a file
            part.unlink()
        raise failed("could not be written", error, path) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
