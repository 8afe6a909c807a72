"""Who wrote it: persons, not desks, publishers or addresses, where the page names any.

JSON-LD persons ─▶ metas ─▶ rel=author, itemprop ─▶ a byline by class or by its words, near the title
A name counts for more when the page also shows it; the site's own name is no author, an agency only alone.
"""

from __future__ import annotations

import re
from typing import Final

from sites.generic.bylines import Entry, Names, displayed, longer, sightings
from sites.generic.facts import Claim, Decision, Facts, compact, fold
from sites.generic.names import is_agency, is_own, is_person, split_names, tidy_name, upright
from sites.generic.naming import without_suffix
from sites.generic.structured import names_of, text_of, types_of
from sites.url import hostname

__all__ = ["authors"]

_WIDE: Final = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_WRITTEN: Final = re.compile(
    r"written|verfasst|geschrieben|autor|author|auteur|[ée]crit|escrito|scritto|geschreven|napisan|skrev|skriv|forfatt|"
    r"författ|kirjoit|yaz|ditulis|penulis|автор|написа|كتب|लेखक|執筆|投稿者|作者|글쓴이|작성자|tác giả|viết",
    re.I,
)
"""What a share card's first label says (twitter:label1, in the site's language) when its text is the author."""
_BLOGS: Final = re.compile(
    r"\.(?:wordpress\.com|blogspot\.[a-z.]+|substack\.com|tumblr\.com|typepad\.com|livejournal\.com|bearblog\.dev|medium\.com|"
    r"over-blog\.com|canalblog\.com|hatenablog\.com|blog\.fc2\.com|tistory\.com|ghost\.io|github\.io|jimdo\w*\.com|weebly\.com|wixsite\.com)\Z"
)
"""Hosts that give each of their writers a site."""
_DOCTOR: Final = re.compile(r"^(?:(?:Dr|Prof)\b\.?\s*)+")
_METAS: Final = (
    "author",
    "parsely-author",
    "sailthru.author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "article:author",
    "citation_author",
    "citation_authors",
    "article:author_name",
    "og:article:author",
    "articleauthor",
    "cxenseparse:author",
)
_SHORT: Final = 60
_BEFORE: Final = 3
_AFTER: Final = 12
_OF_AUTHORS: Final = frozenset(_METAS)
_OF_LIBRARIES: Final = frozenset(("dc.creator", "dcterms.creator", "citation_author"))


class _Shown:
    """The short texts of a page, one after the other; most names stand near the title."""

    __slots__ = ("_folded", "_text", "facts")

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._text = self._folded = ""

    def has(self, name: str) -> bool:
        """Does it show the name, in these letters or in others of the same?"""
        title, units = max(0, self.facts.title_unit), self.facts.found.units
        for unit in units[max(0, title - _BEFORE) : title + _AFTER]:
            if unit.words <= _SHORT and name in unit.text:
                return True
        if not self._text:
            self._text = " ".join([unit.text for unit in units if unit.words <= _SHORT])
        if name in self._text:
            return True
        if not self._folded:
            self._folded = self._text.casefold()
        return name.casefold() in self._folded


def authors(facts: Facts, site: str = "") -> Decision[Names]:
    """The persons that the best source names; sources that agree lend confidence."""
    own = _own_names(facts, site)
    claims = _declared(facts, own)
    if not claims or claims[0].weight < 0.6:
        seen = sightings(facts)
        claims += displayed(facts, own, seen)
        if not any(claim.weight >= 0.28 for claim in claims):
            claims += _of_own_site(facts, own, seen)
    claims.sort(key=lambda claim: -claim.weight)
    if not claims or claims[0].weight < 0.28:
        return Decision((), lost=tuple(claims))
    best = claims[0]
    persons = tuple(name for name in best.value if not is_agency(name))
    value = persons or best.value
    value = _more(value, claims) or longer(facts, value) or value
    return Decision(value, best.rule, best.weight, best.node, tuple(claims[1:]))


def _more(names: Names, claims: list[Claim[Names]]) -> Names:
    """What another good source names, when it names all of these and others with them."""
    known = {fold(name) for name in names}
    for claim in claims:
        if claim.weight >= 0.5 and known < {fold(name) for name in claim.value}:
            return tuple(name for name in claim.value if fold(name) in known or is_person(name))
    return ()


def _declared(facts: Facts, own: tuple[str, ...]) -> list[Claim[Names]]:
    """What the page's machine-readable parts say."""
    graph = facts.graph
    shown = _Shown(facts)
    claims: list[Claim[Names]] = []

    def add(rule: str, names: list[str], seen: float, unseen: float) -> None:
        kept = tuple(
            {
                fold(name): name
                for name in names
                if name
                and (not is_own(name, own) or (rule == "ld:author" and name in typed and is_person(name)))
            }.values()
        )
        if kept:
            visible = any(shown.has(name) for name in kept)
            plain = all(
                " " not in name and not _WIDE.search(name) and (name.islower() or not visible)
                for name in kept
            )
            claims.append(Claim(rule, kept, (seen if visible else unseen) - (0.4 if plain else 0.0)))

    said = graph.many(facts.article, "author", "creator")
    persons, others = names_of(said)
    typed = {text_of(value) for value in said if isinstance(value, dict) and "person" in types_of(value)}
    add("ld:author", [name for person in persons for name in split_names(person)], 0.95, 0.75)
    told: dict[str, list[str]] = {}
    for key, content in facts.all_metas:
        if key in _OF_AUTHORS:
            text = upright(content) if key in _OF_LIBRARIES else content
            told.setdefault(key, []).extend(split_names(text))
    for rule in _METAS:
        if rule in told:
            add(f"meta:{rule}", told[rule], 0.8, 0.5)
    if _WRITTEN.match(facts.metas.get("twitter:label1", "")):
        add("meta:twitter:data1", split_names(facts.metas.get("twitter:data1", "")), 0.7, 0.45)
    add("ld:author of no person", [tidy_name(other) for other in others], 0.45, 0.4)
    return claims


def _of_own_site(facts: Facts, own: tuple[str, ...], seen: list[tuple[str, Entry]]) -> list[Claim[Names]]:
    """Where nobody else is named: the person whose name the site bears, if the page calls her its author."""
    said = [Claim("meta:author", tuple(split_names(facts.meta("author"))), 0.4), *displayed(facts, (), seen)]
    return [
        Claim(claim.rule, claim.value, min(claim.weight, 0.4), claim.node)
        for claim in said
        if claim.value and all(is_person(_DOCTOR.sub("", name)) and is_own(name, own) for name in claim.value)
    ]


def _own_names(facts: Facts, site: str) -> tuple[str, ...]:
    if _BLOGS.search(hostname(facts.page.url)):
        return ()  # named as its author is, or as he calls himself
    publisher = facts.graph.text(facts.article, "publisher")
    names = (compact(site), compact(publisher), facts.host, without_suffix(facts.host))
    return tuple(name for name in names if name)
