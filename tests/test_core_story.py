"""The story of a URL: the gate's questions and their answers in words; and `explain`, which tells it."""

from __future__ import annotations

import contextlib
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

from archive.store import Store
from archive.store.orders import Order
from archive.store.shapes import Standing
from archive.store.types import Dead, Denied, HostState, RobotsEntry, Settlement, Target
from crawler.cli.app import app
from crawler.core.robots import parse
from crawler.core.scope import Scope
from crawler.core.story import Answer, Crawled, address, crawls, robots, rule_of, trap, verdict
from sites.site import Site
from tests.command import command

URL = "https://a.example/news/1"
NEVER: tuple[str, ...] = ("*.b.example", "/private/**")


def when(moment: int) -> str:
    return f"T{moment}"


@pytest.mark.parametrize(
    ("url", "passes", "says"),
    [
        (URL, True, "a URL to ask for"),
        ("https://www.b.example/", False, "*.b.example"),
        ("https://a.example/private/x", False, "/private/**"),
        ("https://a.example/a/a/a/a", False, "a path that repeats"),
    ],
)
def test_addresses(url: str, passes: bool, says: str) -> None:
    answer = address(url, NEVER)
    assert answer.passes is passes and says in answer.says


def entry(status: Any = "ok", body: bytes = b"", **more: int) -> RobotsEntry:
    facts: dict[str, Any] = {"body_at": 1, "fetched_at": 5, "expires": 20, **more}
    return RobotsEntry(origin="https://a.example", status=status, body=body, **facts)


RULES = b"# hello\nUser-agent: *\nDisallow: /other\nDisallow:  /news\n"


@pytest.mark.parametrize(
    ("known", "passes", "says"),
    [
        (None, None, "never read"),
        (entry("ok", b"User-agent: *\nDisallow: /other\n"), True, "no line forbids it, by the copy of T1"),
        (entry("ok", b"", expires=9), True, "asked for again before the next page"),
        (entry("ok", RULES), False, "forbidden by line 4, 'Disallow: /news', by the copy of T1"),
        (entry("unreachable", RULES, since=4), False, "the last good one (unreachable since T4)"),
        (
            entry("unreachable", body_at=0, since=4),
            None,
            "unreachable since T4, so that nothing may be asked",
        ),
        (entry("allow-all", body_at=0), True, "there is none (T5)"),
        (entry("allow-all", body_at=0, since=2), True, "30 days"),
    ],
)
def test_robots(known: RobotsEntry | None, passes: bool | None, says: str) -> None:
    rules = parse(known.body, "broadsheet") if known is not None else None
    answer = robots(URL, known, rules, 10, when)
    assert answer.passes is passes and says in answer.says


class Paper(Site):
    name = "paper"
    hosts = ("a.example",)
    seeds = ("https://a.example/",)
    articles = ("/news/**",)
    follow = ("/", "/section/*")


@pytest.mark.parametrize(
    ("path", "rule"),
    [("news/1", "articles: '/news/**'"), ("section/x", "follow: '/section/*'"), ("x", "neither")],
)
def test_the_rule_of_the_plugin_is_quoted(path: str, rule: str) -> None:
    site, url = Paper(), f"https://a.example/{path}"
    assert rule_of(url, site, site.verdict(url)).startswith(rule)


@pytest.mark.parametrize(
    ("scope", "depth", "passes", "says"),
    [
        ({"hosts": ("a.example",)}, 1, True, "job: inside, as a page, priority 41"),
        ({"hosts": ("b.example",)}, 1, False, "job: outside the scope"),
        ({"hosts": ("a.example",), "max_depth": 2}, 3, False, "job: deeper than --max-depth 2"),
        ({"hosts": ("a.example",), "exclude": ("/news/*",)}, 1, False, "--exclude"),
        ({"hosts": ("a.example",), "include": ("/x/*",)}, 1, False, "--include"),
        ({"hosts": ("a.example",), "never": ("a.example",)}, 1, False, "job: never asked for: a.example"),
        (
            {"hosts": ("a.example",), "mode": "site"},
            1,
            False,
            "job: no pattern of the plugin follows it: rule",
        ),
    ],
)
def test_scopes(scope: dict[str, Any], depth: int, passes: bool, says: str) -> None:
    (answer,) = crawls(URL, depth, "anchor", [Crawled(label="job", scope=Scope(**scope), rule="rule")])
    assert answer.passes is passes and says in answer.says


def test_one_crawl_that_takes_it_is_enough() -> None:
    takes = Crawled(label="takes", scope=Scope(hosts=("a.example",)))
    leaves = Crawled(label="leaves", scope=Scope(hosts=("b.example",)))
    assert [answer.says.partition(":")[0] for answer in crawls(URL, 1, "anchor", [leaves, takes])] == [
        "takes"
    ]
    (nobody,) = crawls(URL, 1, "anchor", [])
    assert nobody.passes is False


def test_traps_and_the_verdict() -> None:
    barren = {"/**": Standing(barren=1_000)}
    cut, waits = trap(URL, barren, 0, False), trap(URL, {}, 1_000, False)
    assert (cut.passes, waits.passes, trap(URL, barren, 0, True).passes) == (False, None, True)
    free = Answer(about="host", passes=True, says="free")
    assert verdict([free]).startswith("would be asked for")
    assert verdict([waits, cut, free]) == f"would not be asked for: traps: {cut.says}"
    assert verdict([free, waits]) == f"would have to wait: traps: {waits.says}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder in which https://a.example/ led to a page that is denied, and to one that is dead."""
    (tmp_path / "data" / "archive").mkdir(parents=True)
    with closing(Store.open(tmp_path / "data" / "crawl.db")) as store:
        scope = Scope(hosts=("a.example",), max_depth=3)
        store.register_owner("me", 1, Path("me.lock"), 1)
        run = store.begin_run("urls:1", msgspec.json.encode(scope), 1)
        robots_txt = RobotsEntry(
            origin="https://a.example", status="ok", body=RULES, body_at=1, fetched_at=1, expires=2
        )
        seed, via = "https://a.example/", "https://a.example/list"
        store.enqueue(
            run.id, [Target(url=seed, host="a.example"), Target(url=via, host="a.example", via=seed)], 1
        )
        for url, outcome in ((URL, Denied("robots.txt: Disallow: /news")), (via + "/x", Dead("status 410"))):
            store.enqueue(run.id, [Target(url=url, host="a.example", via=via, depth=2, priority=1)], 1)
            (lease,) = store.lease([run.id], 1, 1, 10)
            settled = Settlement(
                lease=lease, outcome=outcome, host=HostState(next_at=1), robots=robots_txt, now=1
            )
            store.commit([(settled, None)], None, 1)
        store.release_owner(1)
    return tmp_path


def test_what_a_crawl_has_met_is_told_from_link_to_verdict(place: Path) -> None:
    (known,) = command(place, "explain", URL, "--json")
    assert known["way"] == ["https://a.example/list", "https://a.example/"] and known["url"]["depth"] == 2
    assert known["outcome"].startswith("not asked for: robots.txt: Disallow: /news (since 1970")
    assert "looked at again when its robots.txt changes" in known["outcome"]
    answers = {answer["about"]: answer for answer in known["story"]}
    assert answers["robots.txt"]["passes"] is False and "line 4" in answers["robots.txt"]["says"]
    (dead,) = command(place, "explain", "https://a.example/list/x", "--json")
    assert dead["outcome"].startswith("given up 1970") and "status 410" in dead["outcome"]
    (queued,) = command(place, "explain", "https://a.example/list", "--json")
    assert queued["outcome"].startswith("queued by urls:1, asked for as soon as")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://a.example/more", "would be asked for when a crawl finds a link to it"),
        ("https://a.example/news/9", "would not be asked for: robots.txt: forbidden by line 4"),
        ("https://b.example/", "would not be asked for: scope: a.example (urls:1): outside the scope"),
    ],
)
def test_of_what_no_crawl_has_met_it_is_told_what_would_happen(url: str, says: str, place: Path) -> None:
    (known,) = command(place, "explain", url, "--json")
    assert known["outcome"].startswith(says) and known["url"] is None and known["captures"] == []


def test_a_pause_is_part_of_the_story(place: Path) -> None:
    with closing(Store.open(place / "data" / "crawl.db")) as store:
        store.order(Order(scope="host", name="a.example", since=1, who="ann", why="they asked"))
    (known,) = command(place, "explain", "https://a.example/more", "--json")
    assert (
        known["outcome"].startswith("would have to wait: host: paused") and "they asked" in known["outcome"]
    )
    with contextlib.chdir(place):
        said = CliRunner().invoke(app, ["explain", URL]).stdout
    assert "they asked" in said and "Disallow: /news" in said and "<-" in said
