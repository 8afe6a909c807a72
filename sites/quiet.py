"""Quiet hours: when a site does not want to be crawled, as a plugin or the settings write them.

"08:00-18:00"                          every day, UTC
"mon-fri 07:30-19:00 Europe/Berlin"    in a zone of the time zone database, summer time and all
"sat-sun 00:00-24:00, 22:00-02:00"     several; the second goes on past midnight
"""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

__all__ = ["Quiet", "Span", "parse_quiet"]

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = "|".join(_DAYS)
_SPAN = re.compile(
    rf"(?:(?P<first>{_DAY})(?:-(?P<last>{_DAY}))?\s+)?(?P<from>\d\d?:\d\d)\s*-\s*(?P<to>\d\d?:\d\d)",
    re.IGNORECASE,
)
_ZONE = re.compile(r"\s+(UTC|[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+)\Z")
MINUTES = 24 * 60


class Span(msgspec.Struct, frozen=True):
    """Minutes after midnight on these days of the week (0 is Monday); an `end` after 1440 lies on the next day."""

    days: tuple[int, ...]
    start: int
    end: int


class Quiet(msgspec.Struct, frozen=True):
    """Spans in one zone, a name of the time zone database."""

    spans: tuple[Span, ...]
    zone: str = "UTC"


@lru_cache(maxsize=256)
def parse_quiet(text: str) -> Quiet:
    """Raises ValueError, which says what is wrong with the text."""
    zone, body = "UTC", text.strip()
    if match := _ZONE.search(body):
        zone, body = match[1], body[: match.start()]
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ValueError(
            f"{zone!r} is no time zone that this machine knows: write it like Europe/Berlin"
        ) from None
    spans = tuple(_span(part.strip()) for part in body.split(","))
    busy = {minute % (7 * MINUTES) for span in spans for day in span.days for minute in _minutes(day, span)}
    if len(busy) == 7 * MINUTES:
        raise ValueError(f"{text!r} leaves no time at all: disable the site instead")
    return Quiet(spans, zone)


def _minutes(day: int, span: Span) -> range:
    return range(day * MINUTES + span.start, day * MINUTES + span.end)


def _span(text: str) -> Span:
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} are no quiet hours: write them like 08:00-18:00 or mon-fri 08:00-18:00 Europe/Berlin"
        )
    start, end = _minute(match["from"]), _minute(match["to"])
    if start == end:
        raise ValueError(f"{text!r} begins when it ends")
    if match["first"] is None:
        days = tuple(range(7))
    else:
        first = _DAYS.index(match["first"].lower())
        last = _DAYS.index((match["last"] or match["first"]).lower())
        days = tuple(sorted((first + n) % 7 for n in range((last - first) % 7 + 1)))
    return Span(days, start, end if end > start else end + MINUTES)


def _minute(text: str) -> int:
    hours, _, minutes = text.partition(":")
    found = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or found > MINUTES:
        raise ValueError(f"{text!r} is no time of day")
    return found
