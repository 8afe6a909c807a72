"""One page as a lesson, and what several lessons say of a place: how it stands on the pages of its host."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sites.generic.facts import Facts, fold
from sites.generic.survey import Frame, Unit
from sites.generic.template import Template, place_of, text_key
from sites.generic.words import GROUPS

__all__ = ["Lesson", "Standing", "container", "labels_in", "standings", "words_of"]

_GROUP = {name: 1 << number for number, name in enumerate(GROUPS)}
_FRAME = _GROUP["navigation"] | _GROUP["footer"] | _GROUP["header"] | _GROUP["signup"]
_NOT_BELOW = _GROUP["author"] | _GROUP["meta"] | _GROUP["share"] | _GROUP["caption"]
_DATED = re.compile(r"\d{4}|\d{1,2}[:.]\d\d")
_BELOW, _ABOVE, _LONG = 2, 10, 300
_FEW, _FULL, _WHOLE, _NEARLY = 2.5, 0.9, 0.8, 0.95


class Lesson:
    """A page with what the body model thinks of its units, and where its title stands (-1: not found)."""

    def __init__(self, facts: Facts, chances: Sequence[float]) -> None:
        self.facts, self.chances = facts, chances
        self.units = facts.found.units
        self.title = -1

    @cached_property
    def places(self) -> list[int]:
        known: dict[int, int] = {}
        return [
            known.get(unit.frame.serial) or known.setdefault(unit.frame.serial, place_of(unit.frame))
            for unit in self.units
        ]

    def find_title(self, template: Template) -> None:
        """The first unit that says what <title> says, without what all titles of the host say; a menu's label may
        stand before it."""
        wanted = fold(template.bare(self.facts.tab))
        if wanted:
            around = {"", *template.labels}
            folded = (fold(unit.text[: _LONG + len(wanted)]) for unit in self.units)
            self.title = next(
                (
                    n
                    for n, text in enumerate(folded)
                    if text.endswith(wanted) and text.removesuffix(wanted).strip() in around
                ),
                -1,
            )


@dataclass(slots=True)
class Standing:
    """Counts over the lessons, for one place. `pages` have it; `units` are all of it."""

    pages: int = 0
    units: int = 0
    words: int = 0
    chance: float = 0.0
    whole_links: int = 0
    repeated: int = 0
    dated: int = 0
    apart: int = 0
    below_title: int = 0
    alone: int = 0
    texts: set[int] = field(default_factory=set)
    labels: dict[str, int] = field(default_factory=dict)
    labelled: int = 0
    crowded: int = 0
    listed: int = 0
    items: int = 0

    def roles(self, least: float, count: int) -> Iterator[str]:
        """What the place is for: "body", "never", "related", "section", "tags", "subtitle"."""
        mean = self.words / self.units
        chance = self.chance / max(1, self.words)
        varied = len(self.texts) >= 0.6 * self.units
        if self.pages >= least and chance >= 0.75 and self.words >= 40 * count and varied:
            yield "body"
        if self.whole_links >= self.units / 2 and mean >= 4 and self.units >= 5 and self.pages >= 3:
            yield "related"
        elif self.pages >= 3 and (
            self.repeated >= _FULL * self.units
            or (self.pages >= least and chance <= 0.1 and self.units >= 5)
            or (self.below_title >= least and self.alone >= least and self.dated >= least and mean < 25)
        ):
            yield "never"  # what repeats, what the model leaves out, a line with the date below the title
        if self.labelled >= least and not self.crowded and len(self.labels) > 1:
            yield "section"
        if self.listed >= least and self.items >= 2 * self.listed and len(self.texts) >= 0.3 * self.items:
            yield "tags"
        if (
            self.below_title >= least
            and self.alone >= _FULL * self.pages
            and len(self.texts) >= 0.3 * self.units
            and mean >= 4
            and self.dated <= 0.2 * self.units
            and not self.apart
            and not self.whole_links
        ):
            yield "subtitle"

    def weight(self, role: str) -> int:
        """How often the place plays the role."""
        return {"section": self.labelled, "tags": self.items, "subtitle": self.below_title}[role]


def standings(lessons: Sequence[Lesson], known: Template) -> dict[int, Standing]:
    """Every place on these pages. `known` has the repeats and labels already. Tags are counted by their list."""
    places: dict[int, Standing] = {}
    for lesson in lessons:
        here: dict[int, list[int]] = {}
        groups: dict[int, list[int]] = {}
        for number, place in enumerate(lesson.places):
            here.setdefault(place, []).append(number)
            above = lesson.units[number].frame.parent
            if above is not None:
                groups.setdefault(above.serial, []).append(number)
        for place, numbers in here.items():
            _stand(places.setdefault(place, Standing()), lesson, numbers, known)
        for numbers in groups.values():
            _list(places, lesson, numbers, known)
    return places


def container(lessons: Sequence[Lesson], body: frozenset[int]) -> int:
    """The place of the smallest element that holds the article's text on nearly all pages; 0 when they differ."""
    told: dict[int, int] = {}
    for lesson in lessons:
        inside: dict[int, int] = {}
        frames: dict[int, Frame] = {}
        total = 0
        for number, unit in enumerate(lesson.units):
            if lesson.places[number] in body:
                words = words_of(unit.text)
                total += words
                at: Frame | None = unit.frame.parent
                while at is not None:
                    inside[at.serial] = inside.get(at.serial, 0) + words
                    frames[at.serial] = at
                    at = at.parent
        whole = [serial for serial, words in inside.items() if words >= _NEARLY * total]
        if whole:
            place = place_of(frames[max(whole, key=lambda serial: frames[serial].depth)])
            told[place] = told.get(place, 0) + 1
    best = max(told, key=lambda place: (told[place], -place), default=0)
    return best if told.get(best, 0) >= _WHOLE * len(lessons) else 0


def words_of(text: str) -> int:
    """Words; of a script without spaces two signs count as one."""
    return max(text.count(" ") + 1, sum(sign > "\u2e7f" for sign in text) // 2)


def labels_in(unit: Unit, title: str, labels: frozenset[str]) -> list[str]:
    """The menu's labels that a unit says: as its whole text, before the title, or as links in it, in order."""
    alone = unit.text.removesuffix(title).rstrip()
    if len(alone) <= 40 and fold(alone) in labels:
        return [alone]
    told = [" ".join("".join(unit.parts[start:end]).split()) for _, start, end in unit.links]
    return [text for text in told if fold(text) in labels]


def _stand(at: Standing, lesson: Lesson, numbers: list[int], known: Template) -> None:
    at.pages += 1
    at.units += len(numbers)
    at.alone += len(numbers) == 1
    said: list[str] = []
    title = known.bare(lesson.facts.tab)
    for number in numbers:
        unit = lesson.units[number]
        words = words_of(unit.text)
        key = text_key(unit.text)
        at.words += words
        at.chance += words * lesson.chances[number]
        at.whole_links += unit.linked >= _WHOLE * len(unit.text) and words >= 3
        at.repeated += key in known.repeats
        at.dated += len(unit.text) < 60 and _DATED.search(unit.text) is not None
        at.apart += bool(unit.frame.bits & _NOT_BELOW)
        at.below_title += lesson.title >= 0 and 0 < number - lesson.title <= _BELOW
        at.texts.add(key)
        if lesson.title - _ABOVE <= number <= lesson.title + _BELOW:
            said += labels_in(unit, title, known.labels)
    if said:
        at.labelled += 1
        at.crowded += len(said) > _FEW
        at.labels[fold(said[-1])] = at.labels.get(fold(said[-1]), 0) + 1


def _list(places: dict[int, Standing], lesson: Lesson, numbers: list[int], known: Template) -> None:
    """Count a group of short texts under one element as a list of tags, at the place of that element."""
    own = [n for n in numbers if text_key(lesson.units[n].text) not in known.repeats]
    if not 1 <= len(own) <= 15 or lesson.units[own[0]].frame.bits & _FRAME:
        return
    if any(words_of(lesson.units[n].text) > 4 or len(lesson.units[n].text) > 40 for n in own):
        return
    if any(not any(sign.isalpha() for sign in lesson.units[n].text) for n in own):
        return
    above = lesson.units[numbers[0]].frame.parent
    if above is None:
        return
    at = places.setdefault(place_of(above), Standing())
    if at.units == 0:
        at.units = 1  # a place that has only lists below it
    at.listed += 1
    at.items += len(own)
    at.texts |= {text_key(lesson.units[n].text) for n in own}
