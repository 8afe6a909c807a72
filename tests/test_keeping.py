"""What is archived whole and what by its head alone; what articles are shown with."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.octets import octets_open
from archive.reader.files import Found, read_file
from archive.store.types import Again, Kind, Stored
from crawler.core.keeping import wanted
from crawler.core.verdict import decide
from sites.keeping import KEPT, keeps
from sites.page import Page
from sites.requisites import requisites_of
from tests.command import command
from tests.plainserver import plain_server

ARTICLE = b"""<!doctype html><html lang="en"><head><title>Harbour opened</title>
<link rel="stylesheet" href="/look.css"><link rel="icon" href="/icon.ico">
<script src="//cdn.example/app.js"></script><script>var inline = 1</script></head>
<body><article><h1>Harbour opened</h1><img src="/pics/small.jpg" srcset="/pics/large.jpg 2x, /pics/small.jpg">
<p>%b</p><p>%b</p></article><a href="/film.mp4">The film</a> <a href="/report.pdf">The report</a></body></html>""" % (
    b"The harbour was opened on Tuesday by the mayor, who cut a ribbon and spoke at some length. " * 6,
    b"Ships had waited since the morning, and the crowd along the quay cheered when the first came in. " * 6,
)


@pytest.mark.parametrize(
    ("kind", "content_type", "keep", "verdict"),
    [
        (Kind.PAGE, "text/html; charset=utf-8", KEPT, True),
        (Kind.PAGE, "Application/PDF", KEPT, True),
        (Kind.PAGE, "application/rss+xml", KEPT, True),
        (Kind.PAGE, "", KEPT, True),
        (Kind.PAGE, "image/png", KEPT, False),
        (Kind.PAGE, "video/mp4", KEPT, False),
        (Kind.PAGE, "application/octet-stream", KEPT, False),
        (Kind.PAGE, "image/png", (*KEPT, "image/*"), True),
        (Kind.PAGE, "text/html", ("image/*",), False),
        (Kind.ROBOTS, "video/mp4", KEPT, True),
        (Kind.SITEMAP, "application/x-gzip", KEPT, True),
        (Kind.FEED, "application/octet-stream", (), True),
        (Kind.REQUISITE, "image/webp", KEPT, True),
        (Kind.REQUISITE, "text/css", KEPT, True),
        (Kind.REQUISITE, "video/mp4", KEPT, False),
    ],
)
def test_what_is_wanted(kind: Kind, content_type: str, keep: tuple[str, ...], verdict: bool) -> None:
    assert wanted(kind, content_type, keep) is verdict


def test_a_pattern_is_held_against_the_type_alone() -> None:
    assert not keeps("text/x; a=text/html", ["text/html"]) and keeps("TEXT/HTML ;x", ["text/*"])


def test_requisites_are_what_the_page_names() -> None:
    base = b'<base href="https://img.example/x/"><img src="a.png" width=10><img data-src="/b.png">'
    assert requisites_of(Page(url="https://a.example/", html=base)) == (
        "https://img.example/x/a.png",
        "https://img.example/b.png",
    )
    assert requisites_of(Page(url="https://a.example/n", html=ARTICLE)) == (
        "https://a.example/look.css",
        "https://a.example/icon.ico",
        "https://cdn.example/app.js",
        "https://a.example/pics/small.jpg",
        "https://a.example/pics/large.jpg",
    )
    many = b"".join(b'<img src="/%d.png">' % n for n in range(999))
    assert len(requisites_of(Page(url="https://a.example/", html=many))) == 200
    odd = b'<link href="data:text/css,x" rel=stylesheet><script src="javascript:1"></script><img src=""><img>'
    assert requisites_of(Page(url="https://a.example/", html=odd)) == ()


@pytest.mark.parametrize("truncated", ["time", "disconnect", "unspecified"])
def test_what_was_cut_off_is_asked_for_once_more(truncated: str) -> None:
    def verdict(tries: int, status: int = 200) -> object:
        return decide(
            status=status, error="", tries=tries, max_tries=4, now=0, pause=0, jitter=0.5,
            truncated=truncated,
        )  # fmt: skip

    assert verdict(1) == Again(due=30_000_000, reason=f"cut off: {truncated}")
    assert isinstance(verdict(2), Stored), "then what came has to do"
    assert verdict(1, 404) != verdict(1)


def test_a_bound_of_ours_is_no_reason_to_ask_again() -> None:
    outcome = decide(
        status=200,
        error="",
        tries=1,
        max_tries=4,
        now=0,
        pause=0,
        jitter=0,
        truncated="length",
    )
    assert isinstance(outcome, Stored)


PLUGIN = """
from sites import Site

class Harbour(Site):
    hosts = ("harbour.example",)
    seeds = ("http://harbour.example/news/1",)
    articles = ("/news/*",)
    follow = ("/*.pdf", "/*.mp4")
    requisites = True
"""


def test_a_crawl_keeps_what_the_site_says(tmp_path: Path) -> None:
    film = b"x" * 4_000_000
    answers = {
        "/news/1": ("text/html", ARTICLE),
        "/film.mp4": ("video/mp4", film),
        "/report.pdf": ("application/pdf", b"%PDF-1.4 report"),
        "/look.css": ("text/css", b"@import '/more.css'; body { background: url(/bg.png) }"),
        "/icon.ico": ("image/x-icon", b"icon"),
        "/app.js": ("text/javascript", b"fetch('/never')"),
        "/pics/small.jpg": b"HTTP/1.1 302 Moved\r\nLocation: http://cdn.example/pics/s.jpg\r\nContent-Length: 0\r\n\r\n",
        "/pics/s.jpg": ("image/jpeg", b"small"),
        "/pics/large.jpg": ("text/html", b"<a href=/never>gone</a>"),
    }
    (tmp_path / "plugins").mkdir()
    (tmp_path / "plugins" / "harbour.py").write_text(PLUGIN, encoding="utf-8")
    with plain_server(answers) as server:
        settings = server.settings("harbour.example", "cdn.example")
        (tmp_path / "broadsheet.toml").write_text(settings, encoding="utf-8")
        command(tmp_path, "crawl", "harbour", "--json")
    asked = [place for place in server.asked if not place.endswith("/robots.txt")]
    own = [place for place in asked if place.startswith("harbour.example")]
    assert own[0].endswith("/news/1")
    assert {p.partition("/")[2] for p in own[1:3]} == {"film.mp4", "report.pdf"}, "requisites come last"
    assert sorted(own[3:]) == [
        f"harbour.example/{name}" for name in ("icon.ico", "look.css", "pics/large.jpg", "pics/small.jpg")
    ]
    assert sorted(set(asked) - set(own)) == ["cdn.example/app.js", "cdn.example/pics/s.jpg"]
    assert server.asked.count("cdn.example/robots.txt") == 1, "through the same gate"
    assert server.wrote["/film.mp4"] < len(film)
    [file] = (tmp_path / "data" / "archive").iterdir()
    kept = {f.capture.url: f.capture for f in read_file(file) if isinstance(f, Found)}
    movie = kept["http://harbour.example/film.mp4"]
    block = octets_open(movie.response).read()
    assert block.endswith(b"Content-Length: 4000000\r\n\r\n")
    assert (movie.truncated, movie.error) == ("length", "not-kept: video/mp4")
    sheet = kept["http://harbour.example/look.css"]
    assert (sheet.hops, sheet.via, sheet.truncated) == ("E", "http://harbour.example/news/1", "")
    assert kept["http://cdn.example/pics/s.jpg"].hops == "ER"
    [proof] = command(tmp_path, "verify", "--json")
    assert proof == {"errors": 0, "warnings": 0}
    [status] = command(tmp_path, "status", "--json")
    assert status["extractions"] == {"ok": 1, "none": 1}, "the article and the report alone were read"
