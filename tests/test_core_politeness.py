"""When a host may be met again: properties of the arithmetic, and its story over many exchanges."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.store.types import HostState
from crawler.core.politeness import delay_of, is_failing, is_given_up, retry_after, settle

SECOND = 1_000_000
HOUR = 3600 * SECOND
NOW = 1_700_000_000 * SECOND
FRESH = HostState(next_at=0)

times = st.integers(NOW, NOW + 10**12)
delays = st.integers(0, 600 * SECOND)
statuses = st.sampled_from([0, 200, 204, 301, 304, 400, 404, 410, 429, 500, 503, 999])
states = st.builds(
    HostState,
    next_at=st.just(0),
    delay=delays,
    failures=st.integers(0, 40),
    slow=st.integers(0, 300 * SECOND),
    lately=st.integers(0, 60 * SECOND),
    usual=st.integers(0, 60 * SECOND),
)


def after(before: HostState, status: int = 200, **more: object) -> HostState:
    given = {"finished": 0, "delay": 2 * SECOND, "took": SECOND // 10} | more
    error = "" if status else "connect: refused"
    return settle(before, status=status, **{"error": error, **given})  # type: ignore[arg-type]


@given(states, times, delays, st.integers(0, 60 * SECOND), statuses, st.integers(0, 24), st.floats(0, 1))
def test_a_host_is_never_met_before_its_delay_and_pause_are_over(
    before: HostState, finished: int, delay: int, took: int, status: int, hours: int, jitter: float
) -> None:
    state = after(
        before, status, finished=finished, delay=delay, took=took, asked_pause=hours * HOUR, jitter=jitter
    )
    assert state.next_at >= finished + max(delay, hours * HOUR)
    assert state.next_at <= finished + max(delay + 360 * SECOND, 31 * HOUR)
    assert delay <= state.delay <= max(delay, 60 * SECOND) + 300 * SECOND
    bad = status in (0, 429, 503)
    assert state.failures == (before.failures + 1 if bad else before.failures // 2)
    assert bool(state.resting) == (bad or hours > 0)
    assert min(state.slow, state.lately, state.usual) >= 0


@given(states, st.integers(0, 60 * SECOND))
def test_the_delay_is_five_response_times_when_that_is_longer(before: HostState, took: int) -> None:
    state = after(before, took=took)
    assert state.delay - state.slow >= min(5 * state.lately, 60 * SECOND)


def test_a_server_that_answers_slowly_is_asked_more_seldom() -> None:
    assert after(FRESH, took=SECOND // 10).next_at == 2 * SECOND
    assert after(FRESH, took=3 * SECOND).next_at == 15 * SECOND
    assert after(FRESH, took=55 * SECOND).next_at == 60 * SECOND
    assert after(FRESH, took=3 * SECOND, delay=0).next_at == 0, "the operator's own server"


def test_growing_response_times_slow_down_before_anything_fails() -> None:
    state = FRESH
    for _ in range(50):
        state = after(state, took=SECOND // 5)
    assert (state.slow, state.delay) == (0, 2 * SECOND)
    pauses = []
    for took in range(1, 8):
        state = after(state, took=took * SECOND)
        pauses.append(state.delay)
    assert all(later > earlier for earlier, later in pairwise(pauses))
    assert state.slow > 0 and state.delay > 5 * state.lately


@pytest.mark.parametrize(("status", "error"), [(429, ""), (503, ""), (0, "timeout: no head"), (200, "time")])
def test_strain_slows_down_at_once_and_is_forgotten_slowly(status: int, error: str) -> None:
    state = after(FRESH)
    for _ in range(3):
        state = after(state, status, error=error)
    assert state.slow == 8 * SECOND
    assert (state.failures, bool(state.resting)) == ((0, False) if status == 200 else (3, True))
    healthy, recovery = state, []
    for _ in range(80):
        healthy = after(healthy)
        recovery.append(healthy.delay)
    assert recovery[0] > 9 * SECOND
    assert recovery == sorted(recovery, reverse=True)
    assert recovery[9] > 4 * SECOND, "ten good answers are not enough"
    assert recovery[-1] == 2 * SECOND and healthy.failures == 0


def test_no_connection_rests_the_host_and_does_not_slow_it_down_afterwards() -> None:
    state = FRESH
    for _ in range(5):
        state = after(state, 0)
    assert state.slow == 0 and state.resting == "connect"
    assert after(state).next_at == 2 * SECOND


def test_a_host_that_fails_is_set_aside_with_growing_pauses_and_heals() -> None:
    state, pauses, failing = FRESH, [], []
    for _ in range(14):
        state = after(state, 503)
        pauses.append(state.next_at)
        failing.append((is_failing(state), is_given_up(state)))
    assert pauses == sorted(pauses) and pauses[0] == 30 * SECOND and pauses[-1] == 6 * HOUR
    assert failing[2:4] == [(False, False), (True, False)] and failing[-3] == (True, True)
    assert after(FRESH, 0).next_at == 5 * SECOND, "the first time it may have been a hiccup"
    for _ in range(4):
        state = after(state)
    assert state.failures == 0 and not is_failing(state)


def test_jitter_spreads_penalties() -> None:
    assert after(FRESH, 503, jitter=1.0).next_at == int(37.5 * SECOND)


def test_retry_after_is_obeyed_beside_any_status() -> None:
    assert after(FRESH, 429, asked_pause=100 * SECOND).next_at == 100 * SECOND
    assert after(FRESH, 301, asked_pause=100 * SECOND).next_at == 100 * SECOND
    assert after(FRESH, 301, asked_pause=100 * SECOND).failures == 0


def test_an_address_of_ours_is_no_fault_of_the_host() -> None:
    before = HostState(next_at=0, failures=2, slow=7, lately=8, usual=9, delay=10)
    state = after(before, 0, error="refused-address: 10.0.0.1", delay=5)
    assert (state.next_at, state.failures, state.resting) == (5, 2, "")


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


@pytest.mark.parametrize(
    ("site", "crawl_delay", "seconds"),
    [
        (2, None, 2),
        (2, 10, 10),
        (2, 0.5, 2),
        (0, 3600, 3600),
        (0, 1e9, 24 * 3600),
        (1, -3, 1),
        (1, float("nan"), 1),
        (1, float("inf"), 24 * 3600),
    ],
)
def test_the_longer_of_two_delays_holds(site: int, crawl_delay: float | None, seconds: int) -> None:
    assert delay_of(site * SECOND, crawl_delay) == seconds * SECOND
