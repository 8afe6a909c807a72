"""What several lessons say of a place: how it stands on the pages of its host, and so what it is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from sites.generic.facts import fold
from sites.generic.lessons import APART, BRIEF, DATED, FRAMED, LINKED, Lesson, labels_in
from sites.generic.template import Template

__all__ = ["Standing", "container", "standings"]

_BELOW, _ABOVE = 2, 10
_FEW, _FULL, _WHOLE, _NEARLY = 2.5, 0.9, 0.8, 0.95


class Standing(msgspec.Struct):
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
    texts: set[int] = set()
    labels: dict[str, int] = {}
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
        for number, line in enumerate(lesson.lines):
            place = lesson.places[line.at]
            here.setdefault(place.key, []).append(number)
            if place.above >= 0:
                groups.setdefault(place.above, []).append(number)
        title, bare = _title(lesson, known), known.bare(lesson.tab)
        for key, numbers in here.items():
            _stand(places.setdefault(key, Standing()), lesson, numbers, title, bare, known)
        for above, numbers in groups.items():
            _list(places, lesson, lesson.places[above].key, numbers, known)
    return places


def container(lessons: Sequence[Lesson], body: frozenset[int]) -> int:
    """The place of the smallest element that holds the article's text on nearly all pages; 0 when they differ."""
    told: dict[int, int] = {}
    for lesson in lessons:
        places = lesson.places
        inside: dict[int, int] = {}
        total = 0
        for line in lesson.lines:
            if places[line.at].key in body:
                total += line.words
                at = places[line.at].above
                while at >= 0:
                    inside[at] = inside.get(at, 0) + line.words
                    at = places[at].above
        whole = [at for at, words in inside.items() if words >= _NEARLY * total]
        if whole:
            key = places[max(whole, key=lambda at: places[at].depth)].key
            told[key] = told.get(key, 0) + 1
    best = max(told, key=lambda key: (told[key], -key), default=0)
    return best if told.get(best, 0) >= _WHOLE * len(lessons) else 0


def _title(lesson: Lesson, template: Template) -> int:
    """The number of the first line that says what <title> says, without what all titles of the host say, -1 without
    one; a menu's label may stand before it."""
    wanted = fold(template.bare(lesson.tab))
    if wanted:
        for number, line in enumerate(lesson.lines):
            if line.text is not None:
                text = fold(line.text)
                if text.endswith(wanted) and (
                    len(text) == len(wanted) or text.removesuffix(wanted).strip() in template.labels
                ):
                    return number
    return -1


def _stand(at: Standing, lesson: Lesson, numbers: list[int], title: int, bare: str, known: Template) -> None:
    at.pages += 1
    at.units += len(numbers)
    at.alone += len(numbers) == 1
    said: list[str] = []
    for number in numbers:
        line = lesson.lines[number]
        flags = line.flags
        at.words += line.words
        at.chance += line.words * line.chance
        at.whole_links += flags & LINKED > 0
        at.repeated += line.key in known.repeats
        at.dated += flags & DATED > 0
        at.apart += flags & APART > 0
        at.below_title += title >= 0 and 0 < number - title <= _BELOW
        at.texts.add(line.key)
        if title - _ABOVE <= number <= title + _BELOW:
            said += labels_in(line.text, line.links, bare, known.labels)
    if said:
        at.labelled += 1
        at.crowded += len(said) > _FEW
        at.labels[fold(said[-1])] = at.labels.get(fold(said[-1]), 0) + 1


def _list(places: dict[int, Standing], lesson: Lesson, key: int, numbers: list[int], known: Template) -> None:
    """Count a group of short texts under one element as a list of tags, at the place of that element."""
    own = [line for n in numbers if (line := lesson.lines[n]).key not in known.repeats]
    if not 1 <= len(own) <= 15 or own[0].flags & FRAMED or not all(line.flags & BRIEF for line in own):
        return
    at = places.setdefault(key, Standing())
    if at.units == 0:
        at.units = 1  # a place that has only lists below it
    at.listed += 1
    at.items += len(own)
    at.texts.update(line.key for line in own)
