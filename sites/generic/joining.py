"""Where a page leads: every address it names, made absolute.

<a href>, <link rel>, <meta http-equiv=refresh> ──join──▶ absolute ──▶ one Link a URL, in page order
"""

from __future__ import annotations

import re
from typing import Final

from sites.extraction import Directives, Link, LinkKind
from sites.generic.survey import Survey
from sites.url import origin, parse

__all__ = ["Joiner", "base_of", "join", "links_of"]

_SIGNS = "A-Za-z0-9._~/%:@!$&()*+,;=-"  # that the standard leaves as they are, in a path and in a query
_PLAIN: Final = re.compile(rf"/(?![/\\])[?{_SIGNS}]*\Z")
_ABSOLUTE: Final = re.compile(
    rf"(https?://(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]+)(/[{_SIGNS}]*(?:\?[?{_SIGNS}]*)?)?\Z"
)
_SCHEME: Final = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.I | re.A)
_FEEDS: Final = ("rss+xml", "atom+xml", "feed+json", "rdf+xml")
_REFRESH: Final = re.compile(r"\s*[\d.]*\s*[;,\s]\s*(?:url\s*=\s*)?[\"']?([^\"'>]+)", re.I)
_WEAK: Final = frozenset(("alternate", "amp"))


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
        url = self._known.get(href, "")
        if url is None or url:
            return url
        home = self._home
        rooted = href[:1] == "/"  # most links of a page are that, or begin with its own site
        start = 0 if rooted or not href.startswith(home) else len(home)
        if (
            (rooted or start)
            and ("%" not in href or "%2" not in href)
            and _PLAIN.match(href, start)
            and href.find("/.", start) < 0
        ):
            url = home + href if rooted else href
        else:
            url = join(href, self.base)
        self._known[href] = url
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
            elif never < old.nofollow or not old.text or old.kind in _WEAK:
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
