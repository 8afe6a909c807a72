"""A trial says for each field who won, by which rule, and what lost."""

from __future__ import annotations

from sites import Page, Site, css, css_all, cut, first, when
from sites.trying import TakenLink, TriedField, trial

HTML = b"""<html lang=en><title>Harbour opens - Paper</title><body>
<nav><a href="/">Home</a><a href="/section/town">Town</a><a href="/about">About</a></nav>
<article><b class=headline>Harbour opens</b><h1>Harbour open again</h1><p class=by>By Ada Lund on 3 May 2024</p>
<p>The harbour opened again on Monday, a week after the storm had closed it to all ships and ferries.</p>
<p>Repairs to the eastern breakwater will go on until spring, and the town has asked the ministry for help.</p>
<a href="/news/2">Next</a><a href="/live/now">Live</a></article>"""


class Paper(Site):
    name = "paper"
    hosts = ("paper.example",)
    seeds = ("https://paper.example/",)
    follow = ("/section/*",)
    articles = ("/news/*", "/live/*")
    title = first(css("b.headline"), css("h1"))
    subtitle = css(".deck")
    published = when(first(css("time"), cut(css(".by"), "^By ")))
    tags = ()
    body = css_all("article > p", without=".by")

    def authors(self, page: Page) -> tuple[str, ...]:
        raise ValueError("no byline")


def tried() -> dict[str, TriedField]:
    found = trial(Page(url="https://paper.example/news/1", html=HTML), Paper())
    return {field.field: field for field in found.fields}


def test_the_plugins_rule_wins_and_its_alternatives_lose() -> None:
    title = tried()["title"]
    assert (title.won, title.value) == ("plugin", "Harbour opens")
    assert title.rule == "first(css('b.headline'), css('h1'))"
    assert "css('h1'): Harbour open again" in title.lost


def test_alternatives_are_found_inside_other_rules() -> None:
    published = tried()["published"]
    assert (published.won, published.value) == ("plugin", "2024-05-03")
    assert "css('time'): nothing" in published.lost


def test_what_finds_nothing_or_fails_leaves_the_field_to_the_default() -> None:
    fields = tried()
    assert fields["subtitle"].won in ("", "default")
    assert "css('.deck'): nothing" in fields["subtitle"].lost
    assert any("ValueError: no byline" in lost for lost in fields["authors"].lost)
    assert fields["authors"].won != "plugin"


def test_constants_and_bodies() -> None:
    fields = tried()
    assert (fields["tags"].won, fields["tags"].rule) == ("plugin", "()")
    assert (fields["body"].won, fields["body"].value) == ("plugin", "2 blocks")
    assert (fields["language"].won, fields["language"].value) == ("default", "en")


def test_links_are_told_with_the_pattern_that_lets_them() -> None:
    found = trial(Page(url="https://paper.example/news/1", html=HTML), Paper())
    assert set(found.links) == {
        TakenLink("https://paper.example/", "follow", "seeds"),
        TakenLink("https://paper.example/section/town", "follow", "follow: /section/*"),
        TakenLink("https://paper.example/news/2", "article", "articles: /news/*"),
        TakenLink("https://paper.example/live/now", "article", "articles: /live/*"),
    }
    assert found.left == ("https://paper.example/about",)


def test_a_method_and_a_site_without_patterns_are_named() -> None:
    class Open(Site):
        name = "open"
        hosts = ("paper.example",)

    class Asked(Open):
        def follow(self, url: str) -> bool:
            return url.endswith("/about")

    page = Page(url="https://paper.example/news/1", html=HTML)
    assert {link.pattern for link in trial(page, Open()).links} == {"all of its hosts"}
    assert [(link.url, link.pattern) for link in trial(page, Asked()).links] == [
        ("https://paper.example/about", "Asked.follow()")
    ]
