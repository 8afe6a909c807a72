"""What goes into the article index and what comes out: values only. Times are microseconds (UTC epoch)."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from sites.article import Article, decode_article

__all__ = ["Entry", "IndexEntry", "Query", "Row", "Seen", "Version"]


class IndexEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What one extraction of one capture says. `url` is the final URL, `aliases` further URLs that led to it.

    `article` is the article by `sites.article.encode_article`, b"" when the page is none; `facts` any JSON
    that goes with it (evidence, directives, signals), b"" for none. `noindex`: the page asked, by a noindex
    or noarchive directive, not to be listed. Entries whose `outcome` is a failure change nothing.
    """

    capture_id: int
    record_id: str
    fetched_at: int
    url: str
    site: str = ""
    fingerprint: str
    outcome: Literal["ok", "none", "timeout", "memory", "crash", "error"] = "ok"
    page_type: str = ""
    article: bytes = b""
    facts: bytes = b""
    noindex: bool = False
    aliases: tuple[str, ...] = ()


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """Which articles: all that satisfy every given condition.

    `since` <= date < `until`: ISO 8601 in UTC or any beginning of it ("2025-04"), compared with the date of
    publication, or of the first capture when the page gives none. `author` is part of a name, `tag` a whole
    one; case is ignored. `hidden` takes those that asked not to be listed, too, and `hidden_but` names sites that it is
    the other way round for. `limit` 0 means all.
    """

    site: str = ""
    since: str = ""
    until: str = ""
    author: str = ""
    tag: str = ""
    language: str = ""
    hidden: bool = False
    hidden_but: tuple[str, ...] = ()
    limit: int = 0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An article in a list. `url` is its identity, `published` ISO 8601 in UTC or "", `dated` never empty;
    `snippet` is set by a search, its hits between "[" and "]". `hidden`: it asked not to be listed."""

    url: str
    site: str
    title: str
    authors: tuple[str, ...]
    published: str
    dated: str
    language: str
    section: str
    captured: int
    hidden: bool
    snippet: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An article with where it comes from. `state`: "listed", "hidden" (it asked for that) or "withdrawn" (by
    today's rules its page is no article; this is the last version that was one). `first_seen` is when its first capture
    was made, `first_published` the date that one gave when it was an earlier one by more than a day."""

    url: str
    aliases: tuple[str, ...]
    state: Literal["listed", "hidden", "withdrawn"]
    site: str
    page_type: str
    fingerprint: str
    capture_id: int
    record_id: str
    fetched_at: int
    content_hash: str
    article_json: bytes
    facts: dict[str, Any]
    first_seen: int = 0
    first_published: str = ""

    @property
    def article(self) -> Article:
        return decode_article(self.article_json)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One capture of an article, by the latest rules tried on it. `changed`: title or text differ from
    those of the capture before. `content_hash` is "" when the page was no article then."""

    capture_id: int
    record_id: str
    fetched_at: int
    url: str
    page_type: str
    fingerprint: str
    content_hash: str
    changed: bool


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What one set of rules (`fingerprint`) made of one capture; `article_json` is b"" when no article."""

    capture_id: int
    record_id: str
    fetched_at: int
    fingerprint: str
    page_type: str
    content_hash: str
    article_json: bytes

    @property
    def article(self) -> Article:
        return decode_article(self.article_json)
