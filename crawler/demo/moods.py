"""The moods of the moody host: what can go wrong, or merely odd, between a server and a crawler.

Each row says what is done to a page and how a good crawler ends with it:

    stored      an ordinary capture, and the article can be read
    retried     stored, once the pause asked for has been kept or another try was made
    moved       the redirect is stored, the page found at its end is an article
    circled     each redirect is stored and asked for once; there is no page at their end
    gone        the answer is stored and the URL given up at once, with the reason
    dead        given up after some tries, each of them stored, with the reason
    truncated   asked for once more; what came is stored each time, and marked as short
    refused     the redirect is stored; where it leads, no crawler of this host should go, and none does
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import msgspec

from crawler.demo.wire import PLAIN, Manner, Reply, Request, encoded, html, not_found, redirect

__all__ = ["MOODS", "End", "Mood"]

End = Literal["stored", "retried", "moved", "circled", "gone", "dead", "truncated", "refused"]
Act = Callable[[str, Request], Reply]  # from the article's HTML and the request


class Mood(msgspec.Struct, frozen=True):
    """One row: the page is at /news/NAME. `reads` tells whether the article can be read from what is sent."""

    name: str
    what: str
    ends: End
    act: Act
    reads: bool = True


def _coded(coding: str) -> Act:
    return lambda page, _: Reply(
        200,
        (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", coding)),
        encoded(page.encode(), coding),
    )


def _sent(kind: Manner) -> Act:
    return lambda page, _: html(page).having(manner=kind)


def _encoded_as(codec: str, content_type: str, declared: str = "") -> Act:
    def act(page: str, _: Request) -> Reply:
        text = page.replace('<meta charset="utf-8">', f'<meta charset="{declared}">' if declared else "")
        return Reply(200, (("Content-Type", content_type),), text.encode(codec, "xmlcharrefreplace"))

    return act


def _busy(status: int, retry_after: str, times: int) -> Act:
    def act(page: str, request: Request) -> Reply:
        if request.visit > times:
            return html(page)
        return (
            html("<h1>Not now</h1>", status, ("Retry-After", retry_after))
            if retry_after
            else html("<h1>Oh</h1>", status)
        )

    return act


def _to(location: str, status: int = 302) -> Act:
    return lambda _, __: redirect(location, status)


def _headers(*headers: tuple[str, str]) -> Act:
    return lambda page, _: html(page).having(*headers)


def _raw(head: str, end: str = "\r\n") -> Act:
    """The page under a head of our own: lines of `head`, ended by `end`."""

    def act(page: str, _: Request) -> Reply:
        body = page.encode()
        lines = [*head.format(length=len(body)).split("\n"), "", ""]
        return Reply(200, (), end.join(lines).encode("latin-1") + body, Manner("raw", close=True))

    return act


def _stretched(page: str, _: Request) -> Reply:
    padding = "<!-- " + "the sea is deep and wide. " * 80_000 + "-->"
    return html(page.replace("</body>", f"{padding}</body>"))


@lru_cache(maxsize=1)
def _bomb() -> bytes:
    return encoded(b"<p>" + b"boom " * 13_000_000, "gzip")


def _exploding(_: str, __: Request) -> Reply:
    return Reply(200, (("Content-Type", "text/html"), ("Content-Encoding", "gzip")), _bomb())


def _torn(page: str, _: Request) -> Reply:
    packed = encoded(page.encode(), "gzip")
    return Reply(
        200, (("Content-Type", "text/html"), ("Content-Encoding", "gzip")), packed[: len(packed) * 2 // 3]
    )


def _short_count(page: str, _: Request) -> Reply:
    reply = html(page)
    return reply.having(("Content-Length", str(len(reply.body) // 2)), manner=Manner(close=True))


def _refreshed(_: str, __: Request) -> Reply:
    return html(
        '<!doctype html><title>One moment</title><meta http-equiv="refresh" content="0; url=/news/plain">'
    )


def _nested(page: str, _: Request) -> Reply:
    depth = 4000
    return html(page.replace("</body>", "<div>" * depth + "deep" + "</div>" * depth + "</body>"))


_HTML = "text/html"
_OK = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8\nContent-Length: {length}"

MOODS: tuple[Mood, ...] = (
    Mood("plain", "nothing; a page like any other", "stored", _sent(PLAIN)),
    Mood("gzip", "gzip, whether it is wanted or not", "stored", _coded("gzip")),
    Mood("deflate", "deflate", "stored", _coded("deflate")),
    Mood("brotli", "brotli, unasked", "stored", _coded("br")),
    Mood("chunked", "chunks with extensions, and a trailer", "stored", _sent(Manner("chunked"))),
    Mood(
        "endless-head",
        "no length; the connection's end is the body's",
        "stored",
        _sent(Manner("until-close")),
    ),
    Mood(
        "latin-1",
        "ISO-8859-1, as the header says",
        "stored",
        _encoded_as("latin-1", f"{_HTML}; charset=ISO-8859-1"),
    ),
    Mood(
        "latin-1-meta",
        "windows-1252, as only the page says",
        "stored",
        _encoded_as("cp1252", _HTML, "windows-1252"),
    ),
    Mood("utf-16", "UTF-16 with a byte order mark", "stored", _encoded_as("utf-16", _HTML)),
    Mood(
        "false-charset",
        "a header that names no encoding",
        "stored",
        _headers(("Content-Type", "text/html; charset=rot13")),
    ),
    Mood("slow", "three seconds for one page", "stored", _sent(Manner("slow", seconds=3.0))),
    Mood("late", "two seconds of silence first", "stored", _sent(Manner("late", seconds=2.0))),
    Mood("large", "two million bytes, most of them a comment", "stored", _stretched),
    Mood("deep", "four thousand nested elements", "stored", _nested, reads=False),
    Mood(
        "cookie",
        "wants a cookie, and lives without",
        "stored",
        _headers(("Set-Cookie", "mood=good; HttpOnly")),
    ),
    Mood("nofollow", "asks that its links be left alone", "stored", _headers(("X-Robots-Tag", "nofollow"))),
    Mood("bare-lf", "a head with bare line feeds", "stored", _raw(_OK, "\n")),
    Mood("no-colon", "a header line without a colon", "stored", _raw(f"{_OK}\nthis is not a header")),
    Mood("spaced-header", "a space in a header's name", "stored", _raw(f"{_OK}\nX Mood: odd")),
    Mood("short-count", "a Content-Length of half the body", "stored", _short_count, reads=False),
    Mood("refresh", "a page that sends on by meta refresh", "stored", _refreshed, reads=False),
    Mood("torn-gzip", "gzip that ends too early", "stored", _torn, reads=False),
    Mood("bomb", "sixty kilobytes that become sixty megabytes", "stored", _exploding, reads=False),
    Mood(
        "cut",
        "the connection ends in the middle of the body",
        "truncated",
        _sent(Manner("cut", at=900)),
        reads=False,
    ),
    Mood(
        "reset",
        "the connection is reset in the middle",
        "truncated",
        _sent(Manner("reset", at=900)),
        reads=False,
    ),
    Mood("busy", "429 with Retry-After, then the page", "retried", _busy(429, "1", 1)),
    Mood("closed", "503 with Retry-After, then the page", "retried", _busy(503, "2", 1)),
    Mood("stumbling", "500 at first, then the page", "retried", _busy(500, "", 1)),
    Mood("broken", "500, always", "dead", _busy(500, "", 10**9), reads=False),
    Mood("hung-up", "closes before a byte was said", "dead", _sent(Manner("reset", at=-1)), reads=False),
    Mood("moved", "301 to another page", "moved", _to("/news/moved-here", 301), reads=False),
    Mood("moved-here", "where the 301 leads", "stored", _sent(PLAIN)),
    Mood("moved-thrice", "302, 307 and 308 in a row", "moved", _to("/news/moved-twice", 302), reads=False),
    Mood("moved-twice", "307 to the next", "moved", _to("/news/moved-once", 307), reads=False),
    Mood("moved-once", "308 to a page", "moved", _to("/news/journey-end", 308), reads=False),
    Mood("journey-end", "where three redirects lead", "stored", _sent(PLAIN)),
    Mood("loop", "302 to a page that sends it back", "circled", _to("/news/loop-back"), reads=False),
    Mood("loop-back", "302 to where it came from", "circled", _to("/news/loop"), reads=False),
    Mood("self-loop", "302 to itself", "circled", _to("/news/self-loop"), reads=False),
    Mood(
        "to-a-file",
        "302 to a file of the crawler's own machine",
        "refused",
        _to("file:///etc/hostname"),
        reads=False,
    ),
    Mood("to-inside", "302 to an address inside", "refused", _to("http://127.0.0.1:9/admin"), reads=False),
    Mood("to-elsewhere", "302 out of scope", "refused", _to("http://elsewhere.example/"), reads=False),
    Mood("missing", "404", "gone", lambda _, __: not_found(), reads=False),
    Mood("withdrawn", "410", "gone", lambda _, __: not_found("Withdrawn by the editor.", 410), reads=False),
)
