"""What stands by the body and is not it, but worth keeping: the line under the title, the dateline, related links."""

from __future__ import annotations

import re

from sites.article import TextLink
from sites.generic import taught
from sites.generic.body import Choice
from sites.generic.elements import HEADING
from sites.generic.facts import Decision, Facts, first_letter, fold
from sites.generic.words import GROUPS

__all__ = ["dateline", "related", "subtitle"]

_GROUP = {name: 1 << number for number, name in enumerate(GROUPS)}
_SUMMARY = _GROUP["summary"]
_RELATED = _GROUP["related"] | _GROUP["teaser"]
_OUTSIDE = _GROUP["comment"] | _GROUP["navigation"] | _GROUP["footer"] | _GROUP["share"]
_NO_LINE = sum(
    _GROUP[name] for name in ("paywall", "signup", "advert", "consent", "shop", "share", "caption")
)
_DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][\w.'’-]*(?:[ /,-]+(?:[A-ZÀ-Þ][\w.'’-]*|de|do|da|del|am|an|der|upon|la|le)){0,4})"
    r"(?:,? (?:\w+\.? \d{1,2}|\d{1,2}\.? \w+)(?:,? \d{4})?)?\s*(?P<agency>\([\w/ .&-]{2,30}\))?\s*\.?[—–-]+\s+\S"
)
_DASH = re.compile(r"[—–-]\s+\S")
_NEAR, _MOST, _BEFORE, _HEADLINE = 8, 200, 4, 4


def subtitle(facts: Facts, title: str) -> Decision[str]:
    """JSON-LD's alternativeHeadline; the line near the title whose class says summary; the description, if shown."""
    folded = fold(title)
    alternative = facts.graph.text(facts.article, "alternativeHeadline")
    found = facts.found
    at = max(0, facts.title_unit)
    described = fold(
        facts.meta("og:description", "description") or facts.graph.text(facts.article, "description")
    )
    near = [unit for unit in found.units[at + 1 : at + 1 + _NEAR] if not unit.frame.bits & _OUTSIDE]
    for unit in near:
        above = unit.frame.parent or unit.frame
        if (
            4 <= unit.words <= 90
            and not (unit.frame.own | above.own) & _NO_LINE
            and (unit.frame.own | above.own) & _SUMMARY
            and unit.linked < len(unit.text) / 2
        ):
            if fold(unit.text) != folded:
                return Decision(unit.text, "dom:class", 0.7, unit.frame.node)
    if marked := _described(facts, at):
        return Decision(marked, "itemprop:description", 0.7)
    for unit in near:
        text = unit.text
        if not described or not 20 < len(text) < 500 or first_letter(text) != described[0]:
            continue
        if fold(text) == described:
            return Decision(unit.text, "dom:description", 0.7, unit.frame.node)
    for unit in near[:2]:
        if (
            not unit.frame.own & _NO_LINE
            and unit.frame.tag in HEADING
            and unit.words > 4
            and fold(unit.text) != folded
        ):
            return Decision(unit.text, "dom:heading", 0.4, unit.frame.node)
    if alternative and fold(alternative) != folded:
        return Decision(alternative, "ld:alternativeHeadline", 0.6)
    return taught.subtitle(facts)


def _described(facts: Facts, at: int) -> str:
    """What microdata call the article's description, where it stands by the title and is not the article."""
    units = facts.found.units
    for mark in facts.found.marks:
        names = (mark.attributes.get("itemprop") or "").split()
        if "description" in names and "articleBody" not in names and at < mark.unit <= at + _NEAR:
            text = facts.text(mark.node)
            if 20 < len(text) < 500 and mark.unit < len(units) and units[mark.unit].text == text:
                return text
    return ""


def dateline(first: str) -> Decision[str]:
    """The place before the first sentence, as agencies write it: "BERLIN (dpa) - ", "LONDON, Jan 5 (Reuters) — "."""
    match = _begun(first)
    for line in first.split("\n\n", _BEFORE)[1:_BEFORE] if match is None else ():
        further = _begun(line)
        if further is not None and further["agency"]:  # behind a byline
            match = further
            break
    if match is None or not (match["agency"] or match["place"].isupper() or match.end() < 30):
        return Decision("")
    place = match["place"].strip(" ,")
    if len(place) < 3 or (len(place.split()) > 3 and not match["agency"]):
        return Decision("")
    return Decision(place, "text:dateline", 0.7 if match["agency"] or place.isupper() else 0.5)


def _begun(text: str) -> re.Match[str] | None:
    return _DATELINE.match(text[:120]) if _DASH.search(text, 0, 120) else None


def related(facts: Facts, choice: Choice) -> tuple[TextLink, ...]:
    """Links to other articles that stand among the body or in boxes by it: headlines, not navigation."""
    kept = choice.kept
    if not kept:
        return ()
    first, last = kept[0], kept[-1]
    taken = set(kept)
    listed = taught.numbers(facts, facts.template.related)
    out: dict[str, TextLink] = {}
    for number, unit in enumerate(facts.found.units):
        if number in taken or not unit.links or len(out) >= _MOST:
            continue
        told = number in listed
        if unit.frame.bits & _OUTSIDE and not told:
            continue
        inside = told or first <= number <= last
        if not inside and not unit.frame.bits & _RELATED:
            continue
        for anchor, start, end in unit.links:
            words = "".join(unit.parts[start:end]).split()
            if len(words) < _HEADLINE:
                continue
            href = facts.found.anchors[anchor].href.strip()
            if href and href[0] != "#" and (url := facts.joiner.join(href)) and url not in out:
                text = " ".join(words)
                out[url] = TextLink(url, text, 0, len(text))
    return tuple(out.values())
