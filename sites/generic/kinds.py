"""What sort of page is it? Only articles enter the index of articles; the rest stay archived."""

from __future__ import annotations

from sites.extraction import PageType
from sites.generic.facts import Facts

__all__ = ["page_type"]


def page_type(facts: Facts, words: int) -> tuple[PageType, float]:
    """A page type with its confidence, from declared types and from the number of words in the body."""
    kinds = facts.graph.types
    declared = facts.meta("og:type").lower()
    if facts.article is not None or declared == "article":
        return ("article", 0.9) if words >= 30 else ("other", 0.4)
    if words >= 120:
        return "article", 0.6
    if "product" in kinds:
        return "product", 0.7
    if kinds & {"discussionforumposting", "qapage"}:
        return "forum", 0.8
    if "searchresultspage" in kinds:
        return "search", 0.8
    if len(facts.found.anchors) > 40:
        return "listing", 0.5
    return "other", 0.3
