"""Who signs below: a line that says so, or a paragraph of names alone, where no byline stands by the title."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from selectolax.lexbor import LexborNode

from sites.generic.elements import kind_of
from sites.generic.facts import Facts, compact, fold
from sites.generic.grammar import END, signed
from sites.generic.names import is_own, is_person, split_names
from sites.generic.words import GROUPS, PLACES

__all__ = ["Entry", "signed_below", "undersigned"]

_APART: Final = 1 << list(GROUPS).index("comment") | 1 << len(GROUPS) + PLACES.index("blockquote")
_PARAGRAPH: Final = kind_of("p")
_AND: Final = re.compile(r"\b(?:and|und|et|y|e|en|og|och|i|dan|và|и|і)\b")
_SENTENCE: Final = 20
_LINE: Final = 60
_LONG: Final = 110

Entry = tuple[int, str, LexborNode, float]
"""A sighting: units from the title, the name, the element, what it counts less for standing apart."""


def signed_below(facts: Facts, title: int, own: tuple[str, ...], groups: dict[str, list[Entry]]) -> None:
    """Lines further down that say who wrote the text."""
    for number, unit in enumerate(facts.found.units[title + 1 :], title + 1):
        if len(unit.text) > _LONG or unit.frame.bits & _APART:
            continue
        if match := signed(unit.text):
            names = [
                n
                for n in split_names(END.split(unit.text[match.end() :])[0])
                if is_person(n) and compact(n) not in own
            ]
            if names:
                groups["signed"] = [(number - title, name, unit.frame.node, 0.0) for name in names]
                return


def undersigned(facts: Facts, own: tuple[str, ...], groups: dict[str, list[Entry]]) -> None:
    """A paragraph of names alone, just before or after the paragraphs of the text, as papers sign that have no byline."""
    units, frames = facts.found.units, Counter[int]()
    for unit in units:
        if unit.words >= _SENTENCE and unit.frame.tag == _PARAGRAPH and unit.frame.parent is not None:
            frames[unit.frame.parent.serial] += 1
    for serial, count in frames.most_common(1):
        inside = [
            n
            for n, unit in enumerate(units)
            if unit.frame.parent is not None and unit.frame.parent.serial == serial
        ]
        told = [at for at, n in enumerate(inside) if units[n].words >= _SENTENCE]
        if count < 3:
            return
        for at in (told[-1] + 1, told[-1] + 2, told[0] - 1):
            if not 0 <= at < len(inside) or units[inside[at]].frame.tag != _PARAGRAPH:
                continue
            text = units[inside[at]].text
            names = (
                split_names(text)
                if len(text) < _LINE and text[-1].isalnum() and not units[inside[at]].links
                else []
            )
            if (
                names
                and fold(" ".join(names)) == fold(_AND.sub(" ", text))
                and all(is_person(name) and not is_own(name, own) for name in names)
            ):
                groups["undersigned"] = [
                    (inside[at] - max(0, facts.title_unit), name, units[inside[at]].frame.node, 0.0)
                    for name in names
                ]
                return
