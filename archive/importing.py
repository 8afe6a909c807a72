"""Archives made by others, taken in where they lie: read once, entered in the catalogue, never changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from archive.capture import Filed, Location
from archive.catalogue import Catalogue, filed
from archive.reader import Damage, Found, read_file
from archive.warc.names import resolve

__all__ = ["ImportReport", "import_file"]

_BATCH = 500


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file. `file` is the name it is known under, `captures` how many were found, `new` how
    many of them were not known yet, `skipped` how many could not be entered, by reason ("scheme", "url",
    "date", "method"), `damage` what could not be read, by offset."""

    path: Path
    file: str
    captures: int
    new: int
    skipped: dict[str, int]
    damage: tuple[Damage, ...]


def import_file(path: Path, store: Catalogue, now: int) -> ImportReport:
    """Take in one .warc, .arc (plain, .gz, .zst) or .wacz file, in place. Importing it again adds nothing.
    Damage is reported and read past. ArchiveError when the file cannot be opened."""
    path = resolve(path).resolve()
    file = store.add_file(path, now)
    skipped: Counter[str] = Counter()
    damage: list[Damage] = []
    batch: list[Filed] = []
    found = new = 0
    for entry in _entries(path, file, skipped, damage):
        found += 1
        batch.append(entry)
        if len(batch) >= _BATCH:
            new += store.add_captures(file, batch, now)
            batch.clear()
    if batch:
        new += store.add_captures(file, batch, now)
    return ImportReport(
        path=path, file=file, captures=found, new=new, skipped=dict(skipped), damage=tuple(damage)
    )


def _entries(path: Path, file: str, skipped: Counter[str], damage: list[Damage]) -> Iterator[Filed]:
    """Captures of pages: answers to GET, or to what is not said."""
    for item in read_file(path):
        if isinstance(item, Damage):
            damage.append(item)
            continue
        place = Location(file, item.location.offset, item.location.length)
        entry = filed(Found(place, item.capture, item.payload_digest, item.response_length))
        if isinstance(entry, str):
            skipped[entry] += 1
        elif entry.method not in ("GET", ""):
            skipped["method"] += 1
        else:
            # revisits refer to captures of ours only: these are known, but not known to be whole
            yield msgspec.structs.replace(entry, complete=False)
