"""Sitemaps (sitemaps.org 0.9): urlset, index, Google's news extension, and the plain text form.

bytes ──▶ text ──▶ scanner (no entities, linear) ──▶ one Link a <loc>; those of an index have kind "sitemap"
"""

from __future__ import annotations

from sites.extraction import Link
from sites.feeds import iso_date
from sites.generic.joining import join
from sites.generic.markup import attributes_of, records, root_name
from sites.url import parse

__all__ = ["is_sitemap", "sitemap_links"]

_ROOTS = frozenset(("urlset", "sitemapindex"))
_ENTRIES = frozenset(("url", "sitemap"))
_MOST = 50_000
"""What the protocol allows in one file; the rest is not read."""


def is_sitemap(text: str, media_type: str, url: str = "") -> bool:
    """Is this a sitemap? Plain text counts when it came as such and every line of its beginning is a URL."""
    if root_name(text) in _ROOTS:
        return True
    if not media_type.startswith("text/plain") or url.endswith("/robots.txt"):
        return False
    lines = [line.strip() for line in text[:20_000].lstrip("\ufeff").splitlines()[:50]]
    lines = [line for line in lines[: 49 if len(text) > 20_000 else 50] if line]
    return bool(lines) and all(line.startswith(("http://", "https://")) and " " not in line for line in lines)


def sitemap_links(text: str, url: str) -> tuple[Link, ...]:
    """The URLs of a sitemap or of a sitemap index, in its order, one a URL, at most 50,000."""
    base = parse(url) or url
    found: dict[str, Link] = {}
    if root_name(text) not in _ROOTS:
        for line in text.lstrip("\ufeff").splitlines()[:_MOST]:
            if (line := line.strip()) and (href := join(line, base)):
                found.setdefault(href, Link(href))
        return tuple(found.values())
    for name, elements in records(text, _ENTRIES, _MOST):
        location, modified, published, title, others = "", "", "", "", list[str]()
        for element, attributes, value in elements if name else ():
            if element == "loc" and not location:
                location = value
            elif element == "lastmod":
                modified = value
            elif element == "publication_date":
                published = value
            elif element == "title" and not title:
                title = value
            elif element == "link":
                pairs = attributes_of(attributes)
                if pairs.get("rel") == "alternate" and pairs.get("href"):
                    others.append(pairs["href"])
        if not location or not (href := join(location.strip(), base)):
            continue
        date = iso_date(modified) or iso_date(published)
        kind = "sitemap" if name == "sitemap" else "anchor"
        found.setdefault(href, Link(href, kind, " ".join(title.split())[:400], lastmod=date))  # type: ignore[arg-type]
        for other in others:
            if link := join(other.strip(), base):
                found.setdefault(link, Link(link, "alternate"))
    return tuple(found.values())
