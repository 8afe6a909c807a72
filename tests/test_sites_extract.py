"""The one pure function, from page to extraction."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.errors import SiteError
from sites.extract import extract
from sites.extraction import Directives
from sites.fields import css
from sites.generic.joining import join
from sites.page import Page
from sites.site import Site
from sites.url import parse

URL = "https://gazette.example/news/harbour"
PROSE = (
    "The harbour of the old town was opened to ships again on Monday, after two years of work on its walls. "
    "Fishermen, pilots and a brass band had come to see the first boat pass, and so had the mayor. "
)
BODY = "".join(f"<p>{number}. {PROSE}</p>" for number in ("One", "Two", "Three", "Four", "Five"))
LD = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "NewsArticle", "headline": "Harbour opens", "author": {"@id": "#ada"},
  "datePublished": "2024-03-05T10:30:00+01:00", "dateModified": "2024-03-05T12:00:00+01:00",
  "articleSection": "Town", "keywords": ["harbour", "ships"], "isAccessibleForFree": true,
  "publisher": {"@type": "Organization", "name": "Gazette"}},
 {"@id": "#ada", "@type": "Person", "name": "Ada Quayle"}]}</script>"""


class Under(Site):
    name = "under"
    hosts = ("gazette.example",)
    subtitle = css("p.under")


def article(head: str = LD, body: str = BODY, **more: Any) -> Page:
    html = f"""<html lang="en-GB"><head><title>Harbour opens - Gazette</title>{head}</head>
    <body><header><nav><a href="/">Home</a> <a href="/town">Town</a></nav></header>
    <article><h1>Harbour opens</h1>{body}</article><footer>All rights reserved</footer></body></html>"""
    return Page(url=URL, html=html.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),), **more)


def test_an_article_has_its_fields() -> None:
    result = extract(article())
    found = result.article
    assert result.page_type == "article"
    assert found is not None
    assert (found.title, found.site_name, found.authors) == ("Harbour opens", "Gazette", ("Ada Quayle",))
    assert (str(found.published), str(found.modified)) == (
        "2024-03-05T10:30:00+01:00",
        "2024-03-05T12:00:00+01:00",
    )
    assert (found.section, found.tags, found.language) == ("Town", ("harbour", "ships"), "en-GB")
    assert found.paywalled is False
    assert found.text.startswith("One. The harbour")
    assert found.text.count("brass band") == 5
    assert "rights reserved" not in found.text and "Home" not in found.text


def test_a_line_that_the_data_or_the_plugin_calls_a_headline_is_no_body() -> None:
    line = "Two years of work on the walls of the old harbour are at an end"
    body = f'<p class="under">{line}</p>{BODY}'
    plain = extract(article(LD, body)).article
    named = extract(
        article(LD.replace('"headline"', f'"alternativeHeadline": "{line}", "headline"'), body)
    ).article
    ruled = extract(article(LD, body), Under()).article
    assert plain and named and ruled
    assert plain.text.startswith(line)
    assert (named.subtitle, ruled.subtitle) == (line, line)
    assert named.text == ruled.text and named.text.startswith("One. The harbour")


def test_a_line_repeated_in_another_part_goes_and_one_that_the_author_repeats_stays() -> None:
    hint = "<p>Stir for as long as the brass band plays, then let it rest for an hour.</p>"
    body = f"{BODY}{hint}{BODY.replace('. The', '. Again the')}{hint}"
    copy = f"<section class='story'><div><div class='text'>{BODY}</div></div></section>"
    found = extract(article(body=body + copy)).article
    assert found is not None
    assert found.text.count("Stir for as long") == 2
    assert found.text.count("One. The harbour") == 1


def test_evidence_names_rules_and_with_why_the_nodes_and_every_unit() -> None:
    brief = extract(article())
    full = extract(article(), why=True)
    assert {e.field for e in brief.evidence} >= {"title", "authors", "published"}
    assert brief.article == full.article
    body = [e for e in full.evidence if e.field == "body"]
    assert any(e.kept for e in body) and any(not e.kept and "Home" in e.value for e in body)
    assert any(e.node > 0 for e in full.evidence)


def test_links_are_one_a_url_in_page_order_with_their_kinds() -> None:
    head = """<base href="https://gazette.example/base/">
    <link rel="canonical" href="/news/harbour"><link rel="next" href="?page=2">
    <link rel="alternate" type="application/rss+xml" href="/feed" title="All">
    <link rel="alternate" hreflang="de" href="/de/harbour"><link rel="amphtml" href="/amp/harbour">
    <link rel="stylesheet" href="/style.css"><meta http-equiv="refresh" content="300; url=/again">"""
    body = """<a href="one#x" rel="nofollow">One</a><a href="/two">Two <b>more</b></a><a href="one">1</a>
    <a href="javascript:void(0)">no</a><a href="#top">no</a><a href="mailto:a@b.example">no</a><a href="/de/harbour">De</a>"""
    links = extract(article(head, body)).links
    assert [(link.url.removeprefix("https://gazette.example"), link.kind) for link in links] == [
        ("/again", "refresh"), ("/news/harbour", "canonical"), ("/base/?page=2", "next"), ("/feed", "feed"),
        ("/de/harbour", "anchor"), ("/amp/harbour", "amp"), ("/", "anchor"), ("/town", "anchor"),
        ("/base/one", "anchor"), ("/two", "anchor"),
    ]  # fmt: skip
    assert [link.text for link in links[-2:]] == ["One", "Two more"]
    assert not any(link.nofollow for link in links), "one of the two links to /base/one may be followed"


def test_directives_unite_header_and_meta_and_those_for_others_do_not_count() -> None:
    page = article('<meta name="robots" content="NOARCHIVE"><meta name="tdm-reservation" content="1">')
    page.headers = (
        ("X-Robots-Tag", "otherbot: noindex"),
        ("X-Robots-Tag", "nofollow, unavailable_after: 25 Jun 2010 15:00:00 PST"),
        ("Content-Signal", "search=yes, ai-train=no"),
    )
    result = extract(page)
    assert result.directives == Directives(
        nofollow=True, noarchive=True, unavailable_after="25 Jun 2010 15:00:00 PST"
    )
    assert result.signals == (
        ("header:content-signal", "search=yes, ai-train=no"),
        ("meta:tdm-reservation", "1"),
    )
    assert all(link.nofollow for link in result.links if link.kind == "anchor")


class Plugin:
    name = "gazette"
    hosts = ("gazette.example",)

    def calls_article(self, url: str) -> bool | None:
        return "/news/" in url

    def verdict(self, url: str) -> str:
        return "article" if "/news/" in url else ""

    def field(self, name: str, page: Page) -> tuple[Any, str, None] | None:
        if name == "title":
            return "A plugin's title", "css('h1')", None
        if name == "authors":
            raise SiteError("gazette", "no byline", field="authors", url=page.url, where="gazette.py:7")
        return None


def test_a_plugins_field_wins_and_one_that_raises_leaves_the_generic_value() -> None:
    result = extract(article(), Plugin())  # type: ignore[arg-type]
    assert result.article is not None
    assert result.article.title == "A plugin's title"
    assert result.article.authors == ("Ada Quayle",)
    assert [(e.plugin, e.field, e.where) for e in result.errors] == [("gazette", "authors", "gazette.py:7")]
    assert result.site == result.article.site == "gazette"


def test_the_patterns_of_a_plugin_say_which_pages_are_no_articles() -> None:
    class Elsewhere(Under):
        articles = ("/story/**",)
        title = css("h1")

    class Here(Elsewhere):
        articles = ("/news/**",)

    assert extract(article(), Elsewhere()).page_type == "listing"
    assert extract(article(), Elsewhere()).article is None
    assert extract(article(), Here()).page_type == "article"


def test_a_method_for_urls_that_raises_costs_no_page_and_is_told_once() -> None:
    class Broken(Under):
        def articles(self, url: str) -> bool:
            raise KeyError(url)

    result = extract(article(body=BODY + '<a href="/1">1</a><a href="/2">2</a>'), Broken())
    assert result.article is not None
    assert {link.verdict for link in result.links} == {""}
    assert sorted({(e.plugin, e.field) for e in result.errors}) == [("under", "articles")]


@pytest.mark.parametrize(
    ("status", "html", "kind"),
    [
        (404, "<p>gone</p>", "error"),
        (200, "<title>Page not found</title><h1>Sorry</h1>", "error"),
        (403, "<p>no</p>", "blocked"),
        (200, "<title>Just a moment...</title><p>Checking your browser</p>", "blocked"),
        (503, "<title>Attention Required!</title>", "blocked"),
        (200, "", "other"),
    ],
)
def test_pages_that_are_not_articles(status: int, html: str, kind: str) -> None:
    result = extract(Page(url=URL, html=html.encode(), status=status))
    assert (result.page_type, result.article) == (kind, None)


def test_bytes_that_are_no_text_are_left_alone() -> None:
    result = extract(Page(url=URL, html=b"\x89PNG" * 100, media_type="image/png"))
    assert (result.page_type, result.links, result.article) == ("other", (), None)


PLAIN = st.from_regex(r"(https?://[a-z.-]{1,12})?/?[/A-Za-z0-9._~%2eE:@!$&()*+,;?#=-]{0,20}", fullmatch=True)


@given(
    PLAIN,
    st.sampled_from(["https://a.example/b/c?d", "http://a.example:81/", "https://xn--bcher-kva.example/x"]),
)
def test_the_quick_join_is_the_url_parsers(href: str, base: str) -> None:
    assert join(href, base) == parse(href, base)


TAGS = "div p a span h1 table tr td ul li script style b br img article section svg time meta".split()
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from([LD, '<a href="//[">x</a>', '<time datetime="9999-99-99">', '<p class="author">By 7', "<!--", "\x00", "&#x110000;"]),
    st.text(max_size=20),
)  # fmt: skip


@settings(deadline=None)  # the first page loads the models
@given(st.lists(PIECES, max_size=30).map("".join), st.booleans())
def test_nothing_a_page_holds_makes_it_raise_and_it_is_the_same_twice(html: str, why: bool) -> None:
    data = html.encode("utf-8", "replace")
    first = extract(Page(url=URL, html=data), why=why)
    assert first == extract(Page(url=URL, html=data), why=why)
