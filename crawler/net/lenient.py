"""The second reader, for responses that h11 refuses: it reads what curl or a browser would show.

    head ──▶ none (204, 304, HEAD) | counted (Content-Length, the last that is a number) | to the end
         └─▶ chunk size ──▶ chunk data ──▶ … ──▶ trailer ──▶ done        bare LF is borne everywhere

Offsets count from the block's first byte. A break keeps what came: `truncated` and `error` say why.
"""

from __future__ import annotations

import re
from typing import Literal

from archive.http import Head, parse_head

__all__ = ["Lenient"]

_END = re.compile(rb"\r?\n\r?\n")
_BLANK = re.compile(rb"[\r\n]*")
_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\n]*)?\r?\n")
_LENGTH = re.compile(r"\d{1,15}")
_BEGINNINGS = (b"HTTP/", b"ICY ")
_MAX_LINE = 4096
_MAX_TRAILERS = 200

Phase = Literal["head", "counted", "size", "data", "trailer", "to-end"]


class Lenient:
    """`feed` and `end` until `done`. `head` is there once it is read; `dropped` counts the bytes of a 1xx
    response that the owner has still to take from the block; `end_at` is where the message ended (None: at
    the last byte that came)."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._buffer = bytearray()
        self._phase: Phase = "head"
        self._left = 0
        self._trailers = 0
        self._at = 0
        self._begun = False
        self.head: Head | None = None
        self.done = False
        self.dropped = 0
        self.end_at: int | None = None
        self.truncated: Literal["", "disconnect", "unspecified"] = ""
        self.error = ""

    def feed(self, data: bytes) -> None:
        """Bytes that follow those fed before."""
        if self._phase == "to-end" or self.done:
            return
        self._buffer += data
        while not self.done and self._step():
            pass

    def end(self) -> None:
        """The stream has ended."""
        if self.done or self._phase == "to-end":
            self.done = True
        elif self.head is None:
            if self._buffer.lstrip(b"\r\n").startswith(_BEGINNINGS):
                self._stop("disconnect", "protocol: cut off within the head")
            else:
                self._stop("unspecified", "protocol: no status line")
        else:
            self._stop("disconnect", "")

    def _stop(self, truncated: Literal["disconnect", "unspecified"], error: str) -> None:
        self.done, self.truncated, self.error = True, truncated, error

    def _finish(self) -> None:
        self.done, self.end_at = True, self._at

    def _eat(self, count: int) -> None:
        del self._buffer[:count]
        self._at += count

    def _step(self) -> bool:
        """One step on; False when more bytes are needed."""
        match self._phase:
            case "head":
                return self._read_head()
            case "counted" | "data":
                return self._read_data()
            case "size":
                return self._read_size()
            case "trailer":
                return self._read_trailer()
        return False

    def _read_head(self) -> bool:
        buffer = self._buffer
        blank = _BLANK.match(buffer)
        start = blank.end() if blank else 0
        begins = bytes(buffer[start : start + 5])
        if begins and not any(b.startswith(begins[: len(b)]) for b in _BEGINNINGS):
            self._stop("unspecified", "protocol: no status line")
            return False
        end = _END.search(buffer, start)
        if end is None:
            return False
        head = parse_head(bytes(buffer[: end.end()]))
        if not head.status:
            self._stop("unspecified", f"protocol: no status line but {head.line[:60]!r}")
            return False
        if 100 <= head.status < 200 and head.status != 101:
            self.dropped += end.end()
            del buffer[: end.end()]
            return True
        self.head = head
        self._eat(head.body_at)
        self._begin_body(head)
        return not self.done

    def _begin_body(self, head: Head) -> None:
        lengths = [m[0] for m in map(_LENGTH.match, head.values("content-length")) if m]
        if self._method == "HEAD" or head.status in (204, 304):
            self._finish()
        elif head.chunked:
            self._phase = "size"
        elif lengths:
            self._phase, self._left = "counted", int(lengths[-1])
            if not self._left:
                self._finish()
        else:
            self._phase = "to-end"
            self._buffer.clear()

    def _read_data(self) -> bool:
        taken = min(self._left, len(self._buffer))
        self._eat(taken)
        self._left -= taken
        if self._left:
            return False
        if self._phase == "counted":
            self._finish()
            return False
        self._phase = "size"
        return True

    def _read_size(self) -> bool:
        buffer = self._buffer
        skip = 0
        if self._begun:
            if not buffer or buffer == b"\r":
                return False
            skip = 2 if buffer.startswith(b"\r\n") else 1 if buffer.startswith(b"\n") else 0
        found = _SIZE.match(buffer, skip)
        if found is None:
            if buffer.find(b"\n", skip) >= 0 or len(buffer) > _MAX_LINE:
                line = bytes(buffer[skip : skip + 40]).partition(b"\n")[0].rstrip()
                self._stop("unspecified", f"protocol: {line!r} is no chunk size")
            return False
        self._begun = True
        self._left = int(found[1], 16)
        self._eat(found.end())
        self._phase = "data" if self._left else "trailer"
        return True

    def _read_trailer(self) -> bool:
        end = self._buffer.find(b"\n")
        if end < 0 and len(self._buffer) <= _MAX_LINE:
            return False
        self._trailers += 1
        if end < 0 or self._trailers > _MAX_TRAILERS:
            self._stop("unspecified", "protocol: an endless trailer")
            return False
        blank = not self._buffer[:end].strip()
        self._eat(end + 1)
        if blank:
            self._finish()
        return not blank
