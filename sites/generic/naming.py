"""The site's name: as its data give it, as the host spells it in a title's tail, or what stands beside the title."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from sites.generic.facts import Claim, Decision, Facts, clean, compact
from sites.generic.structured import types_of

__all__ = ["beside_title", "site_name", "without_suffix"]

_PARTS: Final = re.compile(r"(?=[\s|｜»«:])(?:\s+[|<>\-–—·•⋅∙:»«]+\s+|\s*[|｜»«]\s*|:\s+)")
_BEHIND: Final = re.compile(r"(?:\s+[|<>\-–—·•⋅∙:»«]+\s+|\s*[|｜»«]\s*)(?P<name>\S.*)\Z")
_AHEAD: Final = re.compile(r"(?P<name>.*\S)(?:\s+[|<>\-–—·•⋅∙:»«]+\s+|\s*[|｜»«:]\s*)\Z")
_SUFFIX: Final = re.compile(
    r"(?:(?:co|com|org|gov|gv|go|net|ac|edu)(?:uk|au|nz|in|za|jp|kr|br|at|tr|mx|ar)|com|org|net|info|gov|edu|blog|io"
    r"|de|at|ch|fr|eu|it|es|nl|be|se|no|dk|pl|us|uk)\Z"
)
_LEAST: Final = 15
_MOST: Final = 40


def site_name(facts: Facts) -> Decision[str]:
    """og:site_name, the publisher in JSON-LD, application-name; else the part that a title's tail repeats."""
    graph = facts.graph
    claims = [
        Claim("og:site_name", facts.meta("og:site_name"), 0.9),
        Claim("ld:publisher", graph.text(facts.article, "publisher"), 0.8),
        Claim(
            "ld:WebSite",
            next((graph.text(n, "name") for n in graph.nodes if "website" in types_of(n)), ""),
            0.8,
        ),
        Claim("meta:application-name", facts.meta("application-name", "apple-mobile-web-app-title"), 0.6),
        Claim("meta:dc.publisher", facts.meta("dc.publisher", "dcterms.publisher"), 0.5),
    ]
    claims.append(Claim("template:title", facts.template.site_name, 0.6))
    claims.append(Claim("title:host", _named_in(facts.tab, facts.host), 0.4))
    claims = [claim for claim in claims if claim.value and not claim.value.startswith("http")]
    if not claims:
        return Decision("")
    best = claims[0]
    name = _named_in(best.value, facts.host) or best.value  # without a motto
    return Decision(name, best.rule, best.weight, lost=tuple(claims[1:]))


def beside_title(facts: Facts, title: str) -> Decision[str]:
    """What stands behind the title in <title>, or before it, when no data names the site."""
    tab, short = clean(facts.tab), clean(title)
    at = (
        tab.casefold().find(short.casefold())
        if len(short) >= (_LEAST if short.isascii() else _LEAST // 2)
        else -1
    )
    if at < 0:
        return Decision("")
    before, after = tab[:at], tab[at + len(short) :]
    match = _BEHIND.match(after) if after.strip() else _AHEAD.match(before)
    if match is None:
        return Decision("")
    parts = [part.strip() for part in _PARTS.split(match["name"]) if part and not part.isspace()]
    name = (parts[-1] if after.strip() else parts[0]) if parts else ""
    return Decision(name, "title:beside", 0.3) if 1 < len(name) <= _MOST else Decision("")


def _named_in(text: str, host: str) -> str:
    """The first or last part of a text that its host spells; "" when none does or the text has no parts."""
    parts = [part.strip() for part in _PARTS.split(text) if part and not part.isspace()]
    if len(parts) < 2:
        return ""
    label = without_suffix(host)
    for part in (parts[-1], parts[0]):
        short = compact(part)
        if len(short) > 2 and (
            short in (label, host) or (len(label) > 3 and label == short.removeprefix("the"))
        ):
            return part
    return ""


@lru_cache(maxsize=64)
def without_suffix(host: str) -> str:
    """A compacted host without what most end in."""
    return _SUFFIX.sub("", host)
