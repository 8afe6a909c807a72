"""Feeds and sitemaps, as the demo's papers print them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

__all__ = ["atom", "json_feed", "news_sitemap", "rss", "sitemap", "sitemap_index"]

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
Item = tuple[str, str, datetime, str]  # url, title, published, summary


def rss(title: str, home: str, stories: Iterable[Item]) -> str:
    """An RSS 2.0 feed."""
    made = "\n".join(
        f"<item><title>{escape(name)}</title><link>{escape(url)}</link>"
        f"<guid isPermaLink='true'>{escape(url)}</guid>"
        f"<pubDate>{format_datetime(when)}</pubDate><description>{escape(summary)}</description></item>"
        for url, name, when, summary in stories
    )
    return (
        f'{_XML}<rss version="2.0"><channel><title>{escape(title)}</title><link>{home}</link>'
        f"<description>{escape(title)}</description>\n{made}\n</channel></rss>\n"
    )


def atom(title: str, home: str, stories: Sequence[Item]) -> str:
    """An Atom feed."""
    made = "\n".join(
        f'<entry><title>{escape(name)}</title><link href="{escape(url)}"/><id>{escape(url)}</id>'
        f"<updated>{when.isoformat()}</updated><summary>{escape(summary)}</summary></entry>"
        for url, name, when, summary in stories
    )
    updated = max(when for _, _, when, _ in stories).isoformat()
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom"><title>{escape(title)}</title><id>{home}</id>'
        f'<link href="{home}"/><updated>{updated}</updated>\n{made}\n</feed>\n'
    )


def json_feed(title: str, home: str, stories: Iterable[Item]) -> str:
    """A JSON feed, version 1.1."""
    made = [
        {"id": url, "url": url, "title": name, "summary": summary, "date_published": when.isoformat()}
        for url, name, when, summary in stories
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "items": made,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> str:
    """A sitemap of (url, last change)."""
    made = "\n".join(
        f"<url><loc>{escape(url)}</loc>{f'<lastmod>{when.isoformat()}</lastmod>' if when else ''}</url>"
        for url, when in pages
    )
    return f'{_XML}<urlset xmlns="{_SITEMAPS}">\n{made}\n</urlset>\n'


def news_sitemap(paper: str, language: str, stories: Iterable[Item]) -> str:
    """A news sitemap: the newest stories, with their titles."""
    made = "\n".join(
        f"<url><loc>{escape(url)}</loc><news:news><news:publication><news:name>{escape(paper)}</news:name>"
        f"<news:language>{language}</news:language></news:publication>"
        f"<news:publication_date>{when.isoformat()}</news:publication_date><news:title>{escape(name)}</news:title>"
        "</news:news></url>"
        for url, name, when, _ in stories
    )
    news = "http://www.google.com/schemas/sitemap-news/0.9"
    return f'{_XML}<urlset xmlns="{_SITEMAPS}" xmlns:news="{news}">\n{made}\n</urlset>\n'


def sitemap_index(sitemaps: Iterable[str]) -> str:
    """A sitemap of sitemaps."""
    made = "\n".join(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in sitemaps)
    return f'{_XML}<sitemapindex xmlns="{_SITEMAPS}">\n{made}\n</sitemapindex>\n'
