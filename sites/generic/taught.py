"""What a host's template says of one page: asked where the page itself declares nothing."""

from __future__ import annotations

from sites.generic.elements import kind_of
from sites.generic.facts import Decision, Facts
from sites.generic.lessons import TALKING, Lesson, labels_in, link_texts
from sites.generic.parts import Frame
from sites.generic.plain import fold
from sites.generic.template import Template, place_of, text_key

__all__ = ["changes", "judge", "numbers", "section", "subtitle", "tags"]

_SOME = 0.25
_TABLE = kind_of("table")


def numbers(facts: Facts, places: frozenset[int], *, above: bool = False) -> list[int]:
    """The units at these places, or (`above`) directly below an element at one of them; in page order."""
    if not places:
        return []
    known: dict[int, bool] = {}
    found = []
    for number, unit in enumerate(facts.found.units):
        frame = unit.frame.parent if above else unit.frame
        if frame is None:
            continue
        here = known.get(frame.serial)
        if here is None:
            here = known[frame.serial] = place_of(frame) in places
        if here:
            found.append(number)
    return found


def judge(facts: Facts, chances: list[float], reasons: list[str], threshold: float) -> list[float]:
    """The body model's probabilities, mended; and in `reasons` why units cannot be the article's."""
    template, units = facts.template, facts.found.units
    judged = list(chances)
    for number in numbers(facts, template.body):
        if judged[number] >= _SOME * threshold:
            judged[number] = max(judged[number], threshold)
    for places, reason in (
        (template.related, "links to other stories, on every page of the host"),
        (template.never, "never the article's, on no page of the host"),
        (template.section, "the name of the section"),
        (template.subtitle, "the line below the title"),
    ):
        for number in numbers(facts, places):
            reasons[number] = reason
    for number in numbers(facts, template.tags, above=True):
        reasons[number] = "a list of tags"
    inside = _inside(facts)
    repeated = []
    tables: set[int] = set()
    for number, chance in enumerate(judged):
        if inside and number not in inside and not reasons[number]:
            reasons[number] = "outside the element that holds the host's articles"
        if chance >= threshold and not reasons[number]:
            if text_key(units[number].text) in template.repeats:
                repeated.append(number)
            else:
                tables.add(_table(units[number].frame))
    for number in repeated:
        if _table(units[number].frame) not in tables - {0}:
            reasons[number] = (
                "repeated on the host's pages"  # but the heads of a table that has more to say stay
            )
    return judged


def _table(frame: Frame) -> int:
    """The serial of the table around an element, 0 for none."""
    at: Frame | None = frame
    while at is not None and at.tag != _TABLE:
        at = at.parent
    return at.serial if at is not None else 0


def _inside(facts: Facts) -> set[int]:
    """The units within the host's container of articles; none when the page has no body there."""
    template = facts.template
    if not template.container:
        return set()
    known: dict[int, bool] = {0: False}

    def within(frame: Frame | None) -> bool:
        if frame is None:
            return False
        here = known.get(frame.serial)
        if here is None:
            here = known[frame.serial] = place_of(frame) == template.container or within(frame.parent)
        return here

    found = {number for number, unit in enumerate(facts.found.units) if within(unit.frame)}
    return found if not found.isdisjoint(numbers(facts, template.body)) else set()


def changes(template: Template, lesson: Lesson, threshold: float) -> bool:
    """May a page come out otherwise with the template than it did without? True when in doubt.

    Asks of the lesson what `judge`, `section`, `tags`, `subtitle` and the readers of a template elsewhere ask of the page.
    """
    if template.bare(lesson.tab) != lesson.tab or (template.site_name and not lesson.named):
        return True
    places = lesson.places
    shown = template.section | template.subtitle
    for line in lesson.lines:
        place = places[line.at]
        key, above = place.key, place.above
        if key in shown or (above >= 0 and places[above].key in template.tags):
            return True
        if key in template.related and line.flags & TALKING:
            return True
        if line.chance >= threshold:
            if key in template.never or key in template.related or line.key in template.repeats:
                return True
            if template.container and not _holds(template.container, lesson, line.at):
                return True
        elif line.chance >= _SOME * threshold and key in template.body:
            return True
    return False


def _holds(container: int, lesson: Lesson, at: int) -> bool:
    """Is this place the container, or in it?"""
    while at >= 0:
        if lesson.places[at].key == container:
            return True
        at = lesson.places[at].above
    return False


def section(facts: Facts) -> Decision[str]:
    """The label of the host's menu that stands where the section's name stands on its pages."""
    for number in numbers(facts, facts.template.section):
        unit = facts.found.units[number]
        if said := labels_in(unit.text, link_texts(unit), facts.tab, facts.template.labels):
            return Decision(said[-1], "template:section", 0.6, unit.frame.node)
    return Decision("")


def tags(facts: Facts) -> list[str]:
    """The texts of the list that holds the tags, without what stands in it on every page."""
    units, repeats = facts.found.units, facts.template.repeats
    here = numbers(facts, facts.template.tags, above=True)
    texts = [units[number].text for number in here]
    return [text for text in texts if text_key(text) not in repeats or fold(text) in facts.template.labels]


def subtitle(facts: Facts) -> Decision[str]:
    """The line that stands below the title on the host's pages."""
    for number in numbers(facts, facts.template.subtitle):
        unit = facts.found.units[number]
        return Decision(unit.text, "template:subtitle", 0.6, unit.frame.node)
    return Decision("")
