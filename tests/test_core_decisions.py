"""Retries and scope: the rules as properties, and the table of statuses."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.types import Again, Dead, Outcome, PutBack, Stored
from crawler.core.scope import Accept, Scope, Skip, forbidden, scope_of
from crawler.core.verdict import decide

SECOND = 1_000_000
HOUR = 3600 * SECOND
NOW = 1_700_000_000 * SECOND

statuses = st.sampled_from([0, 200, 204, 301, 304, 400, 404, 410, 429, 500, 503, 999])
jitters = st.floats(0, 1)


def fate(status: int, *, tries: int = 1, error: str = "timeout: x", **more: object) -> Outcome:
    return decide(status=status, error=error, tries=tries, max_tries=4, now=NOW, pause=0, jitter=0.5, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Stored),
        (206, Stored),
        (301, Stored),
        (304, Stored),
        (400, Dead),
        (404, Dead),
        (410, Dead),
        (408, Again),
        (429, Again),
        (500, Again),
        (503, Again),
        (999, Again),
        (0, Again),
    ],
)
def test_what_becomes_of_a_url(status: int, kind: type) -> None:
    assert isinstance(fate(status), kind)
    if kind is Again:
        assert isinstance(fate(status, tries=4), Dead)


def test_pages_are_extracted_unchanged_ones_too_and_redirects_never() -> None:
    wanted = {s: fate(s) for s in (200, 301, 304)}
    assert [isinstance(o, Stored) and o.extract for o in wanted.values()] == [True, False, True]


@given(statuses, st.integers(1, 3), st.integers(0, 24), jitters)
def test_another_try_is_later_and_not_before_it_is_asked_for(
    status: int, tries: int, hours: int, jitter: float
) -> None:
    outcome = decide(
        status=status, error="x", tries=tries, max_tries=4, now=NOW, pause=hours * HOUR, jitter=jitter
    )  # fmt: skip
    if isinstance(outcome, Again):
        assert NOW + max(SECOND, hours * HOUR) <= outcome.due <= NOW + 25 * HOUR


def test_what_cannot_be_mended_is_not_tried_again() -> None:
    assert isinstance(fate(0, error="refused-address: 10.0.0.1"), Dead)
    assert isinstance(fate(0, error="refused-address: 10.0.0.1", host_failing=True), Dead)


@pytest.mark.parametrize("how", ["time", "disconnect"])
def test_a_body_that_was_cut_off_is_asked_for_again_and_then_kept_as_it_came(how: str) -> None:
    assert isinstance(fate(200, truncated=how), Again)
    assert isinstance(fate(200, truncated=how, tries=2), Stored)
    assert isinstance(fate(200, truncated="length"), Stored)
    assert isinstance(fate(404, truncated=how), Dead)


@pytest.mark.parametrize("status", [0, 429, 503])
def test_a_host_that_fails_as_a_whole_is_no_fault_of_its_urls(status: int) -> None:
    for tries in (1, 4, 9):
        put_back = fate(status, tries=tries, host_failing=True)
        assert isinstance(put_back, PutBack) and put_back.due > NOW
    gone = fate(status, host_failing=True, host_given_up=True)
    assert isinstance(gone, Dead) and "failed for a day" in gone.reason
    assert isinstance(fate(500, tries=4, host_failing=True), Dead)


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("https://paper.example/x", "paper.example"),
        ("https://www.paper.example:8443/x", "paper.example"),
        ("https://people.paper.example/x", ""),
        ("https://a.other.example/x", "*.other.example"),
        ("https://third.example/private/x", "https://third.example/private/**"),
        ("https://third.example/public/x", ""),
        ("https://fourth.example/private/x", ""),
        ("https://fourth.example/me/album", "/me/*"),
    ],
)
def test_who_said_no_is_not_asked(url: str, entry: str) -> None:
    never = ("paper.example", "*.other.example", "https://third.example/private/**", "/me/*")
    assert forbidden(url, never) == entry
    scope = scope_of("hosts", (url,), never=never)
    assert (scope.decide(url, 0) == Skip("never")) == bool(entry)


SEEDS = ("https://www.paper.example/news/index.html",)


@pytest.mark.parametrize(
    ("mode", "inside", "outside"),
    [
        ("hosts", "https://www.paper.example/x", "https://paper.example/x"),
        ("domain", "https://sport.paper.example/x", "https://paper.test/x"),
        ("prefix", "https://www.paper.example/news/x", "https://www.paper.example/sport"),
    ],
)
def test_modes_of_scope(mode: str, inside: str, outside: str) -> None:
    scope = scope_of(mode, SEEDS, max_depth=3)  # type: ignore[arg-type]
    assert isinstance(scope.decide(inside, 1), Accept)
    assert scope.decide(outside, 1) == Skip("outside")
    assert scope.decide(inside, 4) == Skip("depth")
    assert scope.decide(SEEDS[0], 0) == Accept(40)


def test_a_redirected_seed_widens_the_hosts_and_never_is_never() -> None:
    scope = scope_of("hosts", SEEDS, never=("bad.example",))
    assert isinstance(scope.widened("https://paper.example/").decide("https://paper.example/x", 1), Accept)
    assert scope.widened(SEEDS[0]) is scope
    assert scope.widened("https://bad.example/").decide("https://bad.example/", 0) == Skip("never")


def test_include_and_exclude() -> None:
    scope = scope_of("hosts", SEEDS, include=("/news/**",), exclude=("/news/live/**",))
    assert isinstance(scope.decide("https://www.paper.example/news/a", 1), Accept)
    assert scope.decide("https://www.paper.example/news/live/a", 1) == Skip("excluded")
    assert scope.decide("https://www.paper.example/sport", 1) == Skip("not-included")


def test_feeds_come_first_then_articles_then_lists() -> None:
    scope = scope_of("hosts", SEEDS)
    url = "https://www.paper.example/x"
    order = [
        scope.decide(url, 1, "", "feed"),
        scope.decide(url, 1, "article"),
        scope.decide(url, 1, "follow"),
    ]
    assert [c.priority for c in order if isinstance(c, Accept)] == sorted(
        c.priority for c in order if isinstance(c, Accept)
    )


def test_a_scope_travels_as_json() -> None:
    scope = scope_of("domain", SEEDS, include=("/a",), max_depth=2)
    assert msgspec.json.decode(msgspec.json.encode(scope), type=Scope) == scope
