"""When: the publication, as the page claims it, and what speaks against the claim.

JSON-LD ─▶ article:published_time and its kin ─▶ itemprop, <time> ─▶ the visible date near the title ─▶ URL
A claim with a zone comes before one without; a claim that most of the others contradict does not win.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from selectolax.lexbor import LexborNode

from sites.dates import is_plain, parse_moment
from sites.generic.facts import Claim, Decision, Facts
from sites.generic.issued import has_date, is_change, issue_in, line_at, tells_issue
from sites.generic.scripted import dates_in_scripts
from sites.generic.structured import types_of
from sites.generic.words import GROUPS
from sites.moment import Moment

__all__ = ["ELSEWHERE", "by_title", "claims", "published", "written"]

_PUBLISHED: Final = (
    "article:published_time", "og:article:published_time", "article:published", "parsely-pub-date", "sailthru.date",
    "datepublished", "date.publication", "publication_date", "publish-date", "pubdate", "publishdate", "cxenseparse:recs:publishtime",
    "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created", "dc.date", "dcterms.date", "date",
    "og:published_time", "published_time", "originalpublicationdate", "ptime", "published", "published-date",
    "citation_publication_date", "citation_date", "citation_online_date",
)  # fmt: skip
_ANY: Final = frozenset(("meta:date", "meta:dc.date", "meta:dcterms.date"))  # of the text, or of its file
_NAMED: Final = re.compile(
    r"publish(?:ed)?[_.:-]?(?:date|time|at|on)?\Z|publication[_.:-]?(?:date|time)\Z|pub[_.:-]?date|date[_.:-]?publi(?:shed|cation)|"
    r"(?:release|issue|posted|post|article|story|content)[_.:-]?date\Z"
)
"""What other metas are called that give the day."""
_IN_URL: Final = re.compile(
    r"/((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|[/a-zA-Z_=-](20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=\D|\Z|\d{4})"
)
_DAY_FIRST_IN_URL: Final = re.compile(r"[/_-](1[3-9]|2\d|3[01])-(0?[1-9]|1[0-2])-(20[0-3]\d)(?!\d)")

_LABEL: Final = re.compile(
    r"\b(?:(?:erschienen|veröffentlicht|erstellt|publiziert) am|published(?: on)?|posted on|publié le|publicado el|pubblicato il|"
    r"date|datum|written)\s*:\s*(?=\w{0,12},?\s?\d)",
    re.I,
)
_GROUP: Final = {name: 1 << number for number, name in enumerate(GROUPS)}
_META: Final = _GROUP["meta"]
ELSEWHERE: Final = _GROUP["comment"] | _GROUP["related"] | _GROUP["navigation"] | _GROUP["footer"]
_OTHERS: Final = _GROUP["comment"] | _GROUP["related"]
_NEAR: Final = 30
_MOST_TRIED: Final = 40
_BY_TITLE: Final = "dom:by title"
_SEEN: Final = (_BY_TITLE, "url")
_UTC: Final = timedelta()
_A_DAY: Final = timedelta(days=1)
_A_QUARTER: Final = timedelta(minutes=15)
_FARTHEST: Final = timedelta(hours=14)


def written(text: str, language: str = "") -> Moment | None:
    """The moment that a short text tells, or None."""
    text = text.strip()
    if not text or len(text) > 120:
        return None
    if is_plain(text):
        return _parsed(text, "")
    return _parsed(text, language) if any(map(str.isdigit, text)) else None


@lru_cache(maxsize=128)
def _parsed(text: str, language: str) -> Moment | None:
    """Remembered: a page says the same date in many places, and more than one field asks for it."""
    return parse_moment(text, language=language)


def claims(facts: Facts, language: str = "") -> list[Claim[Moment]]:
    """What the page's data and its address say of the day it was published."""
    if facts.told is not None:
        return [*facts.told]
    found: list[Claim[Moment]] = []
    plain = True

    def add(rule: str, text: str, weight: float, node: LexborNode | None = None) -> None:
        nonlocal plain
        plain = plain and (not text or is_plain(text))
        moment = written(text, language)
        if moment is not None and 1990 <= moment.local.year < 2100:
            found.append(Claim(rule, moment, weight, node))

    graph = facts.graph
    add("ld:datePublished", graph.text(facts.article, "datePublished"), 0.95)
    add("ld:dateCreated", graph.text(facts.article, "dateCreated", "uploadDate"), 0.6)
    if facts.article is None:
        page = next((node for node in graph.nodes if "webpage" in types_of(node)), None)
        add("ld:WebPage", graph.text(page, "datePublished"), 0.6)
    for name in _PUBLISHED:
        if text := facts.metas.get(name, ""):
            add(f"meta:{name}", text, 0.9 if name.startswith("article:") else 0.7)
    if not found:
        for name, text in facts.metas.items():
            if _NAMED.search(name):
                add(f"meta:{name}", text, 0.65)
    for mark in facts.found.marks:
        attributes = mark.attributes
        if "datePublished" in (attributes.get("itemprop") or attributes.get("property") or ""):
            add(
                "itemprop:datePublished",
                attributes.get("content") or attributes.get("datetime") or facts.text(mark.node),
                0.8,
                mark.node,
            )
        elif attributes.get("datetime"):
            add("time", attributes.get("datetime") or "", 0.35 if is_change(mark) else 0.5, mark.node)
    listed = [claim for claim in found if claim.rule == "itemprop:datePublished"]
    if len({claim.value.date() for claim in listed}) > 2:  # those of other stories too
        for number, claim in enumerate(listed):
            claim.weight = 0.4 if number else 0.55
    url = facts.page.url[
        max(0, facts.page.url.rfind("http")) :
    ]  # an archive's address has the page's own in it
    if match := _IN_URL.search(url):
        add("url", "-".join(part for part in match.groups() if part), 0.4 if match[1] else 0.3)
    elif match := _DAY_FIRST_IN_URL.search(url):
        add("url", f"{match[3]}-{match[2]}-{match[1]}", 0.3)
    if plain:  # the same in every language
        facts.told = [*found]
    return found


def _displayed(facts: Facts, language: str) -> list[Claim[Moment]]:
    """Dates that the page shows: by a class that says so, or by standing near the title; the nearest first."""
    found = facts.found
    title = max(0, facts.title_unit)
    elsewhere, others = facts.apart(ELSEWHERE), facts.apart(_OTHERS)
    claims: list[Claim[Moment]] = []
    tried: set[str] = set()

    def add(rule: str, number: int, text: str, weight: float, node: LexborNode) -> None:
        if len(tried) > _MOST_TRIED or text in tried or not has_date(text):
            return
        tried.add(text)
        distance = number - title
        weight -= min(0.3, abs(distance) / 200 + (0.05 if distance < 0 else 0.0))
        issue = issue_in(text)
        if not issue or number == facts.title_unit:
            weight -= 0.15
        elif tells_issue(text):
            weight += 0.15
        moment = written(issue or text, language)
        if moment is not None and 1990 <= moment.local.year < 2100:
            claims.append(Claim(rule, moment, weight, node))

    for mark in found.marks:
        if mark.bits & _META and not mark.frame.bits & elsewhere and mark.unit < len(found.units):
            text, told = line_at(facts, mark.unit)
            if told and len(text) < 100:
                add("dom:class", mark.unit, text, 0.65, mark.node)
    for number in range(max(0, title - 8), min(len(found.units), title + _NEAR)):
        unit = found.units[number]
        if not unit.frame.bits & elsewhere:
            text, told = line_at(facts, number)
            if len(text) >= 100:
                add("dom:near", number, text[:90], 0.4, unit.frame.node)
            elif told:
                add("dom:near", number, text, 0.5, unit.frame.node)
    for unit in found.units:
        text = unit.text
        if len(text) >= 200 or ":" not in text or unit.frame.bits & others:
            continue
        if label := _LABEL.search(text):
            add("dom:label", title, text[label.end() : label.end() + 40], 0.6, unit.frame.node)
    if not claims:
        for number, unit in enumerate(found.units):
            text = unit.text
            if not unit.frame.bits & others and (
                len(text) < 80 or (has_date(text[:90]) and tells_issue(text[:60]))
            ):
                add("dom:line", number, text[:90], 0.4, unit.frame.node)
    return claims


def by_title(facts: Facts, language: str) -> list[Claim[Moment]]:
    """The date on a line of its own by the title, when nothing there calls it that of a change."""
    key = (facts.title_unit, language)
    if key not in facts.by_title:
        facts.by_title[key] = _by_title(facts, language)
    return facts.by_title[key]


def _by_title(facts: Facts, language: str) -> list[Claim[Moment]]:
    title = facts.title_unit
    if title < 0:
        return []
    units, others = facts.found.units, facts.apart(_OTHERS)
    for number in (*range(title + 1, min(title + 11, len(units))), *range(max(0, title - 2), title)):
        unit = units[number]
        if len(unit.text) > 80 or unit.frame.bits & others:
            continue
        text, told = line_at(facts, number)
        if len(text) > 80 or not told:
            continue
        moment = written(issue_in(text), language)
        if moment is not None and 1990 <= moment.local.year < 2100:
            return [Claim(_BY_TITLE, moment, 0.6 if number < title + 7 else 0.3, unit.frame.node)]
    return []


def published(facts: Facts, language: str = "") -> Decision[Moment | None]:
    """The date the page claims to be of."""
    told = claims(facts, language)
    shown = by_title(facts, language)
    if not told or max(claim.weight for claim in told) < 0.7:
        told += _displayed(facts, language)
    told += shown
    if not told:
        titles = [facts.meta("og:title"), facts.tab]
        if moment := written(dates_in_scripts(facts.page.text, titles)):
            return Decision(moment, "script", 0.4)
        return Decision(None)
    days: dict[date, float] = {}
    for _, day in {(claim.rule, claim.value.date()) for claim in told}:
        days[day] = days.get(day, 0.0) + 0.15
    best, most = told[0], -1.0
    for claim in told:
        score = claim.weight + min(0.45, days[claim.value.date()])
        if score > most:
            best, most = claim, score
    for claim in told:
        if claim.rule == _BY_TITLE and _older(claim, best):
            best = claim
            break
    lost = tuple([claim for claim in told if claim is not best])
    the_day, finer, fineness = best.value.date(), best, (False, False, -1.0)
    for claim in told:
        if claim.value.date() == the_day:
            fine = (claim.value.zone is not None, claim.value.precision != "day", claim.weight)
            if fine > fineness:
                finer, fineness = claim, fine
    return Decision(_local(finer.value, told), finer.rule, best.weight, finer.node, lost)


def _older(claim: Claim[Moment], best: Claim[Moment]) -> bool:
    """Is this the day that readers see, before that of the data? Data is renewed when a page moves or changes."""
    apart = best.value.date() - claim.value.date()
    return claim.weight >= 0.4 and (apart > _A_DAY or (best.rule in _ANY and apart < -_A_DAY))


def _local(moment: Moment, told: list[Claim[Moment]]) -> Moment:
    """An instant told in UTC on another day than the one that readers see: in the zone that makes them the same."""
    if moment.zone != _UTC:
        return moment
    zones = [zone for claim in told if (zone := claim.value.zone) not in (None, _UTC)]
    for claim in told:
        seen = claim.value
        if claim.rule not in _SEEN or abs(seen.date() - moment.date()) != _A_DAY:
            continue
        if seen.precision != "day" and seen.zone is None:
            apart = seen.local.replace(second=0) - moment.local.replace(second=0)
            if apart % _A_QUARTER == timedelta() and abs(apart) <= _FARTHEST:
                zones.insert(0, apart)
        for zone in zones:
            if zone is not None and (moment.local + zone).date() == seen.date():
                return Moment(moment.local + zone, moment.precision, zone=zone, text=moment.text)
    seen_days = {
        claim.value.date() for claim in told if claim.rule in _SEEN and claim.value.precision == "day"
    }
    if not zones and moment.precision != "day" and len(seen_days) == 1:
        return _nearest(moment, seen_days.pop())
    return moment


def _nearest(moment: Moment, day: date) -> Moment:
    """An instant of UTC on the day after or before that readers see: moved by the least whole hours that bring it there, not
    further east than the Levant nor west than the Pacific."""
    hours = 24 - moment.local.hour if day > moment.date() else -1 - moment.local.hour
    if abs(day - moment.date()) != _A_DAY or not -8 <= hours <= 3:
        return moment
    zone = timedelta(hours=hours)
    return Moment(moment.local + zone, moment.precision, zone=zone, text=moment.text)
