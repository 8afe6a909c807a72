"""Which part of the site it stands in: as data and metas say, else the last step of the trail to it."""

from __future__ import annotations

import re
from functools import lru_cache

from sites.generic import taught
from sites.generic.elements import kind_of
from sites.generic.facts import Decision, Facts, compact, fold
from sites.generic.parts import Frame
from sites.generic.structured import text_of, texts_of, types_of
from sites.url import origin

__all__ = ["COMMA", "section"]

COMMA = re.compile(r"\s*[,;|]\s*")
"""What parts a list in one text."""
_CRUMBS = re.compile(r"bread-?crumb|brotkrum|\bcrumbs?\b|fil-?d-?ariane|krumm?e|rootline", re.I)
_HOME = frozenset(
    "home homepage start startseite accueil inicio home page blog news articles zur startseite".split()
)
_NO_SECTION = frozenset(
    ("article", "blog", "blogs", "uncategorized", "uncategorised", "allgemein", "unkategorisiert", "non classé", "sin categoría",
     "senza categoria", "geen categorie", "bez kategorii", "genel", "未分類", "未分类")
)  # fmt: skip
"""What systems fill in where no section was chosen."""
_MENU = kind_of("nav")


def section(facts: Facts) -> Decision[str]:
    """articleSection, article:section, or the last step of the breadcrumb before the article itself."""
    graph = facts.graph
    found = [
        text
        for text in texts_of(graph.many(facts.article, "articleSection"))
        if fold(text) not in _NO_SECTION
    ]
    if found:
        return Decision(_first(found[0]), "ld:articleSection", 0.9)
    for name in (
        "article:section",
        "og:article:section",
        "articlesection",
        "parsely-section",
        "section",
        "dc.subject",
        "category",
    ):
        if (text := facts.metas.get(name)) and fold(text) not in _NO_SECTION:
            return Decision(_first(text), f"meta:{name}", 0.8)
    for text in facts.marked("articleSection"):
        if fold(text) not in _NO_SECTION:
            return Decision(_first(text), "itemprop:articleSection", 0.7)
    said = taught.section(facts)
    return said if said.value else _crumb(facts)


def _first(text: str) -> str:
    """The first of a list of sections in one text."""
    parts = COMMA.split(text)
    return parts[0] if len(parts) > 2 or ">" in text else text


def _crumb(facts: Facts) -> Decision[str]:
    """The last step of the breadcrumb that is neither the front page nor the article; else its first category."""
    graph = facts.graph
    for node in graph.nodes:
        if "breadcrumblist" in types_of(node):
            steps = [
                (
                    text_of(step.get("name")) or text_of(item),
                    text_of(item.get("@id") or item.get("url")) if isinstance(item, dict) else text_of(item),
                )
                for step in graph.many(node, "itemListElement")
                if isinstance(step, dict)
                for item in [step.get("item")]
            ]
            if name := _step(steps, facts):
                return Decision(name, "ld:breadcrumb", 0.6)
    units, steps = facts.found.units, []
    telling = {name for name in facts.names() if _says_crumbs(name)}
    for anchor in facts.found.anchors:
        if anchor.unit >= len(units):
            break
        frame = units[anchor.unit].frame
        above = frame.parent or frame
        top = above.parent or above
        if (telling and (frame.name in telling or above.name in telling or top.name in telling)) or (
            top.tag == _MENU and _is_labelled(top)
        ):
            steps.append((anchor.text, anchor.href))
    if name := _step(steps[:8], facts):
        return Decision(name, "dom:breadcrumb", 0.5)
    for mark in facts.found.marks:
        if "category" in (mark.attributes.get("rel") or "").split() and (name := facts.text(mark.node)):
            return Decision(name, "rel:category", 0.4, mark.node)
    return Decision("")


def _is_labelled(frame: Frame) -> bool:
    """Does a menu tell those who listen that it is a trail?"""
    return _says_crumbs(frame.node.attributes.get("aria-label") or "")


def _step(steps: list[tuple[str, str]], facts: Facts) -> str:
    tab, here = f" {fold(facts.tab)} ", f"{origin(facts.page.url)}/"
    for name, href in reversed(steps):
        url = facts.joiner.join(href.strip()) if href else None
        short = fold(name)
        if (
            0 < len(name) < 50
            and url not in (here, facts.page.url, facts.canonical or here)
            and short not in _HOME
            and short not in _NO_SECTION
            and compact(name) not in facts.host
            and short.count(" ") <= 3
            and not (short.count(" ") >= 2 and f" {short} " in tab)
        ):
            return name
    return ""


@lru_cache(maxsize=16_384)
def _says_crumbs(name: str) -> bool:
    return _CRUMBS.search(name) is not None
