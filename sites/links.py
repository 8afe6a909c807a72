"""What a site's patterns say of a page's links, what the page asks of robots, and what it says to machines that learn.

robots meta + X-Robots-Tag ──▶ Directives        content-signal, content-usage, tdm-* ──▶ signals, verbatim
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sites.errors import SiteError
from sites.extraction import Directives, FieldError, Link, Verdict
from sites.generic.survey import Survey
from sites.page import Page

if TYPE_CHECKING:
    from sites.site import Site

__all__ = ["directives_of", "signals_of", "with_verdicts"]

_SIGNALS = ("content-signal", "content-usage", "tdm-reservation", "tdm-policy")
_TOKEN = "broadsheet"  # noqa: S105  a product token
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")


def with_verdicts(
    links: tuple[Link, ...], site: Site | None
) -> tuple[tuple[Link, ...], tuple[FieldError, ...]]:
    """The links with what the site's patterns say of each; "" where its method raises, which is told once."""
    if site is None:
        return links, ()
    out = []
    told: dict[str, FieldError] = {}
    verdict: Verdict
    for link in links:
        try:
            verdict = site.verdict(link.url)
        except SiteError as error:
            told.setdefault(error.field, FieldError(error.plugin, error.field, error.message, error.where))
            verdict = ""
        out.append(
            Link(link.url, link.kind, link.text, link.nofollow, verdict, link.lastmod) if verdict else link
        )
    return tuple(out), tuple(told.values())


def directives_of(page: Page, found: Survey | None) -> Directives:
    """Robots meta and X-Robots-Tag for everyone or for us by name, united."""
    words: list[str] = []
    for name, value in page.headers:
        if name.lower() == "x-robots-tag":
            words += _directives(value)
    for name, content in found.metas if found else ():
        if name in ("robots", _TOKEN):
            words += _directives(content)
    if not words:
        return Directives()
    none = "none" in words
    after = next(
        (word.partition(":")[2].strip() for word in words if word.startswith("unavailable_after")), ""
    )
    return Directives(
        nofollow=none or "nofollow" in words,
        noindex=none or "noindex" in words,
        noarchive="noarchive" in words,
        unavailable_after=after,
    )


def _directives(value: str) -> list[str]:
    """The directives of one header or meta that are meant for us. A name before a colon speaks until the end."""
    value = " ".join(value.split())
    name, colon, rest = value.partition(":")
    name = name.strip().lower()
    if colon and "," not in name and name not in _VALUED:
        if name != _TOKEN:
            return []
        value = rest
    if match := re.search(r"unavailable_after\s*:\s*(.+)", value, re.I):
        before = value[: match.start()].lower().split(",")
        return [*(word.strip() for word in before), f"unavailable_after:{match[1].strip(' ,')}"]
    return [word.strip() for word in value.lower().split(",")]


def signals_of(page: Page, found: Survey | None) -> tuple[tuple[str, str], ...]:
    """AI opt-outs as they came: ("header:content-signal", "ai-train=no"), ("meta:tdm-reservation", "1")."""
    out = []
    for name, value in page.headers:
        name = name.lower()
        if name in _SIGNALS or (name == "x-robots-tag" and "noai" in value.lower()):
            out.append((f"header:{name}", value))
    for name, content in found.metas if found else ():
        if name in _SIGNALS or (name == "robots" and "noai" in content.lower()):
            out.append((f"meta:{name}", content))
    return tuple(out)
