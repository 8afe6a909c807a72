"""The title: what the page shows as its heading, checked against what it says of itself elsewhere.

candidates   h1s, JSON-LD headline, og:title, twitter:title, <title> and its parts, itemprop=headline
support      each candidate is compared with all the others; the site's name and kickers come off first
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

from sites.generic.elements import TEXT
from sites.generic.facts import Claim, Decision, Facts, clean, compact, fold
from sites.generic.joining import Joiner
from sites.generic.naming import without_suffix
from sites.generic.parts import Frame, lines_of
from sites.generic.words import GROUPS, class_bits
from sites.inline import inline
from sites.url import origin

__all__ = ["headline", "strip_site"]

_SPLIT: Final = re.compile(
    r"(?=[\s|»›«–—_-])(?:\s+[|\-–—·•⋅∙:»›«/~]+\s+|\s*[|»›«]\s*|\s+::\s+|\s*[–—]\s*(?=[A-Z])|(?<=\w)-(?=\w+[ㅣ|])"
    r"|(?<=[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef])[-_—|](?=[\u3400-\u9fff]{2,8}\Z))"
)
_SIGN: Final = re.compile(r"[|\-–—·•⋅∙:»›«/~_]")
"""All that splits a title has one of these."""
_BETWEEN: Final = re.compile(r"\s+[|\-–—·•⋅∙:»«]+\s+|:\s+")
_MARKS: Final = " |-–—·•⋅∙:»›«/~_ㅣ"
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
_DATED: Final = re.compile(r"^(?:\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)\s*[|:–—•-]*\s+")
_WIDE_SIGN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WIDE_LEAST: Final = 6
_WIDE: Final = re.compile(r"[\u3400-\u9fff]{2,8}\Z")
_LONGEST: Final = 400
_BEGINS: Final = 15
_GROUP: Final = {name: 1 << number for number, name in enumerate(GROUPS)}
_OUTSIDE: Final = _GROUP["comment"] | _GROUP["consent"]
_KICKER: Final = _GROUP["tags"]


def headline(facts: Facts, site: str) -> Decision[str]:
    """The title without kicker and site name: the heading the page shows, when what the page says elsewhere
    bears it out; else what most of the declared titles agree on.
    """
    declared = _declared(facts, site)
    shown = _shown(facts, site, declared)
    claims = shown + declared
    if not claims:
        return Decision("")
    best = shown[0] if shown and not _overruled(shown[0], declared) else _agreed(declared)
    if best.rule == "title":
        best = Claim(best.rule, _part_shown(best.value, facts), best.weight, best.node)
    value = _spelled(_without_kicker(best.value.lstrip(" :"), claims), best, declared)
    if _united(declared) and fold(declared[0].value).endswith(f" {fold(value)}"):
        value = declared[0].value  # both machine-readable sources hold the kicker to be part of the title
    lost = tuple(claim for claim in claims if claim is not best)
    return Decision(value, best.rule, best.weight, best.node, lost)


def _part_shown(tab: str, facts: Facts) -> str:
    """Of a <title> in two parts the one that the page shows on a line of its own, if it does not show the other."""
    pairs = [(tab[: match.start()], tab[match.end() :]) for match in _BETWEEN.finditer(tab)]
    if not pairs:
        return tab
    lines = {fold(line) for unit in facts.found.units if len(unit.text) < _LONGEST for line in lines_of(unit)}
    for before, after in pairs:
        seen = [fold(part) in lines for part in (before, after)]
        if sum(seen) == 1 and _says_much(part := after if seen[1] else before):
            return part
    return tab


def _declared(facts: Facts, site: str) -> list[Claim[str]]:
    """What the page says its title is, best source first."""
    claims: list[Claim[str]] = []
    stripped: dict[str, str] = {"": ""}  # most sources say the same

    def add(rule: str, text: str, weight: float, node: LexborNode | None = None) -> None:
        if text not in stripped:
            stripped[text] = strip_site(_visible(text), site, facts)
        text = stripped[text]
        if text and len(text) < _LONGEST and fold(text) != fold(site):
            claims.append(Claim(rule, text, weight, node))

    add("ld:headline", facts.graph.text(facts.article, "headline", "name"), 0.85)
    add("og:title", facts.meta("og:title"), 0.8)
    for mark in facts.found.marks:
        if "headline" in (mark.attributes.get("itemprop") or "").split():
            add("itemprop:headline", mark.attributes.get("content") or facts.text(mark.node), 0.75, mark.node)
            break
    add("twitter:title", facts.meta("twitter:title", "twitter:text:title"), 0.6)
    for name in ("parsely-title", "sailthru.title", "dc.title", "dcterms.title", "title"):
        add(f"meta:{name}", facts.metas.get(name, ""), 0.5)
    add("title", facts.tab, 0.5)
    return claims


def _shown(facts: Facts, site: str, declared: list[Claim[str]]) -> list[Claim[str]]:
    """The headings that may be the title, the likeliest first; () when none is borne out."""
    spoken = [frozenset(fold(claim.value).split()) for claim in declared]
    firm = [words for words, claim in zip(spoken, declared, strict=True) if claim.weight >= 0.75]
    whole = fold(facts.tab)
    host = facts.host
    found: list[tuple[float, Claim[str]]] = []
    firsts = 0
    said = " ".join([claim.value for claim in declared]).casefold()
    units = facts.found.units
    for node, level, unit, frame in facts.found.headings:
        if level > 3 or frame.bits & _OUTSIDE or len(found) > 20:
            continue
        if level > 1 and (unit >= len(units) or units[unit].text[:_BEGINS].casefold() not in said):
            continue
        text = strip_site(_visible(_heading(node, unit, frame, facts)), site, facts)
        folded = fold(text)
        words = frozenset(folded.split())
        if (
            not words
            or len(text) > _LONGEST
            or _is_name(folded, site, host)
            or _leads_home(node, facts.joiner)
        ):
            continue
        firsts += level == 1
        likeness = max((_likeness(words, other) for other in spoken), default=0.0)
        if len(words) >= 3:
            likeness = max(likeness, *(0.9 * len(words & other) / len(words) for other in spoken), 0.0)
        if level > 1:
            if len(words) >= 2 and (f" {folded} " in f" {whole} " or likeness > 0.9):
                found.append((likeness - 0.35, Claim(f"h{level}", text, 0.6 * likeness, node)))
        elif likeness >= 0.25 or (firsts == 1 and len(words) >= 3 and not _united(declared)):
            rank = likeness - 0.05 * (firsts > 1) + 0.06 * (words in firm)
            found.append((rank, Claim("h1", text, 0.5 + likeness / 2, node)))
    found.sort(key=lambda pair: -pair[0])
    if firsts == 1:  # a page's only <h1> comes before lower headings that repeat a part of the title
        found.sort(key=lambda pair: pair[1].rule != "h1" or pair[0] < 0.4)
    return [claim for _, claim in found]


def _heading(node: LexborNode, unit: int, frame: Frame, facts: Facts) -> str:
    """A heading's text without the parts that call themselves kickers, if anything is left then."""
    units = facts.found.units
    if node.child is None or node.child.next is None:
        return units[unit].text if unit < len(units) and units[unit].frame is frame else facts.text(node)
    text, _ = inline(node, skip=lambda part: bool(class_bits(part.attributes.get("class") or "") & _KICKER))
    return text or facts.text(node)


def _united(declared: list[Claim[str]]) -> bool:
    """Do JSON-LD and OpenGraph say the same?"""
    said = {claim.rule: fold(claim.value) for claim in declared}
    return "ld:headline" in said and said["ld:headline"] == said.get("og:title")


def _agreed(declared: list[Claim[str]]) -> Claim[str]:
    """The declared title most like all the others."""
    words = [frozenset(fold(claim.value).split()) for claim in declared]
    scores = [
        claim.weight + sum(0.5 * declared[n].weight * _likeness(words[at], other) for n, other in enumerate(words) if n != at)
        for at, claim in enumerate(declared)
    ]  # fmt: skip
    return declared[scores.index(max(scores))]


def _overruled(shown: Claim[str], declared: list[Claim[str]]) -> bool:
    """Is the heading but a label, or that of another text, where two sources agree on a title unlike it?"""
    said = {claim.rule: fold(claim.value) for claim in declared}
    words, tab, alike = fold(shown.value).count(" ") + 1, said.get("title", ""), 2 * shown.weight - 1
    if shown.rule != "h1" or not tab:
        return False
    if _united(declared) and said["og:title"] != tab == fold(shown.value):
        return True  # <title> is made of the heading; the data were written twice
    if tab == said.get("og:title") and words <= 3 <= tab.count(" "):
        return alike < 0.62
    return tab == said.get("ld:headline") and alike < 0.2


def _spelled(text: str, best: Claim[str], declared: list[Claim[str]]) -> str:
    """The text as a declared title writes it, where the heading glues its parts or has a part more at its end."""
    short = compact(text)
    for claim in declared:
        if (claim.weight < 0.75 and claim.rule != "title") or fold(claim.value) == fold(text):
            continue
        if compact(claim.value) == short and claim.weight >= 0.75:
            return claim.value
        if (
            best.node is not None
            and text.startswith(claim.value)
            and claim.value.count(" ") >= 2
            and _ends(best.node, claim.value)
        ):
            return claim.value
    return text


def _ends(node: LexborNode, text: str) -> bool:
    """Does a child of the heading, or what stands before one, end with the text?"""
    said = ""
    child = node.child
    while child is not None and len(said) < _LONGEST:
        said = f"{said} {child.text(deep=True) or ''}"
        if fold(said) == fold(text):
            return child.next is not None
        child = child.next
    return False


def _without_kicker(text: str, claims: list[Claim[str]]) -> str:
    """The text without a date before it, and without words before it that another good candidate, otherwise
    the same, does not have."""
    text = _DATED.sub("", text) or text
    folded = fold(text)
    for claim in claims:
        other = fold(claim.value)
        if claim.weight >= 0.7 and other.count(" ") >= 2 and other != folded and folded.endswith(f" {other}"):
            return claim.value
    return text


def _likeness(one: frozenset[str], two: frozenset[str]) -> float:
    return 2 * len(one & two) / (len(one) + len(two)) if one and two else 0.0


def _visible(text: str) -> str:
    return clean(text if text.isascii() else _INVISIBLE.sub("", text)) if text else ""


def _is_name(folded: str, site: str, host: str) -> bool:
    """Is this the site's name: as declared, or as its address spells it?"""
    return folded == fold(site) or (len(folded) > 2 and compact(folded) in host)


def _leads_home(node: LexborNode, joiner: Joiner) -> bool:
    """Is the heading a link to the front page, as a masthead is?"""
    child = node.child
    if child is None or (child.next is None and child.tag_id == TEXT):
        return False  # as nearly all are
    link = node.css_first("a[href]")
    href = (link.attributes.get("href") or "") if link is not None else ""
    url = joiner.join(href.strip()) if href else None
    return url is not None and url.partition("://")[2] == f"{origin(joiner.base).partition('://')[2]}/"


def strip_site(text: str, site: str, facts: Facts) -> str:
    """A title without the site's name before or after it; what stands after a bar is never the title's."""
    if _SIGN.search(text) is None:
        return text
    host = facts.host
    for _ in range(3):
        parts = [part for part in _SPLIT.split(text) if part]
        if len(parts) < 2:
            return text
        tail, head = parts[-1], parts[0]
        cut = text.rindex(tail)
        bar = "|" in text[:cut][-3:] and _says_much(text[:cut])
        bar = bar or (text[cut - 1] in "-_—|" and _WIDE.match(tail) is not None)
        if bar or _names_site(tail, site, host):
            text = text[:cut].rstrip(_MARKS)
        elif _names_site(head, site, host):
            text = text[len(head) :].lstrip(_MARKS)
        else:
            return text
    return text


def _says_much(text: str) -> bool:
    """Three words, or as much in a script that parts none."""
    return len(fold(text).split()) >= 3 or len(_WIDE_SIGN.findall(text)) >= _WIDE_LEAST


def _names_site(part: str, site: str, host: str) -> bool:
    folded, short = fold(part), compact(part)
    if not short or len(folded.split()) > 6:
        return False
    name = compact(site)
    if short == name or (len(short) > 3 and short in host):
        return True
    label = without_suffix(host)
    return (len(label) > 3 and label in short and len(short) < 4 * len(label)) or (
        len(name) > 3 and name in short and len(short) < 3 * len(name)
    )
