"""robots.txt over real sockets: moved, failing, far too long, in UTF-16; fetched, read and understood as in a crawl."""

from __future__ import annotations

import pytest

from archive.http import Head
from archive.store.types import RobotsEntry
from crawler.core.robots import MAX_BYTES, entry_of, parse
from crawler.net import AddressGuard, Fetcher, Resolver
from tests.rawserver import raw_server

_LONG = b"User-agent: *\nDisallow: /early\n" + b"# nothing\n" * 60_000 + b"Disallow: /late\n"


def _answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    head = "\r\n".join((f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""))
    return head.encode() + body


@pytest.mark.parametrize(
    ("answer", "status", "free", "barred"),
    [
        (_answer("200 OK", b"User-agent: *\nDisallow: /no\n"), "ok", "/yes", "/no"),
        (_answer("200 OK", "User-agent: *\nDisallow: /no\n".encode("utf-16")), "ok", "/yes", "/no"),
        (_answer("200 OK", _LONG), "ok", "/late", "/early"),
        (_answer("404 Not Found", b"User-agent: *\nDisallow: /\n"), "allow-all", "", ""),
        (_answer("500 Oh", b"User-agent: *\nDisallow:\n"), "unreachable", "", ""),
        (_answer("429 Slowly", b"", "Retry-After: 60"), "unreachable", "", ""),
        (b"", "unreachable", "", ""),
    ],
)
async def test_what_a_server_says(answer: bytes, status: str, free: str, barred: str) -> None:
    async with raw_server({"/robots.txt": answer}) as server:
        resolver = Resolver(AddressGuard(("127.0.0.0/8",), {server.port}))
        async with Fetcher(resolver, user_agent="Broadsheet/0", clock=lambda: 10) as fetcher:
            capture = await fetcher.exchange(f"{server.origin}/robots.txt")
    head: Head = capture.head
    body = capture.content().data if 200 <= head.status < 300 else b""
    entry: RobotsEntry = entry_of(server.origin, head.status, body[: MAX_BYTES + 1], 10, None)
    assert entry.status == status
    assert len(entry.body) <= MAX_BYTES + 1
    if free:
        rules = parse(entry.body, "broadsheet")
        assert rules.allows(server.origin + free) and not rules.allows(server.origin + barred)
