"""The title: what the page shows as its heading, checked against what it says of itself elsewhere.

candidates   h1s, JSON-LD headline, og:title, twitter:title, <title> and its parts, itemprop=headline
support      each candidate is compared with all the others; the site's name and kickers come off first
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from sites.generic.facts import Claim, Decision, Facts, clean, fold

__all__ = ["headline", "site_name", "subtitle"]

_SPLIT = re.compile(r"\s+[|\-–—·•:»›«/~]+\s+|\s*[|»›«]\s*|\s+::\s+|\s*[–—]\s*(?=[A-Z])")


def site_name(facts: Facts) -> Decision[str]:
    """og:site_name, the publisher in JSON-LD, application-name; else the part that a title's tail repeats."""
    graph = facts.graph
    claims = [
        Claim("og:site_name", facts.meta("og:site_name"), 0.9),
        Claim("ld:publisher", graph.text(facts.article, "publisher"), 0.8),
        Claim(
            "ld:WebSite",
            next((graph.text(n, "name") for n in graph.nodes if n.get("@type") == "WebSite"), ""),
            0.8,
        ),
        Claim("meta:application-name", facts.meta("application-name", "apple-mobile-web-app-title"), 0.6),
        Claim("meta:dc.publisher", facts.meta("dc.publisher", "dcterms.publisher"), 0.5),
    ]
    claims = [claim for claim in claims if claim.value and not claim.value.startswith("http")]
    if not claims:
        return Decision("")
    best = claims[0]
    return Decision(best.value, best.rule, best.weight, lost=tuple(map(repr, claims[1:])))


def headline(facts: Facts, site: str) -> Decision[str]:
    """The title without kicker and site name."""
    claims = _claims(facts, site)
    if not claims:
        return Decision("")
    words = [frozenset(fold(claim.value).split()) for claim in claims]
    best, best_score = 0, -1.0
    for number, claim in enumerate(claims):
        score = claim.weight
        for other, rival in enumerate(claims):
            if other != number and rival.rule != claim.rule:
                score += 0.6 * rival.weight * _likeness(words[number], words[other])
        if score > best_score:
            best, best_score = number, score
    won = claims[best]
    lost = tuple(repr(claim) for number, claim in enumerate(claims) if number != best)
    return Decision(won.value, won.rule, min(1.0, best_score / 2.5), won.node, lost)


def _claims(facts: Facts, site: str) -> list[Claim[str]]:
    claims: list[Claim[str]] = []

    def add(rule: str, text: str, weight: float, node: LexborNode | None = None) -> None:
        text = strip_site(clean(text), site, facts) if text else ""
        if text and len(text) < 400:
            claims.append(Claim(rule, text, weight, node))

    first = True
    for node, level, _, _frame in facts.found.headings:
        if level == 1:
            add("h1", facts.text(node), 1.0 if first else 0.8, node)
            first = False
    add("ld:headline", facts.graph.text(facts.article, "headline", "name"), 0.9)
    add("og:title", facts.meta("og:title"), 0.8)
    add("twitter:title", facts.meta("twitter:title", "twitter:text:title"), 0.6)
    add(
        "meta:title", facts.meta("dc.title", "dcterms.title", "parsely-title", "sailthru.title", "title"), 0.6
    )
    for mark in facts.found.marks:
        if "headline" in (mark.attributes.get("itemprop") or "").split():
            add("itemprop:headline", mark.attributes.get("content") or facts.text(mark.node), 0.8, mark.node)
            break
    add("title", facts.tab, 0.5)
    return claims


def _likeness(one: frozenset[str], two: frozenset[str]) -> float:
    if not one or not two:
        return 0.0
    return 2 * len(one & two) / (len(one) + len(two))


def strip_site(text: str, site: str, facts: Facts) -> str:
    """A title without the site's name at its end or beginning."""
    if not text or not site:
        return text
    folded = fold(site)
    if not folded:
        return text
    parts = _SPLIT.split(text)
    if len(parts) > 1:
        if fold(parts[-1]) == folded:
            return text[: text.rindex(parts[-1])].rstrip(" |-–—·•:»›«/~")
        if fold(parts[0]) == folded:
            return text[text.index(parts[0]) + len(parts[0]) :].lstrip(" |-–—·•:»›«/~")
    return text


def subtitle(facts: Facts, title: str) -> Decision[str]:
    """The line under the title, from JSON-LD, a class that says so, or the description the page shows."""
    alternative = facts.graph.text(facts.article, "alternativeHeadline")
    if alternative and fold(alternative) != fold(title):
        return Decision(alternative, "ld:alternativeHeadline", 0.8)
    return Decision("")
