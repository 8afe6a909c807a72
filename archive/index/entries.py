"""What goes into the article index and what comes out."""

from __future__ import annotations

import msgspec

__all__ = ["ArticleRow", "IndexEntry", "Match"]


class IndexEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A worker's result for one capture. `article` is the article's JSON, b"" for none; `facts` JSON of the
    rest of the extraction; `hidden` keeps it out of lists (noindex, noarchive). Times are microseconds
    (UTC)."""

    record_id: str
    fetched_at: int
    url: str
    fingerprint: str
    page_type: str
    site: str = ""
    article: bytes = b""
    facts: bytes = b"{}"
    hidden: bool = False


class ArticleRow(msgspec.Struct, frozen=True, kw_only=True):
    """One article as listed. `published` is sortable ISO 8601 text, "" when unknown."""

    id: int
    url: str
    site: str
    title: str
    published: str
    fetched_at: int
    versions: int
    article: bytes


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """A hit of a search: `snippet` marks the words found with square brackets."""

    id: int
    url: str
    title: str
    published: str
    snippet: str
