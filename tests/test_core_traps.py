"""Traps and archives: what is cut, and that nothing of an honest site is, in walks without a network."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.capture import Location
from archive.store.shapes import Standing
from crawler.core.scope import PLAIN, scope_of
from crawler.core.traps import (
    Cut,
    Go,
    Wait,
    good_for,
    judge,
    pathological,
    shapes_of,
    text_key,
    without_session,
)
from crawler.demo import build_newsroom
from crawler.demo.wire import Request
from crawler.workers.job import ExtractJob
from crawler.workers.links import targets_of, text_of
from sites.extract import extract
from sites.page import Page
from sites.url import host_key, path_query


class Walk:
    """Breadth first from a seed, one page after the other, each read before the next is asked for."""

    def __init__(self, seed: str, get: Callable[[str], bytes | None], most: int = 5_000) -> None:
        self.asked: list[str] = []
        self.cut: Counter[str] = Counter()
        self._standing: dict[str, Standing] = {}
        self._texts: set[int] = set()
        scope = scope_of("hosts", (seed,))
        queue, known = deque([(seed, 0)]), {seed}
        while queue and len(self.asked) < most:
            url, depth = queue.popleft()
            decision = judge(url, self._standing, 0)
            if isinstance(decision, Cut):
                self.cut[decision.shape] += 1
                continue
            self.asked.append(url)
            body = get(url)
            if body is None:
                continue
            page = Page(url=url, html=body, media_type="text/html")
            extraction = extract(page)
            job = ExtractJob(path="", location=Location("", 0, 0), url=url, depth=depth)
            links = targets_of(extraction, job, scope, None)
            self.cut.update({shape: n for (_, shape), n in links.cuts.items()})
            self._learn(url, text_of(page, extraction))
            queue.extend((t.url, t.depth) for t in links.targets if t.url not in known)
            known |= {t.url for t in links.targets}

    def _learn(self, url: str, text: int) -> None:
        new = bool(text) and text not in self._texts
        self._texts.add(text)
        for shape in shapes_of(url):
            old = self._standing.get(shape, Standing())
            self._standing[shape] = Standing(novel=old.novel + new, barren=old.barren + (not new))


def test_the_maze_costs_little_and_loses_no_notice() -> None:
    newsroom = build_newsroom(1)
    visits = Counter[str]()

    def get(url: str) -> bytes | None:
        visits[url] += 1
        path, _, query = path_query(url).partition("?")
        reply = newsroom.handle(
            Request(host=host_key(url), path=path, query=query, headers=(), visit=visits[url])
        )
        return reply.body if reply.status == 200 else None

    walk = Walk("http://labyrinth.example/", get)
    assert len(walk.asked) <= 200
    notices = {url for url in newsroom.truth if url.startswith("http://labyrinth.example/")}
    assert len(notices) == 6 and notices <= set(walk.asked)
    assert {"/calendar/#/#", "/list?*", "/maze/**"} <= set(walk.cut)


_STEMS = (
    "harbour council budget ferry bridge museum orchestra storm library market school strike election river"
).split()


def _archive(days: int, stories: int) -> Callable[[str], bytes | None]:
    """An honest archive: a page a day, numbered lists of sections, tags, slugs and numbers as articles' URLs."""
    first = date(2019, 1, 1)

    def story(number: int) -> str:
        words = [
            _STEMS[(number * k + k * k) % len(_STEMS)] + chr(97 + (number // 7**k) % 26) for k in range(1, 30)
        ]
        return f"<h1>{words[0]} {words[1]}</h1><p>{' '.join(words)} was what they said on that day.</p>" * 2

    def href(number: int) -> str:
        day = first + timedelta(days=number // stories)
        return f"/{day:%Y/%m/%d}/{_STEMS[number % len(_STEMS)]}-and-other-news-{number}"

    def get(url: str) -> bytes | None:
        path, _, query = path_query(url).partition("?")
        parts = path.strip("/").split("/")
        total = days * stories
        if path == "/":
            body = "".join(f'<a href="/day/{first + timedelta(days=n)}">{n}</a> ' for n in range(days))
            return f"{body}<a href='/section/city?page=1'>City</a>".encode()
        if parts[0] == "day":
            at = (date.fromisoformat(parts[1]) - first).days
            body = "".join(
                f'<li><a href="{href(n)}">{story(n)[4:60]}</a>'
                for n in range(at * stories, (at + 1) * stories)
            )
            return f"<ul>{body}</ul>".encode()
        if parts[0] == "section":
            page = int(query.partition("=")[2])
            shown = range((page - 1) * 10, min(page * 10, total))
            body = "".join(f'<li><a href="{href(n)}">{story(n)[4:90]}</a>' for n in shown)
            more = f'<a href="/section/city?page={page + 1}">older</a>' if page * 10 < total else ""
            return f"<ul>{body}</ul>{more}".encode()
        return story(int(parts[-1].rpartition("-")[2])).encode()

    return get


def test_an_archive_is_walked_to_its_end() -> None:
    walk = Walk("http://archive.example/", _archive(days=50, stories=6))
    assert not walk.cut
    assert len(walk.asked) == 1 + 50 + 300 + 30


@pytest.mark.parametrize(
    ("url", "shapes"),
    [
        ("http://a.example/", ("/", "/**")),
        ("http://a.example/about", ("/*", "/**")),
        ("http://a.example/calendar/2026/11/24", ("/calendar/#/#", "/calendar/**", "/**")),
        ("http://a.example/calendar/2026/11/", ("/calendar/#/", "/calendar/**", "/**")),
        ("http://a.example/2026/11/24/ferry-late", ("/#/*", "/#/**", "/**")),
        ("http://a.example/list?b=1&a=2", ("/list?a&b", "/list?*", "/**")),
        ("http://a.example/x/list?p2=1", ("/x/list?p#", "/x/list?*", "/x/**", "/**")),
        ("http://a.example/u/9f86d081884c7d65", ("/u/~", "/u/**", "/**")),
        ("http://a.example/a/b/c/d/e/f", ("/a/b/*/*", "/a/**", "/**")),
    ],
)
def test_shapes(url: str, shapes: tuple[str, ...]) -> None:
    assert shapes_of(url) == shapes


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://a.example/news/2026/11/11/11/story", ""),
        ("http://a.example/a/a/b", ""),
        ("http://a.example/a/a/a/b", "a path that repeats"),
        ("http://a.example/x/a/b/a/b/a/b/", "a path that repeats"),
        ("http://a.example/left/on/left/right/left/on/left", "a path that repeats"),
        ("http://a.example" + "/".join(map(str, range(22))), "a path without end"),
        ("http://a.example/?q=" + "x" * 2_000, "longer than any real one"),
        ("http://a.example/index.php/news/index.php/sport", ""),
    ],
)
def test_urls_that_give_a_trap_away(url: str, why: str) -> None:
    assert pathological(url) == why


@pytest.mark.parametrize(
    ("url", "without"),
    [
        ("http://a.example/p?PHPSESSID=0123456789abcdef0123&id=3", "http://a.example/p?id=3"),
        ("http://a.example/p?sid=0123456789abcdef", "http://a.example/p"),
        ("http://a.example/p?sid=24", "http://a.example/p?sid=24"),
        ("http://a.example/p;jsessionid=AB12?x=1", "http://a.example/p?x=1"),
        ("http://a.example/p?session=spring", "http://a.example/p?session=spring"),
        ("http://a.example/p?id=0123456789abcdef", "http://a.example/p?id=0123456789abcdef"),
    ],
)
def test_session_ids_are_no_part_of_a_page(url: str, without: str) -> None:
    assert without_session(url) == without


def test_a_text_is_the_same_whatever_its_order_numbers_and_dates() -> None:
    text = "The harbour council has decided nothing on 24 November 2026."
    assert text_key(text) == text_key("Nothing decided on November 25, 2027: the council has the harbour!")
    assert text_key(text) != text_key(text + " Budgets!")
    assert text_key("24 / 7") == text_key("") == 0


URL = "http://a.example/calendar/2026/11/24"


def test_the_unread_are_waited_for_and_the_barren_are_enough() -> None:
    shape = shapes_of(URL)[0]
    assert judge(URL, {}, 0) == Go()
    assert judge(URL, {shape: Standing(barren=20)}, 3) == Go()
    assert judge(URL, {shape: Standing(barren=20)}, 4) == Wait()
    assert judge(URL, {shape: Standing(barren=24)}, 0) == Cut(shape, 24)
    assert judge(URL, {shape: Standing(barren=24, novel=1)}, 0) == Go()
    assert judge(URL, {"/calendar/**": Standing(barren=90, novel=25)}, 0) == Cut("/calendar/**", 90)
    assert judge(
        URL, {"/**": Standing(barren=9_000, novel=10), shape: Standing(novel=9, barren=9)}, 100
    ) == Cut("/**", 9_000)
    assert (
        judge(URL, {"/**": Standing(barren=9_000, novel=10), shape: Standing(novel=9, barren=8)}, 100) == Go()
    )


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_what_mostly_brings_new_text_is_never_cut(novel: int, barren: int) -> None:
    own = {shape: Standing(novel=novel, barren=barren) for shape in shapes_of(URL)}
    if novel >= barren:
        assert not isinstance(judge(URL, own, 0), Cut)
    assert not (good_for(own[shapes_of(URL)[0]]) and isinstance(judge(URL, own, 100), Wait | Cut))


@given(st.text("abc/0-9.?&=;%~", max_size=80))
def test_shapes_of_any_url_are_few_and_short(tail: str) -> None:
    url = f"http://a.example/{tail}"
    assert 1 <= len(set(shapes_of(url))) <= 4
    assert shapes_of(url)[-1] == "/**"
    assert without_session(without_session(url)) == without_session(url)


def test_plain_links_are_watched_and_articles_are_not() -> None:
    scope = scope_of("hosts", ("http://a.example/",))
    assert scope.decide(URL, 0).priority >= PLAIN  # type: ignore[union-attr]
    assert scope.decide(URL, 3, "article").priority < PLAIN  # type: ignore[union-attr]
