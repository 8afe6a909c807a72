"""`broadsheet recover`: when files and database do not fit together. Whole, valid records are taken in; what
is not goes to quarantine/; what the files have lost is taken out of the catalogue and named.

    committed ◀ end of file      records behind the commit: adopted up to the last whole one, the rest moved
    committed ▶ end of file      captures that are gone: dropped from the catalogue, reported
    file unknown                 all its captures adopted
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from archive.capture import Filed, FileState
from archive.catalogue import Catalogue, filed
from archive.errors import failed
from archive.reader import Damage, Placed
from archive.reader.files import exchanges, read_source
from archive.reader.windows import File
from archive.takeover import Quarantined, move_tail
from archive.verify.digests import block_problem
from archive.warc import OPEN, Disk, WarcFile, is_ours

__all__ = ["Recovered", "recover"]


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to one file: `adopted` captures taken in, `lost` taken out, `moved` bytes quarantined,
    `damage` found on the way. `busy`: another process has it, nothing was done."""

    file: str
    adopted: int = 0
    lost: int = 0
    moved: Quarantined | None = None
    damage: tuple[Damage, ...] = ()
    busy: bool = False

    def __bool__(self) -> bool:
        return bool(self.adopted or self.lost or self.moved or self.damage or self.busy)


def recover(
    store: Catalogue,
    directory: Path,
    now: int,
    *,
    disk: Disk | None = None,
    report: Callable[[Recovered], None] = lambda _: None,
) -> list[Recovered]:
    """Make files and database fit together again. Every file that needed something is in the result (and
    given to `report` as it is done). Files in use by a living process are left alone."""
    disk = disk or Disk()
    known = {state.file: state for state in store.own_files()}
    names = {path.name for path in directory.iterdir()} if directory.exists() else set()
    there = {name.removesuffix(OPEN) for name in names if is_ours(name)}
    done: list[Recovered] = []
    for file in sorted(there | set(known)):
        state = known.get(file)
        if file not in there:
            result = Recovered(file=file, lost=store.drop_captures(file, 0))
            store.seal_file(file, 0)
        else:
            try:
                result = _recover_file(store, directory, file, state, now, disk)
            except OSError as error:
                raise failed("could not be recovered", error, directory / file) from error
        if result:
            done.append(result)
            report(result)
    return done


def _recover_file(
    store: Catalogue, directory: Path, file: str, state: FileState | None, now: int, disk: Disk
) -> Recovered:
    sealed = (directory / file).exists()
    path = directory / (file if sealed else file + OPEN)
    held = WarcFile.take(path, disk=disk)
    if held is None:
        return Recovered(file=file, busy=True)
    try:
        if state is None:
            store.register_file(file, 0, now)
        lost, start = 0, state.committed if state else 0
        if held.size < start:
            lost = store.drop_captures(file, held.size)
            ends = (entry.location.offset + entry.location.length for entry in store.captures_in(file))
            start = max(ends, default=0)
            store.drop_captures(file, start)  # none are left behind it: this is the committed length now
        elif held.size == start:
            return Recovered(file=file)
        behind = _Behind(path, file, start, held.size)
        entries = behind.entries()
        end = held.size if sealed else behind.end
        adopted = store.add_captures(file, entries, now, committed=end)
        moved = move_tail(held, end, now, disk) if end < held.size else None
        if sealed:
            store.seal_file(file, end)
        return Recovered(file=file, adopted=adopted, lost=lost, moved=moved, damage=tuple(behind.damage))
    finally:
        held.close()


class _Behind:
    """What lies behind `start`: `end` is that of the last whole record, `damage` what is wrong before it."""

    def __init__(self, path: Path, file: str, start: int, size: int) -> None:
        self._path, self._file, self._start, self._size = path, file, start, size
        self.end, self.damage, self._doubtful = start, list[Damage](), list[Damage]()

    def entries(self) -> list[Filed]:
        found = exchanges(self._records(), self._file)
        entries = [filed(item) for item in found if not isinstance(item, Damage)]
        return [entry for entry in entries if not isinstance(entry, str)]

    def _records(self) -> Iterator[Placed | Damage]:
        with self._path.open("rb") as stream:
            for item in read_source(File(stream, self._start, self._size - self._start), self._start):
                if isinstance(item, Placed) and not item.alone:
                    item = Damage(item.offset, "a record in a gzip member that is broken or not its own")
                if isinstance(item, Placed) and (problem := block_problem(item.raw)):
                    item = Damage(item.offset, problem)
                if isinstance(item, Damage):
                    self._doubtful.append(item)
                else:
                    self.end = item.offset + item.length
                    self.damage += self._doubtful
                    self._doubtful.clear()
                yield item
