"""Who wrote it: persons, not desks, agencies or addresses, where the page names any."""

from __future__ import annotations

import re

from sites.generic.facts import Claim, Decision, Facts, clean, fold
from sites.generic.structured import names_of

__all__ = ["authors", "split_names", "tidy_name"]

_BY = re.compile(
    r"^\s*(?:written by|posted by|published by|words by|story by|report by|by|von|par|de|por|di|door|av|af|text|"
    r"autor(?:in)?|author|auteur|texte?)\s*[:\-]?\s+",
    re.I,
)
_JOIN = re.compile(r"\s*(?:,|;|/|\||&|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\bog\b|\boch\b|·|•|\n)\s*")
_NOBODY = re.compile(
    r"^(?:staff|admin|administrator|editor|editors|editorial|redaktion|redaction|redazione|redacción|redacao|"
    r"newsroom|news desk|web ?desk|guest|contributor|contributors|anonymous|unknown|none|null|author|autor|by|"
    r"the|team|user|root|webmaster|online|dpa|afp|reuters|ap|associated press)$",
    re.I,
)


def tidy_name(text: str) -> str:
    """A name without "By", titles after a comma and marks around it; "" for what is no name."""
    text = clean(text)
    if "://" in text or text.startswith(("www.", "@", "#", "/")) or "@" in text:
        return ""
    text = _BY.sub("", text).strip(" ,;:|–—-•·/")
    if not text or len(text) > 60 or len(text.split()) > 6 or _NOBODY.match(text):
        return ""
    if any(sign.isdigit() for sign in text):
        return ""
    return text


def split_names(text: str) -> list[str]:
    """The names in a byline."""
    text = _BY.sub("", clean(text))
    names = [tidy_name(part) for part in _JOIN.split(text)]
    return [name for name in names if name]


def authors(facts: Facts) -> Decision[tuple[str, ...]]:
    """The persons that the best source names; sources that agree lend confidence."""
    claims = _claims(facts)
    if not claims:
        return Decision(())
    best = max(claims, key=lambda claim: claim.weight)
    lost = tuple(repr(claim) for claim in claims if claim is not best)
    return Decision(best.value, best.rule, best.weight, best.node, lost)


def _claims(facts: Facts) -> list[Claim[tuple[str, ...]]]:
    graph = facts.graph
    claims: list[Claim[tuple[str, ...]]] = []

    def add(rule: str, names: list[str], weight: float) -> None:
        kept = tuple({fold(name): name for name in names if name}.values())
        if kept:
            claims.append(Claim(rule, kept, weight))

    persons, _others = names_of(graph.many(facts.article, "author", "creator"))
    add("ld:author", [name for person in persons for name in split_names(person)], 0.95)
    for rule in (
        "author",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
        "byl",
        "article:author",
    ):
        names = [name for key, content in facts.all_metas if key == rule for name in split_names(content)]
        add(f"meta:{rule}", names, 0.8)
    rel = [
        tidy_name(facts.text(mark.node)) for mark in facts.found.marks
        if "author" in (mark.attributes.get("rel") or "").split()
    ]  # fmt: skip
    add("rel:author", rel, 0.6)
    item = [
        tidy_name(mark.attributes.get("content") or facts.text(mark.node)) for mark in facts.found.marks
        if "author" in (mark.attributes.get("itemprop") or "").split()
    ]  # fmt: skip
    add("itemprop:author", item, 0.6)
    return claims
