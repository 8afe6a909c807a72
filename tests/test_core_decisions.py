"""Politeness, retries and scope: the rules as properties, and the table of statuses."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.types import Again, Dead, Outcome, Stored
from crawler.core.politeness import delay_of, retry_after, settle
from crawler.core.scope import Accept, Scope, Skip, scope_of
from crawler.core.verdict import decide

SECOND = 1_000_000
HOUR = 3600 * SECOND
NOW = 1_700_000_000 * SECOND

times = st.integers(NOW, NOW + 10**12)
delays = st.integers(0, 600 * SECOND)
statuses = st.sampled_from([0, 200, 204, 301, 304, 400, 404, 410, 429, 500, 503, 999])
jitters = st.floats(0, 1)


@given(times, delays, st.integers(0, 40), statuses, st.integers(0, 24) | st.just(0), jitters)
def test_a_host_is_never_met_before_its_delay_is_over(
    finished: int, delay: int, failures: int, status: int, hours: int, jitter: float
) -> None:
    pause = hours * HOUR if status in (429, 503) else 0
    error = "" if status else "connect: refused"
    state = settle(
        finished=finished, delay=delay, failures=failures, status=status, error=error, asked_pause=pause, jitter=jitter
    )  # fmt: skip
    assert state.next_at >= finished + max(delay, pause)
    assert state.next_at <= finished + max(delay, 31 * HOUR)
    assert state.delay == delay
    bad = status in (0, 429, 503)
    assert bool(state.resting) == bad
    assert state.failures == (failures + 1 if bad else max(0, failures - 1))


def test_pauses_grow_and_a_host_heals() -> None:
    failures, pauses = 0, []
    for _ in range(12):
        state = settle(
            finished=0, delay=SECOND, failures=failures, status=503, error="", asked_pause=0, jitter=0.0
        )
        pauses.append(state.next_at)
        failures = state.failures
    assert pauses == sorted(pauses) and pauses[0] >= 10 * SECOND and pauses[-1] == 6 * HOUR
    for _ in range(12):
        failures = settle(
            finished=0, delay=SECOND, failures=failures, status=200, error="", asked_pause=0, jitter=0.0
        ).failures
    assert failures == 0


def test_an_address_of_ours_is_no_fault_of_the_host() -> None:
    state = settle(
        finished=0, delay=5, failures=0, status=0, error="refused-address: 10.0.0.1", asked_pause=0, jitter=1.0
    )  # fmt: skip
    assert (state.next_at, state.failures, state.resting) == (5, 0, "")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Tue, 14 Nov 2023 22:14:20 GMT", 60),
        ("Tue, 14 Nov 2023 22:00:00 GMT", 0),
        ("99999999999", 24 * 3600),
        ("soon", 0),
        ("-5", 0),
        ("", 0),
        ("\u0661", 0),
    ],
)
def test_retry_after_in_both_its_forms(value: str, seconds: int) -> None:
    assert retry_after(value, NOW) == seconds * SECOND


@given(st.text(max_size=40))
def test_no_retry_after_raises_or_lasts_longer_than_a_day(value: str) -> None:
    assert 0 <= retry_after(value, NOW) <= 24 * HOUR


def test_the_longer_of_two_delays_holds() -> None:
    assert delay_of(2 * SECOND, None) == 2 * SECOND
    assert delay_of(2 * SECOND, 10) == 10 * SECOND
    assert delay_of(2 * SECOND, 0.5) == 2 * SECOND
    assert delay_of(0, 86400) == 300 * SECOND
    assert delay_of(SECOND, -3) == SECOND


def fate(
    status: int, *, tries: int = 1, pause: int = 0, error: str = "timeout: x", retryable: bool = True
) -> Outcome:
    return decide(
        status=status, error=error, retryable=retryable, tries=tries, max_tries=4, now=NOW, pause=pause, jitter=0.5
    )  # fmt: skip


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
        status=status, error="x", retryable=True, tries=tries, max_tries=4, now=NOW, pause=hours * HOUR, jitter=jitter
    )  # fmt: skip
    if isinstance(outcome, Again):
        assert NOW + max(SECOND, hours * HOUR) <= outcome.due <= NOW + 25 * HOUR


def test_what_cannot_be_mended_is_not_tried_again() -> None:
    assert isinstance(fate(0, error="refused-address: 10.0.0.1", retryable=False), Dead)


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
