"""A host teaches what repeats on its pages: a pure function of some of its article pages, in any order.

pages ─▶ lessons ─┬─▶ <title>s: the name around every title
                  ├─▶ texts on many pages; links on every page, the menu
                  └─▶ places: how often, how varied, how long, how linked, what the body model thinks of them
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

from msgspec.structs import replace

from sites.generic.facts import Facts
from sites.generic.joining import Joiner, base_of
from sites.generic.lessons import Lesson, lesson_of
from sites.generic.model import Model, default_model
from sites.generic.places import Standing, container, standings
from sites.generic.survey import survey
from sites.generic.template import UNTAUGHT, Template, encode_template
from sites.page import Page

__all__ = ["ENOUGH", "learn", "learn_from", "lesson_from"]

T = TypeVar("T")

ENOUGH = 5
"""Fewer article pages than this teach nothing."""

_MANY, _MOST, _ALL = 0.25, 0.6, 0.8
_BREAK = re.compile(r"\s*[|｜·•:»›«–—_-]+\s*")
_LONGEST_NAME = 40


def learn(pages: Sequence[Page], model: Model | None = None) -> Template:
    """The template of a host, from article pages of it; UNTAUGHT when they are too few to tell."""
    return learn_from([lesson_from(page, model) for page in pages])


def learn_from(lessons: Sequence[Lesson]) -> Template:
    """The same from lessons that were kept when the pages were read."""
    if len(lessons) < ENOUGH:
        return UNTAUGHT
    before, after = _around([lesson.tab for lesson in lessons])
    repeats = _frequent(({line.key for line in lesson.lines} for lesson in lessons), len(lessons), _MANY, 4)
    labels = _frequent((lesson.menu for lesson in lessons), len(lessons), _MOST, ENOUGH)
    known = Template(
        before=before, after=after, site_name=_name(before, after), repeats=repeats, labels=labels
    )
    places = standings(lessons, known)
    least = len(lessons) * _MOST

    def having(wanted: str) -> frozenset[int]:
        return frozenset(place for place, at in places.items() if wanted in at.roles(least, len(lessons)))

    body = having("body")
    known = replace(
        known,
        section=_best(places, "section", least, len(lessons)),
        tags=_best(places, "tags", least, len(lessons)),
        subtitle=_best(places, "subtitle", least, len(lessons)),
        related=having("related"),
        body=body,
        container=container(lessons, body),
        never=having("never"),
    )
    return _versioned(known)


def lesson_from(page: Page, model: Model | None = None) -> Lesson:
    """The lesson of a page, when it was not kept as the page was read."""
    found = survey(page.tree)
    facts = Facts(page, found, Joiner(base_of(found, page.url)), "")
    return lesson_of(facts, (model or default_model()).chances(facts))


def _frequent(sets: Iterable[Collection[T]], count: int, share: float, least: int) -> frozenset[T]:
    counted = Counter(value for values in sets for value in values)
    return frozenset(value for value, pages in counted.items() if pages >= max(least, share * count))


def _around(tabs: list[str]) -> tuple[str, str]:
    """What stands before and after the varying part of these titles, with what separates it."""
    heads, tails = Counter[str](), Counter[str]()
    for tab in tabs:
        breaks = [match.span() for match in _BREAK.finditer(tab)]
        heads.update({tab[:end] for _, end in breaks if end < len(tab)})
        tails.update({tab[start:] for start, _ in breaks if start > 0})
    if len(set(tabs)) < len(tabs) * _MOST:
        return "", ""

    def longest(counted: Counter[str]) -> str:
        common = [text for text, pages in counted.items() if pages >= _ALL * len(tabs) and _letters(text)]
        return max(common, key=len, default="")

    return longest(heads), longest(tails)


def _letters(text: str) -> str:
    return _BREAK.sub(" ", text).strip()


def _name(before: str, after: str) -> str:
    """The site's name in what stands around its titles: the outermost part of it."""
    parts = [part for part in _BREAK.split(after) if part.strip()][-1:] or [
        part for part in _BREAK.split(before) if part.strip()
    ][:1]
    return parts[0] if parts and len(parts[0]) <= _LONGEST_NAME else ""


def _best(places: dict[int, Standing], role: str, least: float, count: int) -> frozenset[int]:
    """The one place that plays a role on the most pages."""
    able = {place: at for place, at in places.items() if role in at.roles(least, count)}
    if not able:
        return frozenset()
    return frozenset((max(able, key=lambda place: (able[place].weight(role), -place)),))


def _versioned(template: Template) -> Template:
    return replace(template, version=blake2b(encode_template(template), digest_size=8).hexdigest())
