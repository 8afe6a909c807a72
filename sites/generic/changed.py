"""When it was last changed, as the page claims it: in data and metas, on an element, in a line by the title."""

from __future__ import annotations

from typing import Final

from sites.generic.dating import ELSEWHERE, written
from sites.generic.facts import Decision, Facts
from sites.generic.issued import change_in, is_change, line_at
from sites.moment import Moment

__all__ = ["modified"]

_MODIFIED: Final = (
    "article:modified_time", "og:article:modified_time", "og:updated_time", "article:updated_time", "datemodified",
    "dc.date.modified", "dcterms.modified", "last-modified", "lastmod", "modified_time",
)  # fmt: skip
_NEAR: Final = 30


def modified(facts: Facts, language: str = "") -> Decision[Moment | None]:
    """The last change the page claims."""
    text = facts.graph.text(facts.article, "dateModified")
    if text and (moment := written(text, language)):
        return Decision(moment, "ld:dateModified", 0.95)
    for name in _MODIFIED:
        if (text := facts.metas.get(name, "")) and (moment := written(text, language)):
            return Decision(moment, f"meta:{name}", 0.8)
    for mark in facts.found.marks:
        if "dateModified" in (mark.attributes.get("itemprop") or mark.attributes.get("property") or ""):
            text = mark.attributes.get("content") or mark.attributes.get("datetime") or facts.text(mark.node)
            if moment := written(text, language):
                return Decision(moment, "itemprop:dateModified", 0.8, mark.node)
    times = [mark for mark in facts.found.marks if mark.attributes.get("datetime")]
    for mark in times:
        if is_change(mark) and not all(map(is_change, times)):
            if moment := written(mark.attributes.get("datetime") or "", language):
                return Decision(moment, "time", 0.6, mark.node)
    return _shown_change(facts, language)


def _shown_change(facts: Facts, language: str) -> Decision[Moment | None]:
    """The change that a line by the title tells."""
    title, elsewhere = max(0, facts.title_unit), facts.apart(ELSEWHERE)
    units = facts.found.units
    for number in range(max(0, title - 8), min(title + _NEAR, len(units))):
        frame = units[number].frame
        if frame.bits & elsewhere:
            continue
        text, told = line_at(facts, number)
        if told:
            if moment := written(change_in(text), language):
                return Decision(moment, "dom:changed", 0.5, frame.node)
    return Decision(None)
