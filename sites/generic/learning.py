"""A host teaches what repeats on its pages: a pure function of some of its article pages, in any order.

pages ─▶ surveys ─┬─▶ <title>s: the name around every title
                  ├─▶ texts on many pages; links on every page, the menu
                  └─▶ places: how often, how varied, how long, how linked, what the body model thinks of them
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TypeVar

from msgspec.structs import replace

from sites.generic.facts import Facts, fold
from sites.generic.lessons import Lesson, Standing, container, standings
from sites.generic.model import Model, default_model
from sites.generic.survey import survey
from sites.generic.template import UNTAUGHT, Template, encode_template, text_key
from sites.links import base_of, join
from sites.page import Page
from sites.url import origin

__all__ = ["ENOUGH", "learn"]

T = TypeVar("T")

ENOUGH = 5
"""Fewer article pages than this teach nothing."""

_MANY, _MOST, _ALL = 0.25, 0.6, 0.8
_BREAK = re.compile(r"\s*[|｜·•:»›«–—_-]+\s*")
_LONGEST_NAME = 40


def learn(pages: Sequence[Page], model: Model | None = None) -> Template:
    """The template of a host, from article pages of it; UNTAUGHT when they are too few to tell."""
    lessons = [_lesson(page, model or default_model()) for page in pages]
    if len(lessons) < ENOUGH:
        return UNTAUGHT
    before, after = _around([lesson.facts.tab for lesson in lessons])
    repeats = _frequent(
        ({text_key(unit.text) for unit in lesson.units} for lesson in lessons), len(lessons), _MANY, 4
    )
    labels = _frequent((_menu(lesson.facts) for lesson in lessons), len(lessons), _MOST, ENOUGH)
    known = Template(
        before=before, after=after, site_name=_name(before, after), repeats=repeats, labels=labels
    )
    for lesson in lessons:
        lesson.find_title(known)
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


def _lesson(page: Page, model: Model) -> Lesson:
    found = survey(page.tree)
    facts = Facts(page, found, base_of(found, page.url), "")
    return Lesson(facts, model.chances(facts))


def _frequent(sets: Iterable[set[T]], count: int, share: float, least: int) -> frozenset[T]:
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


def _menu(facts: Facts) -> set[str]:
    """The folded texts of short links within the site, but those to its front page."""
    home = f"{origin(facts.page.url)}/"
    found = set()
    for anchor in facts.found.anchors:
        if 0 < len(anchor.text) <= _LONGEST_NAME and anchor.text.count(" ") < 4:
            url = join(anchor.href.strip(), facts.base)
            if url and url != home and origin(url) == origin(home):
                found.add(fold(anchor.text))
    return found


def _best(places: dict[int, Standing], role: str, least: float, count: int) -> frozenset[int]:
    """The one place that plays a role on the most pages."""
    able = {place: at for place, at in places.items() if role in at.roles(least, count)}
    if not able:
        return frozenset()
    return frozenset((max(able, key=lambda place: (able[place].weight(role), -place)),))


def _versioned(template: Template) -> Template:
    return replace(template, version=blake2b(encode_template(template), digest_size=8).hexdigest())
