"""Who wrote it: persons, not desks, publishers or addresses, where the page names any.

JSON-LD persons ─▶ metas ─▶ rel=author, itemprop ─▶ a byline by class or by its words, near the title
A name counts for more when the page also shows it; the site's own name is no author, an agency only alone.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from sites.generic.facts import Claim, Decision, Facts, clean, compact, fold
from sites.generic.names import is_agency, split_names, tidy_name
from sites.generic.structured import names_of
from sites.generic.survey import Mark
from sites.generic.words import GROUPS

__all__ = ["authors"]

_GROUP = {name: 1 << number for number, name in enumerate(GROUPS)}
_AUTHOR = _GROUP["author"]
_ELSEWHERE = _GROUP["comment"] | _GROUP["navigation"] | _GROUP["footer"]
_METAS = (
    "author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "article:author",
)
_BYLINE = re.compile(
    r"^(?:(?:written|posted|published|words|story|report|text|review|reviewed)\s+by|by|von|par|de|por|di|door|av|af|"
    r"autor(?:in)?|author|auteur|texte?|escrito por|scritto da)(?:\s*[:\-]\s*|\s+)(?=\S)",
    re.I,
)
_BYLINE_CJK = re.compile(
    r"(?:取材・文|文|執筆|記者|记者|作者|撰文)\s*[・=＝:：]\s*(?P<names>[^\s／/|｜（(。]{2,40})"
)
_BETWEEN_CJK = re.compile(r"[、，,・]")
_INSIDE = re.compile(r"(?:[·|•–—,]|\d|^\w{2,9})\s*\b(?:by|By|BY|von|Von|par|Par|por|Por):?\s+(?=[A-ZÀ-Þ])")
_BEFORE_DATE = re.compile(
    r"\s+(?:on|am|le|il|el|in|[|·•–—])\s|\s*[|·•–—-]?\s*\d|\s*[|·•]|,?\s+(?:updated|published)\b", re.I
)
_YEAR = re.compile(r"\b20[0-3]\d\b|\bmin(?:ute)?s? read\b")
_NAME = re.compile(r"[^\W\d_][\w.'’ -]*\Z")
_NEAR = 25
_DISPLAYED = (
    ("itemprop", 0.55),
    ("rel", 0.55),
    ("by", 0.5),
    ("place", 0.45),
    ("class", 0.4),
    ("alone", 0.15),
)

Names = tuple[str, ...]


def authors(facts: Facts, site: str = "") -> Decision[Names]:
    """The persons that the best source names; sources that agree lend confidence."""
    claims = _declared(facts, site)
    if not claims or claims[0].weight < 0.6:
        claims += _displayed(facts, site)
    claims.sort(key=lambda claim: -claim.weight)
    if not claims or claims[0].weight < 0.3:
        return Decision((), lost=tuple(map(repr, claims)))
    best = claims[0]
    persons = tuple(name for name in best.value if not is_agency(name))
    value = persons or best.value
    return Decision(value, best.rule, best.weight, best.node, tuple(map(repr, claims[1:])))


def _declared(facts: Facts, site: str) -> list[Claim[Names]]:
    """What the page's machine-readable parts say."""
    graph = facts.graph
    shown = " ".join(unit.text for unit in facts.found.units if unit.text.count(" ") < 60).casefold()
    own = _own_names(facts, site)
    claims: list[Claim[Names]] = []

    def add(rule: str, names: list[str], seen: float, unseen: float) -> None:
        kept = tuple({fold(name): name for name in names if name and not _is_own(name, own)}.values())
        if kept:
            visible = any(name.casefold() in shown for name in kept)
            plain = all(" " not in name and (name.islower() or not visible) for name in kept)
            claims.append(Claim(rule, kept, (seen if visible else unseen) - (0.4 if plain else 0.0)))

    persons, others = names_of(graph.many(facts.article, "author", "creator"))
    add("ld:author", [name for person in persons for name in split_names(person)], 0.95, 0.75)
    for rule in _METAS:
        names = [name for key, content in facts.all_metas if key == rule for name in split_names(content)]
        if names:
            add(f"meta:{rule}", names, 0.8, 0.5)
    add("ld:author of no person", [tidy_name(other) for other in others], 0.55, 0.5)
    return claims


def _displayed(facts: Facts, site: str) -> list[Claim[Names]]:
    """Bylines that the page shows, by what marks them and how near the title they stand."""
    found = facts.found
    title = max(0, facts.title_unit)
    own = _own_names(facts, site)
    groups: dict[str, list[tuple[int, str, LexborNode]]] = {}

    def add(rule: str, number: int, text: str, node: LexborNode, strict: bool) -> None:
        for name in split_names(text):
            if not _is_own(name, own) and (not strict or _like_a_person(name)):
                groups.setdefault(rule, []).append((number - title, name, node))

    for mark in found.marks:
        rule = _rule(mark)
        if rule and not mark.frame.bits & _ELSEWHERE:
            text = clean(mark.attributes.get("content") or facts.text(mark.node))
            if text and len(text) <= 120:
                match = _BYLINE.match(text)
                add(rule, mark.unit, text[match.end() :] if match else text, mark.node, rule == "class")
    for number in range(max(0, title - 6), min(len(found.units), title + _NEAR)):
        unit = found.units[number]
        text = unit.text
        if len(text) > 110 or unit.frame.bits & _ELSEWHERE:
            continue
        if signed := _BYLINE_CJK.match(text):
            groups.setdefault("by", []).extend(
                (number - title, name, unit.frame.node) for name in _BETWEEN_CJK.split(signed["names"])
            )
        elif match := _BYLINE.match(text) or _INSIDE.search(text):
            add("by", number, _BEFORE_DATE.split(text[match.end() :])[0], unit.frame.node, True)
        elif title < number <= title + 6 and len(text) < 40 and _like_a_person(text):
            above = unit.frame.parent or unit.frame
            rule = "place" if (unit.frame.own | above.own) & _AUTHOR else "alone"
            add(rule, number, text, unit.frame.node, True)
    claims = []
    told = [{fold(name) for _, name, _ in entries} for entries in groups.values()]
    for rule, weight in _DISPLAYED:
        entries = groups.get(rule, [])
        if not entries:
            continue
        near = min(abs(distance) for distance, _, _ in entries)
        names = {fold(name): name for distance, name, _ in entries if abs(distance) <= near + 3}
        if len(names) > 4:
            continue
        agreed = sum(bool(names.keys() & other) for other in told) > 1
        if rule == "alone" and not agreed:
            again = any(entries[0][1] in unit.text for unit in found.units[title + 7 :])
            agreed = again and any(
                _YEAR.search(unit.text) for unit in found.units[max(0, title - 2) : title + 8]
            )
        score = weight + 0.2 * agreed - (0.15 if near > 60 else 0.0)
        claims.append(Claim(f"dom:{rule}", tuple(names.values()), score, entries[0][2]))
    return claims


def _rule(mark: Mark) -> str:
    attributes = mark.attributes
    if "author" in (attributes.get("itemprop") or "").split():
        return "itemprop"
    if "author" in (attributes.get("rel") or "").split():
        return "rel"
    return "class" if mark.bits & _AUTHOR else ""


def _like_a_person(name: str) -> bool:
    """Two to four words, each beginning as names do."""
    words = name.split()
    return (
        2 <= len(words) <= 4
        and _NAME.match(name) is not None
        and words[0][:1].isupper()
        and words[-1][:1].isupper()
        and not name.isupper()
    )


def _own_names(facts: Facts, site: str) -> tuple[str, ...]:
    publisher = facts.graph.text(facts.article, "publisher")
    names = (compact(site), compact(publisher), facts.host)
    return tuple(name for name in names if name)


def _is_own(name: str, own: tuple[str, ...]) -> bool:
    """Is this the site's or the publisher's name, or its address? A name of several words may be part of either."""
    short = compact(name)
    if not short or short in own:
        return True
    return (
        " " not in name.strip() and len(short) > 3 and any(short in other or other in short for other in own)
    )
