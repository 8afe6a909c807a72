"""Every page of the newsroom comes out as the truth says, through its plugin."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.demo import Newsroom, build_newsroom
from crawler.demo.lesson import LESSON_FIELDS, LESSON_FILE, LESSON_HOST, lesson_plugin
from sites.cases import mismatches
from sites.extract import extract
from sites.registry import Registry
from tests.demo_pages import demo_page

NEWSROOM = build_newsroom()
REGISTRY = Registry.load(entry_points=False)


def told(
    host: str,
    *,
    leaving: set[str] | None = None,
    newsroom: Newsroom = NEWSROOM,
    day: datetime | None = None,
    registry: Registry = REGISTRY,
) -> list[str]:
    problems = []
    for url, facts in newsroom.papers[host].truth.items():
        got = demo_page(newsroom, url, day)
        if got.text.startswith("HTTP/1.1"):
            continue  # a whole message, which only the archive's reader takes apart
        site = registry.for_url(url, day.date() if day else None)
        found = extract(got, site)
        wanted = {name: value for name, value in facts.items() if name not in (leaving or ())}
        problems += [f"{url}: {error}" for error in found.errors]
        problems += [f"{url}: {difference}" for difference in mismatches(found.article, wanted)]
    return problems


HOSTS = ("gazette.example", "observer.example", "minato.example", "brightledger.example", "moody.example")


@pytest.mark.parametrize("host", HOSTS)
def test_every_article_is_read_as_it_was_written(host: str) -> None:
    assert told(host) == []


def test_captures_from_before_the_rebuilding_are_read_by_the_old_rules() -> None:
    before = build_newsroom(layouts={"gazette.example": "2019"})
    day = datetime(2019, 11, 5, tzinfo=UTC)
    assert told("gazette.example", newsroom=before, day=day) == []


def test_a_redesign_without_notice_breaks_the_plugin() -> None:
    after = build_newsroom(layouts={"observer.example": "next"})
    assert len(told("observer.example", newsroom=after)) > 40


@pytest.mark.parametrize("host", HOSTS[:4])
def test_from_its_seeds_a_plugin_reaches_every_article_and_takes_nothing_else_for_one(host: str) -> None:
    site = REGISTRY.for_url(f"http://{host}/")
    waiting, seen, articles = list(site.seeds), set(site.seeds), set()
    while waiting:
        found = extract(demo_page(NEWSROOM, waiting.pop()), site)
        if found.article is not None:
            articles.add(found.article.url)
        new = {site.identity(link.url) for link in found.links if link.verdict} - seen
        seen |= new
        waiting += sorted(new)
    assert articles == set(NEWSROOM.papers[host].truth)


def test_the_pages_of_a_listing_lead_on_and_to_articles() -> None:
    for host in HOSTS:
        site = REGISTRY.for_url(f"http://{host}/")
        links = extract(demo_page(NEWSROOM, f"http://{host}/"), site).links
        assert {link.url for link in links if link.verdict == "article"} <= set(NEWSROOM.truth) | set(
            NEWSROOM.moods
        )
        assert sum(link.verdict == "article" for link in links) >= 8, host


def test_the_lesson_is_a_plugin_with_one_wrong_rule_and_its_remedy(tmp_path: Path) -> None:
    for mended in (False, True):
        folder = tmp_path / f"mended-{mended}"
        folder.mkdir()
        (folder / LESSON_FILE).write_text(lesson_plugin(mended=mended))
        registry = Registry.load([folder], entry_points=False)
        assert registry.problems == ()
        problems = told(LESSON_HOST, registry=registry)
        assert len(problems) == (0 if mended else 24)
        assert {problem.split(": ")[1] for problem in problems} == (set() if mended else set(LESSON_FIELDS))
