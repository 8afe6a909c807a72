"""Raw records out of plain bytes: WARC of all versions, and ARC. Lenient in form, exact about damage.

[blank lines] WARC/1.1 CRLF fields CRLF CRLF block CRLF CRLF      ARC: one line, block, LF
              └ not a record: Damage, then on from the next line that begins one
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from archive.http import parse_head
from archive.octets import Octets, octets_open, octets_size
from archive.reader.windows import Window, take

__all__ = ["Damage", "Raw", "fields_of", "promising", "records_in"]

_MAX_HEAD = 1024 * 1024
_END = re.compile(rb"\r*\n\r*\n")
_ARC = re.compile(
    rb"([a-zA-Z][a-zA-Z0-9+.-]{1,15}:[^\r\n]*?) (\S*) (\d{8,17}) (?:([^\r\n]*?) )??"
    rb"(?:\d{3} \S+ \S+ \d+ \S+ )?(\d{1,15})\r?\n"
)
_FILEDESC = b"filedesc:"


class Damage(msgspec.Struct, frozen=True):
    """What cannot be read: from `offset` (in the file) on, and why."""

    offset: int
    reason: str


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it stands. `offset` and `length` count in the plain bytes it was found in. `version` is
    "WARC/1.1" and so on, or "ARC". `fields` in order; of ARC made up in WARC's names. `tail` are the bytes
    found where CRLF CRLF should be. `whole` is False when the block is shorter than its Content-Length says
    (`expected`). `head` is the header as it stands. `named` has the first value of each field, by its name in lower case.
    """

    offset: int
    length: int
    version: str
    fields: tuple[tuple[str, str], ...]
    block: Octets
    tail: bytes = b"\r\n\r\n"
    expected: int = 0
    head: bytes = b""
    named: dict[str, str] = {}

    @property
    def whole(self) -> bool:
        return octets_size(self.block) == self.expected

    @property
    def readable(self) -> bool:
        """Whether it is whole, or at least the HTTP message in it is, by its own Content-Length."""
        if self.whole or self.type != "response":
            return self.whole
        head = parse_head(octets_open(self.block).read(_MAX_HEAD))
        length, there = head.get("content-length"), octets_size(self.block) - head.body_at
        return head.complete and length.isdigit() and int(length[:18]) <= there

    def get(self, name: str) -> str:
        return self.named.get(name.lower(), "")

    def values(self, name: str) -> tuple[str, ...]:
        name = name.lower()
        return tuple(value for key, value in self.fields if key.lower() == name)

    @property
    def type(self) -> str:
        return self.get("WARC-Type").lower()

    @property
    def id(self) -> str:
        return self.get("WARC-Record-ID").strip("<>")


def promising(data: bytes) -> bool:
    """Whether these first bytes may begin a record."""
    data = data.lstrip(b"\r\n")
    return data[:5].upper() == b"WARC/" or data.startswith(_FILEDESC) or _ARC.match(data) is not None


def records_in(window: Window, last: bool = True) -> Iterator[Raw | Damage]:
    """The records in a window, places relative to it. A record that the window's end cuts off comes as a Raw
    that is not `whole`, and ends the iteration; with `last`, a Damage says so too."""
    at = 0
    while (at := _skip_blank(window, at)) < window.size:
        raw = _record_at(window, at)
        if raw is None:
            start, at = at, _next_start(window, at + 1)
            if window.read(start, start + 5).upper() == b"WARC/":
                yield Damage(start, f"a record header without a usable Content-Length, {at - start} bytes")
            else:
                yield Damage(start, f"{at - start} bytes that belong to no record")
            continue
        if not raw.whole:
            inner = _next_start(window, at + len(raw.head))
            if inner < window.size or last:
                short = f"{octets_size(raw.block)} of {raw.expected} bytes"
                yield Damage(at, f"a record is cut short: {short} of its block are there")
            if inner >= window.size:
                yield raw
                return
            at = inner
            continue
        end = at + raw.length
        if raw.tail.strip(b"\r\n") and (inner := _start_within(window, at + len(raw.head), end)):
            yield Damage(at, "a record reaches into the next: its Content-Length is wrong")
            at = inner
            continue
        yield raw
        at = end


def _skip_blank(window: Window, at: int) -> int:
    while (data := window.read(at, at + 64)) and not data.lstrip(b"\r\n"):
        at += len(data)
    return at + len(data) - len(data.lstrip(b"\r\n"))


def _next_start(window: Window, at: int) -> int:
    """Where the next line that begins a record is, from `at` on; the window's size when there is none."""
    while True:
        found = window.find(b"\nWARC/", max(0, at - 1))
        line = found + 1 if found >= 0 else window.size
        arc = _next_arc(window, at, line)
        if arc < line or line >= window.size:
            return arc if arc < line else window.size
        if _record_at(window, line) is not None:
            return line
        at = line + 1


def _next_arc(window: Window, at: int, stop: int) -> int:
    if not window.read(0, 9).startswith(_FILEDESC):
        return stop
    while (newline := window.find(b"\n", max(0, at - 1))) >= 0 and newline < stop:
        if _ARC.match(window.read(newline + 1, newline + 1 + 4096)):
            return newline + 1
        at = newline + 2
    return stop


def _start_within(window: Window, start: int, stop: int) -> int:
    found = window.find(b"\n\r\nWARC/1.", start)
    return found + 3 if 0 <= found < stop and _record_at(window, found + 3) is not None else 0


def _record_at(window: Window, at: int) -> Raw | None:
    data = window.read(at, at + 8192)
    if data[:5].upper() == b"WARC/":
        return _warc_at(window, at, data)
    return _arc_at(window, at, data)


def _warc_at(window: Window, at: int, data: bytes) -> Raw | None:
    end = _END.search(data)
    if end is None and len(data) == 8192:
        data = window.read(at, at + _MAX_HEAD)
        end = _END.search(data)
    head = data[: end.end()] if end else data
    version, _, rest = head.partition(b"\n")
    fields = fields_of(rest)
    length = next((v for k, v in fields if k.lower() == "content-length"), "")
    if not (fields and length.isascii() and length.isdigit()):
        return None
    if end is None and at + len(data) < window.size:
        return None
    return _cut(window, at, head, version.strip().decode("latin-1"), fields)


def _arc_at(window: Window, at: int, data: bytes) -> Raw | None:
    match = _ARC.match(data)
    if match is None:
        return None
    url, address, date, media_type, length = ((part or b"").decode("latin-1") for part in match.groups())
    fields = (
        ("WARC-Type", "warcinfo" if url.startswith("filedesc:") else "response"),
        ("WARC-Target-URI", url),
        ("WARC-Date", date),
        ("WARC-IP-Address", address),
        ("Content-Type", media_type),
        ("Content-Length", length),
    )
    return _cut(window, at, match[0], "ARC", fields)


def _cut(window: Window, at: int, head: bytes, version: str, fields: tuple[tuple[str, str], ...]) -> Raw:
    length = int(next(value for name, value in fields if name.lower() == "content-length"))
    tail_size = 1 if version == "ARC" else 4
    start = at + len(head)
    stop = min(start + length, window.size)
    tail = window.read(stop, stop + tail_size)
    kept = len(tail) - len(tail.lstrip(b"\r\n"))
    return Raw(
        offset=at,
        length=stop + kept - at,
        version=version,
        fields=fields,
        block=take(window, start, stop),
        tail=tail,
        expected=length,
        head=head,
        named={name.lower(): value for name, value in reversed(fields)},
    )


def fields_of(data: bytes) -> tuple[tuple[str, str], ...]:
    """Named fields (WARC 1.1, 4): UTF-8, folds joined by a space; bytes that are no UTF-8 as latin-1."""
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        lines = [_decoded(line) for line in data.split(b"\n")]
    found: list[tuple[str, str]] = []
    for line in lines:
        if line.startswith((" ", "\t")):
            if found and line.strip():
                found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}".strip())
            continue
        name, colon, value = line.partition(":")
        if colon and (name := name.strip()):
            found.append((name, value.strip()))
    return tuple(found)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")
