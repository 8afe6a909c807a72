"""robots.txt over real sockets, through the whole engine: moved, failing, far too long, in UTF-16, an error page that says
200. What a server answers decides what is asked for next, and each hop waits its turn at its own host."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from archive.capture import Capture
from crawler.net import AddressGuard, Fetcher, Resolver
from tests.archive_store_kit import quick_folder
from tests.engine_kit import Rig
from tests.fakeweb import FakeWeb
from tests.rawserver import RawServer, raw_server

_DELAY = 0.1
_TICK = 0.002
_RULES = b"User-agent: *\nDisallow: /no\n"
_LONG = b"User-agent: *\nDisallow: /no\n" + b"# nothing\n" * 60_000 + b"Disallow: /yes\n"
_SOFT_404 = b"<!doctype html><html><body><h1>Not found</h1><p>Disallow: /yes</p></body></html>"


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as place:
        yield place


class _RealWeb(FakeWeb):
    """The engine's web, with real sockets under it."""

    def __init__(self, fetcher: Fetcher) -> None:
        super().__init__({})
        self._fetcher = fetcher

    def now(self) -> int:
        return time.time_ns() // 1000

    async def exchange(self, url: str, **how: Any) -> Capture:
        return await self._fetcher.exchange(url, **how)

    async def refusal(self, url: str) -> str:
        return await self._fetcher.refusal(url)


def _answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    head = "\r\n".join((f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""))
    return head.encode() + body


def _moved(location: str) -> bytes:
    return _answer("301 Moved", b"", f"Location: {location}")


def _site(robots: bytes) -> dict[str, bytes]:
    """A front page with two links, behind a robots.txt."""
    page = b"<p>Here they are.</p><a href=/yes>yes</a><a href=/no>no</a>"
    html = "Content-Type: text/html"
    return {
        "/robots.txt": robots,
        "/": _answer("200 OK", page, html),
        "/yes": _answer("200 OK", b"<p>Yes.</p>", html),
        "/no": _answer("200 OK", b"<p>No.</p>", html),
    }


async def _crawl(folder: Path, site: RawServer, *others: RawServer) -> list[str]:
    """Crawl the site's front page and what it links to; the paths that the site was asked for, sorted but for
    the first."""
    guard = AddressGuard(("127.0.0.0/8",), {site.port, *(other.port for other in others)})
    async with Fetcher(
        Resolver(guard), user_agent="Broadsheet/0", clock=lambda: time.time_ns() // 1000
    ) as net:
        await Rig(folder, _RealWeb(net), site.origin + "/").crawl(wait=3, delay=int(_DELAY * 1e6))
    for server in (site, *others):
        for (_, _, ended), (path, begun, _) in pairwise(server.log):
            assert begun - ended > _DELAY - _TICK, path
    paths = [path for path, _, _ in site.log]
    return [*paths[:1], *sorted(paths[1:])]


@pytest.mark.parametrize(
    ("robots", "asked"),
    [
        pytest.param(_answer("200 OK", _RULES), ["/", "/yes"], id="rules"),
        pytest.param(_answer("200 OK", b"\xef\xbb\xbf" + _RULES), ["/", "/yes"], id="a byte order mark"),
        pytest.param(_answer("200 OK", _RULES.decode().encode("utf-16")), ["/", "/yes"], id="UTF-16, little"),
        pytest.param(
            _answer("200 OK", b"\xfe\xff" + _RULES.decode().encode("utf-16-be")), ["/", "/yes"], id="big"
        ),
        pytest.param(_answer("200 OK", _LONG), ["/", "/yes"], id="600 KB"),
        pytest.param(
            _answer("200 OK", _SOFT_404, "Content-Type: text/html"), ["/", "/no", "/yes"], id="soft 404"
        ),
        pytest.param(_answer("200 OK"), ["/", "/no", "/yes"], id="empty"),
        pytest.param(_answer("404 No", b"User-agent: *\nDisallow: /\n"), ["/", "/no", "/yes"], id="404"),
        pytest.param(_answer("403 Forbidden"), ["/", "/no", "/yes"], id="403"),
        pytest.param(_answer("429 Slowly", b"", "Retry-After: 60"), [], id="429"),
        pytest.param(_answer("500 Oh", b"User-agent: *\nDisallow:\n"), [], id="500"),
        pytest.param(_answer("503 Busy", b"", "Retry-After: 60"), [], id="503"),
        pytest.param(_answer("200 OK", _RULES)[:-5], [], id="cut off: who knows what else it says"),
        pytest.param(b"", [], id="nothing"),
        pytest.param(_moved("ftp://files.example/robots.txt"), [], id="moved to FTP"),
        pytest.param(_moved("http://10.0.0.1/robots.txt"), [], id="moved inside"),
    ],
)
async def test_what_a_server_says_decides_what_is_asked(
    robots: bytes, asked: list[str], folder: Path
) -> None:
    async with raw_server(_site(robots)) as site:
        assert await _crawl(folder, site) == ["/robots.txt", *asked]


async def test_a_robots_txt_that_moved_to_another_host_speaks_for_the_first(folder: Path) -> None:
    async with raw_server({}) as other, raw_server(_site(_moved(f"{other.origin}/a"))) as site:
        other.answers = {
            "/a": _moved("/b"), "/b": _moved(f"{site.origin}/c"), "/d": _answer("200 OK", _RULES),
        }  # fmt: skip
        site.answers = {**site.answers, "/c": _moved(f"{other.origin}/d")}
        assert await _crawl(folder, site, other) == ["/robots.txt", "/", "/c", "/yes"]
    assert [path for path, _, _ in other.log] == ["/a", "/b", "/d"]
    order = sorted((begun, path) for path, begun, _ in [*site.log, *other.log])
    assert [path for _, path in order][:6] == ["/robots.txt", "/a", "/b", "/c", "/d", "/"]


@pytest.mark.parametrize(("hops", "asked"), [(5, ["/", "/yes"]), (6, [])])
async def test_five_hops_are_followed_and_no_more(hops: int, asked: list[str], folder: Path) -> None:
    chain = {f"/r{n}": _moved(f"/r{n + 1}") for n in range(1, hops)} | {
        f"/r{hops}": _answer("200 OK", _RULES)
    }
    async with raw_server(chain) as other, raw_server(_site(_moved(f"{other.origin}/r1"))) as site:
        assert await _crawl(folder, site, other) == ["/robots.txt", *asked]
    assert [path for path, _, _ in other.log] == [f"/r{n}" for n in range(1, 6)]


@pytest.mark.parametrize(("back", "asked"), [("/b", 5), ("/a", 1), ("", 1)])
async def test_a_circle_of_redirects_is_as_no_answer(back: str, asked: int, folder: Path) -> None:
    """Back to the hop before, to itself, or to where it began."""
    async with raw_server({}) as other, raw_server(_site(_moved(f"{other.origin}/a"))) as site:
        other.answers = {"/a": _moved(back or f"{site.origin}/robots.txt"), "/b": _moved("/a")}
        assert await _crawl(folder, site, other) == ["/robots.txt"]
    assert len(other.log) == asked


@pytest.mark.parametrize(
    ("end", "asked"), [("404 No", ["/", "/no", "/yes"]), ("500 Oh", []), ("429 Slowly", [])]
)
async def test_where_a_redirect_ends_in_an_error_its_class_counts(
    end: str, asked: list[str], folder: Path
) -> None:
    async with (
        raw_server({"/a": _answer(end)}) as other,
        raw_server(_site(_moved(f"{other.origin}/a"))) as site,
    ):
        assert await _crawl(folder, site, other) == ["/robots.txt", *asked]
