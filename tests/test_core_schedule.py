"""When a site is due and what is begun: a table, and a year of random rounds played through."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.schedule import Begin, Cron, Every, Interval, Last, Wait, decide, due_at, parse_every
from crawler.errors import ConfigError

S = 1_000_000
MINUTE, HOUR = 60 * S, 3600 * S


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * S


NOW = at("2026-11-24 08:00")


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("30m", Interval(30 * MINUTE)),
        ("6h", Interval(6 * HOUR)),
        ("1.5d", Interval(36 * HOUR)),
        ("0 7 * * fri", Cron("0 7 * * fri")),
    ],
)
def test_every_is_read(text: str, every: Every) -> None:
    assert parse_every(text) == every


@pytest.mark.parametrize("text", ["", "often", "0m", "61 * * * *", "0 0 30 2 *", "* * * *"])
def test_what_is_no_interval_is_named(text: str) -> None:
    with pytest.raises(ConfigError, match="gazette: every"):
        parse_every(text, "gazette: every")


@pytest.mark.parametrize(
    ("every", "last", "due"),
    [
        ("6h", None, "2026-11-24 08:00"),  # never: now
        ("0 7 * * fri", None, "2026-11-27 07:00"),  # never: at its next hour
        ("6h", Last(began=at("2026-11-24 05:30")), "2026-11-24 11:30"),
        ("0 7 * * fri", Last(began=at("2026-11-20 07:00")), "2026-11-27 07:00"),
        ("0 7 * * fri", Last(began=at("2026-11-13 07:00")), "2026-11-20 07:00"),  # missed: once, not twice
        ("6h", Last(began=at("2026-11-24 07:55"), finished=False), "2026-11-24 07:55"),  # interrupted: now
        ("6h", Last(began=NOW, failed=1, ended=NOW), "2026-11-24 08:01"),
        ("6h", Last(began=NOW, failed=4, ended=NOW), "2026-11-24 08:08"),
        ("6h", Last(began=NOW, failed=500, ended=NOW), "2026-11-24 14:00"),
    ],
)
def test_when_a_site_is_due(every: str, last: Last | None, due: str) -> None:
    assert due_at(parse_every(every), last, NOW) == at(due)


def test_all_that_is_due_begins_together() -> None:
    plan = {"a": Interval(HOUR), "b": Interval(HOUR), "c": Interval(24 * HOUR)}
    last = {
        "a": Last(began=NOW - 2 * HOUR),
        "b": Last(began=NOW - HOUR),
        "c": Last(began=NOW - HOUR),
    }
    assert decide(plan, last, NOW, NOW) == Begin(("a", "b"), NOW + HOUR)
    assert decide(plan, {s: Last(began=NOW) for s in plan}, NOW, NOW) == Wait(NOW + HOUR)
    assert decide({}, {}, NOW, NOW) == Wait(None)


def test_one_site_alone_may_take_its_time() -> None:
    assert decide({"a": Interval(HOUR)}, {}, NOW, NOW) == Begin(("a",), None)


def test_a_crawl_ends_for_another_site_but_not_at_once() -> None:
    plan = {"long": Interval(24 * HOUR), "quick": Interval(10 * MINUTE)}
    last = {"quick": Last(began=NOW - 9 * MINUTE)}
    assert decide(plan, last, NOW, NOW) == Begin(("long",), NOW + 5 * MINUTE)
    last = {"quick": Last(began=NOW - MINUTE)}
    assert decide(plan, last, NOW, NOW) == Begin(("long",), NOW + 9 * MINUTE)


def test_a_site_that_failed_is_crawled_alone() -> None:
    plan = {"a": Interval(HOUR), "bad": Interval(HOUR), "c": Interval(HOUR)}
    last = {
        "a": Last(began=NOW - 2 * HOUR),
        "bad": Last(began=NOW - HOUR, failed=1, ended=NOW - 30 * MINUTE),
        "c": Last(began=NOW - 3 * HOUR),
    }
    assert decide(plan, last, NOW, NOW) == Begin(("c", "a"), NOW + 5 * MINUTE)
    last |= {"a": Last(began=NOW), "c": Last(began=NOW)}
    assert decide(plan, last, NOW, NOW) == Begin(("bad",), NOW + HOUR)


everys = st.one_of(
    st.integers(1, 200).map(lambda m: Interval(m * MINUTE)),
    st.sampled_from(["0 7 * * *", "*/20 * * * *", "30 */6 * * mon-fri"]).map(Cron),
)


@given(
    st.dictionaries(st.sampled_from("abcdef"), everys, min_size=1),
    st.lists(st.tuples(st.integers(1, 400), st.booleans()), min_size=1, max_size=60),
)
def test_nobody_is_crawled_early_and_nobody_is_forgotten(
    plan: dict[str, Every], rounds: list[tuple[int, bool]]
) -> None:
    """`rounds`: how many minutes each crawl would need, and whether it fails."""
    now, last = NOW, dict[str, Last]()
    for minutes, fails in rounds:
        choice = decide(plan, last, now, NOW)
        if isinstance(choice, Wait):
            assert choice.until is not None and choice.until > now, "waiting makes time pass"
            now = choice.until
            choice = decide(plan, last, now, NOW)
        assert isinstance(choice, Begin) and choice.sites
        due = {site: due_at(plan[site], last.get(site), NOW) for site in plan}
        assert all(due[site] <= now for site in choice.sites)
        failed = {site for site in last if last[site].failed}
        assert len(choice.sites) == 1 or not failed & set(choice.sites)
        passed_over = {site for site in plan if due[site] <= now} - set(choice.sites)
        assert not passed_over or choice.until == now + 5 * MINUTE, (
            "who is due and must wait does not wait long"
        )
        needed = now + minutes * MINUTE
        ended = needed if choice.until is None else min(needed, choice.until)
        for site in choice.sites:
            before = last[site].failed if site in last else 0
            last[site] = Last(
                began=now, finished=ended == needed, failed=before + 1 if fails else 0, ended=ended
            )
        now = ended
