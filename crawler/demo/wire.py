"""What passes between the demo's server and its papers: a request in, a reply and how to send it out.

    Request(host, path, query, visit) ─▶ Paper.handle ─▶ Reply(status, headers, body, manner) ─▶ bytes
Papers are pure: the same request at the same visit gives the same reply. The server counts the visits.
"""

from __future__ import annotations

import gzip
import zlib
from functools import lru_cache
from hashlib import blake2b
from typing import Literal

import brotli
import msgspec

__all__ = [
    "PLAIN",
    "Manner",
    "Reply",
    "Request",
    "encoded",
    "html",
    "negotiate",
    "not_found",
    "redirect",
    "xml",
]


class Request(msgspec.Struct, frozen=True):
    """One request. `host` has no port; `headers` have lower-case names; `visit` counts from 1 for each
    host, path and query since the server began."""

    host: str
    path: str
    query: str = ""
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    visit: int = 1

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def target(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path


class Manner(msgspec.Struct, frozen=True):
    """How a reply is sent.

    plain        with its Content-Length, unless the headers carry one of their own
    chunked      in chunks with an extension, and a trailer at the end
    until-close  without a length: the end of the connection is the end of the body
    cut          the connection is closed after `at` bytes of the body
    reset        the connection is reset (RST) after `at` bytes of the body
    slow         the body in small pieces over `seconds`
    late         nothing for `seconds`, then plain
    raw          the body is the whole message, head included, sent as it is
    `close` ends the connection afterwards.
    """

    kind: Literal["plain", "chunked", "until-close", "cut", "reset", "slow", "late", "raw"] = "plain"
    at: int = 0
    seconds: float = 0.0
    close: bool = False


PLAIN = Manner()


class Reply(msgspec.Struct, frozen=True):
    """One reply, before it is sent. Header values are latin-1."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    manner: Manner = PLAIN

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def having(self, *headers: tuple[str, str], manner: Manner | None = None) -> Reply:
        """The same reply with these headers (they replace others of their name) and this manner."""
        names = {name.lower() for name, _ in headers}
        kept = tuple(pair for pair in self.headers if pair[0].lower() not in names)
        return Reply(self.status, kept + headers, self.body, manner or self.manner)


def html(text: str, status: int = 200, *headers: tuple[str, str]) -> Reply:
    return Reply(status, (("Content-Type", "text/html; charset=utf-8"), *headers), text.encode())


def xml(text: str, media_type: str = "application/xml") -> Reply:
    return Reply(200, (("Content-Type", f"{media_type}; charset=utf-8"),), text.encode())


def redirect(location: str, status: int = 302) -> Reply:
    return html(
        f"<!doctype html><title>Moved</title><p>See <a href='{location}'>here</a>.",
        status,
        ("Location", location),
    )


def not_found(what: str = "There is no such page in this paper.", status: int = 404) -> Reply:
    return html(
        f"<!doctype html><html lang=en><title>Not found</title><h1>Not found</h1><p>{what}</p>", status
    )


@lru_cache(maxsize=512)
def encoded(body: bytes, coding: str) -> bytes:
    """The body in a content coding: gzip, deflate or br."""
    match coding:
        case "gzip":
            return gzip.compress(body, 6, mtime=0)
        case "deflate":
            return zlib.compress(body, 6)
        case "br":
            return bytes(brotli.compress(body, quality=5))
    raise ValueError(f"{coding!r} is not a coding of the demo's")


def negotiate(request: Request, reply: Reply) -> Reply:
    """What a careful server adds: an ETag, 304 where the copy at hand is good, gzip where it is accepted."""
    if reply.status != 200 or reply.manner is not PLAIN or reply.header("content-encoding"):
        return reply
    tag = f'"{blake2b(reply.body, digest_size=9).hexdigest()}"'
    known = [given.strip().removeprefix("W/") for given in request.header("if-none-match").split(",")]
    if tag in known or (
        known == [""] and reply.header("last-modified") == request.header("if-modified-since") != ""
    ):
        kept = tuple(pair for pair in reply.headers if pair[0] == "Last-Modified")
        return Reply(304, (("ETag", tag), *kept), b"")
    reply = reply.having(("ETag", tag), ("Vary", "Accept-Encoding"))
    if len(reply.body) > 256 and "gzip" in request.header("accept-encoding"):
        return Reply(
            200, (*reply.headers, ("Content-Encoding", "gzip")), encoded(reply.body, "gzip"), reply.manner
        )
    return reply
