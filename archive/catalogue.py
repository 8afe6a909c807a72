"""What reading, importing, recovering and proving ask of the store; and a capture's entry in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from archive.capture import Filed, FileState
from archive.reader import Found
from archive.warc.described import describe
from sites.url import parse

__all__ = ["Catalogue", "filed"]


class Catalogue(Protocol):
    """`add_file` gives the name under which an imported file is known (the same path, the same name; file
    names of others need not be unique). `add_captures` leaves out places it knows already and tells how many
    were new; with `committed` it moves the committed length of a file of ours in the same transaction.
    `drop_captures` takes out those that end behind `length`, and the committed length is that at most."""

    def own_files(self) -> list[FileState]: ...
    def register_file(self, file: str, committed: int, now: int) -> None: ...
    def seal_file(self, file: str, committed: int) -> None: ...
    def file_path(self, file: str) -> Path: ...
    def add_file(self, path: Path, now: int) -> str: ...
    def add_captures(
        self, file: str, entries: Sequence[Filed], now: int, *, committed: int | None = None
    ) -> int: ...
    def drop_captures(self, file: str, length: int) -> int: ...
    def captures_in(self, file: str) -> Iterator[Filed]: ...


def filed(found: Found) -> Filed | str:
    """The entry of a capture found in a file, or in a word why it has none: no http(s) URL ("scheme"), a
    broken one ("url"), no date ("date")."""
    capture = found.capture
    url = parse(capture.url)
    if url is None:
        return "url" if capture.url.lower().startswith(("http:", "https:")) else "scheme"
    if capture.fetched_at <= 0:
        return "date"
    described = describe(capture)
    ids = capture.record_ids
    return Filed(
        location=found.location,
        url=url,
        method=capture.method,
        fetched_at=capture.fetched_at,
        took=capture.took,
        status=described.head.status or (200 if capture.payload_type else 0),
        media_type=described.media_type,
        payload_digest=described.payload_digest,
        payload_size=described.payload_size,
        record_id=ids.response or ids.metadata,
        response_length=found.response_length,
        complete=described.complete,
        truncated=capture.truncated,
        error=capture.error,
        revisit_of=capture.revisit.record_id if capture.revisit else "",
    )
