"""One WARC file being written, by the one process that holds its lock.

    create ─▶ [warcinfo] ─▶ append … append ─▶ sync ─▶ append … ─▶ seal ─▶ NAME.warc.gz
    resume ─▶ [warcinfo]        └─ fails ─▶ rollback(length)        close ─▶ NAME.warc.gz.open, to be resumed

Nothing here decides: the Recorder says when to sync, roll back, rotate.
"""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Callable
from pathlib import Path

from archive.capture import Capture, Location, Written
from archive.errors import ArchiveError
from archive.warc.disk import Disk
from archive.warc.exchange import Exchange
from archive.warc.info import Info, warcinfo_draft
from archive.warc.names import OPEN, file_name
from archive.warc.records import Draft, write_member

__all__ = ["WarcFile", "new_record_id"]

_BATCH = 4 * 1024 * 1024
_FLAGS = os.O_RDWR | os.O_APPEND


def new_record_id() -> str:
    return f"urn:uuid:{uuid.uuid4()}"


class WarcFile:
    """`file` is the final name, `path` where it lies now, `size` the bytes of whole records in it. Errors of
    the system come as OSError; after one, `rollback` before anything else."""

    def __init__(self, path: Path, fd: int, size: int, disk: Disk, new_id: Callable[[], str]) -> None:
        self.path, self.size = path, size
        self.file = path.name.removesuffix(OPEN)
        self._fd, self._disk, self._new_id = fd, disk, new_id
        self._warcinfo_id = ""
        self._torn = False

    @classmethod
    def create(
        cls,
        directory: Path,
        info: Info,
        *,
        now: int,
        token: str,
        serial: int,
        disk: Disk | None = None,
        new_id: Callable[[], str] = new_record_id,
    ) -> WarcFile:
        """A new file with its warcinfo record, its directory entry made durable. `now` in microseconds. When
        the disk is full nothing stays behind."""
        disk = disk or Disk()
        path = directory / (file_name(info.name, now, token, serial) + OPEN)
        fd = disk.open(path, _FLAGS | os.O_CREAT | os.O_EXCL)
        self = cls(path, fd, 0, disk, new_id)
        try:
            if not disk.lock(fd):
                raise ArchiveError("another process took the lock of a file just made", file=path)
            self._begin(info, now)
            disk.fdatasync(fd)
            disk.fsync_directory(directory)
        except BaseException:
            disk.close(fd)
            disk.unlink(path)
            raise
        return self

    @classmethod
    def take(
        cls, path: Path, *, disk: Disk | None = None, new_id: Callable[[], str] = new_record_id
    ) -> WarcFile | None:
        """The `.open` file at `path`, locked; None when another process holds it or it is gone (sealed)
        meanwhile. Only who holds the lock may mend a file. `size` is that of the file, torn tail included."""
        disk = disk or Disk()
        try:
            fd = disk.open(path, _FLAGS)
        except FileNotFoundError:
            return None
        try:
            if disk.lock(fd) and path.exists() and path.stat().st_ino == os.fstat(fd).st_ino:
                return cls(path, fd, disk.size(fd), disk, new_id)
        except BaseException:
            disk.close(fd)
            raise
        disk.close(fd)
        return None

    @classmethod
    def resume(
        cls,
        path: Path,
        committed: int,
        info: Info,
        *,
        now: int,
        disk: Disk | None = None,
        new_id: Callable[[], str] = new_record_id,
    ) -> WarcFile:
        """Go on in an `.open` file of exactly `committed` bytes, with a fresh warcinfo record."""
        taken = cls.take(path, disk=disk, new_id=new_id)
        if taken is None:
            raise ArchiveError("in use by another process", file=path)
        if taken.size != committed:
            taken.close()
            raise ArchiveError(f"has {taken.size} bytes where {committed} are committed", file=path)
        try:
            taken.go_on(info, now)
        except BaseException:
            taken.close()
            raise
        return taken

    def go_on(self, info: Info, now: int) -> None:
        """Write another warcinfo record: those that follow were made under these settings."""
        self._begin(info, now)

    def append(self, capture: Capture) -> Written:
        """Write all records of an exchange: in one write, unless a spilled body makes them long."""
        if self._torn:
            raise ArchiveError("must be rolled back before more is written", file=self.path)
        exchange = Exchange(capture, self._warcinfo_id, self._new_id)
        sizes = self._write(exchange.drafts())
        return Written(
            location=Location(self.file, self.size - sum(sizes), sum(sizes)),
            response_length=sizes[0],
            record_ids=exchange.ids,
            payload_digest=exchange.payload_digest,
            payload_size=exchange.described.payload_size,
            status=exchange.head.status,
            media_type=exchange.described.media_type,
            complete=exchange.described.complete,
            revisit=capture.revisit,
        )

    def sync(self) -> None:
        """fdatasync. After an EIO the kernel may have dropped pages: never call it again, seal instead."""
        self._disk.fdatasync(self._fd)

    def rollback(self, length: int) -> None:
        """Back to `length` bytes, the end of a record: what is behind was never committed."""
        self._disk.truncate(self._fd, length)
        self.size, self._torn = length, False

    def copy(self, offset: int, target: Path) -> None:
        """What lies from `offset` on, into a new file, durably."""
        self._disk.copy(self._fd, offset, self.size, target)

    def seal(self) -> Path:
        """Give the file its final name, durably, and let it go. The final path. Sync before."""
        final = self.path.with_name(self.file)
        self._disk.rename(self.path, final)
        self.path = final
        try:
            self._disk.fsync_directory(final.parent)
        finally:
            self.close()
        return final

    def close(self) -> None:
        """Let the file go (with its lock); unsealed, the next run goes on in it. May be called again."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            self._disk.close(fd)

    def _begin(self, info: Info, now: int) -> None:
        record_id = self._new_id()
        self._write([warcinfo_draft(info, self.file, record_id, now)])
        self._warcinfo_id = record_id

    def _write(self, drafts: list[Draft]) -> list[int]:
        batch: list[bytes] = []
        held = 0

        def out(data: bytes) -> None:
            nonlocal held
            batch.append(data)
            held += len(data)
            if held >= _BATCH:
                self._flush(b"".join(batch))
                batch.clear()
                held = 0

        sizes = [write_member(draft, out) for draft in drafts]
        self._flush(b"".join(batch))
        self.size += sum(sizes)
        self._torn = False
        return sizes

    def _flush(self, data: bytes) -> None:
        self._torn = True
        rest = memoryview(data)
        while rest:
            written = self._disk.write(self._fd, rest)
            if written <= 0:
                raise OSError(errno.EIO, "the system wrote nothing and gave no reason", str(self.path))
            rest = rest[written:]

    def __repr__(self) -> str:
        return f"<WarcFile {self.file} {self.size} bytes>"
