"""What is new goes first: a link's priority, shifted by the date that a sitemap or feed gives it, or that its URL bears.

    at most 2 days old ─▶ 8 better    30 days ─▶ 4 better    a year, or who knows ─▶ as it was    older ─▶ 4 worse

A date never lifts a link out of its class: feeds and sitemaps before seeds, what a plugin calls an article before plain
pages, which the watch for traps looks at.
"""

from __future__ import annotations

import re
from datetime import date

from crawler.core.scope import PLAIN

__all__ = ["by_freshness", "date_of"]

_GIVEN = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")
_IN_URL = re.compile(
    r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])(?:[/-]?(0[1-9]|[12]\d|3[01]))?(?=[/_-]|\.\w+\Z|\Z)"
)
_STEPS = ((2, -8), (30, -4), (365, 0))
_OLD = 4
_CLASSES = ((5, 9), (11, PLAIN - 1), (PLAIN, 1_000))


def by_freshness(priority: int, url: str, lastmod: str, seen: date | None) -> int:
    """The priority of a link with `lastmod` (ISO 8601 or ""), found on a page of the day `seen`."""
    dated = date_of(url, lastmod) if seen is not None else None
    if dated is None or seen is None:
        return priority
    age = (seen - dated).days
    shift = next((shift for days, shift in _STEPS if age <= days), _OLD)
    for least, most in _CLASSES:
        if least <= priority <= most:
            return min(max(priority + shift, least), most)
    return priority


def date_of(url: str, lastmod: str) -> date | None:
    """The day that is given, or else borne by the URL's path; the last of a month that has none. None for none."""
    found = _GIVEN.match(lastmod)
    if found is None and ("/20" in url or "/19" in url):
        found = _IN_URL.search(url.partition("?")[0])
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3] or 28))
    except ValueError:
        return None
