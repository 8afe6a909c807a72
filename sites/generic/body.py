"""The body: which units are the article's own text. The model judges each; copies of what is kept go out.

units ─▶ model: a probability each ─▶ template: what the host repeats ─▶ copies ─▶ Choice
"""

from __future__ import annotations

import msgspec

from sites.generic import taught
from sites.generic.facts import Facts
from sites.generic.model import Model
from sites.generic.survey import Unit

__all__ = ["Choice", "choose"]

_LINE, _LONG, _BLOB = 8, 12, 80
_TEXT = 40
"""Fewer letters than these, all in all, are a day, a name, a label; the shortest article of the corpus has 137."""
_PROMOTIONS = frozenset("promo promotion advert advertisement sponsored subscribe newsletter donate".split())
_SURE = 0.97
"""A block that calls itself a promotion is only the article's when the model is surer than this."""


class Choice(msgspec.Struct, frozen=True):
    """For each unit its probability, and why it is left out ("" when the probability alone says so); those kept."""

    chances: list[float]
    reasons: list[str]
    kept: list[int]


def choose(facts: Facts, model: Model) -> Choice:
    """Judge every unit of the survey."""
    units = facts.found.units
    chances = model.chances(facts)
    reasons = [""] * len(units)
    if facts.template.version:
        chances = taught.judge(facts, chances, reasons, model.threshold)
    good = [
        number for number, chance in enumerate(chances) if chance >= model.threshold and not reasons[number]
    ]
    for number in good:
        name = units[number].frame.name
        if name and chances[number] < _SURE and not _PROMOTIONS.isdisjoint(name.lower().split()):
            reasons[number] = "a promotion, by its class"
    good = [number for number in good if not reasons[number]]
    _heaps(units, good, reasons)
    _copies(units, [number for number in good if not reasons[number]], chances, reasons)
    kept = [number for number in good if not reasons[number]]
    if kept and sum(len(units[number].text) for number in kept) < _TEXT:
        for number in kept:
            reasons[number] = "too little to be a text"
        kept = []
    return Choice(chances, reasons, kept)


def _heaps(units: list[Unit], good: list[int], reasons: list[str]) -> None:
    """One long unit that holds the text of several others is their copy: a hidden summary, data for scripts."""
    long = [
        (number, units[number].text[:50], units[number].words)
        for number in good
        if units[number].words >= _LONG
    ]
    for number in good:
        size = units[number].words
        if size < _BLOB:
            continue
        text = units[number].text
        inside = [words for other, start, words in long if other != number and words < size and start in text]
        if len(inside) >= 2 and sum(inside) > size / 2:
            reasons[number] = "a copy of other blocks in one"


def _copies(units: list[Unit], good: list[int], chances: list[float], reasons: list[str]) -> None:
    """Of a line that stands in several parts of the page, the part with the most good text keeps it; what an author
    repeats there (the hint under every recipe) stays.
    """
    groups: dict[str, list[int]] = {}
    for number in good:
        if units[number].words >= _LINE:
            groups.setdefault(units[number].text, []).append(number)
    if len(groups) == sum(map(len, groups.values())):
        return
    mass: dict[int, float] = {}
    for number in good:
        part = _part(units[number])
        mass[part] = mass.get(part, 0.0) + units[number].words * chances[number]
    for numbers in groups.values():
        if len(numbers) > 1:
            best = _part(units[max(numbers, key=lambda number: (mass[_part(units[number])], -number))])
            for number in numbers:
                if _part(units[number]) != best:
                    reasons[number] = "a copy of another block"


def _part(unit: Unit) -> int:
    """The element two around the unit's own."""
    above = unit.frame.parent or unit.frame
    return (above.parent or above).serial
