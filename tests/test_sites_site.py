"""A site as a plugin writes it: patterns, one URL a page, rules and slots, mistakes with their remedy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites import (
    Article,
    Block,
    Image,
    Moment,
    Page,
    Site,
    TextLink,
    css,
    css_all,
    cut,
    first,
    ld,
    meta,
    re,
    split,
    when,
)
from sites.checks import problems_of
from sites.errors import SiteError
from sites.identity import UrlRules
from sites.slots import SLOTS
from sites.url import parse


class Gazette(Site):
    hosts = ("gazette.example",)
    seeds = ("https://gazette.example/",)
    follow = ("/", "/section/*")
    articles = ("/news/**",)
    every = "30m"
    title = first(css("h1.headline"), css("h1"))
    published = when(css("time[datetime]", "datetime"))
    body = css_all("article.story > p:not(.promo)")

    def authors(self, page: Page) -> tuple[str, ...]:
        byline = meta("author")(page) or ""
        return tuple(n.strip() for n in byline.removeprefix("By ").split(" and "))


STORY = """<html lang=en-GB><head><base href="https://cdn.gazette.example/n/">
<meta name="author" content="By Ann Lee and Bo Li"><meta property="article:tag" content="Sea">
<meta property="article:tag" content="Harbour"><meta name=keywords content="sea, harbour,  ">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
 {"@type": "NewsArticle", "headline": "LD head", "wordCount": 812, "isAccessibleForFree": true,
  "author": [{"@type": "Person", "name": "Cy"}, {"@id": "#d"}]},
 {"@type": "Person", "@id": "#d", "name": "Dee"}, {"@type": "Recipe", "name": "Soup"}]}</script></head><body>
<h1 class=headline> </h1><h1>The <b>harbour</b>\n opened</h1>
<p class=byline>By <a>Ann</a> of <i>x</i> the desk
<time datetime="2024-05-01T10:00+01:00">Wednesday</time><time>5/1/2024 9:00</time>
<figure><img class=lead src="lead.jpg"><figcaption>The quay</figcaption></figure>
<article class=story><p>One <a href="more">more</a>.<p class=promo>Subscribe<div class=ad><p>Ad</div><p>Two
</article><a class=self href="/canonical#x">self</a></body>"""


def page(html: str = STORY, url: str = "https://gazette.example/news/1") -> Page:
    return Page(url=url, html=html.encode())


def site(**attributes: Any) -> Site:
    return type("Made", (Site,), {"name": "made", "hosts": ("made.example",), **attributes})()  # type: ignore[no-any-return]


def value(name: str, rule: Any, html: str = STORY, **more: Any) -> Any:
    found = site(**{name: rule}, **more).field(name, page(html))
    return None if found is None else found[0]


def test_the_gazette_works_as_written() -> None:
    gazette = Gazette()
    assert repr(gazette) == "<Site test_sites_site: gazette.example>"
    assert gazette.verdict("https://www.gazette.example/news/2024/harbour") == "article"
    assert gazette.verdict("https://gazette.example/section/sea?utm_source=x") == "follow"
    assert gazette.verdict("https://gazette.example/") == "follow"
    assert gazette.verdict("https://gazette.example/about") == ""
    assert gazette.verdict("https://other.example/news/1") == ""
    assert gazette.covers("https://www.gazette.example/x") and not gazette.covers("https://x.example/")
    found = {name: gazette.field(name, page()) for name in SLOTS}
    assert {name for name, answer in found.items() if answer} == {"title", "published", "body", "authors"}
    title, published, body, authors = (found[n] for n in ("title", "published", "body", "authors"))
    assert title and title[:2] == ("The harbour opened", "first(css('h1.headline'), css('h1'))")
    assert title[2] is not None and title[2].tag == "h1"
    assert published and str(published[0]) == "2024-05-01T10:00+01:00"
    assert published[1] == "when(css('time[datetime]', 'datetime'))"
    assert authors == (("Ann Lee", "Bo Li"), "Gazette.authors()", None)
    assert body and [block.text for block in body[0]] == ["One more.", "Two"]
    assert body[0][0].links[0].url == "https://cdn.gazette.example/n/more"


@pytest.mark.parametrize(
    ("field", "want"),
    [
        (css("h1"), "The harbour opened"),
        (css("h1:not(.headline)"), "The harbour opened"),
        (css("p.byline", own=True), "By of the desk"),
        (css("time", "datetime"), "2024-05-01T10:00+01:00"),
        (css("nav"), None),
        (css_all("time"), ("Wednesday", "5/1/2024 9:00")),
        (css_all("article p", without=".promo, .ad"), ("One more.", "Two")),
        (meta("AUTHOR"), "By Ann Lee and Bo Li"),
        (meta("article:tag"), "Sea"),
        (meta("none"), None),
        (ld("headline"), "LD head"),
        (ld("author.name"), "Cy"),
        (ld("Recipe.name"), "Soup"),
        (ld("wordCount"), "812"),
        (ld("isAccessibleForFree"), "true"),
        (ld("author.nothing"), None),
        (first(meta("none"), ld("headline")), "LD head"),
        (first(css_all("nav"), css_all("article p", without=".promo, .ad")), ("One more.", "Two")),
        (cut(meta("author"), r"^By ", r" and .*"), "Ann Lee"),
        (split(meta("keywords"), ","), ("sea", "harbour")),
        (split(cut(meta("author"), "^By "), " and "), ("Ann Lee", "Bo Li")),
        (when(css_all("time"), day_first=False), Moment.parse("2024-05-01T10:00+01:00")),
        (css("h1.headline"), None),
        (when(css("h1")), None),
    ],
)
def test_rules_called_in_a_method_give_plain_values(field: Any, want: Any) -> None:
    assert field(page()) == want
    assert eval(repr(field))(page()) == want


@pytest.mark.parametrize(
    "rule", [lambda: css("p:nope("), lambda: css_all("p", without="<"), lambda: ld("a..b"), first]
)
def test_bad_rules_fail_where_they_are_written(rule: Any) -> None:
    with pytest.raises(ValueError, match=r"selector|path|at least one"):
        rule()


TIMES = css_all("time")


@pytest.mark.parametrize(
    ("name", "rule", "want"),
    [
        ("title", css_all("h1"), "The harbour opened"),
        ("title", lambda self, page: page.tree.css_first("h1.headline + h1"), "The harbour opened"),
        ("title", lambda self, page: meta("author"), "By Ann Lee and Bo Li"),
        ("title", lambda self, page: None, None),
        ("title", lambda self, page: "", None),
        ("title", css("nav"), None),
        ("title", "", ""),
        ("tags", (), ()),
        ("language", "en", "en"),
        ("tags", meta("article:tag"), ("Sea", "Harbour")),
        ("tags", split(meta("keywords"), ","), ("sea", "harbour")),
        ("tags", ["a", "a", " b; "], ("a", "b")),
        ("authors", ld("author"), ("Cy", "Dee")),
        ("authors", lambda self, page: (n for n in ["A", None, ""]), ("A",)),
        ("authors", lambda self, page: "A B", ("A B",)),
        ("published", TIMES, Moment.parse("2024-05-01T10:00+01:00")),
        ("published", css("time + time"), Moment.parse("2024-01-05T09:00")),
        ("published", when(css("time + time"), day_first=False), Moment.parse("2024-05-01T09:00")),
        ("modified", lambda self, page: datetime(2024, 5, 1, 10), Moment.parse("2024-05-01T10:00:00")),
        ("modified", lambda self, page: date(2024, 5, 1), Moment.parse("2024-05-01")),
        ("modified", lambda self, page: "1 May 2024", Moment.parse("2024-05-01")),
        ("modified", lambda self, page: "yesterday", None),
        ("canonical_url", css("a.self"), "https://cdn.gazette.example/canonical"),
        ("canonical_url", css("a.self", "href"), "https://cdn.gazette.example/canonical"),
        ("image", css("img.lead"), Image("https://cdn.gazette.example/n/lead.jpg", "The quay")),
        ("image", css("figure"), Image("https://cdn.gazette.example/n/lead.jpg", "The quay")),
        ("image", css("img.lead", "src"), Image("https://cdn.gazette.example/n/lead.jpg", "The quay")),
        ("image", lambda self, page: Image("https://x.example/i"), Image("https://x.example/i")),
        ("image", css("h1"), None),
        ("paywalled", css(".promo"), True),
        ("paywalled", css("h1.headline"), True),
        ("paywalled", css(".paywall"), None),
        ("paywalled", False, False),
        ("paywalled", lambda self, page: meta("author"), True),
        ("paywalled", lambda self, page: "no", False),
        ("body", lambda self, page: "One\ntwo\n\nThree",
         (Block("paragraph", "One two"), Block("paragraph", "Three"))),
        ("body", lambda self, page: [page.tree.css_first("h1 + h1"), "x"],
         (Block("heading", "The harbour opened", 1), Block("paragraph", "x"))),
        ("body", lambda self, page: [Block("quote", "q")], (Block("quote", "q"),)),
        ("body", css("nav"), None),
        ("related", css_all("article, a.self"),
         (TextLink("https://cdn.gazette.example/n/more", "more", 0, 4), TextLink("https://cdn.gazette.example/canonical", "self", 0, 4))),
        ("related", lambda self, page: [TextLink("https://x.example/", "x")], (TextLink("https://x.example/", "x"),)),
        ("related", css("nav"), None),
    ],
)  # fmt: skip
def test_the_slot_decides(name: str, rule: Any, want: Any) -> None:
    assert value(name, rule) == want


def test_a_constant_language_and_day_first_settle_dates() -> None:
    rule = css("time + time")
    assert str(value("published", rule, day_first=False)) == "2024-05-01T09:00"
    assert str(value("published", rule, language="en-US")) == "2024-05-01T09:00"
    assert value("published", rule, html="<html lang=en><time></time><time>5/1/2024</time>") is None


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        ("title", lambda self, page: 1 / 0, "ZeroDivisionError: division by zero"),
        ("title", lambda self, page: 7, "gave int, but a text, a node or a rule is wanted"),
        ("published", lambda self, page: 7, "gave int, but a date, a Moment, a text or a rule is wanted"),
        ("body", lambda self, page: [7], "gave int, but nodes, blocks, texts or a rule are wanted"),
        ("paywalled", lambda self, page: 7.5, "gave float, but True, False or a rule is wanted"),
        ("image", lambda self, page: [7], "gave int, but an Image"),
        ("tags", lambda self, page: {"a": 1}.items(), "gave tuple, but texts"),
        (
            "related",
            lambda self, page: ["/news/2"],
            "gave str, but nodes, links or a rule for elements are wanted",
        ),
    ],
)
def test_a_failing_field_names_plugin_field_url_and_line(name: str, rule: Any, words: str) -> None:
    with pytest.raises(SiteError) as caught:
        value(name, rule)
    error = caught.value
    assert (error.plugin, error.field, error.url) == ("made", name, "https://gazette.example/news/1")
    assert words in error.message


class Failing(Site):
    hosts = ("failing.example",)

    def title(self, page: Page) -> str:
        return _helper()

    def articles(self, url: str) -> bool:
        return url.endswith(".html") or int(url) > 0


def _helper() -> str:
    raise KeyError("headline")


def test_where_is_the_line_that_failed() -> None:
    with pytest.raises(SiteError) as caught:
        Failing().field("title", page())
    lines = Path(__file__).read_text(encoding="utf-8").split("\n")
    file, _, line = caught.value.where.rpartition(":")
    assert file == __file__ and lines[int(line) - 1].strip() == 'raise KeyError("headline")'


def test_methods_decide_in_workers_only() -> None:
    failing = Failing()
    assert failing.verdict("https://failing.example/a.html") == "article"
    assert failing.verdict("https://failing.example/a", methods=False) == "follow"
    assert failing.verdict("https://other.example/a.html") == ""
    with pytest.raises(SiteError, match=r"field 'articles'.*ValueError"):
        failing.verdict("https://failing.example/a")


def test_without_patterns_everything_on_the_hosts_is_followed() -> None:
    made = site()
    assert made.verdict("https://made.example/any/thing?x") == "follow"
    assert made.verdict("https://other.example/") == ""
    assert site(articles=("/a",)).verdict("https://made.example/b") == ""


def test_full_urls_and_regexes() -> None:
    made = site(
        articles=(re(r"^/\d+$"), "https://live.example/**"), follow=("/",),
        seeds=("https://made.example/start",),
    )  # fmt: skip
    assert made.verdict("https://made.example/12") == made.verdict("https://live.example/x") == "article"
    assert made.verdict("https://live.example:8080/x") == "" == made.verdict("https://made.example/12/")
    assert made.verdict("https://made.example/start") == "follow"
    assert made.covers("https://live.example/") and made.all_hosts == ("made.example", "live.example")


@pytest.mark.parametrize(
    ("rules", "url", "want"),
    [
        ({}, "https://made.example/a?id=1&utm_source=x&fbclid=y", "https://made.example/a?id=1"),
        ({}, "https://made.example/a?utm_source=x", "https://made.example/a"),
        ({}, "https://made.example/a?utm=x", "https://made.example/a?utm=x"),
        ({"drop_params": ()}, "https://made.example/a?utm_source=x", "https://made.example/a?utm_source=x"),
        ({"only_params": ("id",)}, "https://made.example/a?x=1&id=2&y", "https://made.example/a?id=2"),
        ({"only_params": ()}, "https://made.example/a?x=1&id=2&y", "https://made.example/a"),
        ({"https": True}, "http://made.example/a", "https://made.example/a"),
        (
            {"aliases": {"m.made.example": "made.example"}},
            "https://m.made.example/a",
            "https://made.example/a",
        ),
        ({"slash": "add"}, "https://made.example/a?b=c", "https://made.example/a/?b=c"),
        ({"slash": "add"}, "https://made.example/a.html", "https://made.example/a.html"),
        ({"slash": "drop"}, "https://made.example/a/", "https://made.example/a"),
        ({"slash": "drop"}, "https://made.example/", "https://made.example/"),
    ],
)
def test_one_url_a_page(rules: dict[str, Any], url: str, want: str) -> None:
    made = site(**rules)
    assert made.identity(url) == want
    assert made.verdict(url) == "follow" and made.covers(url)


def test_https_leaves_other_ports_alone() -> None:
    assert site(https=True).identity("http://made.example:8080/a") == "http://made.example:8080/a"


_globs = st.lists(st.sampled_from(["a", "b", "utm_*", "*", "a*b"]), max_size=3).map(tuple)


@given(
    st.builds(
        UrlRules, drop=_globs, only=st.none() | _globs,
        aliases=st.sampled_from([{}, {"m.x.example": "x.example"}]),
        https=st.booleans(), slash=st.sampled_from(["", "add", "drop"]),
    ),
    st.sampled_from(["http://x.example", "https://m.x.example", "http://m.x.example:81"]),
    st.text(alphabet="ab/?&=._", max_size=20),
)  # fmt: skip
def test_identity_is_an_href_and_idempotent(rules: UrlRules, origin: str, tail: str) -> None:
    apply = rules.compiled()
    url = parse(f"{origin}/{tail}")
    assert url is not None
    once = apply(url)
    assert parse(once) == once == apply(once)


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"artciles": ("/x",)}, "a Site has no 'artciles': did you mean 'articles'?"),
        ({"author": css("p")}, "did you mean 'authors'?"),
        ({"verdict": 1}, "Site's own"),
        ({"hosts": "made.example"}, "a tuple is wanted: ('made.example',)"),
        ({"hosts": ()}, "is empty"),
        ({"hosts": ("https://made.example/",)}, "is no host name: write 'made.example'"),
        ({"hosts": (7,)}, "holds 7"),
        ({"seeds": ("made.example",)}, "is no http or https URL"),
        ({"seeds": ("https://other.example/",)}, "add 'other.example' to hosts"),
        ({"follow": "/x"}, "a tuple is wanted: ('/x',)"),
        ({"follow": ("x/*",)}, "must begin with a slash"),
        ({"articles": re("x")}, "a tuple is wanted"),
        ({"articles": (7,)}, "holds 7"),
        ({"articles": 7}, "of type int"),
        ({"articles": lambda self: True}, "takes other arguments than (self, url)"),
        ({"every": "often"}, "'often' is no interval"),
        ({"every": "0 6 * *"}, "not five cron fields"),
        ({"every": 30}, "30 is no interval"),
        ({"delay": "2s"}, "no number of seconds"),
        ({"delay": -1}, "no number of seconds"),
        ({"until": "2024-01-01"}, "write date(2024, 1, 31)"),
        ({"until": datetime(2024, 1, 1)}, "is no date"),
        ({"keep": ("/**.pdf",)}, "no media type: write it like 'application/pdf'"),
        ({"keep": "image/*"}, "a tuple of media types is wanted"),
        ({"requisites": 1}, "one of True, False is wanted"),
        ({"slash": "keep"}, "one of '', 'add', 'drop' is wanted"),
        ({"drop_params": "utm_*"}, "a tuple is wanted"),
        ({"aliases": {"a.example": "b.example", "b.example": "c.example"}}, "the last host of the chain"),
        ({"aliases": ("a",)}, "a dict of hosts"),
        ({"title": "h1"}, "did you mean css('h1')?"),
        ({"body": ("p",)}, "of type tuple, but a rule"),
        ({"published": date(2024, 1, 1)}, "is a date, but a rule"),
        ({"title": lambda self: ""}, "takes other arguments than (self, page)"),
        ({"name": "No Name"}, "is no name"),
    ],
)
def test_mistakes_are_named_with_their_remedy(attributes: dict[str, Any], words: str) -> None:
    made = type("Made", (Site,), {"name": "made", "hosts": ("made.example",), **attributes})
    assert words in str(problems_of(made)[0])
    with pytest.raises(SiteError):
        made()


def test_async_rules_are_refused() -> None:
    class Waiting(Site):
        hosts = ("waiting.example",)

        async def title(self, page: Page) -> str:
            return "x"

    (problem,) = problems_of(Waiting)
    assert problem.field == "title" and "is async" in problem.message
    assert problem.where.startswith(__file__)


@pytest.mark.parametrize("every", ["30m", "6h", "1d", "2w", "90 s", "0 6 * * *", "*/15 0-6 * JAN mon"])
def test_intervals_and_cron(every: str) -> None:
    assert site(every=every).every == every


def test_helpers_of_the_authors_own_are_welcome() -> None:
    class Own(Site):
        hosts = ("own.example",)
        byline = css("p.byline", own=True)

        def authors(self, page: Page) -> Iterator[str]:
            yield (self.byline(page) or "").removeprefix("By ")

    assert Own().field("authors", page()) == (("of the desk",), "Own.authors()", None)


def test_public_names() -> None:
    import sites

    assert sorted(sites.__all__) == sites.__all__ and all(hasattr(sites, name) for name in sites.__all__)
    assert set(SLOTS) <= set(Article.__struct_fields__) | {"body"}
