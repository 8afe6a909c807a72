"""Records in segments (WARC 1.1, 7): whether the segments of one file follow each other and are as long as they say.

response, segment 1 ─▶ continuation 2 ─▶ … ─▶ continuation n with the total length
"""

from __future__ import annotations

from collections.abc import Iterator

from archive.octets import octets_size
from archive.reader import Raw
from archive.verify.headers import Fault

__all__ = ["Segments"]


class Segments:
    """Told every record of a file, in order. Segments may lie in several files, so what is elsewhere is a note."""

    def __init__(self) -> None:
        self._open: dict[
            str, tuple[int, int, int]
        ] = {}  # first segment's id -> its offset, last number, bytes

    def record(self, raw: Raw, at: int) -> Iterator[Fault]:
        number = raw.get("WARC-Segment-Number")
        size = octets_size(raw.block)
        if raw.type != "continuation":
            if number == "1":
                self._open[raw.id] = (at, 1, size)
                yield "segmented", "a record in segments, which is read as one cut short"
            return
        origin = raw.get("WARC-Segment-Origin-ID").strip("<>")
        if origin not in self._open:
            yield "segmented", f"a segment of <{origin}>, whose beginning is not in this file"
            return
        start, last, before = self._open[origin]
        if number != f"{last + 1}":
            yield "segment", f"segment {number} of <{origin}> where {last + 1} should be"
        self._open[origin] = (start, last + 1, before + size)
        if total := raw.get("WARC-Segment-Total-Length"):
            del self._open[origin]
            if total != f"{before + size}":
                yield (
                    "segment",
                    f"the segments of <{origin}> have {before + size} bytes, {total} are declared",
                )

    def end(self) -> Iterator[tuple[int, Fault]]:
        for origin, (at, last, _) in self._open.items():
            yield at, ("segmented", f"<{origin}> goes on elsewhere: segments up to {last} are in this file")
