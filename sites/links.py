"""Where a page leads, what it asks of robots, and what it says to machines that learn.

<a href>, <link rel>, <meta http-equiv=refresh> ──join──▶ absolute ──▶ one Link a URL, in page order
robots meta + X-Robots-Tag ──▶ Directives        content-signal, content-usage, tdm-* ──▶ signals, verbatim
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sites.errors import SiteError
from sites.extraction import Directives, FieldError, Link, LinkKind, Verdict
from sites.generic.survey import Survey
from sites.page import Page
from sites.url import origin, parse

if TYPE_CHECKING:
    from sites.site import Site

__all__ = ["Joiner", "base_of", "directives_of", "join", "links_of", "signals_of", "with_verdicts"]

_SIGNS = "A-Za-z0-9._~/%:@!$&()*+,;=-"  # that the standard leaves as they are, in a path and in a query
_PLAIN = re.compile(rf"/(?![/\\])[{_SIGNS}]*(?:\?[?{_SIGNS}]*)?\Z")
_ABSOLUTE = re.compile(
    rf"(https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]+)(/[{_SIGNS}]*(?:\?[?{_SIGNS}]*)?)?\Z"
)
_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.I | re.A)
_FEEDS = ("rss+xml", "atom+xml", "feed+json", "rdf+xml")
_REFRESH = re.compile(r"\s*[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?[\"']?([^\"'>]+)", re.I)
_SIGNALS = ("content-signal", "content-usage", "tdm-reservation", "tdm-policy")
_TOKEN = "broadsheet"  # noqa: S105  a product token
_VALUED = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")
_WEAK = frozenset(("alternate", "amp"))


def join(href: str, base: str) -> str | None:
    """`parse(href, base)`; the plain forms that nearly all links have are joined without the URL parser."""
    bare = href[: href.index("#")] if "#" in href else href
    if "/." not in bare and not ("%2" in bare and "%2e" in bare.lower()):
        if _PLAIN.match(bare):
            return origin(base) + bare
        if match := _ABSOLUTE.match(bare):
            return bare if match[2] else f"{bare}/"
        if _SCHEME.match(bare):
            return None
    return parse(href, base)


class Joiner:
    """The addresses that a page names, made absolute against its `base`: each is worked out once."""

    __slots__ = ("_home", "_known", "base")

    def __init__(self, base: str) -> None:
        self.base = base
        self._home = origin(base)
        self._known: dict[str, str | None] = {}

    def join(self, href: str) -> str | None:
        """`join` of an address without white space around it."""
        known = self._known
        if href in known:
            return known[href]
        home = self._home
        url: str | None
        if href.startswith(home) and "/." not in href and "%2" not in href and _PLAIN.match(href, len(home)):
            url = href  # most links of many a page
        else:
            url = join(href, self.base)
        known[href] = url
        return url


def base_of(found: Survey, url: str) -> str:
    """What relative URLs are resolved against: <base href> if it is a good one, else the page itself."""
    page = join(url, url) or url
    return (join(found.base, page) if found.base else None) or page


def links_of(found: Survey, joiner: Joiner, directives: Directives) -> tuple[Link, ...]:
    """Every link, one a URL, in page order; an anchor's kind outweighs an alternate's of the same URL."""
    links: dict[str, Link] = {}
    for name, content in found.metas:
        if name == "http-equiv:refresh" and (match := _REFRESH.match(content)):
            _add(links, joiner.join(match[1].strip()), "refresh")
    for attributes in found.relations:
        if relation := _relation(attributes):
            url = joiner.join(attributes.get("href") or "")
            _add(links, url, relation, attributes.get("title") or "")
    never = directives.nofollow
    for anchor in found.anchors:
        href, rel = anchor.href.strip(), anchor.rel
        if not href or href[0] == "#":
            continue
        url = joiner.join(href)
        if url is None:
            continue
        if not rel:
            old = links.get(url)
            if old is None:
                links[url] = Link(url, "anchor", anchor.text, never)
            elif never < old.nofollow or old.kind in _WEAK or not old.text:
                _add(links, url, "anchor", anchor.text, never)
            continue
        rel = rel.lower()
        words = rel.split()
        kind: LinkKind = "next" if "next" in words else "prev" if "prev" in words else "anchor"
        _add(links, url, kind, anchor.text, never or "nofollow" in rel)
    return tuple(links.values())


def _add(
    links: dict[str, Link], url: str | None, kind: LinkKind, text: str = "", nofollow: bool = False
) -> None:
    if url is None:
        return
    old = links.get(url)
    if old is None:
        links[url] = Link(url, kind, text, nofollow)
        return
    better = kind if old.kind in _WEAK else old.kind
    if better != old.kind or (nofollow < old.nofollow) or (text and not old.text):
        links[url] = Link(url, better, old.text or text, old.nofollow and nofollow)


def _relation(attributes: dict[str, str | None]) -> LinkKind | None:
    words = (attributes.get("rel") or "").lower().split()
    if "canonical" in words:
        return "canonical"
    if "next" in words:
        return "next"
    if "prev" in words or "previous" in words:
        return "prev"
    if "amphtml" in words:
        return "amp"
    if "sitemap" in words:
        return "sitemap"
    if "alternate" in words and "stylesheet" not in words:
        kind = (attributes.get("type") or "").lower()
        return (
            "feed"
            if kind.endswith(_FEEDS)
            else "alternate"
            if attributes.get("hreflang") or not kind or "html" in kind
            else None
        )
    return None


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
