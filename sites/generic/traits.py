"""What tells an article's page from a list, a shop, a forum or a manual: some fifty cheap numbers of a whole page."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from sites.generic.body import Choice
from sites.generic.elements import HEADING
from sites.generic.facts import Decision, Facts
from sites.generic.features import F32
from sites.generic.words import GROUPS, PLACES
from sites.url import path_query

__all__ = ["TRAITS", "traits", "words_of"]

_GROUP = {name: 1 << number for number, name in enumerate(GROUPS)}
_PLACE = {name: 1 << number + len(GROUPS) for number, name in enumerate(PLACES)}
_LI, _PRE, _TABLE = _PLACE["li dd dt"], _PLACE["pre"], _PLACE["table"]
_WATCHED = (
    "comment",
    "shop",
    "teaser",
    "list",
    "author",
    "meta",
    "signup",
    "contents",
    "question",
    "related",
)
_PRICE = re.compile(r"(?:[$€£¥]\s?\d|\d\s?(?:€|EUR|USD|kr)\b)")
_DATED = re.compile(r"/(?:19|20)\d\d(?:[/-]|\d\d)")
_PATHS = {
    "path:product": r"/(?:p|product|products|shop|item|dp|store)s?/",
    "path:list": r"/(?:category|categories|tag|tags|topic|topics|collections?|archive|search|author|section|page)s?/",
    "path:forum": r"/(?:forums?|thread|threads|t|viewtopic|showthread|questions?|discussions?|r|board|community)[/.]",
    "path:docs": r"/(?:docs?|documentation|manual|reference|api|guide|guides|help|wiki|latest|stable|tutorials?)/",
    "path:news": r"/(?:news|blog|article|articles|story|stories|posts?|opinion|press)/",
    "path:service": r"/(?:services?|solutions?|about|contact|pricing|features|careers|company)(?:/|$)",
}
_PATH = {name: re.compile(pattern, re.I) for name, pattern in _PATHS.items()}
_TYPES = {
    "ld:article": ("article", "newsarticle", "blogposting", "reportagenewsarticle", "liveblogposting"),
    "ld:product": ("product", "offer", "productgroup", "aggregateoffer"),
    "ld:forum": ("discussionforumposting", "qapage", "question", "comment"),
    "ld:list": ("collectionpage", "itemlist", "searchresultspage", "blog"),
    "ld:docs": ("techarticle", "apireference", "softwareapplication", "softwaresourcecode"),
    "ld:service": ("service", "localbusiness", "professionalservice", "aboutpage", "contactpage"),
    "ld:faq": ("faqpage",),
    "ld:recipe": ("recipe", "howto", "review"),
}
_POSTS = re.compile(
    r"\b(?:repl(?:y|ies)|posts|joined|member since|reputation|upvotes?|topic|thread|quote|antworten|beiträge)\b",
    re.I,
)
_CART = re.compile(
    r"\b(?:add to (?:cart|bag|basket)|in den warenkorb|buy now|free shipping|in stock|sku|ajouter au panier)\b",
    re.I,
)
_PITCH = re.compile(
    r"\b(?:contact us|get started|free (?:trial|quote|consultation)|book a (?:demo|call)|request a|our services|sign up)\b",
    re.I,
)
_DOCS = re.compile(
    r"\b(?:parameters?|returns?|installation|api reference|table of contents|edit this page|previous|changelog|syntax)\b",
    re.I,
)

TRAITS: tuple[str, ...] = (
    "words", "blocks", "mean", "longest", "share", "sure", "doubt", "anchors", "density", "units", "h1", "headings/words",
    "kept headings", "kept lists", "kept span", "og:article", "og:product", "og:website", "og:other", "published",
    "published declared", "authors", "authors declared", "paragraphs", "prices", "posts", "cart", "pitch", "docs", "code", "depth",
    "root", "slug", "digits", "dated", "query", "images", "times", "repeats", "comma", "question", "table",
    *_PATHS, *_TYPES, *(f"class:{name}" for name in _WATCHED),
)  # fmt: skip
"""The names of the numbers, in order."""


def words_of(text: str) -> int:
    """About how many words a text has, in scripts that do not part them too."""
    words, length = text.count(" ") + 1, len(text)
    return words if words * 12 >= length or text.isascii() else 1 + length // 3


def traits(facts: Facts, choice: Choice, fields: dict[str, Decision[Any]]) -> F32:
    """The numbers of one page."""
    found, units = facts.found, facts.found.units
    kept = [number for number in range(len(units)) if choice.kept(number)]
    sizes = [words_of(units[number].text) for number in kept]
    words = sum(sizes)
    all_words = sum(words_of(unit.text) for unit in units) or 1
    text = " ".join(unit.text for unit in units)[:60_000]
    declared = facts.meta("og:type").lower()
    path = path_query(facts.page.url)
    pieces = [piece for piece in path.partition("?")[0].split("/") if piece]
    slug = max((piece.count("-") + piece.count("_") for piece in pieces), default=0)
    linked = sum(unit.linked for unit in units)
    letters = sum(len(unit.text) for unit in units) or 1
    published, authors = fields["published"], fields["authors"]
    first = text[:20_000]
    log = np.log1p
    values = [
        log(words), log(len(kept)), log(words / max(1, len(kept))), log(max(sizes, default=0)), words / all_words,
        sum(choice.chances[n] for n in kept) / max(1, len(kept)),
        sum(0.2 < chance < 0.8 for chance in choice.chances) / max(1, len(units)), log(len(found.anchors)), linked / letters,
        log(len(units)), min(4, sum(level == 1 for _, level, _, _ in found.headings)), len(found.headings) / log(2 + words),
        sum(units[n].frame.tag in HEADING for n in kept) / max(1, len(kept)),
        sum(bool(units[n].frame.bits & _LI) for n in kept) / max(1, len(kept)),
        (kept[-1] - kept[0] + 1) / len(units) if kept else 0.0,
        declared == "article", declared.startswith("product"), declared in ("website", "blog"), bool(declared),
        published.value is not None, published.value is not None and not published.rule.startswith("dom"),
        bool(authors.value), bool(authors.value) and not authors.rule.startswith("dom"),
        log(sum(size > 25 for size in sizes)), log(len(_PRICE.findall(text))), log(len(_POSTS.findall(text))), log(len(_CART.findall(text))),
        log(len(_PITCH.findall(text))), log(len(_DOCS.findall(text))), log(sum(bool(units[n].frame.bits & _PRE) for n in kept)),
        len(pieces), not pieces, min(slug, 10), sum(map(str.isdigit, path)) / 4, _DATED.search(path) is not None, "?" in path,
        log(len(found.images)), log(sum(bool(m.attributes.get("datetime")) for m in found.marks)),
        log(len(units) - len({unit.text for unit in units})), log(first.count(",")), log(first.count("?")),
        sum(bool(units[n].frame.bits & _TABLE) for n in kept) / max(1, len(kept)),
        *(pattern.search(path) is not None for pattern in _PATH.values()),
        *(not facts.graph.types.isdisjoint(names) for names in _TYPES.values()),
        *(log(sum(bool(unit.frame.own & _GROUP[name]) for unit in units)) for name in _WATCHED),
    ]  # fmt: skip
    return np.array(values, dtype=np.float32)
