"""The day that a page's own data give, where the page is built by a script: data of no standard, read as text.

"publishedAt":"2024-03-12T07:30:00Z"   the one by the title, since the data tell of other stories too
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["dates_in_scripts"]

_DATE: Final = re.compile(
    r"\"(?:date_?published|published_?(?:at|on|date|time)?|publish_?(?:date|time|ed_?date)|publication_?(?:date|time)|pub_?date|"
    r"first_?published\w{0,8}|release_?date|display_?date|date_?created|created_?at)\\?\"\s*:\s*\\?\""
    r"(?P<date>(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?)(?=\\?\")",
    re.I,
)
_MOST: Final = 200
_NEAR: Final = 4_000
_LONGEST: Final = 3_000_000


def dates_in_scripts(source: str, titles: list[str]) -> str:
    """The date in the data of the page's scripts that stands nearest to one of its titles, or the only one; "" for none."""
    if len(source) > _LONGEST:
        return ""
    if "&quot;" in source:
        source = source.replace("&quot;", '"')
    found = [
        (match.start(), match["date"]) for match, _ in zip(_DATE.finditer(source), range(_MOST), strict=False)
    ]
    if len({date[:10] for _, date in found}) <= 1:
        return found[0][1] if found else ""
    places = [
        match.start()
        for title in titles
        if len(title) > 10
        for match, _ in zip(re.finditer(rf"\"{re.escape(title)}\\?\"", source), range(_MOST), strict=False)
    ]
    near = min(((abs(at - place), date) for at, date in found for place in places), default=(_NEAR, ""))
    return near[1] if near[0] < _NEAR else ""
