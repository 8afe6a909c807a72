"""Feeds: RSS 0.9-2.0, Atom (RFC 4287) and JSON Feed 1.1, read for the links in them.

bytes ──▶ text ──▶ scanner (no entities, linear) ──▶ one Link an entry, newest as the feed has them
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from sites.extraction import Link
from sites.generic.joining import join
from sites.generic.markup import Element, attributes_of, records, root_name
from sites.url import parse

__all__ = ["feed_links", "is_feed", "iso_date"]

_ROOTS = frozenset(("rss", "feed", "rdf"))
_ENTRIES = frozenset(("item", "entry"))
_DATES = ("updated", "pubdate", "published", "date", "modified", "issued")
_MOST = 10_000
_TAGS = re.compile(r"<[^>]*>")
_ISO = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?\Z")


def is_feed(text: str, media_type: str) -> bool:
    """Is this a feed, whatever its media type says? JSON counts only when it names JSON Feed."""
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        return "json" in media_type and "jsonfeed.org/version" in text[:2000]
    return root_name(text) in _ROOTS


def feed_links(text: str, url: str) -> tuple[Link, ...]:
    """The entries' links (title as text, date as lastmod), then the feed's next page. Bounded; never raises."""
    if text.lstrip("\ufeff \t\r\n")[:1] == "{":
        return _json_feed(text, url)
    found: dict[str, Link] = {}
    base = parse(url) or url
    for name, elements in records(text, _ENTRIES, _MOST):
        if name:
            if (link := _entry(elements, base)) and link.url not in found:
                found[link.url] = link
        else:
            for element, attributes, _ in elements:
                pairs = attributes_of(attributes) if element == "link" else {}
                if pairs.get("rel") == "next" and (href := join(pairs.get("href", ""), base)):
                    found.setdefault(href, Link(href, "next"))
    return tuple(found.values())


def _entry(elements: list[Element], base: str) -> Link | None:
    href, fallback, title, dates = "", "", "", dict[str, str]()
    for name, attributes, text in elements:
        if name == "link":
            pairs = attributes_of(attributes)
            if text and not href:
                href = text
            elif pairs.get("rel", "alternate") == "alternate" and pairs.get("href") and not href:
                href = pairs["href"]
        elif (name == "guid" and attributes_of(attributes).get("ispermalink", "true").lower() == "true") or (
            name == "id" and text.startswith("http")
        ):
            fallback = fallback or text
        elif name == "title" and not title:
            title = " ".join(unescape(_TAGS.sub(" ", text)).split())
        elif name in _DATES and text:
            dates.setdefault(name, text)
    for candidate in (href, fallback):
        if candidate and (url := join(candidate.strip(), base)):
            date = next((dates[name] for name in _DATES if name in dates), "")
            return Link(url, text=title[:400], lastmod=iso_date(date))
    return None


def _json_feed(text: str, base: str) -> tuple[Link, ...]:
    try:
        data: Any = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    found: dict[str, Link] = {}
    items = data.get("items") if isinstance(data, dict) else None
    for item in items[:_MOST] if isinstance(items, list) else ():
        if not isinstance(item, dict):
            continue
        href = item.get("url") or item.get("external_url")
        url = join(href, base) if isinstance(href, str) else None
        if url and url not in found:
            date, title = item.get("date_modified") or item.get("date_published"), item.get("title")
            found[url] = Link(
                url,
                text=" ".join(title.split())[:400] if isinstance(title, str) else "",
                lastmod=iso_date(date) if isinstance(date, str) else "",
            )
    after = data.get("next_url") if isinstance(data, dict) else None
    if isinstance(after, str) and (url := join(after, base)):
        found.setdefault(url, Link(url, "next"))
    return tuple(found.values())


def iso_date(text: str) -> str:
    """A feed's or sitemap's date as ISO 8601, no more precise than written; "" for what is no date."""
    text = text.strip()[:60]
    if _ISO.match(text):
        try:
            datetime.fromisoformat(text if len(text) > 7 else f"{text}-01-01"[:10])
        except ValueError:
            return ""
        return text
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
