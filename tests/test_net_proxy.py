"""Through an HTTP proxy: CONNECT to the approved address alone, and nothing of the proxy in the archive."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trio
import trustme

from archive.capture import Capture
from archive.octets import octets_open
from crawler.cli.fetching import archive_info
from crawler.errors import ConfigError
from crawler.net import AddressGuard, Fetcher, Resolver, parse_proxy
from crawler.settings import load_settings
from tests.proxyserver import ProxyServer, proxy_server
from tests.rawserver import raw_server

OK = b"HTTP/1.1 200 OK\r\nX: keep-alive-please\r\nContent-Length: 2\r\n\r\nok"
PUBLIC = "93.184.215.14"


def through(proxy: ProxyServer, *, credentials: str = "", tls: ssl.SSLContext | None = None) -> Fetcher:
    """A fetcher that knows no inner address; names are at PUBLIC, but "inside.example" is at 10.0.0.1."""

    async def lookup(name: str) -> list[str]:
        return {"proxy.example": ["127.0.0.1"], "inside.example": ["10.0.0.1"]}.get(name, [PUBLIC])

    return Fetcher(
        Resolver(AddressGuard(), lookup=lookup),
        user_agent="Broadsheet/test",
        clock=lambda: 1,
        tls=tls,
        timeout=5,
        proxy=parse_proxy(f"http://{credentials}proxy.example:{proxy.port}"),
    )


def raw(capture: Capture) -> bytes:
    return octets_open(capture.response).read()


async def test_plain_http_goes_through_a_tunnel_to_the_approved_address() -> None:
    async with raw_server({"/a": OK, "/b": OK}) as server, proxy_server() as proxy:
        proxy.target = server.port
        async with through(proxy, credentials="user:s3cret@") as client:
            captures = [await client.exchange(f"http://news.example{path}") for path in ("/a", "/b", "/a")]
    assert [raw(capture) for capture in captures] == [OK] * 3
    assert len(proxy.asked) == 1, "the tunnel is kept and used again"
    lines = proxy.asked[0].split(b"\r\n")
    assert lines[0] == f"CONNECT {PUBLIC}:80 HTTP/1.1".encode()
    assert b"Proxy-Authorization: Basic dXNlcjpzM2NyZXQ=" in lines
    for capture, sent in zip(captures, server.requests, strict=True):
        assert capture.request == sent and capture.peer == PUBLIC
        assert b"news.example" in sent and b"roxy" not in sent + raw(capture)
    assert bytes(proxy.relayed) == b"".join(server.requests)


async def test_tls_is_spoken_with_the_server_behind_the_tunnel() -> None:
    authority = trustme.CA()
    inner, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert("news.example").configure_cert(inner)
    authority.configure_trust(trusting)
    async with raw_server({"/": OK}, inner) as server, proxy_server() as proxy:
        proxy.target = server.port
        async with through(proxy, tls=trusting) as client:
            capture = await client.exchange("https://news.example/")
            assert raw(capture) == OK and capture.tls is not None
            assert proxy.asked[0].startswith(f"CONNECT {PUBLIC}:443 HTTP/1.1".encode())
            assert b"GET" not in proxy.relayed
            wrong = await client.exchange("https://other.example/")
            assert wrong.error.startswith("tls: other.example:")


async def test_the_guard_stands_before_the_proxy() -> None:
    async with proxy_server() as proxy, through(proxy) as client:
        for url in (
            "http://inside.example/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://news.example:22/",
        ):
            assert (await client.exchange(url)).error.startswith("refused-address"), url
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (
            b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n",
            f"does not connect to {PUBLIC}:80: status 407",
        ),
        (b"HTTP/1.1 502 Bad\r\n\r\n", "status 502"),
        (b"SSH-2.0\r\n", "no whole answer"),
        (b"HTTP/1.1 200 OK\r\n\r\nhello", "spoke before it was asked"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 20_000, "no whole answer"),
    ],
)
async def test_a_proxy_that_refuses_is_named(answer: bytes, error: str) -> None:
    async with proxy_server() as proxy, through(proxy) as client:
        proxy.refusal = answer
        capture = await client.exchange("http://news.example/")
        assert capture.error.startswith(f"proxy: <Proxy proxy.example:{proxy.port}>")
        assert capture.response == b"" and capture.request == b""
        assert capture.error.endswith(error)


async def test_a_proxy_that_is_not_there_is_a_failed_connection() -> None:
    with trio.socket.socket() as closed:
        await closed.bind(("127.0.0.1", 0))
        gone = ProxyServer()
        gone.port = closed.getsockname()[1]
        async with through(gone) as client:
            assert (await client.exchange("http://news.example/")).error.startswith("connect: ")


def test_settings_name_the_proxy_and_keep_its_password(tmp_path: Path) -> None:
    good = parse_proxy("http://us%40er:p%3Aw@[2001:db8::1]:3128")
    assert repr(good) == "<Proxy 2001:db8::1:3128>"
    for text in ("https://user:s3cret@a:1", "http://user:s3cret@a", "a:3128", "http://a:x", "socks5://a:1"):
        with pytest.raises(ConfigError, match="write http://host:port") as caught:
            parse_proxy(text)
        assert "s3cret" not in str(caught.value)
    file = tmp_path / "broadsheet.toml"
    for proxy, said in (("", ()), ("http://a:1", (("proxy", "by CONNECT to WARC-IP-Address"),))):
        file.write_text(f'proxy = "{proxy}"\n', encoding="utf-8")
        assert archive_info(load_settings(file)).more == said
    file.write_text('proxy = "ftp://proxy:21"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"broadsheet.toml: proxy: write"):
        load_settings(file)
