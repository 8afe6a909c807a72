"""Feeds and sitemaps: links with dates, no article, and nothing that explodes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from sites.extract import extract
from sites.extraction import Link
from sites.feeds import feed_links, iso_date
from sites.page import Page
from sites.sitemaps import sitemap_links

URL = "https://gazette.example/list"

RSS = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY lol "lol">]>
<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Gazette</title><link>https://gazette.example/</link>
<atom:link rel="next" href="/feed?page=2"/>
<item><title><![CDATA[Ships & <b>boats</b>]]></title><link>/news/1</link><pubDate>Mon, 20 Nov 2023 10:00:00 +0100</pubDate></item>
<item><title>No link &amp; no date &lol;</title><guid isPermaLink="true">https://gazette.example/news/2</guid></item>
<item><guid isPermaLink="false">tag:3</guid></item><item><link>/news/1</link></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/feed"/>
<entry><id>urn:1</id><title>One</title><link rel="enclosure" href="/a.mp3"/><link href="/news/1"/>
<published>2024-01-01T00:00:00Z</published><updated>2024-01-02T00:00:00Z</updated></entry></feed>"""

JSON_FEED = json.dumps(
    {"version": "https://jsonfeed.org/version/1.1", "next_url": "/p2",
     "items": [{"url": "/news/1", "title": "One", "date_published": "2024-01-01T00:00:00Z"}, 7, {"id": "x"}]}
)  # fmt: skip

SITEMAP = """<?xml version="1.0"?><urlset xmlns:news="n" xmlns:xhtml="x"><url><loc>
 https://gazette.example/news/1?a=1&amp;b=2 </loc><lastmod>2024-01-02</lastmod>
 <xhtml:link rel="alternate" hreflang="de" href="https://gazette.example/de/1"/></url>
<url><loc>https://gazette.example/news/2</loc><news:news><news:publication_date>2024-01-03T08:00Z</news:publication_date>
<news:title>Two</news:title></news:news></url><url><loc>javascript:1</loc></url></urlset>"""

INDEX = "<sitemapindex><sitemap><loc>https://gazette.example/s1.xml</loc><lastmod>2024-01</lastmod></sitemap></sitemapindex>"


def page(text: str, media_type: str = "application/xml") -> Page:
    return Page(url=URL, html=text.encode(), media_type=media_type)


def test_rss() -> None:
    result = extract(page(RSS, "application/rss+xml"))
    assert (result.page_type, result.article) == ("feed", None)
    assert result.links == (
        Link("https://gazette.example/news/1", text="Ships & boats", lastmod="2023-11-20T10:00:00+01:00"),
        Link("https://gazette.example/news/2", text="No link & no date &lol;"),
        Link("https://gazette.example/feed?page=2", "next"),
    )


def test_atom_takes_the_alternate_link_and_the_last_change() -> None:
    assert extract(page(ATOM, "text/html")).page_type != "feed", (
        "what came as HTML is HTML, but for an XML head"
    )
    assert extract(page(ATOM)).links == (
        Link("https://gazette.example/news/1", text="One", lastmod="2024-01-02T00:00:00Z"),
    )


def test_json_feed() -> None:
    result = extract(page(JSON_FEED, "application/feed+json"))
    assert result.page_type == "feed"
    assert [link.url for link in result.links] == [
        "https://gazette.example/news/1",
        "https://gazette.example/p2",
    ]


def test_sitemap_index_and_news() -> None:
    result = extract(page(SITEMAP))
    assert result.page_type == "sitemap"
    assert result.links == (
        Link("https://gazette.example/news/1?a=1&b=2", lastmod="2024-01-02"),
        Link("https://gazette.example/de/1", "alternate"),
        Link("https://gazette.example/news/2", text="Two", lastmod="2024-01-03T08:00Z"),
    )
    assert extract(page(INDEX)).links == (
        Link("https://gazette.example/s1.xml", "sitemap", lastmod="2024-01"),
    )


def test_a_plain_text_sitemap_is_lines_of_urls_and_robots_txt_is_none() -> None:
    text = "https://gazette.example/1\r\nhttps://gazette.example/2\n\n"
    result = extract(page(text, "text/plain"))
    assert result.page_type == "sitemap"
    assert [link.url[-1] for link in result.links] == ["1", "2"]
    assert extract(page("User-agent: *\nDisallow:\n", "text/plain")).page_type == "other"


def test_a_bomb_of_entities_stays_small() -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "'
        + "&a;" * 1000
        + '">]><rss><item><title>&b;</title><link>/1</link></item></rss>'
    )
    assert feed_links(bomb, URL) == (Link("https://gazette.example/1", text="&b;"),)


def test_lists_are_bounded() -> None:
    many = (
        "<urlset>"
        + "".join(f"<url><loc>https://gazette.example/{n}</loc></url>" for n in range(50_100))
        + "</urlset>"
    )
    assert len(sitemap_links(many, URL)) == 50_000


@given(st.text(alphabet="<>/![]CDAT-?&;itemlink\"'= \n", max_size=200))
def test_broken_markup_harms_nobody(text: str) -> None:
    feed_links(f"<rss>{text}", URL)
    sitemap_links(f"<urlset>{text}", URL)


@given(st.text(max_size=40))
def test_dates_are_iso_or_nothing(text: str) -> None:
    iso_date(text)
