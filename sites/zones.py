"""Time zones as pages name them, as offsets from UTC. A zone that is not stated is not guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

__all__ = ["ZONE", "zone_offset"]

# Minutes east of UTC. Of a name with several owners the one most pages mean; `_ELSEWHERE` has others.
_NAMED = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "mez": 60, "mesz": 120, "wat": 60, "sast": 120, "cat": 120, "eet": 120, "eest": 180, "msk": 180,
    "мск": 180, "trt": 180, "eat": 180, "gst": 240, "pkt": 300, "ist": 330, "npt": 345, "wib": 420,
    "ict": 420, "wita": 480, "sgt": 480, "hkt": 480, "pht": 480, "awst": 480, "wit": 540, "jst": 540,
    "kst": 540, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "nst": -210,
    "ndt": -150, "ast": -240, "adt": -180, "brt": -180, "art": -180, "est": -300, "edt": -240,
    "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540,
    "akdt": -480, "hst": -600,
}  # fmt: skip
_ELSEWHERE = {
    ("ist", "en-ie"): 60, ("ist", "ga"): 60, ("ist", "he"): 120, ("cst", "zh"): 480, ("est", "en-au"): 600,
    ("edt", "en-au"): 660, ("bst", "bn"): 360,
}  # fmt: skip
_AMERICAN = {"et": -300, "ct": -360, "mt": -420, "pt": -480}  # standard time; an hour later in summer

_NAMES = "|".join(sorted([*_NAMED, *_AMERICAN], key=len, reverse=True))
ZONE = re.compile(
    rf"\s*\(?(?:(?P<name>{_NAMES})(?![^\W_]))?"
    r"(?:\s*(?P<sign>[+\-\u2212])\s?(?P<hours>\d{1,2})(?:(?::|(?<=\d\d))(?P<minutes>\d\d))?(?![\d:]))?",
    re.IGNORECASE,
)
"""A zone right after a time: a name, an offset, or a name with an offset ("GMT+2"). May match nothing."""


def zone_offset(match: re.Match[str], local: datetime, language: str = "") -> timedelta | None:
    """The offset that a match of `ZONE` states for that local time; None when it states none, or nonsense."""
    name = (match["name"] or "").lower()
    if match["sign"]:
        minutes = int(match["hours"]) * 60 + int(match["minutes"] or 0)
        if minutes > 15 * 60 or int(match["minutes"] or 0) > 59:
            return None
        if name not in ("", "utc", "gmt", "ut", "z"):
            return timedelta(minutes=_NAMED[name]) if name in _NAMED else None
        return timedelta(minutes=minutes if match["sign"] == "+" else -minutes)
    if name in _AMERICAN:
        return timedelta(minutes=_AMERICAN[name] + (60 if _american_summer(local) else 0))
    if name:
        language = language.lower().replace("_", "-")
        for tag in (language, language.partition("-")[0]):
            if (name, tag) in _ELSEWHERE:
                return timedelta(minutes=_ELSEWHERE[name, tag])
        return timedelta(minutes=_NAMED[name])
    return None


def _american_summer(local: datetime) -> bool:
    """Daylight saving in the United States: Energy Policy Act of 2005 from 2007 on, before that of 1986."""
    if local.year >= 2007:
        first, last = _sunday(local.year, 3, 8), _sunday(local.year, 11, 1)
    elif local.year >= 1987:
        first, last = _sunday(local.year, 4, 1), _sunday(local.year, 10, 25)
    else:
        first, last = _sunday(local.year, 4, 24), _sunday(local.year, 10, 25)
    at_two = timedelta(hours=2)
    return (
        datetime(first.year, first.month, first.day) + at_two
        <= local
        < (datetime(last.year, last.month, last.day) + at_two)
    )


def _sunday(year: int, month: int, day: int) -> date:
    """The first Sunday on or after a day."""
    first = date(year, month, day)
    return first + timedelta(days=(6 - first.weekday()) % 7)
