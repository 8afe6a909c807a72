"""The second half of a take-down: files without the records, databases without a trace.

each file of ours ─▶ needs a copy? ─▶ copy, durable ─▶ swapped in one transaction ─▶ old file unlinked
then: rows out of crawl.db, both databases written anew, exports and leftovers that may hold the URL unlinked

Killed anywhere, the next call begins where this one was: what is done is done, what is half done is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from archive.capture import FileState
from archive.errors import ArchiveError
from archive.index import ArticleIndex
from archive.reader.records import promising
from archive.reader.stretches import stretches
from archive.reader.windows import File
from archive.store import Store
from archive.store.swaps import REWRITTEN
from archive.takedown.files import copy_without, needs_copy
from archive.takedown.records import Judge
from archive.takeover import QUARANTINE, move_tail
from archive.warc import OPEN, Disk, WarcFile, resolve

__all__ = ["Erased", "Erasure", "erase"]

_NAME = re.compile(r"(.*-\d{14}-)[A-Za-z0-9]+(-\d{5,}\.warc\.gz)")


class Erased(msgspec.Struct, frozen=True):
    """One file that was written anew, or another (`new` "") that was unlinked: an export, a leftover."""

    old: str
    new: str = ""
    records: int = 0


class Erasure(msgspec.Struct, frozen=True):
    """What was done. `finished` is False while other processes are at work (`busy` of them) or read: then again
    later. `holders` are imported files, not ours to change, with the number of their records of the URLs."""

    finished: bool
    busy: int = 0
    files: tuple[Erased, ...] = ()
    holders: tuple[tuple[str, int], ...] = ()


def erase(
    store: Store,
    index: ArticleIndex,
    folder: Path,
    *,
    now: int,
    token: str,
    disk: Disk | None = None,
    report: Callable[[Erased], None] = lambda _: None,
) -> Erasure:
    """Take what is forgotten out of everything in the data folder. `token` goes into the names of new files.
    The store needs an owner: alone it does nothing, since a process at work may still write such a record."""
    if busy := store.others(now):
        return Erasure(False, busy)
    urls, archive, done = store.pending_forgotten(), folder / "archive", list[Erased]()

    def tell(one: Erased) -> None:
        done.append(one)
        report(one)

    if urls:
        index.forget(urls)  # once more: a process that was at work may have put it in
        _drop_copies(store, archive)
        for state in store.own_files():
            if (one := _rewrite(store, archive, state, urls, now, token, disk or Disk())) is not None:
                tell(one)
    holders = tuple(store.holders())
    if store.open_marks():
        for path in _leftovers(folder, urls):
            path.unlink()
            tell(Erased(str(path.relative_to(folder))))
        if not index.compact() or not store.erase_forgotten():
            return Erasure(False, 0, tuple(done), holders)
    return Erasure(True, 0, tuple(done), holders)


def _drop_copies(store: Store, archive: Path) -> None:
    """Copies that a kill left before they were swapped in."""
    needed = {name + REWRITTEN for name in store.swapping()}
    for path in archive.glob("*" + REWRITTEN):
        if path.name not in needed:
            path.unlink()


def _rewrite(
    store: Store, archive: Path, state: FileState, urls: list[str], now: int, token: str, disk: Disk
) -> Erased | None:
    match = _NAME.fullmatch(state.file)
    if match is None:
        raise ArchiveError("not a name of ours", file=state.file)
    new = f"{match[1]}{token}{match[2]}"
    path = resolve(archive / state.file)
    held = _held(path, state, now, disk)
    try:
        if not needs_copy(path, state.committed, Judge(urls, new)):
            return None
        copy = copy_without(path, state.committed, archive / (new + REWRITTEN), Judge(urls, new), disk)
        if not copy.left:
            (archive / (new + REWRITTEN)).unlink()
            new = ""
        moved = [
            place
            for entry in store.captures_in(state.file)
            if (place := copy.moved(entry.location.offset, entry.location.length, entry.response_length))
        ]
        store.swap_file(state.file, new, copy.size, moved)
        return Erased(state.file, new, copy.records)
    finally:
        if held is not None:
            held.close()


def _held(path: Path, state: FileState, now: int, disk: Disk) -> WarcFile | None:
    """An unsealed file, locked, what was never committed of it moved to quarantine/."""
    if not path.name.endswith(OPEN):
        return None
    held = WarcFile.take(path, disk=disk)
    if held is None:
        raise ArchiveError("in use by another process", file=path)
    if held.size > state.committed:
        move_tail(held, state.committed, now, disk)
    return held


def _leftovers(folder: Path, urls: list[str]) -> Iterator[Path]:
    """What may hold a forgotten URL and is not needed: exports and indexes, which are made on request; databases
    as they were before an update; torn bytes with the URL in them."""
    for name in ("exports", "indexes"):
        if (folder / name).is_dir():
            yield from sorted(path for path in (folder / name).rglob("*") if path.is_file())
    yield from sorted(folder.glob("*.bak"))
    torn = folder / "archive" / QUARANTINE
    for path in sorted(torn.iterdir()) if torn.is_dir() else ():
        if any(_holds(path, url.encode()) for url in urls):
            yield path


def _holds(path: Path, needle: bytes) -> bool:
    with path.open("rb") as file:
        window = File(file, 0, path.stat().st_size)
        return any(stretch.plain.find(needle, 0) >= 0 for stretch in stretches(window, 0, promising))
