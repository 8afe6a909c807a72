"""Quiet hours: what may be written, and when they end, summer time and midnight included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.quiet import quiet_until
from sites.quiet import Quiet, Span, parse_quiet


def micros(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1_000_000)


def until(quiet: str, now: str, zone: str = "UTC") -> str:
    """The end in local time, "" when it is not quiet."""
    end = quiet_until(parse_quiet(quiet), micros(now, zone))
    return datetime.fromtimestamp(end / 1e6, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") if end else ""


def test_forms() -> None:
    assert parse_quiet("8:00-18:00") == Quiet((Span(tuple(range(7)), 480, 1080),))
    assert parse_quiet("fri-mon 22:00-02:30 Europe/Berlin") == Quiet(
        (Span((0, 4, 5, 6), 1320, 1590),), "Europe/Berlin"
    )
    assert len(parse_quiet("sat 00:00-24:00, SUN 01:00 - 02:00 UTC").spans) == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "quiet hours"),
        ("always", "quiet hours"),
        ("08:00", "quiet hours"),
        ("08:00-08:00", "begins when it ends"),
        ("08:61-09:00", "no time of day"),
        ("23:00-25:00", "no time of day"),
        ("08:00-18:00 Europe/Atlantis", "time zone"),
        ("00:00-24:00", "no time at all"),
        ("00:00-12:00, 12:00-24:00", "no time at all"),
    ],
)
def test_what_is_no_good_is_said(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_quiet(text)


@pytest.mark.parametrize(
    ("quiet", "now", "zone", "end"),
    [
        ("08:00-18:00", "2026-11-24 07:59", "UTC", ""),
        ("08:00-18:00", "2026-11-24 08:00", "UTC", "2026-11-24 18:00"),
        ("08:00-18:00", "2026-11-24 18:00", "UTC", ""),
        ("22:00-02:00", "2026-11-24 23:00", "UTC", "2026-11-25 02:00"),
        ("22:00-02:00", "2026-11-24 01:00", "UTC", "2026-11-24 02:00"),
        ("mon-fri 08:00-18:00", "2026-11-28 12:00", "UTC", ""),  # a Saturday
        ("fri 22:00-02:00", "2026-11-28 01:00", "UTC", "2026-11-28 02:00"),
        ("fri 12:00-24:00, sat 00:00-12:00", "2026-11-27 13:00", "UTC", "2026-11-28 12:00"),
        ("08:00-18:00 Europe/Berlin", "2026-07-01 09:00", "Europe/Berlin", "2026-07-01 18:00"),
        ("08:00-18:00 Europe/Berlin", "2026-12-01 07:59", "Europe/Berlin", ""),
        (
            "22:00-06:00 Europe/Berlin",
            "2026-03-28 23:00",
            "Europe/Berlin",
            "2026-03-29 06:00",
        ),  # the short night
    ],
)
def test_when_it_ends(quiet: str, now: str, zone: str, end: str) -> None:
    assert until(quiet, now, zone) == end


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/Lima"]),
)
def test_the_end_is_after_now_and_free(now: datetime, zone: str) -> None:
    quiet = parse_quiet(f"mon-thu 07:00-23:30, 23:30-01:00 {zone}")
    start = int(now.replace(tzinfo=UTC).timestamp() * 1_000_000)
    end = quiet_until(quiet, start)
    if end:
        assert start < end <= start + timedelta(days=2).total_seconds() * 1_000_000
        assert quiet_until(quiet, end) == 0
    assert quiet_until(None, start) == 0
