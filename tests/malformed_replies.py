"""What becomes of each malformed response of the corpus, with curl's own behaviour beside it.

`ours` is (status, transfer-decoded body, truncated, begin of the error). `curl` is what curl 7.88 does with the
same bytes: its body, or "exit N" when it gives up. Where we read more than curl, browsers do too.
"""

from __future__ import annotations

__all__ = ["OUTCOMES", "whole"]

Ours = tuple[int, bytes, str, str]

READ: Ours = (200, b"ok", "", "")
OUTCOMES: dict[str, tuple[Ours, str]] = {
    "ok": (READ, "ok"),
    "bare LF": (READ, "ok"),
    "no reason phrase, no space": (READ, "ok"),
    "HTTP/1.0 no length": (READ, "ok"),
    "status 999 (LinkedIn)": ((999, b"ok", "", ""), "ok"),
    "status 600": ((600, b"ok", "", ""), "ok"),
    "space in header name": (READ, "ok"),
    "slash in header name": (READ, "ok"),
    "space before colon": (READ, "ok"),
    "header without colon": (READ, "exit 8"),
    "empty header name": (READ, "ok"),
    "ctl char in value": (READ, "ok"),
    "NUL in value": (READ, "exit 8"),
    "latin-1/utf8 value": (READ, "ok"),
    "same CL twice": (READ, "ok"),
    "different CL twice": ((200, b"ok!", "", ""), "ok!"),
    "CL + TE chunked": (READ, "ok"),
    "TE: gzip, chunked": (READ, "exit 61"),
    "TE: identity": (READ, "ok"),
    "bad chunk size": (
        (200, b"ZZ\r\nok\r\n0\r\n\r\n", "unspecified", "protocol: b'ZZ' is no chunk size"),
        "exit 56",
    ),
    "chunked, no final chunk": ((200, b"ok", "disconnect", ""), "exit 18"),
    "chunk ext bad": (READ, "ok"),
    "short body": ((200, b"ok", "disconnect", ""), "exit 18"),
    "negative CL": (READ, "exit 8"),
    "CL with junk": (READ, "ok"),
    "ICY status line": (READ, "exit 1"),
    "HTTP/2.0 in h1 line": (READ, "ok"),
    "HTTP/0.9 body only": ((0, b"<html>hi</html>", "unspecified", "protocol: no status line"), "exit 1"),
    "leading blank line": (READ, "exit 1"),
    "obs-fold": (READ, "ok"),
    "headers 90 KiB (1 line)": (READ, "ok"),
    "headers 120 KiB (many)": (READ, "ok"),
    "20000 tiny headers 90K": (READ, "ok"),
    "50x 100-continue first": (READ, "ok"),
    "204 with body": ((204, b"", "", ""), ""),
    "gzip header, plain body": (READ, "ok"),
    "unknown CE": (READ, "ok"),
    "CE x50 gzip": (READ, "ok"),
    "Location with newline enc": ((302, b"", "", ""), ""),
    "Location non-ascii": ((302, b"", "", ""), ""),
}

_TAIL = b"Content-Length: 2\r\n\r\nok"


def whole(name: str, written: str, size: int) -> bytes:
    """The bytes of a case; the three largest are abbreviated in the file and made here."""
    made = {
        "headers 90 KiB (1 line)": b"X: " + b"a" * 90_000 + b"\r\n",
        "headers 120 KiB (many)": b"".join(b"X%d: %b\r\n" % (n, b"a" * 100) for n in range(1100)),
        "20000 tiny headers 90K": b"a:\r\n" * 20_000,
    }
    sent = b"HTTP/1.1 200 OK\r\n" + made[name] + _TAIL if name in made else written.encode("latin-1")
    assert len(sent) == size, name
    return sent
