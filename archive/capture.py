"""A Capture: one exchange with a server, as bytes. What `crawler.net` makes, the WARC writer takes and the
reader yields: `read(write(c)) == c`.
"""

from __future__ import annotations

import io
from typing import IO, Literal

import msgspec

__all__ = [
    "Capture",
    "Location",
    "Octets",
    "RecordIds",
    "Revisit",
    "Spill",
    "Tls",
    "octets_open",
    "octets_size",
]

Truncation = Literal["", "length", "time", "disconnect", "unspecified"]


class Spill:
    """Bytes too many for memory, in an unlinked temporary file: nothing is left behind by a kill."""

    __slots__ = ("_file", "size")

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self.size = file, size

    def open(self) -> IO[bytes]:
        """The file, rewound. One reader at a time."""
        self._file.seek(0)
        return self._file

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Spill | bytes):
            return octets_size(self) == octets_size(other) and self.open().read() == octets_open(other).read()
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.size)

    def __repr__(self) -> str:
        return f"<Spill {self.size} bytes>"


Octets = bytes | Spill


def octets_size(data: Octets) -> int:
    return data.size if isinstance(data, Spill) else len(data)


def octets_open(data: Octets) -> IO[bytes]:
    """A reader over the bytes, at their start."""
    return data.open() if isinstance(data, Spill) else io.BytesIO(data)


class Location(msgspec.Struct, frozen=True):
    """Where an exchange's records lie: `file` is the final stem (no directory, no `.open`), `offset` the first
    byte of the response record (or of the lone metadata record), `length` the bytes of all its records, which
    lie together. For files made by others, `length` covers the response record alone.
    """

    file: str
    offset: int
    length: int


class RecordIds(msgspec.Struct, frozen=True):
    """WARC-Record-IDs, without the angle brackets; "" where there is no such record."""

    response: str = ""
    request: str = ""
    metadata: str = ""


class Tls(msgspec.Struct, frozen=True):
    """`version` as WARC-Protocol wants it ("tls/1.3"), `cipher` the IANA name."""

    version: str
    cipher: str


class Revisit(msgspec.Struct, frozen=True):
    """What a revisit record refers to (WARC 1.1, 6.7): a committed, complete capture of ours."""

    profile: Literal["identical-payload-digest", "server-not-modified"]
    record_id: str
    url: str
    date: int


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange, as archived.

    `request` and `response` are the message bytes: head and body as they crossed the wire (transfer coding
    and content coding untouched), 1xx responses left out, secrets in the request already redacted. `response`
    is b"" when nothing came; then `error` says why. `fetched_at` is when the exchange began and `took` how
    long it lasted, both in microseconds (UTC epoch). `peer` is the literal address spoken to ("" behind a
    proxy). `truncated` says why the response is short. `via` is the URL that led here ("" for a seed),
    `hops` the path from the seed: L link, R redirect, E embed, X speculative (robots, sitemap, feed).
    `payload_type` is "" unless the file's record is not an HTTP message (a `resource` record): then it is
    the record's own media type and `response` the bare payload. `revisit` is set on a revisit record, whose
    `response` is a head without the body that it refers to.
    """

    url: str
    method: str = "GET"
    request: bytes = b""
    response: Octets = b""
    fetched_at: int = 0
    took: int = 0
    peer: str = ""
    tls: Tls | None = None
    truncated: Truncation = ""
    error: str = ""
    via: str = ""
    hops: str = ""
    payload_type: str = ""
    revisit: Revisit | None = None
    record_ids: RecordIds = RecordIds()
