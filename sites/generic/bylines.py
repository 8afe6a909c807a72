"""Bylines that a page shows: who is named, what marks the name, how near the title it stands.

itemprop, rel=author ─┐
class of an author ───┼─▶ names by what marks them ─▶ the nearest of each, weighed ─▶ claims
"By …", "Von …" ──────┤      a mark within a footer counts for less, one in a comment not at all
a name on a line ─────┘      (with a link to a profile, or introduced below)
"""

from __future__ import annotations

from typing import Final

from sites.generic.facts import Claim, Facts, clean, fold
from sites.generic.grammar import END, LABELS, PROFILE, WHO, byline, inside, is_checked, posted
from sites.generic.names import (
    beside_agency,
    beside_date,
    is_house,
    is_own,
    is_person,
    split_names,
    tidy_name,
)
from sites.generic.parts import lines_of
from sites.generic.signatures import Entry, signed_below, undersigned
from sites.generic.survey import Mark
from sites.generic.uncased import is_uncased, looks_like_name, signed
from sites.generic.words import GROUPS, PLACES

__all__ = ["Entry", "Names", "displayed", "longer", "sightings"]

_GROUP: Final = {name: 1 << number for number, name in enumerate(GROUPS)}
_AUTHOR: Final = _GROUP["author"]
_COMMENT: Final = _GROUP["comment"]
_APART: Final = _GROUP["navigation"] | _GROUP["footer"]
_OTHERS: Final = _GROUP["related"] | _GROUP["teaser"]
_QUOTED: Final = 1 << len(GROUPS) + PLACES.index("blockquote")
_NEXT: Final = 8
_NEAR: Final = 25
_FAR: Final = 60
_SHORT: Final = 40
_LINE: Final = 60
_LONG: Final = 110
_MOST: Final = 4
_BOX: Final = 2_000
_ANOTHER: Final = 4
"""Letters that another name has at least, with the comma before it."""
_BEGINNING: Final = 200
_LONGEST: Final = 120
_WEIGHTS: Final = (
    ("itemprop", 0.55),
    ("rel", 0.55),
    ("by", 0.5),
    ("place", 0.45),
    ("class", 0.4),
    ("signed", 0.4),
    ("link", 0.45),
    ("undersigned", 0.4),
    ("alone", 0.15),
)

Names = tuple[str, ...]


def sightings(facts: Facts) -> list[tuple[str, Entry]]:
    """The names that an element calls an author's, or that stand by the title as bylines do: how each is marked."""
    title = max(0, facts.title_unit)
    seen: list[tuple[str, Entry]] = []
    _marked(facts, title, seen)
    _near(facts, title, seen)
    return seen


def displayed(facts: Facts, own: tuple[str, ...], seen: list[tuple[str, Entry]]) -> list[Claim[Names]]:
    """One claim for each way of marking an author that the page uses, of the `sightings` and what is further down."""
    title = max(0, facts.title_unit)
    groups: dict[str, list[Entry]] = {}
    for rule, entry in seen:
        if not is_own(entry[1], own):
            groups.setdefault(rule, []).append(entry)
    if not groups.keys() - {"alone"}:
        signed_below(facts, title, own, groups)
    if not groups.keys() - {"alone"}:
        undersigned(facts, own, groups)
    told = [{fold(name) for _, name, _, _ in entries} for entries in groups.values()]
    every = frozenset().union(*told)
    claims = []
    for rule, weight in _WEIGHTS:
        entries = groups.get(rule)
        if not entries:
            continue
        if any(is_person(name) for _, name, _, _ in entries):
            entries = [entry for entry in entries if is_person(entry[1]) or entry[1].isupper()]
        near = min(abs(distance) for distance, _, _, _ in entries)
        names = {fold(name): name for distance, name, _, _ in entries if abs(distance) <= near + 3}
        names = {key: name for key, name in names.items() if not any(_holds(key, other) for other in every)}
        if not names or len(names) > _MOST:
            continue
        if rule == "class" and near > _FAR and len({name for _, name, _, _ in entries}) > 2:
            continue  # those of other stories
        agreed = sum(bool(names.keys() & other) for other in told) > 1
        if rule == "alone" and not agreed:
            agreed = _introduced(facts, title, entries[0][1]) or _again(facts, entries[0])
        less = min(apart for _, _, _, apart in entries)
        score = (
            weight
            + 0.2 * agreed
            - less
            - (0.11 if near > _FAR and rule not in ("signed", "undersigned") else 0.0)
        )
        claims.append(Claim(f"dom:{rule}", tuple(names.values()), score, entries[0][2]))
    return claims


def longer(facts: Facts, names: Names) -> Names:
    """The byline by the title that names these persons and others with them; () when there is none."""
    title = max(0, facts.title_unit)
    known = {fold(name) for name in names}
    for unit in facts.found.units[title + 1 : title + 1 + _NEAR]:
        more = len(unit.text) - len(names[0])
        if more < _ANOTHER or len(unit.text) > _LONG or names[0] not in unit.text:
            continue
        if unit.frame.bits & _COMMENT:
            continue
        match = byline(unit.text)
        said = split_names(END.split(unit.text[match.end() :])[0] if match else unit.text)
        if known < {fold(name) for name in said} and len(said) <= 2 * _MOST and all(map(is_person, said)):
            return tuple(said)
    return ()


def _marked(facts: Facts, title: int, seen: list[tuple[str, Entry]]) -> None:
    units = facts.found.units
    for mark in facts.found.marks:
        rule = _rule(mark)
        if not rule or mark.frame.bits & _COMMENT:
            continue
        text = _said_by(facts, mark)
        if not text:
            continue
        if mark.unit and is_checked(units[mark.unit - 1].text[-40:] if mark.unit <= len(units) else ""):
            continue
        match = byline(text) or (inside(text) if rule == "class" else None)
        if match and is_checked(text[: match.end()]):
            continue
        said = END.split(text[match.end() :])[0] if match else text
        for name in split_names(said):
            if rule == "class" and (
                (mark.unit - title > _NEXT and match is None and mark.frame.bits & _OTHERS)
                or (mark.unit - title > _FAR and not is_person(name))
            ):
                continue
            if not (" " in name and is_house(name)) and (
                rule != "class" or _shown_name(name, said, mark, match is not None)
            ):
                apart = 0.08 if mark.frame.bits & _APART else 0.0
                seen.append((rule, (mark.unit - title, name, mark.node, apart)))


def _said_by(facts: Facts, mark: Mark) -> str:
    """The text of an element that may be a byline; "" when it is longer than those are."""
    text = mark.attributes.get("content") or facts.text(mark.node, _BEGINNING)
    if len(text) > _BEGINNING:
        if len(clean(text)) > _LONGEST:
            return ""
        text = mark.attributes.get("content") or facts.text(mark.node, _BOX)
    if len(text) > _BOX:
        return ""
    text = clean(text)
    return text if len(text) <= _LONGEST else ""


def _near(facts: Facts, title: int, seen: list[tuple[str, Entry]]) -> None:
    units = facts.found.units
    for number in range(max(0, title - 6), min(len(units), title + _NEAR)):
        unit = units[number]
        text = unit.text
        if unit.frame.bits & (_COMMENT | _APART | _QUOTED):
            continue
        if is_uncased(text[:_LONG]) and number != title and (names := signed(text[:_LONG])):
            for name in names:
                seen.append(("by", (number - title, name, unit.frame.node, 0.0)))
            continue
        if "\n" in unit.parts and not byline(text):
            for line in lines_of(unit):
                if len(line) < _LINE and (match := byline(line)):
                    for name in split_names(END.split(line[match.end() :])[0]):
                        if is_person(name):
                            seen.append(("by", (number - title, name, unit.frame.node, 0.0)))
        if len(text) > _LONG:
            continue
        names = []
        before = units[number - 1].text if number else ""
        if len(before) < _SHORT and is_checked(before):
            continue
        if len(before) < 20 and before.casefold().rstrip(" :") in LABELS and len(text) < 60:
            rule, names = (
                "by",
                [name for name in split_names(text) if is_person(name) or looks_like_name(name)],
            )
        elif match := byline(text) or inside(text):
            rule = "by"
            names = [name for name in split_names(END.split(text[match.end() :])[0]) if is_person(name)]
            if not names and (handle := posted(text)):
                names = [name] if (name := tidy_name(handle["name"])) else []
        elif handle := posted(text):
            rule, names = "by", [name] if (name := tidy_name(handle["name"])) else []
        elif (
            title < number <= title + 6
            and len(text) < _LINE
            and (names := beside_agency(text) or beside_date(text))
        ):
            rule = "place"
        elif title < number <= title + 6 and len(text) < 40 and is_person(text):
            above = unit.frame.parent or unit.frame
            rule = "place" if (unit.frame.own | above.own) & _AUTHOR else "alone"
            if any(PROFILE.search(facts.found.anchors[anchor].href) for anchor, _, _ in unit.links):
                rule = "link"
            names = [name for name in split_names(text) if is_person(name)]
        elif title < number <= title + 6 and unit.links:
            anchor = facts.found.anchors[unit.links[0][0]]
            begins = PROFILE.search(anchor.href) and text.startswith(anchor.text) and is_person(anchor.text)
            rule, names = "link", [anchor.text] if begins else []
        for name in names:
            seen.append((rule, (number - title, name, unit.frame.node, 0.0)))


def _introduced(facts: Facts, title: int, name: str) -> bool:
    """Does the page tell below who it is that stands alone on a line?"""
    return any(
        unit.text.startswith(name) and WHO.match(unit.text, len(name))
        for unit in facts.found.units[title + 7 :]
    )


def _again(facts: Facts, entry: Entry) -> bool:
    """Does the name right below the title stand on a line of its own once more, further down?"""
    distance, name, _, _ = entry
    title = max(0, facts.title_unit)
    return (
        0 < distance <= 3
        and not any(word.isupper() and len(word) > 2 for word in name.split())
        and any(unit.text == name for unit in facts.found.units[title + distance + 8 :])
    )


def _holds(name: str, other: str) -> bool:
    """Does a name hold another one, with a role or a place glued on?"""
    return other != name and " " in other and (name.startswith(other) or f" {other} " in f" {name} ")


def _shown_name(name: str, said: str, mark: Mark, led: bool) -> bool:
    """In an element that calls itself an author's: a person's name, or one word that is all it says."""
    if looks_like_name(name):
        return True
    if " " in name:
        return is_person(name.title() if name.isupper() and led else name)
    card = "vcard" in (mark.attributes.get("class") or "")
    return len(name) > 2 and said.strip(" ,") == name and not name.isupper() and (card or name[0].isupper())


def _rule(mark: Mark) -> str:
    attributes = mark.attributes
    value = attributes.get("itemprop")
    if value and "author" in value and "author" in value.split():
        return "" if "Organization" in (attributes.get("itemtype") or "") else "itemprop"
    value = attributes.get("rel")
    if value and "author" in value and "author" in value.split():
        return "rel"
    return "class" if mark.bits & _AUTHOR else ""
