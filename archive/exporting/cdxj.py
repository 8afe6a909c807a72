"""CDXJ: a line a capture, sorted by key and time, which says where its record lies.

example,a)/news 20260131120000 {"url":…,"mime":…,"status":…,"digest":…,"length":…,"offset":…,"filename":…}
"""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import msgspec

from archive.capture import Location
from archive.errors import ArchiveError
from archive.exporting.surt import surt
from archive.exporting.whole import whole_file
from archive.store.types import CaptureRow
from archive.warc import resolve

__all__ = ["cdxj_line", "export_cdxj", "in_order", "is_listed"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RUN = 100_000


def cdxj_line(row: CaptureRow, place: Location) -> bytes:
    """The line of a capture whose first record lies at `place`. All values are text, as readers expect."""
    stamp = (_EPOCH + timedelta(microseconds=row.fetched_at)).strftime("%Y%m%d%H%M%S")
    facts = {
        "url": row.url,
        "mime": "warc/revisit" if row.revisit_of else row.media_type or "unk",
        "status": str(row.status),
        "digest": row.payload_digest,
        "length": str(place.length),
        "offset": str(place.offset),
        "filename": place.file,
    }
    facts = {name: value for name, value in facts.items() if value}
    return b"%b %b %b\n" % (surt(row.url).encode(), stamp.encode(), msgspec.json.encode(facts))


def is_listed(row: CaptureRow) -> bool:
    """Whether a replay program should know of it. Of a 304 it would show the empty answer; not knowing of that, it
    shows the capture which the 304 says is still good."""
    return row.status not in (0, 304)


def in_order(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines sorted, a bounded number of them in memory: sorted runs lie in a temporary file and are merged."""
    lines = iter(lines)
    first = sorted(islice(lines, _RUN))
    if len(first) < _RUN:
        yield from first
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
        runs: list[Path] = []
        run = first
        while run:
            runs.append(Path(folder) / f"{len(runs)}")
            with runs[-1].open("wb") as file:
                file.writelines(run)
            run = sorted(islice(lines, _RUN))
        with ExitStack() as stack:
            yield from heapq.merge(*(stack.enter_context(path.open("rb")) for path in runs))


def export_cdxj(rows: Iterable[CaptureRow], path_of: Callable[[str], Path], target: Path) -> int:
    """Write an index of the captures; how many lines. Files of ours are named as they lie there now, those of
    others by their whole path. Left out are failed attempts, and records inside one long gzip member, which no other
    tool could read from their place."""
    written = 0
    names: dict[str, str] = {}

    def lines() -> Iterator[bytes]:
        for row in rows:
            if not is_listed(row) or row.location.offset < 0:
                continue
            place = row.location
            if place.file not in names:
                names[place.file] = _name(path_of(place.file), row.imported)
            yield cdxj_line(
                row, Location(names[place.file], place.offset, row.response_length or place.length)
            )

    with whole_file(target) as file:
        for line in in_order(lines()):
            file.write(line)
            written += 1
    return written


def _name(path: Path, imported: bool) -> str:
    try:
        path = resolve(path)
    except ArchiveError:  # gone: the line says where it was
        return str(path) if imported else path.name
    return str(path) if imported else path.name
