"""SQLite's own file calls, which fail on demand, or show the disk as it is amid every one of them.

with FaultyVfs("name") as vfs:
    vfs.arm(7, "EIO")           the 7th call that changes a file fails, a write with half of its bytes done
    vfs.watch(picture)          picture() is called amid every one of them, half of a write done
    vfs.power_cut(one, other)   what a loss of power would leave of a folder: what was synced
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import apsw

__all__ = ["Fault", "FaultyVfs", "copied"]

Fault = Literal["EIO", "full", "unreadable"]
_CALLS = {
    "EIO": ("open", "write", "truncate", "sync", "delete"),
    "full": ("write",),
    "unreadable": ("read",),
}


class FaultyVfs(apsw.VFS):
    """`count` counts the calls that the fault may strike. Inside a `with` block SQLite knows it by its name."""

    def __init__(self, name: str) -> None:
        self.count, self._nth, self._forever = 0, 0, False
        self._fault: Fault = "EIO"
        self._picture: Callable[[], None] | None = None
        self._synced: dict[Path, bytes] = {}
        super().__init__(name, "")

    def arm(self, nth: int, fault: Fault, *, forever: bool = False) -> None:
        """The nth call from now on fails; with `forever` all that follow, too. 0: none."""
        self.count, self._nth, self._fault, self._forever = 0, nth, fault, forever

    def watch(self, picture: Callable[[], None] | None) -> None:
        self._picture = picture

    def strike(self, name: str, half: Callable[[], None] = lambda: None) -> None:
        """Fail, or show the disk, if it is time to; `half` does the first half of a write."""
        if name not in _CALLS[self._fault]:
            return
        self.count += 1
        fails = self.count == self._nth or (self._forever and 0 < self._nth < self.count)
        if fails or self._picture is not None:
            half()
        if self._picture is not None:
            self._picture()
        if fails:
            raise apsw.FullError("injected") if self._fault == "full" else apsw.IOError("injected")

    def power_cut(self, folder: Path, into: Path) -> None:
        """`into` becomes what is left of the databases in `folder`."""
        into.mkdir()
        for path, data in self._synced.items():
            if path.parent == folder:
                (into / path.name).write_bytes(data)

    def keep(self, path: Path) -> None:
        """What is in the file now survives a power cut."""
        self._synced[path] = path.read_bytes()

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        self.strike("open")
        return _File(self, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
        self.strike("delete")
        super().xDelete(name, sync)
        self._synced.pop(Path(name), None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unregister()


class _File(apsw.VFSFile):
    def __init__(self, vfs: FaultyVfs, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._vfs = vfs
        self._path = Path(name.filename() if isinstance(name, apsw.URIFilename) else name or "")

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        self._vfs.strike("read")
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        write = super().xWrite
        self._vfs.strike("write", lambda: write(data[: len(data) // 2], offset))
        write(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._vfs.strike("truncate")
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._vfs.strike("sync")
        super().xSync(flags)
        self._vfs.keep(self._path)


def copied(folder: Path, into: Path) -> None:
    """The databases as the next process finds them after a kill: without what was shared in memory."""
    into.mkdir()
    for path in folder.iterdir():
        if path.is_file() and not path.name.endswith("-shm"):
            shutil.copyfile(path, into / path.name)
