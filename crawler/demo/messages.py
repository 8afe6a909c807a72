"""HTTP/1.1 for the demo's server: a strict, bounded reader of requests, and replies as bytes.

It is written by hand because half of what the moody host says is what no HTTP library would send.
RFC 9112: sections 3 (request line), 5 (fields), 7.1 (chunks).
"""

from __future__ import annotations

import re
from email.utils import formatdate
from http import HTTPStatus

from crawler.demo.wire import Reply, Request

__all__ = ["MAX_HEAD", "BadRequest", "head_bytes", "parse_request", "pieces"]

MAX_HEAD = 16 * 1024
_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\S+) HTTP/1\.([01])")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_HOST = re.compile(r"([a-z0-9.-]{1,253})(?::\d{1,5})?")
_MAX_FIELDS = 100
_CHUNK = 997


class BadRequest(Exception):
    """A request that is answered with `status` and the end of the connection."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def parse_request(head: bytes) -> tuple[Request, bool]:
    """A request's head, without its blank line, and whether the connection may stay open.

    An absolute URL as the target is understood too: the server can be given to a browser as its proxy.
    Raises BadRequest.
    """
    first, *lines = head.split(b"\r\n")
    line = _LINE.fullmatch(first)
    if line is None:
        raise BadRequest(400, "that is no request line")
    if len(lines) > _MAX_FIELDS:
        raise BadRequest(431, "too many header fields")
    fields = []
    for raw in lines:
        field = _FIELD.fullmatch(raw)
        if field is None:
            raise BadRequest(400, "that is no header field")
        fields.append((field[1].decode("ascii").lower(), field[2].rstrip(b" \t").decode("latin-1")))
    given = dict(fields)
    if given.get("content-length", "0") != "0" or "transfer-encoding" in given:
        raise BadRequest(413, "requests with a body are not read here")
    method, target = line[1].decode("ascii"), line[2].decode("latin-1")
    if method not in {"GET", "HEAD"}:
        raise BadRequest(405, "only GET and HEAD")
    hosts = [value for name, value in fields if name == "host"]
    if target.startswith("http://"):
        host, slash, rest = target.removeprefix("http://").partition("/")
        hosts, target = [host], slash + rest or "/"
    named = _HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
    if named is None or not target.startswith("/"):
        raise BadRequest(400, "a request needs one host and a path")
    path, _, query = target.partition("?")
    connection = given.get("connection", "").lower()
    stays = "keep-alive" in connection if line[3] == b"0" else "close" not in connection
    return Request(named[1], path, query, method, tuple(fields)), stays


def head_bytes(reply: Reply, *, stays: bool) -> bytes:
    """The status line and the fields of a reply, with those that its manner of sending needs."""
    fields = [("Date", formatdate(usegmt=True)), ("Server", "broadsheet-demo"), *reply.headers]
    if reply.manner.kind == "chunked":
        fields += [("Transfer-Encoding", "chunked"), ("Trailer", "X-Mood")]
    elif reply.manner.kind != "until-close" and reply.status != 304 and not reply.header("content-length"):
        fields.append(("Content-Length", str(len(reply.body))))
    if not stays:
        fields.append(("Connection", "close"))
    reason = HTTPStatus(reply.status).phrase
    lines = [f"HTTP/1.1 {reply.status} {reason}", *(f"{name}: {value}" for name, value in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def pieces(reply: Reply) -> list[bytes]:
    """The body as it is sent, piece by piece."""
    body = reply.body
    match reply.manner.kind:
        case "chunked":
            parts = [body[at : at + _CHUNK] for at in range(0, len(body), _CHUNK)]
            made = [b"%x;part=%d\r\n%b\r\n" % (len(part), n, part) for n, part in enumerate(parts)]
            return [*made, b"0\r\nX-Mood: mended\r\n\r\n"]
        case "cut" | "reset":
            return [body[: max(0, reply.manner.at)]]
        case "slow":
            step = max(1, len(body) // 20)
            return [body[at : at + step] for at in range(0, len(body), step)]
    return [body]
