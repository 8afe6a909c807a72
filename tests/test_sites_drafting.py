"""A drafted plugin is a good one, whatever the page; and it says no more than it must."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.demo import build_newsroom
from crawler.demo.wire import Request
from sites.drafting import draft, pattern_of_articles
from sites.extract import extract
from sites.loading import load_file
from sites.page import Page
from sites.patterns import compile_pattern
from sites.registry import Registry
from sites.url import parse, path_query

NEWSROOM = build_newsroom()


def page_of(url: str) -> Page:
    host, _, path = url.removeprefix("http://").partition("/")
    reply = NEWSROOM.handle(Request(host, f"/{path}", "", visit=9))
    return Page(url=url, html=reply.body, headers=reply.headers)


def loaded(source: str, folder: Path, name: str = "drafted") -> Registry:
    file = folder / f"{name}.py"
    file.write_text(source, encoding="utf-8")
    return Registry([load_file(file)])


@pytest.mark.parametrize(
    ("url", "pattern"),
    [
        ("https://a.example/leaf/why-plums", "/leaf/*"),
        ("https://a.example/news/2026/11/storm-passes", "/news/**"),
        ("https://a.example/2026/11/24/storm-passes/", "/20*/**"),
        ("https://a.example/7/storm", "/*/**"),
        ("https://a.example/story.php?id=12&utm_source=feed", "/story.php?id=*"),
        ("https://a.example/page?utm_source=feed", "/*"),
        ("https://a.example/why-plums-cost-more", "/*-*-*"),
        ("https://a.example/sport/final-1.html", "/sport/*.html"),
        ("https://a.example/sport/final/", "/sport/*/"),
        ("https://a.example/about", "/*"),
        ("https://a.example/", "/**"),
    ],
)
def test_what_looks_like_a_name_or_number_is_a_star(url: str, pattern: str) -> None:
    assert pattern_of_articles(url) == pattern
    assert compile_pattern(pattern).matches(url.partition("utm")[0].rstrip("?&"))


@given(
    st.lists(st.text(alphabet="abz019-._~*{}é ", min_size=1, max_size=8), max_size=5),
    st.booleans(),
    st.dictionaries(st.sampled_from(["id", "p", "utm_source"]), st.text(alphabet="ab1", max_size=3)),
)
def test_the_pattern_covers_its_own_article(segments: list[str], slash: bool, query: dict[str, str]) -> None:
    text = "https://a.example/" + "/".join(segments) + ("/" if slash and segments else "")
    url = parse(text + ("?" + "&".join(f"{k}={v}" for k, v in query.items()) if query else ""))
    assert url is not None
    kept = [pair for pair in path_query(url).partition("?")[2].split("&") if not pair.startswith("utm_")]
    identity = url.partition("?")[0] + (f"?{'&'.join(kept)}" if query and any(kept) else "")
    assert compile_pattern(pattern_of_articles(url)).matches(identity)


def test_a_tidy_site_needs_its_four_lines(tmp_path: Path) -> None:
    url = next(iter(NEWSROOM.papers["gazette.example"].truth))
    made = draft(page_of(url))
    assert (made.name, made.notes) == ("gazette", ())
    assert [line.split(" = ")[0].strip() for line in made.source.splitlines() if " = " in line] == [
        "hosts", "seeds", "follow", "articles",
    ]  # fmt: skip
    site = loaded(made.source, tmp_path).get("drafted")
    assert site.verdict(url) == "article" and site.verdict("http://gazette.example/") == "follow"


def test_what_the_defaults_lack_is_a_rule_that_holds_on_the_page(tmp_path: Path) -> None:
    url, facts = next(iter(NEWSROOM.papers["lantern.example"].truth.items()))
    made = draft(page_of(url))
    assert 'published = when(css(".signed"))' in made.source
    assert '# authors = css(".signed")' in made.source and "authors" in made.notes[0]
    article = extract(page_of(url), loaded(made.source, tmp_path).get("drafted")).article
    assert article is not None
    assert (str(article.published), article.site_name) == (facts["published"], "The Lantern")
    truth = NEWSROOM.papers["lantern.example"].truth
    site = loaded(made.source, tmp_path).get("drafted")
    assert {site.verdict(other) for other in truth} == {"article"}


@settings(max_examples=50, deadline=None)
@given(
    st.text(max_size=30),
    st.text(alphabet="\"'\\\n\r\u2028#{}*abc", max_size=20),
    st.sampled_from(["a", "h1", "p", "time"]),
)
def test_no_page_can_write_code(text: str, odd: str, tag: str) -> None:
    source = (
        f"<title>{text}{odd}</title><meta property='og:site_name' content='{odd}{text}'>"
        f"<article><h1>{text}</h1><{tag} class='{odd} byline'>By {text}{odd} 3 May 2024</{tag}>"
        f"<a href='/{odd}/{text}'>x</a></article>"
    )
    made = draft(Page(url="https://a.example/news/1", html=source.encode("utf-8", "replace")))
    module: dict[str, object] = {"__name__": "drafted"}
    exec(compile(made.source, "drafted.py", "exec"), module)
    assert [
        name for name, value in module.items() if isinstance(value, type) and value.__module__ == "drafted"
    ]


def test_a_page_without_an_article_is_told(tmp_path: Path) -> None:
    made = draft(Page(url="http://127.0.0.1/x", html=b"<p>hello"), "mine")
    assert made.name == "mine" and "the defaults took the page for" in made.notes[0]
    assert draft(Page(url="http://127.0.0.1/x", html=b"")).name == "site-127-0-0-1"
    assert loaded(made.source, tmp_path, "mine").problems == ()
