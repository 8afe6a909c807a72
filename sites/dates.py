"""Dates as machines and people write them, to Moments. Nothing is guessed: no zone, no year, no "yesterday".

text ─┬─ ISO 8601 and its odd forms ──────────────┐
      ├─ digits alone: 20240501, epoch (s, ms) ───┤
      ├─ 2024年5月1日, 2024년 5월 1일 ────────────────┤
      ├─ 令和6年5月1日, ۱۲ اردیبهشت ۱۴۰۳ (calendars) ─┼─▶ day ─▶ a time close by ─▶ its zone ─▶ Moment
      ├─ a month's name with its day and year ────┤
      └─ 1.5.2024, 5/1/2024 (who is first?) ──────┘
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sites.calendars import elsewhere
from sites.moment import Moment, Precision
from sites.months import fold, month_number, months_in
from sites.zones import ZONE, zone_offset

__all__ = ["is_plain", "parse_moment"]

_MAX_TEXT = 400
_YEARS = range(1000, 3000)  # 0001-01-01 is how some systems write "none"

_PLAIN = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:(Z)|([+-])(\d\d):?(\d\d))?)?\Z", re.A
)
_ISO = re.compile(
    r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)"
    r"|(?P<year2>\d{4})(?P<month2>\d\d)(?P<day2>\d\d)(?=t\d|\Z)"
)
_ISO_TIME = re.compile(
    r"(?:\s*t+\s*|\s+|\s*,\s*|_)(?P<hour>\d\d?)(?::?(?P<minute>\d\d))(?::?(?P<second>\d\d)(?:[.,]\d+)?)?(?![\d:])"
)
_DIGITS = re.compile(r"(?:/date\()?(\d{10}|\d{12,14})(?:\.\d+)?(?:[+-]\d{4})?(?:\)/)?\Z")
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号號]?")
_YEAR_FIRST = re.compile(r"(?<![\d.])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_NUMERIC = re.compile(
    r"(?<![\d./:-])(\d{1,2})\s?([./|-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/]|[.:]\d|-\d+(?![\d:]))"
)

_ORDINAL = r"(?:st|nd|rd|th|er|ere|eme|o|a|e|ste|de|\.|:a|:e|-?го|-?е|-?го)?"
_LINK = r"[\s.,/\-\u2010-\u2015]*(?:(?:of|de|del|d'|di|den|da|dnia)\s+)?"
_DAY_BEFORE = re.compile(rf"(?<![\d.,])(?<!\d:)(\d{{1,2}}){_ORDINAL}{_LINK}\Z")
_YEAR_BEFORE = re.compile(r"(?<!\d)(\d{4})[\s.,/-]*(?:(?:m|թ)\.\s*)?\Z")
_YEAR_AFTER = re.compile(
    r"\.?(?:[\s,./\-\u2010-\u2015]*(?:(?:of|de|del)\s+)?(?P<long>\d{4})(?!\d)"
    r"|\s*[-/]\s*(?P<dashed>\d\d)(?![\d:])|\s*['\u2019](?P<short>\d\d)(?!\d)|\s+(?P<rfc>\d\d)(?=\s+\d\d:\d\d))"
)
_DAY_AFTER = re.compile(
    rf"\.?[\s\-/]*(?P<day>\d{{1,2}}){_ORDINAL}(?![\d:])"
    r"(?:[\s,./\-]*(?:of|de|del)?\s*"
    r"(?:,?\s*(?:at\s+)?\d{1,2}:\d\d(?::\d\d)?\s*(?:[ap]\.?m\.?\s*)?(?:[a-z]{1,5}\s+|[+-]\d{4}\s+)?,?\s*)?(?P<year>\d{4})(?!\d))?"
)

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})[a-z]*[\s,.|-]*\Z")
_TIME = re.compile(
    r"(?=[\d上凌早午오下晚])"  # what it begins with, which most places do not
    r"(?P<before>(?:上午|凌晨|早上|午前|오전|下午|晚上|午後|오후)\s*)?"
    r"(?<![\d:.,+])(?<!\d-)(?P<hour>\d{1,2})"
    r"(?:\s?[:h时時시點点]\s?(?P<minute>\d\d)(?:\s?[:분分]\s?(?P<second>\d\d)(?:[.,]\d+)?)?[분分]?"
    r"|\.(?P<dotted>\d\d)(?=\s*(?:uhr|hrs?|[ap]\.?\s?m|gmt|[bi]st|ces?t|wib|wita?)\b)"
    r"|(?=\s*(?:uhr\b|[ap]\.?\s?m\b)|h\b))"
    r"(?![\d:])(?P<after>\s*(?:a\.?\s?m\b\.?|p\.?\s?m\b\.?|π\.?μ\b\.?|μ\.?μ\b\.?|ص\b|م\b))?(?:\s*(?:uhr|hrs?|h)\b)?"
)
_AFTER_WORD = re.compile(
    r"(?=[koaup])\b(?:kl|klo|ore|alle|um|at|pukul|ob|o)\.?\s*(?P<hour>\d{1,2})\.(?P<minute>\d\d)(?![\d.])"
)
_PM = ("下午", "晚上", "午後", "오후")
_CLOSE_AFTER, _CLOSE_BEFORE = 40, 25

# Where two elements met without a space: "PublishedFeb 2", "1.10.201911:36".
_GLUED = re.compile(r"(?=[A-Z\d])(?:(?<=[a-zà-ÿ])(?=[A-Z][a-z])|(?<=\D(?:19|20)\d\d)(?=\d{1,2}:\d\d))")


def is_plain(text: str) -> bool:
    """Is this RFC 3339 or a part of it, which is read alike in all languages?"""
    return _PLAIN.match(text) is not None


def parse_moment(text: str, *, language: str = "", day_first: bool | None = None) -> Moment | None:
    """The first date in a text, with the time that stands by it; None when there is none that is certain.

    `language` is a BCP 47 tag: it settles month names that mean different months, "CST", and, when
    `day_first` is None, what 5/1/2024 means (month first in en-US, day first elsewhere; in plain English it
    is ambiguous, so None). Relative dates give None: there is no clock here. Never raises.
    """
    text = text.strip()
    if match := _PLAIN.match(text):
        return _plain(match, text)
    folded = fold(_GLUED.sub(" ", text[:_MAX_TEXT]))
    if not any(map(str.isdigit, folded)):
        return None
    if match := _DIGITS.match(folded):
        return _epoch(match[1], text)
    if (match := _ISO.match(folded)) and (moment := _iso(match, folded, text, language)):
        return moment
    for (year, month, day), spans in _days(folded, language, day_first):
        try:
            local = datetime(year, month, day)
        except ValueError:
            continue
        if year in _YEARS:
            return _timed(local, spans, folded, text, language)
    return None


def _plain(match: re.Match[str], text: str) -> Moment | None:
    """The one form that most pages use: RFC 3339, or only its day, or without a zone."""
    year, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups()
    if int(year) not in _YEARS:
        return None
    try:
        if hour is None:
            local = datetime(int(year), int(month), int(day))
        elif hour < "24" and second != "60":
            local = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0))
        else:
            clock = _clock(int(hour), int(minute), int(second or 0))
            if clock is None:
                return None
            local = datetime(int(year), int(month), int(day)) + clock
    except ValueError:
        return None
    zone = timedelta(0) if utc else None
    if sign and int(hours) < 16 and int(minutes) < 60:
        zone = timedelta(hours=int(hours), minutes=int(minutes)) * (1 if sign == "+" else -1)
    return Moment(local, "day" if hour is None else "second" if second else "minute", zone=zone, text=text)


def _epoch(digits: str, text: str) -> Moment | None:
    """Digits alone: YYYYMMDDhhmm(ss), or seconds (10 digits) or milliseconds (13) since 1970."""
    if len(digits) in (12, 14):
        try:
            local = datetime.strptime(digits, "%Y%m%d%H%M%S" if len(digits) == 14 else "%Y%m%d%H%M")
        except ValueError:
            return None
        known = local.year in _YEARS
        return Moment(local, "second" if len(digits) == 14 else "minute", text=text) if known else None
    seconds = int(digits) // (1000 if len(digits) == 13 else 1)
    if not 0 < seconds < 2_000_000_000:  # beyond lies 2024050110, a date with an hour
        return None
    return Moment(datetime.fromtimestamp(seconds, UTC), "second", zone=timedelta(0), text=text)


def _iso(match: re.Match[str], folded: str, text: str, language: str) -> Moment | None:
    year, month, day = (int(match[part] or match[f"{part}2"]) for part in ("year", "month", "day"))
    try:
        local = datetime(year, month, day)
    except ValueError:
        return None
    if year not in _YEARS or (year < 1500 and language.startswith("fa")):
        return None
    rest = folded[match.end() :]
    if not rest:
        return Moment(local, "day", text=text)
    if time := _ISO_TIME.match(rest):
        clock = _clock(int(time["hour"]), int(time["minute"]), int(time["second"] or 0))
        after = rest[time.end() :]
        if clock is not None and not re.match(r"\s*[ap]\.?m", after):
            zone = ZONE.match(after)
            return Moment(
                local + clock,
                "second" if time["second"] else "minute",
                zone=zone_offset(zone, local + clock, language) if zone else None,
                text=text,
            )
    return _timed(local, [match.span()], folded, text, language)


_Day = tuple[tuple[int, int, int], list[tuple[int, int]]]


def _days(folded: str, language: str, day_first: bool | None) -> Iterator[_Day]:
    """Candidates for (year, month, day) with the places of their parts, best forms first."""
    for match in () if folded.isascii() else _CJK.finditer(folded):
        yield (int(match[1]), int(match[2]), int(match[3])), [match.span()]
    for day, span in elsewhere(folded, language):
        yield day, [span]
    for match in months_in(folded):
        if found := _named(folded, match, language):
            yield found
    for match in _YEAR_FIRST.finditer(folded):
        yield (int(match[1]), int(match[3]), int(match[4])), [match.span()]
    for match in _NUMERIC.finditer(folded):
        if found := _numeric(match, language, day_first) or _on_weekday(match, folded[: match.start()]):
            yield found


def _named(folded: str, month: re.Match[str], language: str) -> _Day | None:
    """The day and the year around a month's name: "1. Mai 2024", "May 1st, 2024", "2024 május 1"."""
    number = month_number(month[0], language)
    before, after = folded[: month.start()], folded[month.end() :]
    day = _DAY_BEFORE.search(before[-16:])
    year = _YEAR_AFTER.match(after)
    if day and year:
        written = year["long"] or _century(year["dashed"] or year["short"] or year["rfc"])
        start = month.start() - (len(before[-16:]) - day.start())
        return (int(written), number, int(day[1])), [(start, month.end() + year.end())]
    later = _DAY_AFTER.match(after)
    if not later:
        return None
    span = (month.start(), month.end() + later.end("day"))
    if later["year"]:
        year_span = tuple(month.end() + place for place in later.span("year"))
        return (int(later["year"]), number, int(later["day"])), [span, (year_span[0], year_span[1])]
    if earlier := _YEAR_BEFORE.search(before):
        return (int(earlier[1]), number, int(later["day"])), [(earlier.start(), span[1])]
    return None


def _century(digits: str) -> str:
    """Two digits of a year, as POSIX reads them: 69-99 are of the 20th century."""
    return f"{19 if int(digits) >= 69 else 20}{digits}"


def _numeric(match: re.Match[str], language: str, day_first: bool | None) -> _Day | None:
    first, second = int(match[1]), int(match[3])
    year = int(match[4] if len(match[4]) == 4 else _century(match[4]))
    if match[2] in ".|" and day_first is None:
        day_first = True
    if first > 12 or second > 12:
        day_first = first > 12
    if day_first is None:
        tag = language.lower().replace("_", "-")
        if tag in ("", "en"):
            if first != second:
                return None
            day_first = True
        else:
            day_first = tag not in ("en-us", "en-ph", "fil", "en-pr")
    day, month = (first, second) if day_first else (second, first)
    return (year, month, day), [match.span()]


def _on_weekday(match: re.Match[str], before: str) -> _Day | None:
    """Which of the two is the day, by the day of the week that stands before them: "Tue, 03/12/2024"."""
    named = _WEEKDAY.search(before)
    if named is None or len(match[4]) != 4:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    found = []
    for month, day in ((first, second), (second, first)):
        with suppress(ValueError):
            if _WEEKDAYS[datetime(year, month, day).weekday()] == named[1]:
                found.append((year, month, day))
    return (found[0], [match.span()]) if len(found) == 1 else None


def _timed(local: datetime, spans: list[tuple[int, int]], folded: str, text: str, language: str) -> Moment:
    """The day, with the nearest time after it (or between its parts, or just before it)."""
    masked = folded
    for start, end in spans:
        masked = masked[:start] + "|" * (end - start) + masked[end:]
    start, end = spans[0][0], spans[0][1]
    best: tuple[int, re.Match[str], timedelta, Precision] | None = None
    for pattern in (_TIME, _AFTER_WORD):
        for match in pattern.finditer(masked):
            gap = match.start() - end if match.start() >= end else start - match.end() + _CLOSE_AFTER
            if gap > (_CLOSE_AFTER if match.start() >= end else _CLOSE_AFTER + _CLOSE_BEFORE):
                continue
            clock = _spoken(match)
            if clock is not None and (best is None or gap < best[0]):
                best = (gap, match, *clock)
    if best is None:
        return Moment(local, "day", text=text)
    _, match, clock_time, precision = best
    when = local + clock_time
    zone = ZONE.match(masked, match.end())
    return Moment(when, precision, zone=zone_offset(zone, when, language) if zone else None, text=text)


def _spoken(match: re.Match[str]) -> tuple[timedelta, Precision] | None:
    parts = match.groupdict()
    hour = int(match["hour"])
    half = (parts.get("before") or parts.get("after") or "").strip()
    if half and hour <= 12:
        late = half.startswith(("p", "μ", "م", *_PM))
        hour = hour % 12 + (12 if late else 0)
    second = parts.get("second")
    clock = _clock(hour, int(parts.get("minute") or parts.get("dotted") or 0), int(second or 0))
    return None if clock is None else (clock, "second" if second else "minute")


def _clock(hour: int, minute: int, second: int) -> timedelta | None:
    """A time of day; 24:00 is the next midnight, second 60 the last (ISO 8601)."""
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
