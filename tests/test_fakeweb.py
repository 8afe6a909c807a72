"""The web that the engine is tested on keeps its own promises."""

from __future__ import annotations

import inspect

from trio.testing import MockClock

from archive.store.types import Previous
from crawler.net import Fetcher
from tests.fakeweb import FakeWeb, Reply, moved, reply


def test_it_is_asked_as_the_fetcher_is() -> None:
    real, fake = inspect.signature(Fetcher.exchange), inspect.signature(FakeWeb.exchange)
    assert list(real.parameters.values()) == list(fake.parameters.values())
    assert real.return_annotation == fake.return_annotation


async def test_it_plays_what_it_was_given(autojump_clock: MockClock) -> None:
    web = FakeWeb(
        {
            "http://a.example/": "<p>hello",
            "http://a.example/old": moved("/new"),
            "http://a.example/busy": [reply(429, retry_after=30), reply(200, "now")],
            "http://a.example/cut": Reply(body=b"x" * 100, broken="disconnect"),
            "http://a.example/down": Reply(failure="connect: refused"),
            "http://a.example/same": reply(200, "x", etag='"1"', took=3600),
        }
    )

    async def get(path: str, previous: Previous | None = None) -> tuple[int, bytes]:
        capture = await web.exchange(f"http://a.example{path}", previous=previous)
        return capture.status, capture.content().data

    assert await get("/") == (200, b"<p>hello")
    assert (await web.exchange("http://a.example/old")).head.get("location") == "/new"
    assert (await get("/busy"))[0] == 429
    assert await get("/busy") == await get("/busy") == (200, b"now")
    assert (await web.exchange("http://a.example/cut")).truncated == "disconnect"
    assert (await web.exchange("http://a.example/down")).error == "connect: refused"
    assert (await get("/robots.txt"))[0] == 404
    assert (await web.exchange("http://b.example/")).error.startswith("dns: ")
    before = Previous(record_id="urn:uuid:1", date=1, payload_digest="sha1:A", etag='"1"')
    same = await web.exchange("http://a.example/same", previous=before)
    assert same.revisit is not None and same.status == 304
    assert same.took == 3600 * 1_000_000
    assert len(web.asked("a.example")) == 9
    assert web.most_at_once == {"a.example": 1, "b.example": 1}
    assert len(web.gaps("a.example")) == 8 and min(web.gaps("a.example")) >= 0
