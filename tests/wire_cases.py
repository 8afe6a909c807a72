"""Responses as a server may send them, and which of their bytes belong in the archive: the block, byte for byte.

Where no `block` is given, all that was sent is the block. `truncated` and the begin of `error` are what the
capture has to say of it.
"""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import msgspec

from tests.malformed_replies import OUTCOMES

__all__ = ["SENT", "Case", "malformed"]

_HEAD = b"HTTP/1.1 200 OK\r\n"
_OK = _HEAD + b"Content-Length: 2\r\n\r\nok"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_NOISE = random.Random(1).randbytes(2_500_000)


class Case(msgspec.Struct, frozen=True):
    """What is sent, and what is to be archived of it."""

    sent: bytes
    block: bytes = b""
    truncated: str = ""
    error: str = ""

    @property
    def archived(self) -> bytes:
        return self.block or self.sent


def _counted(body: bytes, *lines: bytes, status: bytes = b"200 OK") -> Case:
    head = b"".join(line + b"\r\n" for line in (b"HTTP/1.1 " + status, *lines))
    return Case(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)


def _chunks(*parts: bytes, trailer: bytes = b"") -> bytes:
    framed = b"".join(b"%X\r\n%b\r\n" % (len(part), part) for part in parts)
    return framed + b"0\r\n" + trailer + b"\r\n"


SENT: dict[str, Case] = {
    "plain": Case(_OK),
    "nothing in it": _counted(b""),
    "no length, to the end": Case(_HEAD + b"Server: x\r\n\r\n" + b"page" * 5000),
    "HTTP/1.0 with a length": Case(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
    "HTTP/1.0 to the end": Case(b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\nok"),
    "HTTP/1.0 without headers": Case(b"HTTP/1.0 200 OK\r\n\r\nok"),
    "header case and order": _counted(b"ok", b"sErVeR: A", b"x-b: 2", b"X-A: 1", b"x-b: 3"),
    "blanks around values": _counted(b"ok", b"X-A:no blank", b"X-B:\t tab\t ", b"X-C:", b"X-D:   "),
    "folds": _counted(b"ok", b"X-Fold: one\r\n two\r\n\tthree", b"X-After: 1"),
    "Latin-1 in a header": _counted(b"ok", b"X-Place: caf\xe9 \xfc\xdf"),
    "UTF-8 in a header": _counted(b"ok", "X-Place: 東京 café".encode()),
    "Latin-1 in the reason": _counted(b"ok", status="200 C'est trouvé".encode("latin-1")),
    "no reason": _counted(b"ok", status=b"200 "),
    "a reason of its own": _counted(b"ok", status=b"299 As it were: fine"),
    "many cookies": _counted(b"ok", *(b"Set-Cookie: c%d=%d; Path=/" % (n, n) for n in range(60))),
    "a header of 60,000 bytes": _counted(b"ok", b"X-Long: " + b"l" * 60_000),
    "a moved page with a body": _counted(b"<a>there</a>", b"Location: /x", status=b"301 Moved"),
    "not found": _counted(b"<h1>No</h1>", status=b"404 Not Found"),
    "an error": _counted(b"oops", status=b"500 Oh"),
    "a refusal that asks who": _counted(b"who?", b'WWW-Authenticate: Basic realm="x"', status=b"401 Who"),
    "204": Case(b"HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n"),
    "304 with the length of what is not sent": Case(
        b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 99\r\n\r\n'
    ),
    "bytes of all kinds": _counted(bytes(range(256)) * 20, b"Content-Type: image/x"),
    "a body that looks like a response": _counted(b"\r\n\r\n" + _OK + b"0\r\n\r\n"),
    "a body that looks like a WARC record": _counted(b"WARC/1.1\r\nWARC-Type: response\r\n\r\n\r\n\r\n"),
    "gzip": _counted(gzip.compress(b"page" * 500), b"Content-Encoding: gzip"),
    "gzip in two members": _counted(gzip.compress(b"a") + gzip.compress(b"b"), b"Content-Encoding: gzip"),
    "deflate, raw": _counted(zlib.compress(b"page" * 500)[2:-4], b"Content-Encoding: deflate"),
    "br, unasked": _counted(brotli.compress(b"page" * 500), b"Content-Encoding: br"),
    "chunks": Case(_CHUNKED + _chunks(b"one", b"two", b"x" * 5000)),
    "one chunk with nothing before the end": Case(_CHUNKED + _chunks()),
    "chunk extensions": Case(_CHUNKED + b'2;a=b;c="d;e"\r\nok\r\n3 ; x\r\nay!\r\n0;last\r\n\r\n'),
    "chunk sizes with zeros and small letters": Case(_CHUNKED + b"000a\r\n0123456789\r\n00\r\n\r\n"),
    "trailers": Case(_CHUNKED + _chunks(b"ok", trailer=b"X-Sum: 1\r\nx-oDD:  2 \r\n")),
    "gzip in chunks with a trailer": Case(
        _HEAD
        + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + _chunks(*(gzip.compress(_NOISE[:900])[n : n + 99] for n in range(0, 930, 99)), trailer=b"T: 1\r\n")
    ),
    "CHUNKED in capitals": Case(_HEAD + b"tRANSFER-eNCODING: CHUNKED\r\n\r\n" + _chunks(b"ok")),
    "bare LF": Case(b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
    "LF and CRLF in one head": Case(b"HTTP/1.1 200 OK\r\nA: 1\nB: 2\r\nContent-Length: 2\n\r\nok"),
    "bare LF around chunks": Case(b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\nok\n0\n\n"),
    "103, then 200": Case(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + _OK, _OK),
    "100, 102, 103, then 200": Case(
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 103 Early\r\nLink: <a>\r\n\r\n"
        + _OK,
        _OK,
    ),
    "a body cut short": Case(_HEAD + b"Content-Length: 99\r\n\r\npart", truncated="disconnect"),
    "a chunk cut short": Case(_CHUNKED + b"63\r\npart", truncated="disconnect"),
    "cut between chunks": Case(_CHUNKED + b"4\r\npart\r\n", truncated="disconnect"),
    "cut within a chunk's size": Case(_CHUNKED + b"4\r\npart\r\n1", truncated="disconnect"),
    "cut within the trailers": Case(_CHUNKED + b"4\r\npart\r\n0\r\nX-T", truncated="disconnect"),
    "gzip cut short": Case(
        _HEAD + b"Content-Encoding: gzip\r\nContent-Length: 500\r\n\r\n" + gzip.compress(_NOISE[:400])[:300],
        truncated="disconnect",
    ),
    "cut within the head": Case(
        _HEAD + b"Content-Le", truncated="disconnect", error="protocol: cut off within the head"
    ),
    "cut within the status line": Case(b"HTTP/1.1 20", truncated="disconnect", error="protocol:"),
    "nothing that is HTTP": Case(b"SSH-2.0-OpenSSH_9\r\n", truncated="unspecified", error="protocol:"),
    "more than it said": Case(_OK + b"and more", _OK),
    "a second answer behind the first": Case(_OK + b"HTTP/1.1 200 OK\r\n\r\npoison", _OK),
    "a long body": _counted(_NOISE[:300_000]),
    "a body that spills to disk": _counted(_NOISE),
    "chunks that spill to disk": Case(
        _CHUNKED + _chunks(*(_NOISE[n : n + 70_000] for n in range(0, 2_400_000, 70_000)))
    ),
    "a page that spills to disk, cut short": Case(
        _HEAD + b"Content-Length: 9000000\r\n\r\n" + _NOISE, truncated="disconnect"
    ),
    "kept open": _counted(b"one", b"X: keep-alive-please"),
    "kept open, in chunks": Case(
        _HEAD
        + b"X: keep-alive-please\r\nTransfer-Encoding: chunked\r\n\r\n"
        + _chunks(b"two", trailer=b"T: 1\r\n")
    ),
    "kept open, nothing in it": _counted(b"", b"X: keep-alive-please"),
    "kept open, and closed by the answer": _counted(b"bye", b"X: keep-alive-please", b"Connection: close"),
}


def malformed(sent: dict[str, bytes]) -> dict[str, Case]:
    """The malformed responses of the corpus as cases: what they send, and what of it is the message."""
    cut = {
        "50x 100-continue first": lambda data: data[data.rindex(b"HTTP/1.1 200") :],
        "204 with body": lambda data: data[: data.index(b"\r\n\r\n") + 4],
        "different CL twice": lambda data: data[: data.index(b"\r\n\r\n") + 4 + 3],
    }
    return {
        name: Case(data, cut[name](data) if name in cut else b"", OUTCOMES[name][0][2], OUTCOMES[name][0][3])
        for name, data in sent.items()
    }
