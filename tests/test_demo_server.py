"""The demo's server over real sockets, spoken to byte by byte."""

from __future__ import annotations

import gzip
import http.client
from collections.abc import AsyncIterator
from pathlib import Path

import brotli
import pytest
import trio

from crawler.demo import build_newsroom
from crawler.demo.moods import MOODS
from crawler.demo.server import Server, running, serve
from crawler.settings import load_settings

NEWSROOM = build_newsroom()


@pytest.fixture
async def server(nursery: trio.Nursery) -> AsyncIterator[Server]:
    async def begin(task_status: trio.TaskStatus[Server]) -> None:
        await serve(NEWSROOM, pace=0.01, task_status=task_status)

    yield await nursery.start(begin)
    nursery.cancel_scope.cancel()


async def exchange(server: Server, request: bytes) -> bytes:
    """Everything the server says to these bytes; the bytes before a reset count."""
    stream = await trio.open_tcp_stream(server.address, server.port)
    received = b""
    async with stream:
        await stream.send_all(request)
        try:
            async for part in stream:
                received += part
        except trio.BrokenResourceError:
            received += b"<reset>"
    return received


async def get(server: Server, url: str, *fields: str) -> tuple[bytes, bytes]:
    """The head and the body of one reply."""
    host, _, path = url.partition("/")
    lines = [f"GET /{path} HTTP/1.1", f"Host: {host}", "Connection: close", *fields, "", ""]
    head, _, body = (await exchange(server, "\r\n".join(lines).encode())).partition(b"\r\n\r\n")
    return head, body


def status(head: bytes) -> int:
    return int(head.split()[1])


async def test_all_hosts_are_served_on_one_port(server: Server) -> None:
    assert len(server.resolve) == 7
    assert server.resolve[0] == f"gazette.example=127.0.0.1:{server.port}"
    for host in NEWSROOM.hosts:
        head, body = await get(server, f"{host}/")
        assert status(head) == 200
        assert int(head.split(b"Content-Length: ")[1].split()[0]) == len(body)
    assert repr(server) == f"<Server 127.0.0.1:{server.port}, 7 hosts, 7 hits>"


async def test_settings_can_be_written_for_it(server: Server, tmp_path: Path) -> None:
    file = tmp_path / "broadsheet.toml"
    file.write_text(server.settings)
    settings = load_settings(file)
    assert settings.resolve == server.resolve
    assert settings.allow_address == ("127.0.0.1/32",)


async def test_the_log_tells_who_asked_for_what(server: Server) -> None:
    await get(server, "observer.example/story.php?id=1001", "User-Agent: reader/1")
    await get(server, "gazette.example/nothing")
    first, second = server.hits
    assert (first.host, first.target, first.status, first.agent) == (
        "observer.example", "/story.php?id=1001", 200, "reader/1",
    )  # fmt: skip
    assert (second.status, second.at >= first.at) == (404, True)
    assert str(second).endswith(" 404 GET http://gazette.example/nothing")
    assert server.hits_of("gazette.example") == [second]


async def test_a_connection_serves_many_requests(server: Server) -> None:
    one = b"GET / HTTP/1.1\r\nHost: lantern.example\r\n\r\n"
    last = b"HEAD /feed.json HTTP/1.1\r\nHost: lantern.example\r\nConnection: close\r\n\r\n"
    received = await exchange(server, one + one + last)
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert received.endswith(b"\r\n\r\n")


async def test_a_browser_may_use_it_as_a_proxy(server: Server) -> None:
    request = b"GET http://minato.example/ HTTP/1.1\r\nHost: minato.example\r\nConnection: close\r\n\r\n"
    assert "みなと週報".encode() in await exchange(server, request)


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (b"HELLO\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost gazette.example\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: gazette.example\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nHost: gazette.example\r\nContent-Length: 5\r\n\r\nhello", 413),
        (b"GET / HTTP/1.1\r\nHost: gazette.example\r\n" + b"A: b\r\n" * 101 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: gazette.example\r\nA: " + b"b" * 17000, 431),
        (b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n", 421),
    ],
)
async def test_odd_requests_are_refused(server: Server, request_bytes: bytes, expected: int) -> None:
    assert status(await exchange(server, request_bytes)) == expected


async def mood(server: Server, name: str) -> tuple[bytes, bytes]:
    return await get(server, f"moody.example/news/{name}")


async def test_content_codings(server: Server) -> None:
    _, plain = await mood(server, "plain")
    for name, decode in (("gzip", gzip.decompress), ("brotli", brotli.decompress)):
        head, body = await mood(server, name)
        assert f"Content-Encoding: {name.replace('brotli', 'br')}".encode() in head
        assert b"<article>" in decode(body)
    assert b"<article>" in plain
    head, body = await mood(server, "torn-gzip")
    with pytest.raises(EOFError):
        gzip.decompress(body)


async def test_chunks_have_extensions_and_a_trailer(server: Server) -> None:
    head, body = await mood(server, "chunked")
    assert b"Transfer-Encoding: chunked" in head
    assert b"Content-Length" not in head
    assert body.startswith(b"3e5;part=0\r\n")
    assert body.endswith(b"0\r\nX-Mood: mended\r\n\r\n")


async def test_bodies_that_end_too_early(server: Server) -> None:
    head, body = await mood(server, "cut")
    assert len(body) == 900 < int(head.split(b"Content-Length: ")[1].split()[0])
    head, body = await mood(server, "reset")
    assert status(head) == 200
    assert body.endswith(b"<reset>")
    assert await mood(server, "hung-up") == (b"<reset>", b"")
    head, body = await mood(server, "short-count")
    assert len(body) > int(head.split(b"Content-Length: ")[1].split()[0])
    head, body = await mood(server, "endless-head")
    assert b"Content-Length" not in head
    assert body.endswith(b"</html>\n")


async def test_heads_that_no_library_would_send(server: Server) -> None:
    assert b"\r\n" not in (await mood(server, "bare-lf"))[0].partition(b"\n\n")[0]
    assert b"\r\nthis is not a header" in (await mood(server, "no-colon"))[0]
    assert b"\r\nX Mood: odd" in (await mood(server, "spaced-header"))[0]


async def test_encodings(server: Server) -> None:
    head, body = await mood(server, "latin-1")
    assert b"charset=ISO-8859-1" in head
    assert "Café".encode("latin-1") in body
    head, body = await mood(server, "latin-1-meta")
    assert b"charset" not in head
    assert b'<meta charset="windows-1252">' in body
    assert "Café" in (await mood(server, "utf-16"))[1].decode("utf-16")


async def test_moods_that_pass(server: Server) -> None:
    head, _ = await mood(server, "busy")
    assert status(head) == 429
    assert b"Retry-After: 1" in head
    for name, first in (
        ("busy", 200),
        ("closed", 503),
        ("closed", 200),
        ("stumbling", 500),
        ("stumbling", 200),
    ):
        assert status((await mood(server, name))[0]) == first, name
    assert [status((await mood(server, "broken"))[0]) for _ in range(3)] == [500, 500, 500]


async def test_every_mood_begins_its_reply_as_the_table_says(server: Server) -> None:
    for row in MOODS:
        head, _ = await mood(server, row.name)
        if row.ends in {"moved", "circled", "refused"}:
            assert 300 < status(head) < 309
            assert b"\r\nLocation: " in head
        elif row.ends == "gone":
            assert status(head) in {404, 410}
        elif row.ends == "stored":
            assert status(head) == 200


async def test_slow_pages_take_their_time(server: Server) -> None:
    server.pace = 0.05
    started = trio.current_time()
    _, body = await mood(server, "slow")
    assert body.endswith(b"</html>\n")
    assert trio.current_time() - started >= 0.1


async def test_a_new_edition_is_seen_by_the_next_request(server: Server) -> None:
    before = (await get(server, "gazette.example/"))[1]
    server.newsroom = build_newsroom(extra={"gazette.example": 1})
    after = (await get(server, "gazette.example/"))[1]
    assert before != after


def test_a_program_without_trio_runs_it_in_a_thread(tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    with running(NEWSROOM, log_file=log) as server:
        with pytest.raises(OSError, match=r"[Aa]ddress already in use|only one usage"):
            with running(NEWSROOM, port=server.port):
                pass
        connection = http.client.HTTPConnection(server.address, server.port)
        connection.request(
            "GET", "/robots.txt", headers={"Host": "gazette.example", "User-Agent": "thread/1"}
        )
        assert b"Crawl-delay: 0.2" in connection.getresponse().read()
        connection.close()
    assert log.read_text().endswith("200 GET http://gazette.example/robots.txt thread/1\n")
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(server.address, server.port).connect()
