"""Which URL an article goes by, and what tells two of its texts apart."""

from __future__ import annotations

from hashlib import blake2b

from sites.article import Article
from sites.url import hostname, parse, path_query, registrable_domain

__all__ = ["content_hash", "identity"]


def identity(url: str, canonical: str) -> str:
    """The canonical URL if it is of the same site, else the page's own. A canonical on another host's site
    is only evidence (a copy may point anywhere), and so is the front page as the canonical of a page that
    is not it: sites that get this wrong give it to all their pages."""
    claimed = parse(canonical, url) if canonical else None
    if claimed is None or registrable_domain(hostname(claimed)) != registrable_domain(hostname(url)):
        return url
    if path_query(claimed) == "/" and path_query(url) != "/":
        return url
    return claimed


def content_hash(article: Article) -> str:
    """16 hex digits over title and text: equal when a reader would see no difference."""
    return blake2b(f"{article.title}\n{article.text}".encode(), digest_size=8).hexdigest()
