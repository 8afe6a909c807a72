"""What it is about and what kind of piece it is: tags, genre, paywall, language as declared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import py3langid

from sites.generic import taught
from sites.generic.facts import Decision, Facts, clean, compact, fold
from sites.generic.sections import COMMA
from sites.generic.structured import text_of, texts_of
from sites.generic.words import GROUPS, PLACES
from sites.url import path_query

__all__ = ["canonical", "declared_language", "detected_language", "genre", "paywalled", "tags"]

_ENOUGH: Final = 60
_SAMPLE: Final = 1500
_PIECES: Final = 5
_PIECE: Final = 40
_SURELY: Final = 20.0
"""So many logits before the next language, pieces tell the same as the whole: so for all of 1,473 texts, where those that err have four at most."""
_LABELLED: Final = re.compile(
    r"(?:category|tag|topic|nlp [\w ]+|subject|keyword|section|region|type)s?\s*:\s*\S", re.I
)
_NO_TAG: Final = re.compile(
    r"\w+:(?:true|false|\d+)\Z|[0-9a-f]{8}-[0-9a-f]{4}-|https?:|[\w-]+(?:\.[\w-]+)+\Z|[\d\W]+\Z", re.I
)
_TAGGED: Final = re.compile(r"(?<![a-z])(?:tag|tags|topics?|keywords?|schlagw\w+)(?![a-z])", re.I)
_TAG_PAGE: Final = re.compile(
    r"/(?:tags?|themen?|topics?|schlagw\w+|keywords?|temas?|etiquetas?|sujets?|etiket|mot-cle)/[^/]", re.I
)
_GROUP: Final = {name: 1 << number for number, name in enumerate(GROUPS)}
_NAV: Final = 1 << len(GROUPS) + PLACES.index("nav")
_FOOT: Final = 1 << len(GROUPS) + PLACES.index("footer")
_WITHIN: Final = 1 << len(GROUPS) + PLACES.index("article")
_OTHER_TAGS: Final = ("rel:tag", "meta:parsely-tags", "itemprop:keywords")
_OUTSIDE: Final = _GROUP["footer"] | _GROUP["comment"]
_ELSEWHERE: Final = _OUTSIDE | _GROUP["navigation"] | _GROUP["related"] | _GROUP["teaser"]
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{4}))?(?:[-_]([A-Za-z]{2}|\d{3}))?\b")


def tags(facts: Facts, section: str) -> Decision[tuple[str, ...]]:
    """Keywords from JSON-LD, then article:tag, news_keywords, keywords, rel=tag, then the list the page shows.

    A source that another holds whole gives way to it: one template lists a part of the other's.
    """
    graph = facts.graph
    sources: list[tuple[str, list[str]]] = [
        ("ld:keywords", texts_of(graph.many(facts.article, "keywords"))),
        ("meta:article:tag", [clean(c) for n, c in facts.all_metas if n in ("article:tag", "og:article:tag", "og:video:tag")]),
        ("meta:news_keywords", [facts.meta("news_keywords")]),
        ("meta:keywords", [facts.meta("keywords")]),
        ("itemprop:keywords", facts.marked("keywords")),
        ("meta:parsely-tags", [facts.meta("parsely-tags", "sailthru.tags")]),
        ("rel:tag", _related_tags(facts)),
    ]  # fmt: skip
    slug = compact(facts.page.url.rstrip("/").rpartition("/")[2])
    found = [(rule, kept) for rule, values in sources if (kept := _kept(values)) and not _spells(kept, slug)]
    labels = facts.template.labels
    if all(kept.keys() <= labels for _, kept in found) and (listed := _kept(taught.tags(facts))):
        return Decision(tuple(listed.values()), "template:tags", 0.6)
    if not found:
        shown = _kept(_shown_tags(facts))
        return Decision(tuple(shown.values()), "dom:tags", 0.4) if 0 < len(shown) <= 15 else Decision(())
    rule, best = found[0]
    places = compact(path_query(facts.page.url)) + compact(section)
    for other, kept in found[1:]:
        more = kept.keys() - best.keys()
        if best.keys() < kept.keys() and len(kept) <= 3 * len(best) + 4 and other not in _OTHER_TAGS and (
            not all(compact(tag) in places for tag in more)
        ):  # fmt: skip
            rule, best = other, kept
    lost = tuple(f"{other}: {', '.join(kept.values())[:80]}" for other, kept in found if other != rule)
    return Decision(tuple(best.values()), rule, 0.8 if len(found) > 1 else 0.7, lost=lost)


def _related_tags(facts: Facts) -> list[str]:
    """Links with rel=tag; those that are categories too only when there is nothing else."""
    marked = [
        (facts.text(mark.node), rel.split())
        for mark in facts.found.marks
        if (rel := mark.attributes.get("rel")) and "tag" in rel
    ]
    plain = [text for text, words in marked if "tag" in words and "category" not in words]
    return plain or [text for text, words in marked if "tag" in words]


def _kept(values: list[str]) -> dict[str, str]:
    """Each tag once, by its folded form; identifiers, addresses and names of fields are no tags."""
    split = values if len(values) > 1 else [part for value in values for part in COMMA.split(value)]
    out: dict[str, str] = {}
    for value in split:
        if ":" in value and _LABELLED.match(value):
            name, _, value = value.partition(":")
            if name.lower().startswith(("nlp category", "section", "region", "type")):
                continue
        value = value.strip(" #\"'“”")
        if not value or len(value) >= 100:
            continue
        plain = value.replace(" ", "").isalpha()  # and so none of the patterns for what is no tag
        if (plain or not _NO_TAG.match(value)) and (key := fold(value)):
            out.setdefault(key, value)
    return out


def _spells(kept: dict[str, str], slug: str) -> bool:
    """Are these but the words of the page's address, as some systems fill in what nobody wrote?"""
    if len(kept) > 1 and any(" " in tag or not tag.islower() for tag in kept.values()):
        return False
    words = [compact(tag) for tag in kept]
    return all(word in slug for word in words) and sum(map(len, words)) * 4 > len(slug) * 3


def _shown_tags(facts: Facts) -> list[str]:
    """Short links that lead to a tag's page, or stand in a list that calls itself tags or topics."""
    units, listed, linked = facts.found.units, list[str](), list[str]()
    telling = {name for name in facts.names() if _says_tags(name)}
    for anchor in facts.found.anchors:
        if not 1 < len(anchor.text) < 40 or not facts.title_unit - 4 <= anchor.unit < len(units):
            continue
        frame = units[anchor.unit].frame
        bits = frame.bits
        if bits & _NAV or (bits & _FOOT and not bits & _WITHIN):
            continue
        above = frame.parent or frame
        top = above.parent or above
        if not bits & _OUTSIDE and (frame.name in telling or above.name in telling or top.name in telling):
            listed.append(anchor.text)
        elif not bits & _ELSEWHERE and _TAG_PAGE.search(anchor.href):
            linked.append(anchor.text)
    return listed or linked


@lru_cache(maxsize=16_384)
def _says_tags(name: str) -> bool:
    return _TAGGED.search(name) is not None


def genre(facts: Facts) -> Decision[str]:
    """ "opinion", "analysis", "review", "live" …, from the type and genre that the page declares."""
    for kind in sorted(facts.graph.types):
        for word in ("opinion", "analysis", "review", "liveblog", "advertisercontent", "satirical"):
            if kind.startswith(word) and ("article" in kind or "posting" in kind):
                return Decision("live" if word == "liveblog" else word, f"ld:@type {kind}", 0.8)
    if text := facts.graph.text(facts.article, "genre"):
        return Decision(text, "ld:genre", 0.7)
    return Decision("")


def paywalled(facts: Facts) -> Decision[bool | None]:
    """isAccessibleForFree, og's and Facebook's content tier; None when the page does not say."""
    for node in (facts.article, *facts.graph.nodes):
        value = node.get("isAccessibleForFree") if node else None
        if isinstance(value, (bool, str)):
            free = (
                value
                if isinstance(value, bool)
                else text_of(value).rpartition("/")[2].lower() in ("true", "yes", "1")
            )
            return Decision(not free, "ld:isAccessibleForFree", 0.95)
    tier = facts.meta(
        "article:content_tier", "og:article:content_tier", "lp.type", "cxenseparse:tier"
    ).lower()
    if tier in ("free", "metered", "locked"):
        return Decision(tier == "locked", "meta:article:content_tier", 0.8)
    return Decision(None)


def declared_language(facts: Facts) -> Decision[str]:
    """The language that the page declares, as a BCP 47 tag: JSON-LD, <html lang>, og:locale."""
    sources = (
        ("html:lang", facts.found.language),
        ("ld:inLanguage", facts.graph.text(facts.article, "inLanguage")),
        ("meta:og:locale", facts.meta("og:locale")),
        ("meta:content-language", facts.meta("http-equiv:content-language", "dc.language", "language")),
    )
    for rule, text in sources:
        match = _LANGUAGE.match(text)
        if match:
            tag = match[1].lower()
            if match[2]:
                tag += f"-{match[2].title()}"
            if match[3]:
                tag += f"-{match[3].upper()}"
            return Decision(tag, rule, 0.8)
    return Decision("")


def detected_language(text: str) -> Decision[str]:
    """The language of a text, for pages that declare none; "" for a text too short to tell."""
    if len(text) < _ENOUGH:
        return Decision("")
    text = text[:_SAMPLE]
    if len(text) >= 2 * _PIECES * _PIECE:  # pieces from all over it are enough for nearly all texts
        step = (len(text) - _PIECE) // (_PIECES - 1)
        first, second, *_ = py3langid.rank(
            " ".join([text[n * step : n * step + _PIECE] for n in range(_PIECES)])
        )
        if first[1] - second[1] >= _SURELY:
            return Decision(str(first[0]), "text:language", 0.6)
    return Decision(str(py3langid.classify(text)[0]), "text:language", 0.6)


def canonical(facts: Facts) -> Decision[str]:
    """rel=canonical, og:url, JSON-LD url: the page's own claim."""
    if facts.canonical:
        return Decision(facts.canonical, "link:canonical", 0.95)
    if (text := facts.meta("og:url")) and (url := facts.joiner.join(text)):
        return Decision(url, "meta:og:url", 0.7)
    return Decision("")
