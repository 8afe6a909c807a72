"""A Capture: one exchange with a server, as bytes. What `crawler.net` makes, the WARC writer takes and the
reader yields: `read(write(c)) == c`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from archive.decoding import Decoded, Limits, decode_content, decode_pieces
from archive.http import MAX_HEAD, Head, content_codings, parse_head, payload_pieces
from archive.octets import Octets, Spill, octets_open, octets_size

if TYPE_CHECKING:
    from sites.page import Page

__all__ = [
    "Capture",
    "FileState",
    "Filed",
    "Location",
    "Octets",
    "RecordIds",
    "Revisit",
    "Spill",
    "Tls",
    "Written",
    "octets_open",
    "octets_size",
]

Truncation = Literal["", "length", "time", "disconnect", "unspecified"]


class Location(msgspec.Struct, frozen=True):
    """Where an exchange's records lie: `file` is the final stem (no directory, no `.open`), `offset` the
    first byte of the response record (or of the lone metadata record), `length` the bytes of all its records,
    which lie together. In a file made by others `length` covers the response record and those that directly
    follow it and name it as concurrent. In a WACZ the offset counts in the zip file itself. A negative offset
    is for files that squeeze all records into one gzip member: -1 - offset in the decompressed file, and
    `length` counts there too.
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
    """What a revisit record refers to (WARC 1.1, 6.7): a committed, complete capture of ours.
    `payload_digest` is that capture's; the revisit record repeats it, having no payload to compute it from.
    """

    profile: Literal["identical-payload-digest", "server-not-modified"]
    record_id: str
    url: str
    date: int
    payload_digest: str = ""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a Capture in a WARC file.

    `location` spans all its records, `response_length` the first of them alone (what a CDX line wants).
    `record_ids` are those written. `payload_digest` ("sha1:BASE32", "" when nothing came) covers the
    transfer-decoded body of `payload_size` bytes; for a revisit it is that of the capture referred to.
    `status` is the HTTP status, 0 for none; `media_type` without parameters, in lower case. `complete`: a
    whole response of its own, so that later revisits may refer to it.
    """

    location: Location
    response_length: int
    record_ids: RecordIds
    payload_digest: str = ""
    payload_size: int = 0
    status: int = 0
    media_type: str = ""
    complete: bool = False
    revisit: Revisit | None = None


class Filed(msgspec.Struct, frozen=True, kw_only=True):
    """A capture as the catalogue keeps it: where it lies and what can be said of it without reading it. `url`
    is an ada href, `revisit_of` the record id that a revisit refers to."""

    location: Location
    url: str
    method: str = "GET"
    fetched_at: int = 0
    took: int = 0
    status: int = 0
    media_type: str = ""
    payload_digest: str = ""
    payload_size: int = 0
    record_id: str = ""
    response_length: int = 0
    complete: bool = False
    truncated: str = ""
    error: str = ""
    revisit_of: str = ""


class FileState(msgspec.Struct, frozen=True, kw_only=True):
    """One of the archive's own WARC files, as the database knows it: `file` is the final name, `committed`
    the length up to which its records are committed (warcinfo records included), `sealed` that no more come.
    """

    file: str
    committed: int
    sealed: bool = False


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange, as archived.

    `request` and `response` are the message bytes: head and body as they crossed the wire (transfer coding
    and content coding untouched), 1xx responses left out, secrets in the request already redacted. `response`
    is b"" when nothing came; then `error` says why. `fetched_at` is when the exchange began and `took` how
    long it lasted, both in microseconds (UTC epoch). `peer` is the literal address spoken to (through a
    proxy, where its tunnel leads). `truncated` says why the response is short. `via` is the URL that led here ("" for a seed),
    `hops` the path from the seed: L link, R redirect, E embed, X speculative (robots, sitemap, feed).
    `payload_type` is "" unless the file's record is not an HTTP message (a `resource` record): then it is
    the record's own media type and `response` the bare payload. `delay` is the pause (µs) that the settings
    promise the host between this exchange and the next, None when nobody says. `revisit` is set on a revisit record, whose
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
    delay: int | None = None
    payload_type: str = ""
    revisit: Revisit | None = None
    record_ids: RecordIds = RecordIds()

    @property
    def head(self) -> Head:
        """The response's head, parsed anew at each call; of status 0 when there is none."""
        if self.payload_type:
            return Head("", 0, "", (("content-type", self.payload_type),), 0)
        data = (
            self.response if isinstance(self.response, bytes) else octets_open(self.response).read(MAX_HEAD)
        )
        return parse_head(data)

    @property
    def status(self) -> int:
        """The HTTP status, 0 when nothing came (or the record is no HTTP message)."""
        return self.head.status

    def content(self, limits: Limits | None = None) -> Decoded:
        """The body behind transfer and content coding, within `limits`; `.problem` says what went wrong."""
        head = self.head
        if self.payload_type and isinstance(self.response, bytes):
            return decode_content(self.response, (), limits)
        return decode_pieces(payload_pieces(self.response, head), content_codings(head), limits)

    def page(self, decoded: Decoded | None = None) -> Page:
        """The page that was captured, of what `content()` has `decoded`. What could not be is left out."""
        from sites.page import Page  # with its HTML parser, which the crawling process has no need of

        head = self.head
        return Page(
            url=self.url,
            html=(decoded or self.content()).data,
            fetched_at=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=self.fetched_at),
            requested_url=self.url,
            status=head.status or (200 if self.payload_type else 0),
            headers=head.headers,
            media_type=head.get("content-type").partition(";")[0].strip().lower(),
        )
