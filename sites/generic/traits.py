"""What tells an article's page from a list, a shop, a forum or a manual: some hundred cheap numbers of a whole page."""

from __future__ import annotations

import re
from math import log
from typing import Any, Final

import numpy as np

from sites.generic.body import Choice
from sites.generic.elements import HEADING
from sites.generic.facts import Decision, Facts
from sites.generic.features import F32
from sites.generic.manner import COUNTED, PRICES, RATED, count_signs, manner
from sites.generic.trades import TRADES, trades
from sites.generic.words import GROUPS, PLACES
from sites.url import path_query

__all__ = ["TRAITS", "traits"]

_PLACE: Final = {name: 1 << number + len(GROUPS) for number, name in enumerate(PLACES)}
_LI: Final = _PLACE["li dd dt"]
_PRE: Final = _PLACE["pre"]
_TABLE: Final = _PLACE["table"]
_DATED: Final = re.compile(r"/(?:19|20)\d\d(?:[/-]|\d\d)")
_PATHS: Final = {
    "path:product": r"/(?:p|product|products|shop|item|dp|store)s?/",
    "path:list": r"/(?:category|categories|tag|tags|topic|topics|collections?|archive|search|author|section|page)s?/",
    "path:forum": r"/(?:forums?|thread|threads|t|viewtopic|showthread|questions?|discussions?|r|board|community)[/.]",
    "path:docs": r"/(?:docs?|documentation|manual|reference|api|guide|guides|help|wiki|latest|stable|tutorials?)/",
    "path:news": r"/(?:news|blog|article|articles|story|stories|posts?|opinion|press)/",
    "path:service": r"/(?:services?|solutions?|about|contact|pricing|features|careers|company)(?:/|$)",
}
_PATH: Final = {name: re.compile(pattern, re.I) for name, pattern in _PATHS.items()}
_TYPES: Final = {
    "ld:article": ("article", "newsarticle", "blogposting", "reportagenewsarticle", "liveblogposting"),
    "ld:product": ("product", "offer", "productgroup", "aggregateoffer"),
    "ld:forum": ("discussionforumposting", "qapage", "question", "comment"),
    "ld:list": ("collectionpage", "itemlist", "searchresultspage", "blog"),
    "ld:docs": ("techarticle", "apireference", "softwareapplication", "softwaresourcecode"),
    "ld:service": ("service", "localbusiness", "professionalservice", "aboutpage", "contactpage"),
    "ld:faq": ("faqpage",),
    "ld:recipe": ("recipe", "howto", "review"),
}
_SHORT: Final = 60
_ENOUGH: Final = 4_000
_PARAGRAPH: Final = 25

TRAITS: Final[tuple[str, ...]] = (
    "words", "blocks", "mean", "longest", "anchors", "units", "images", "repeats", "commas", "questions", "paragraphs",
    "times", "code", "cards", "prices", *COUNTED,
    "linked", "carded", "share", "sure", "doubt", "h1", "headings/words", "kept headings", "kept lists", "kept tables", "kept span",
    "og:article", "og:product", "og:website", "og:type", "published", "published declared", "authors", "authors declared", "ld:signed",
    "depth", "root", "slug", "digits", "dated", "query", *_PATHS, *_TYPES, *RATED, "broken", *TRADES,
)  # fmt: skip
"""The names of the numbers, in order."""


def traits(
    facts: Facts,
    choice: Choice,
    fields: dict[str, Decision[Any]],
    said: list[tuple[str, list[str]]],
) -> tuple[F32, list[str]]:
    """The numbers of one page, and the words its text begins with; `said` is what it says (`tokens.spoken`)."""
    found, units = facts.found, facts.found.units
    kept = choice.kept
    chances = np.fromiter(choice.chances, np.float32, len(choice.chances))
    inside = chances.take(kept) if kept else chances[:0]
    words = longest = paragraphs = code = lists = tables = kept_headings = runs = 0
    last = -2
    for number in kept:
        runs += number > last + 1
        last = number
        unit = units[number]
        size, length = unit.words, len(unit.text)
        if size * 12 < length and not unit.text.isascii():
            size = 1 + length // 3  # in scripts that part no words
        words += size
        longest = max(longest, size)
        paragraphs += size > _PARAGRAPH
        bits = unit.frame.bits
        code += bits & _PRE > 0
        lists += bits & _LI > 0
        tables += bits & _TABLE > 0
        kept_headings += unit.frame.tag in HEADING
    letters = linked = said_so_far = 0
    texts: set[str] = set()
    short: list[str] = []
    for unit in units:
        text = unit.text
        length = len(text)
        letters += length
        linked += unit.linked
        texts.add(text)
        if length < _SHORT and said_so_far < _ENOUGH:
            short.append(text)
            said_so_far += length + 1
    count, total, letters = max(1, len(kept)), max(1, len(units)), letters or 1
    lines = "\n".join(short)[:_ENOUGH]
    body = " ".join([units[number].text for number in kept[:40]])[:_ENOUGH]
    times = sum([mark.attributes.get("datetime") is not None for mark in found.marks])
    firsts = heads = cards = 0
    for _, level, at, _ in found.headings:
        firsts += level == 1
        if at < len(units):
            heads += 1
            cards += units[at].linked * 2 > len(units[at].text)
    declared = facts.meta("og:type").lower()
    path = path_query(facts.page.url)
    pieces = [piece for piece in path.partition("?")[0].split("/") if piece]
    slug = max([piece.count("-") + piece.count("_") for piece in pieces], default=0)
    published, authors = fields["published"], fields["authors"]
    types = facts.graph.types
    counted, rated, beginning = manner(facts, fields["title"].value or "", body, short, lines)
    counts = [
        words, len(kept), words / count, longest, len(found.anchors), len(units), len(found.images),
        len(units) - len(texts), body.count(","), body.count("?"), paragraphs, times, code, cards,
        count_signs(lines, PRICES), *counted,
    ]  # fmt: skip
    values = [
        linked / letters, cards / (2 + heads), words / (letters / 6 + 1),
        float(inside.sum()) / count, float(((chances > 0.2) & (chances < 0.8)).sum()) / total,
        min(4, firsts), len(found.headings) / log(2 + words),
        kept_headings / count, lists / count, tables / count, (kept[-1] - kept[0] + 1) / total if kept else 0.0,
        declared == "article", declared.startswith("product"), declared in ("website", "blog"), bool(declared),
        published.value is not None, published.value is not None and not published.rule.startswith("dom"),
        bool(authors.value), bool(authors.value) and not authors.rule.startswith("dom"),
        facts.article is not None and published.rule.startswith("ld") and authors.rule.startswith("ld"),
        len(pieces), not pieces, min(slug, 10), sum(map(str.isdigit, path)) / 4, _DATED.search(path) is not None, "?" in path,
        *[pattern.search(path) is not None for pattern in _PATH.values()],
        *[not types.isdisjoint(names) for names in _TYPES.values()],
        *rated, runs / count, *trades(said, facts.names()),
    ]  # fmt: skip
    numbers = np.fromiter([*counts, *values], np.float32, len(TRAITS))
    np.log1p(numbers[: len(counts)], out=numbers[: len(counts)])
    return numbers, beginning
