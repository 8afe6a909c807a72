"""Records taken out of the archive's files for a package: ours byte for byte, those of others written anew.

of a file of ours: what no capture covers (its warcinfo records) and the captures wanted, in the file's order
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from archive.capture import Filed, FileState
from archive.errors import ArchiveError
from archive.reader import read_capture
from archive.store.types import CaptureRow, Selection
from archive.warc import Info, new_record_id, resolve
from archive.warc.exchange import Exchange
from archive.warc.info import warcinfo_draft
from archive.warc.records import write_member

__all__ = ["Files"]

_PIECE = 1024 * 1024
_Write = Callable[[bytes], None]
_Copied = tuple[CaptureRow, int, int]


class _Catalogue(Protocol):
    def own_files(self) -> list[FileState]: ...
    def file_path(self, file: str) -> Path: ...
    def captures_in(self, file: str) -> Iterator[Filed]: ...
    def file_names(self) -> list[str]: ...
    def select_captures(self, wanted: Selection) -> Iterator[CaptureRow]: ...


class Files:
    """The files that captures are copied from. `info` describes WARCs that are written anew; `left_out` counts
    captures of others that could not be."""

    def __init__(self, store: _Catalogue, info: Info, now: int) -> None:
        self._store, self._info, self._now = store, info, now
        self._own = {state.file: state for state in store.own_files()}
        self._names: dict[str, str] = {}
        self.left_out = 0

    def grouped(self, wanted: Selection) -> Iterator[tuple[str, list[CaptureRow]]]:
        """The captures wanted, by file, each under the name that its file has in the package."""
        for file in self._store.file_names():
            rows = list(self._store.select_captures(msgspec.structs.replace(wanted, file=file)))
            if rows:
                name = file if file in self._own else f"imported-{len(self._names) + 1:05d}.warc.gz"
                self._names[name] = file
                yield name, sorted(rows, key=lambda row: row.location.offset)

    def copied(
        self, name: str, rows: list[CaptureRow], write: _Write, size: Callable[[], int]
    ) -> Iterator[_Copied]:
        """Write the captures; each with offset and length of its first record in the new file."""
        file = self._names[name]
        if file in self._own:
            yield from self._verbatim(file, rows, write, size)
        else:
            yield from self._anew(file, name, rows, write, size)

    def _verbatim(
        self, file: str, rows: list[CaptureRow], write: _Write, size: Callable[[], int]
    ) -> Iterator[_Copied]:
        wanted = {row.location.offset: row for row in rows}
        with resolve(self._store.file_path(file)).open("rb") as source:

            def copy(start: int, stop: int) -> None:
                source.seek(start)
                while start < stop and (piece := source.read(min(_PIECE, stop - start))):
                    write(piece)
                    start += len(piece)

            at = 0
            for entry in self._store.captures_in(file):
                offset, length = entry.location.offset, entry.location.length
                copy(at, offset)
                row = wanted.get(offset)
                if row is not None:
                    yield row, size(), row.response_length or length
                    copy(offset, offset + length)
                at = offset + length
            copy(at, self._own[file].committed)

    def _anew(
        self, file: str, name: str, rows: list[CaptureRow], write: _Write, size: Callable[[], int]
    ) -> Iterator[_Copied]:
        warcinfo_id = new_record_id()
        write_member(warcinfo_draft(self._info, name, warcinfo_id, self._now), write)
        path = self._store.file_path(file)
        for row in rows:
            try:
                capture = msgspec.structs.replace(read_capture(path, row.location), url=row.url)
                drafts = Exchange(capture, warcinfo_id, new_record_id).drafts()
            except ArchiveError:  # damaged since, or with a header that we would not write
                self.left_out += 1
                continue
            offset = size()
            lengths = [write_member(draft, write) for draft in drafts]
            yield row, offset, lengths[0]
