"""Dates in other calendars, and dates in words that no month's name marks, as (year, month, day) of the common one.

令和6年3月12日   ۲۲ اسفند ۱۴۰۲   12 มีนาคม 2567   12 tháng 3, 2024
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

__all__ = ["elsewhere"]

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_ERA = re.compile(rf"({'|'.join(_ERAS)})\s?(\d{{1,2}}|元)年\s?(\d{{1,2}})月\s?(\d{{1,2}})日")
_SOLAR = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند".split()
"""The months of the Iranian year, as `months.fold` leaves them."""
_IRANIAN = re.compile(rf"(\d{{1,2}})\s+({'|'.join(_SOLAR)})(?:\s+ماه)?[\s،,]+([1۱][34۳۴]\d\d)(?!\d)")
_IRANIAN_NUMBERS = re.compile(r"(?<!\d)([1۱][34۳۴]\d\d)[/-](\d{1,2})[/-](\d{1,2})(?!\d)")
_NEW_YEAR, _OF_YEAR = date(2024, 3, 20), 1403
_THAI = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
_THAI_SHORT = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()
_BUDDHIST = 543
_VIETNAMESE = re.compile(r"(\d{1,2})\s+thang\s+(\d{1,2})[,\s]+(?:nam\s+)?(\d{4})(?!\d)")

Found = tuple[tuple[int, int, int], tuple[int, int]]


def _unmarked(name: str) -> str:
    """Thai vowels above and below the line are marks, which `months.fold` drops."""
    return re.sub("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]", "", name)


_THAI_MONTHS = {
    _unmarked(name): number
    for names in (_THAI, _THAI_SHORT, [name.rstrip(".") for name in _THAI_SHORT])
    for number, name in enumerate(names, start=1)
}
_IN_THAI = re.compile(
    rf"(\d{{1,2}})\s*({'|'.join(map(re.escape, sorted(_THAI_MONTHS, key=len, reverse=True)))})\s*"
    r"(?:พ\.?ศ\.?\s*)?(\d{4})(?!\d)"
)


def elsewhere(folded: str, language: str) -> Iterator[Found]:
    """The days in a text folded by `months.fold`, each with the place where it stands."""
    if "thang" in folded:
        for match in _VIETNAMESE.finditer(folded):
            yield (int(match[3]), int(match[2]), int(match[1])), match.span()
    if folded.isascii():
        return
    for match in _ERA.finditer(folded):
        year = _ERAS[match[1]] + (1 if match[2] == "元" else int(match[2]))
        yield (year, int(match[3]), int(match[4])), match.span()
    for match in _IRANIAN.finditer(folded):
        yield _iranian(int(match[3]), _SOLAR.index(match[2]) + 1, int(match[1])), match.span()
    for match in _IN_THAI.finditer(folded):
        year = int(match[3])
        yield (year - _BUDDHIST if year > 2400 else year, _THAI_MONTHS[match[2]], int(match[1])), match.span()
    if language.startswith("fa"):
        for match in _IRANIAN_NUMBERS.finditer(folded):
            yield _iranian(int(match[1]), int(match[2]), int(match[3])), match.span()


def _iranian(year: int, month: int, day: int) -> tuple[int, int, int]:
    """A day of the Iranian solar calendar by its cycle of 33 years, right from 1799 to 2256; (0, 0, 0) for none."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return 0, 0, 0
    into = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    found = _NEW_YEAR + timedelta(days=_days_before(year) - _days_before(_OF_YEAR) + into + day - 1)
    return found.year, found.month, found.day


def _days_before(year: int) -> int:
    return 365 * (year - 1) + (8 * year + 21) // 33
