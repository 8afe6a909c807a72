"""When a page was published: its data, its address, the day that readers see, and which of them wins."""

from __future__ import annotations

import pytest

from sites.dates import parse_moment
from sites.generic.changed import modified
from sites.generic.dating import published
from sites.generic.doubts import conflicts
from sites.generic.facts import Facts
from sites.generic.joining import Joiner
from sites.generic.survey import survey
from sites.moment import Moment
from sites.page import Page

PROSE = (
    "<p>The harbour of the old town was opened to ships again, after two years of work on its walls.</p>" * 4
)


def date_of(shown: str, head: str = "", path: str = "a", language: str = "en-GB") -> str:
    html = f"<html><head><title>The harbour opens</title>{head}</head><body><h1>The harbour opens</h1>{shown}{PROSE}</body></html>"
    page = Page(url=f"https://gazette.example/{path}", html=html.encode())
    found = survey(page.tree)
    value = published(Facts(page, found, Joiner(page.url), ""), language).value
    return str(value) if value else ""


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


@pytest.mark.parametrize(
    ("shown", "head", "path", "date"),
    [
        pytest.param("", meta("published", "July 17, 2025"), "a", "2025-07-17", id="a plain meta"),
        pytest.param("", meta("citation_publication_date", "2019/1/22"), "a", "2019-01-22", id="a paper's meta"),
        pytest.param("", meta("w-published-date", "2024-05-03"), "a", "2024-05-03", id="a meta of no standard, named as what it is"),
        pytest.param("", meta("published_on", "2024-05-03") + meta("date", "2024-05-02"), "a", "2024-05-02", id="only where none is"),
        pytest.param("", meta("expiry-date", "2024-05-03"), "a", "", id="not of another thing"),
        pytest.param(
            "",
            '<script type="application/ld+json">{"@graph":[{"@type":"WebPage","datePublished":"2024-05-03T10:00:00Z"}]}</script>',
            "a",
            "2024-05-03T10:00:00+00:00",
            id="data of a page that tell of no article",
        ),
        pytest.param(
            "<script>{'a':1}</script><div class=related><h2>Also</h2></div>",
            '<script type="application/json">{"story":{"title":"The harbour opens","publishedAt":"2024-05-03T10:00:00Z"},'
            '"more":[{"title":"Other","publishedAt":"2021-01-01T00:00:00Z"}]}</script>',
            "a",
            "2024-05-03T10:00:00+00:00",
            id="data of a script, by the title",
        ),
        pytest.param(
            "",
            '<script>self.push("{\\"pub_date\\":\\"2024-05-03\\"}")</script>',
            "a",
            "2024-05-03",
            id="the only date of a script, its quotes escaped",
        ),
        pytest.param(
            "",
            '<script>var a={"publishedAt":"2024-05-03"},b={"publishedAt":"2023-05-03"}</script>',
            "a",
            "",
            id="one of several in scripts, none by the title",
        ),
        pytest.param(
            "",
            '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":1714730400}</script>',
            "a",
            "2024-05-03T10:00:00+00:00",
            id="data with a number of seconds",
        ),
        pytest.param("", "", "2019/5/7/a", "2019-05-07", id="an address without noughts"),
        pytest.param("", "", "news/29-10-2021", "2021-10-29", id="an address, day first"),
        pytest.param("", "", "news/03-10-2021", "", id="an address that may be either"),
        pytest.param("", "", "article/A2026012914320005196", "2026-01-29", id="a number that begins with a day"),
        pytest.param("", "", "web/20160218174457/https://paper.example/2015/03/04/a", "2015-03-04", id="an archive's address"),
        pytest.param("", "", "article/20191399", "", id="a number that does not"),
        pytest.param(
            "<p>Published Apr 26, 2023</p>",
            meta("article:published_time", "2025-08-21T10:00:00+02:00"),
            "a",
            "2023-04-26",
            id="data renewed when the page moved",
        ),
        pytest.param(
            "<p>Updated Apr 26, 2023</p>",
            meta("article:published_time", "2025-08-21T10:00:00+02:00"),
            "a",
            "2025-08-21T10:00:00+02:00",
            id="a day of a change decides nothing",
        ),
        pytest.param(
            "<p>26 April 2026</p>",
            meta("article:published_time", "2025-08-21T10:00:00+02:00"),
            "a",
            "2025-08-21T10:00:00+02:00",
            id="nor does a later one",
        ),
        pytest.param("<p>26 April 2026</p>", meta("dc.date", "2025-08-21"), "a", "2026-04-26", id="but before the date of a file"),
        pytest.param(
            "",
            meta("article:published_time", "2019-06-17T18:28:00+02:00"),
            "2017/7/12/a",
            "2019-06-17T18:28:00+02:00",
            id="an address alone contradicts, and changes nothing",
        ),
        pytest.param(
            "<p>3 May 2022 21:25</p>",
            meta("article:published_time", "2022-05-04T00:25:56Z"),
            "a",
            "2022-05-03T21:25:56-03:00",
            id="an instant in UTC, told in the zone that the shown time gives away",
        ),
        pytest.param(
            "<p>4 May 2022</p>",
            meta("article:published_time", "2022-05-03T22:25:56Z"),
            "a",
            "2022-05-04T00:25:56+02:00",
            id="an instant in UTC late in the evening, on the day that is shown",
        ),
        pytest.param(
            "<p>4 May 2022</p>",
            meta("article:published_time", "2022-05-03T12:25:56Z"),
            "a",
            "2022-05-03T12:25:56+00:00",
            id="but at noon the day that is shown is another",
        ),
        pytest.param(
            "<p>3 May 2022 21:07</p>",
            meta("article:published_time", "2022-05-04T00:25:56Z"),
            "a",
            "2022-05-04T00:25:56+00:00",
            id="no zone is off by eighteen minutes",
        ),
        pytest.param(
            "<p>3 May 2022</p><time datetime='2022-05-05T10:00:00-05:00'></time>",
            meta("article:published_time", "2022-05-04T00:25:56Z"),
            "a",
            "2022-05-03T19:25:56-05:00",
            id="in the zone of the page's other times",
        ),
        pytest.param(
            "<p>12.16.2025</p><div class=date>March 14, 2026</div>", "", "a", "2025-12-16", id="the nearest line"
        ),
        pytest.param("<div class=comment>12 May 2021</div>", "", "a", "", id="a comment's date is not the page's"),
    ],
)  # fmt: skip
def test_what_a_page_says_of_its_day(shown: str, head: str, path: str, date: str) -> None:
    assert date_of(shown, head, path) == date


@pytest.mark.parametrize(
    ("shown", "doubted"),
    [
        ("26 April 2026", True),
        ("22 August 2025", False),
        ("2 January 2026", False),
        ("Updated 26 April 2026", False),
    ],
)
def test_a_later_day_by_the_title_is_told_as_a_doubt(shown: str, doubted: bool) -> None:
    head = meta("article:published_time", "2025-08-21T10:00:00+02:00")
    html = f"<html lang=en-GB><head>{head}</head><body><h1>The harbour opens</h1><p>{shown}</p>{PROSE}</body></html>"
    page = Page(url="https://gazette.example/a", html=html.encode())
    facts = Facts(page, survey(page.tree), Joiner(page.url), "")
    reasons = conflicts(facts, published(facts, "en-GB"), Moment.parse("2026-01-02"), "")
    assert [("by the title" in reason) for reason in reasons] == ([True] if doubted else [])


@pytest.mark.parametrize(
    ("shown", "date"),
    [
        ("<p>Posted: 3 May 2024 10:20 | Last updated: 4 May 2024 11:30</p>", "2024-05-03T10:20"),
        ("<p>Last updated: 4 May 2024 11:30 | 5 comments</p><p>3 May 2024</p>", "2024-05-03"),
        ("<p>Stand: 4.5.2024, 11:30 Uhr | Erstellt: 3.5.2024, 10:20 Uhr</p>", "2024-05-03T10:20"),
        ("<p>Mis à jour le 4/5/2024 | Publié le 3/5/2024 10:20</p>", "2024-05-03T10:20"),
        (
            "<dl><dt>Last updated</dt><dd>4 May 2024</dd><dt>Published</dt><dd>3 May 2024</dd></dl>",
            "2024-05-03",
        ),
        (
            "<time class=updated datetime=2024-05-04>4 May</time><time class=published datetime=2024-05-03>3 May</time>",
            "2024-05-03",
        ),
        ("<time class=updated datetime=2024-05-04>4 May</time>", "2024-05-04"),
        ("<p>更新日：2024.05.04　公開日：2024.05.03</p>", "2024-05-03"),
        ("<p>입력 2024.05.03. 10:20 수정 2024.05.04. 11:30</p>", "2024-05-03T10:20"),
        (PROSE * 9 + "<p>2 May 2024</p><p>Erschienen am: 01.05.2024</p>", "2024-05-01"),
    ],
)
def test_what_is_told_of_publication_comes_before_what_is_told_of_changes(shown: str, date: str) -> None:
    assert date_of(shown) == date


@pytest.mark.parametrize(
    ("shown", "date"),
    [
        ("<p>3 May 2024 | Updated: 4 May 2024 11:30</p>", "2024-05-04T11:30"),
        ("<p>Stand: 4.5.2024 | Erstellt: 3.5.2024, 10:20 Uhr</p>", "2024-05-04"),
        (
            "<time class=updated datetime=2024-05-04>4 May</time><time class=published datetime=2024-05-03>3 May</time>",
            "2024-05-04",
        ),
        ("<time class=updated datetime=2024-05-04>4 May</time>", ""),
        ("<time property='dateModified' datetime='2024-05-04'>then</time>", "2024-05-04"),
        (
            "<dl><dt>Published</dt><dd>3 May 2024</dd><dt>Last updated</dt><dd>4 May 2024</dd></dl>",
            "2024-05-04",
        ),
        ("<p>3 May 2024</p>", ""),
        ("<p>Updated on Fridays</p><p>3 May 2024</p>", ""),
    ],
)
def test_a_change_that_readers_see(shown: str, date: str) -> None:
    html = f"<html><body><h1>The harbour opens</h1>{shown}{PROSE}</body></html>"
    page = Page(url="https://gazette.example/a", html=html.encode())
    value = modified(Facts(page, survey(page.tree), Joiner(page.url), ""), "en-GB").value
    assert (str(value) if value else "") == date


def test_what_the_title_stands_in_is_no_other_place() -> None:
    html = f"<html><body class=comments><h1>The harbour opens</h1><p>3 May 2024</p>{PROSE}</body></html>"
    page = Page(url="https://gazette.example/a", html=html.encode())
    assert str(published(Facts(page, survey(page.tree), Joiner(page.url), ""), "en-GB").value) == "2024-05-03"


def test_a_day_in_the_title_is_only_a_last_resort() -> None:
    head = "<h1>Results of 19.5.2007</h1>"
    assert date_of("", head="", path="a") == ""
    html = f"<html><body>{head}%s{PROSE}</body></html>"
    for line, date in (("<p>posted 20.5.2007</p>", "2007-05-20"), ("", "2007-05-19")):
        page = Page(url="https://gazette.example/a", html=(html % line).encode())
        assert str(published(Facts(page, survey(page.tree), Joiner(page.url), ""), "de").value) == date


@pytest.mark.parametrize(
    ("text", "moment"), [("26 | 01 | 2022", "2022-01-26"), ("Datum:26. Januar 2022", "2022-01-26")]
)
def test_two_more_writings_of_a_day(text: str, moment: str) -> None:
    assert str(parse_moment(text, language="de")) == moment
