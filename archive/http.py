"""HTTP/1 messages as archived bytes: the head, the payload behind the transfer coding. Lenient: what a
browser or curl would show is read.

    block = head + body        head: status line, header lines (CRLF or bare LF, folds), blank line
    body --dechunk--> payload  (RFC 9112, 7: what WARC-Payload-Digest covers, WARC 1.1, 6.3.2)
    payload --archive.decoding--> content
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from archive.octets import Octets, octets_open, octets_pieces

__all__ = ["MAX_HEAD", "Head", "content_codings", "dechunk", "parse_head", "payload", "payload_pieces"]

MAX_HEAD = 1024 * 1024
_MAX_CHUNK_LINE = 4096
_SHORT = 4096
_BLANKS = " \t\r\n"

_BLANK = re.compile(rb"\n\r*\n")
_STATUS = re.compile(rb"\A(HTTP/\d(?:\.\d)?|ICY)[ \t]+(\d{3})(?![0-9])[ \t]*(.*)\Z", re.DOTALL)
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_FORGIVEN_CODINGS = ("", "chunked", "identity")


class Head(msgspec.Struct, frozen=True):
    """A response's head. `status` is 0 when there is no status line; `headers` are (name, value) as latin-1
    text, folds joined by one space, lines without a colon left out; `body_at` is the body's offset in the
    block. `line` is the first line as it came, `complete` tells that the blank line after it all was there.
    """

    version: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body_at: int
    line: str = ""
    complete: bool = True

    def get(self, name: str) -> str:
        """The first value of a header, "" when absent; names are compared without case."""
        name, size = name.lower(), len(name)
        for found, value in self.headers:
            if len(found) == size and found.lower() == name:
                return value
        return ""

    def values(self, name: str) -> tuple[str, ...]:
        """All values of a header, comma lists taken apart, in order."""
        name, size = name.lower(), len(name)
        found = [v for k, v in self.headers if len(k) == size and k.lower() == name]
        return tuple([part.strip() for value in found for part in value.split(",") if part.strip()])

    @property
    def chunked(self) -> bool:
        """Whether the last transfer coding is `chunked` (RFC 9112, 6.3)."""
        codings = self.values("transfer-encoding")
        return bool(codings) and codings[-1].lower() == "chunked"


def parse_head(block: bytes) -> Head:
    """The head at the start of a message. Blank lines before it and 1xx responses (but 101) are stepped over;
    a block without a status line is all body (HTTP/0.9), with status 0. Requests parse too: status 0, `line`
    the request line, `body_at` behind the blank line.
    """
    at = 0
    while True:
        head = _one_head(block, at)
        interim = 100 <= head.status < 200 and head.status != 101
        if not (interim and block.startswith((b"HTTP/", b"ICY "), head.body_at)):
            return head
        at = head.body_at


def _one_head(block: bytes, at: int) -> Head:
    start = at
    while block.startswith((b"\r\n", b"\n"), start):
        start += 2 if block.startswith(b"\r\n", start) else 1
    end = _BLANK.search(block, start)
    stop, body_at = (end.start(), end.end()) if end else (len(block), len(block))
    while end and stop > start and block[stop - 1] == 13:
        stop -= 1
    parse = _parsed if stop - start <= _SHORT else _parsed.__wrapped__
    found = parse(block[start:stop])
    if found is None:
        return Head("", 0, "", (), at, complete=False)
    version, status, reason, headers, line = found
    return Head(version, status, reason, headers, body_at, line, end is not None)


@lru_cache(maxsize=256)
def _parsed(head: bytes) -> tuple[str, int, str, tuple[tuple[str, str], ...], str] | None:
    """Version, status, reason, headers and first line of a head without its blank line; None when it is none.
    On its road from the wire to the archive a head is read several times in a row: hence the memory."""
    first, _, rest = head.partition(b"\n")
    first = first.rstrip(b"\r")
    match = _STATUS.match(first)
    if match is None and not _is_request(first):
        return None
    version, status, reason = match.groups() if match else (first.rsplit(b" ", 1)[-1], b"0", b"")
    return (
        version.decode("latin-1"),
        int(status),
        reason.decode("latin-1").strip(),
        _headers(rest.decode("latin-1")),
        first.decode("latin-1"),
    )


def _is_request(line: bytes) -> bool:
    return line.count(b" ") >= 2 and line.rsplit(b" ", 1)[-1].startswith(b"HTTP/")


def _headers(text: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    open_line = False
    for line in text.split("\n"):
        if line.startswith((" ", "\t")):
            if open_line:
                name, value = found[-1]
                found[-1] = (name, f"{value} {line.strip(_BLANKS)}".strip())
            continue
        name, colon, value = line.partition(":")
        name = name.strip(_BLANKS)
        open_line = bool(colon and name)
        if open_line:
            found.append((name, value.strip(_BLANKS)))
    return tuple(found)


def content_codings(head: Head) -> tuple[str, ...]:
    """The codings to undo, outermost last: Content-Encoding, then transfer codings other than chunked."""
    codings = (*head.values("content-encoding"), *head.values("transfer-encoding"))
    return tuple(c.lower() for c in codings if c.lower() not in _FORGIVEN_CODINGS)


def payload_pieces(block: Octets, head: Head) -> Iterator[bytes]:
    """The transfer-decoded body, piece by piece. A body that says `chunked` but does not begin with a chunk
    is taken as it is (archives by others store it so); a chunk that breaks off later ends the payload."""
    pieces = octets_pieces(block, head.body_at)
    return dechunk(pieces) if head.chunked else pieces


def payload(block: Octets, head: Head | None = None) -> bytes:
    """The whole transfer-decoded body; see `payload_pieces`."""
    if head is None:
        head = parse_head(octets_open(block).read(MAX_HEAD))
    return b"".join(payload_pieces(block, head))


def dechunk(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Undo `chunked` (RFC 9112, 7.1): sizes, extensions and trailers go, bare LF is borne. Data of a broken
    or unfinished chunk is kept up to the break."""
    buffer, at, begun = b"", 0, False
    while True:
        match = _CHUNK.match(buffer, at)
        while match is None and len(buffer) - at < _MAX_CHUNK_LINE and (piece := next(pieces, b"")):
            buffer, at = buffer[at:] + piece, 0
            match = _CHUNK.match(buffer)
        if match is None:
            if not begun:
                yield buffer
                yield from pieces
            return
        begun = True
        left, at = int(match[1], 16), match.end()
        if left == 0:
            return
        while left:
            if at >= len(buffer):
                buffer, at = next(pieces, b""), 0
                if not buffer:
                    return
            taken = buffer[at : at + left]
            yield taken
            left, at = left - len(taken), at + len(taken)
        while len(buffer) - at < 2 and (piece := next(pieces, b"")):
            buffer, at = buffer[at:] + piece, 0
        at += 2 if buffer.startswith(b"\r\n", at) else 1 if buffer.startswith(b"\n", at) else 0
