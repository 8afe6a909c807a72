"""Dates that lie: the published date stays as the page claims it; what contradicts it is told beside it."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from sites.dates import parse_moment
from sites.generic.dating import by_title, claims
from sites.generic.facts import Decision, Facts
from sites.moment import Moment

__all__ = ["conflicts"]

_FIRM: Final = ("ld:datePublished", "meta:", "itemprop:", "url")
_A_DAY: Final = timedelta(days=1)
_A_MONTH: Final = timedelta(days=31)
_DATELINE: Final = re.compile(
    r"[^.!?]{3,60}?,? (?P<day>[A-Z][a-z]{2,8}\.? \d{1,2})(?:,? \d{4})?\)? *(?:\([^)]{2,30}\))? *[—–-] "
)


def conflicts(
    facts: Facts, when: Decision[Moment | None], changed: Moment | None, text: str
) -> tuple[str, ...]:
    """Reasons, in words, why the published date may be wrong: the page's other claims, its address, the date in the
    text's dateline, `modified`, the server's Last-Modified, the day it was fetched."""
    moment = when.value
    if moment is None:
        return ()
    firm: dict[str, Moment] = {}
    for claim in claims(facts):
        if claim.rule.startswith(_FIRM):
            firm.setdefault(claim.rule, claim.value)  # later ones are of comments and other stories
    reasons = [
        f"{rule} says {said}, {when.rule} says {moment}"
        for rule, said in firm.items()
        if abs(said.date() - moment.date()) > _A_DAY
    ]
    for claim in by_title(facts, facts.found.language):
        told = (moment, changed or moment, *firm.values())
        if claim.weight > 0.4 and all(abs(claim.value.date() - other.date()) > _A_DAY for other in told):
            reasons.append(f"by the title it says {claim.value}, {when.rule} says {moment}")
    if changed is not None and changed.sort_key < moment.sort_key - _A_DAY:
        reasons.append(f"modified {changed} before it was published {moment}")
    stored = _last_modified(facts)
    if stored is not None and stored.sort_key < moment.sort_key - _A_DAY:
        reasons.append(f"the server has it from {stored}, before it was published {moment}")
    seen = facts.page.fetched_at
    if seen is not None and moment.sort_key > seen + _A_DAY:
        reasons.append(f"published {moment} after it was fetched {seen.isoformat(timespec='seconds')}")
    if said := _dateline(text, moment):
        reasons.append(f"the text is dated {said}, {when.rule} says {moment}")
    return tuple(reasons)


def _last_modified(facts: Facts) -> Moment | None:
    """RFC 9110, 8.8.2; None for what is no date."""
    told = facts.page.header("last-modified")
    try:
        return Moment.of(parsedate_to_datetime(told)) if told else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _dateline(text: str, moment: Moment) -> str:
    """The day in the dateline, as written, when no year puts it within a month of the published date."""
    match = _DATELINE.match(text[:120])
    if match is None:
        return ""
    nearest = min(
        (
            abs(said.date() - moment.date())
            for year in (moment.local.year - 1, moment.local.year, moment.local.year + 1)
            if (said := parse_moment(f"{match['day']} {year}", language="en")) is not None
        ),
        default=timedelta(),
    )
    return match["day"] if nearest > _A_MONTH else ""
