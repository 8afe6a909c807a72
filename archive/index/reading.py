"""Asking articles.db: lists, searches, one article with its two histories (captures; rules)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Literal

import msgspec

from archive.index.types import Entry, Query, Row, Seen, Version
from archive.index.words import fold, fts_query, join_cjk
from archive.index.writing import HIDDEN, LISTED, resolve, unpack
from archive.store.connection import Tx
from sites.article import decode_article
from sites.moment import Moment

__all__ = ["ROW", "bodies", "count", "entry", "history", "listed", "row_of", "rows", "search", "versions"]

_CHUNK = 500
_STATES: tuple[Literal["listed", "hidden", "withdrawn"], ...] = ("listed", "hidden", "withdrawn")
ROW = "a.url, a.site, a.title, a.authors, a.published, a.dated, a.language, a.section, a.captured, a.state"


def listed(query: Query) -> tuple[str, list[Any]]:
    """The condition on articles `a` that they are listed, or hidden and wanted all the same."""
    among = f"IN ({', '.join('?' * len(query.hidden_but))})"
    wanted = f"a.site {'NOT ' * query.hidden}{among}"
    return f"(a.state = {LISTED} OR (a.state = {HIDDEN} AND {wanted}))", list(query.hidden_but)


def _where(query: Query) -> tuple[str, list[Any]]:
    first, values = listed(query)
    terms = [first]
    for term, value in (
        ("a.site = ?", query.site),
        ("a.dated >= ?", query.since),
        ("a.dated < ?", query.until),
        ("(a.language = ?1 OR a.language LIKE ?1 || '-%')".replace("?1", "?"), query.language),
    ):
        if value:
            terms.append(term)
            values += [value] * term.count("?")
    if query.author:
        terms.append("a.id IN (SELECT article_id FROM labels WHERE kind = 'author' AND instr(value, ?) > 0)")
        values.append(fold(query.author))
    if query.tag:
        terms.append("a.id IN (SELECT article_id FROM labels WHERE kind = 'tag' AND value = ?)")
        values.append(fold(query.tag))
    return " AND ".join(terms), values


def row_of(row: tuple[Any, ...], snippet: str = "") -> Row:
    url, site, title, authors, published, dated, language, section, captured, state = row
    return Row(
        url=url,
        site=site,
        title=title,
        authors=msgspec.json.decode(authors, type=tuple[str, ...]),
        published=published,
        dated=dated,
        language=language,
        section=section,
        captured=captured,
        hidden=state == HIDDEN,
        snippet=snippet,
    )


def _pages(tx: Tx, columns: str, query: Query) -> Iterator[tuple[Any, ...]]:
    """Rows of `columns`, newest first, some hundred in memory at a time; each read on its own, so that
    writers may work in between."""
    where, values = _where(query)
    left, after = query.limit or 2**62, ("~", 2**62)
    while left > 0:
        found = tx.execute(
            f"SELECT a.dated, a.id, {columns} WHERE {where} AND (a.dated, a.id) < (?, ?)"
            " ORDER BY a.dated DESC, a.id DESC LIMIT ?",
            (*values, *after, min(left, _CHUNK)),
        ).fetchall()
        if not found:
            return
        left -= len(found)
        after = found[-1][:2]
        yield from (row[2:] for row in found)


def rows(tx: Tx, query: Query) -> Iterator[Row]:
    """Newest first."""
    return (row_of(row) for row in _pages(tx, f"{ROW} FROM articles a", query))


def bodies(tx: Tx, query: Query) -> Iterator[bytes]:
    """The articles' JSON, newest first."""
    columns = "v.article FROM articles a JOIN versions v ON v.id = a.version_id"
    return (unpack(row[0]) for row in _pages(tx, columns, query))


def search(tx: Tx, typed: str, query: Query) -> list[Row]:
    """Best match first, with snippets."""
    match = fts_query(typed)
    if not match:
        return []
    where, values = _where(query)
    found = tx.execute(
        f"SELECT {ROW}, snippet(words, -1, '[', ']', '…', 24) FROM words JOIN articles a ON a.id = words.rowid"
        f" WHERE words MATCH ? AND {where} ORDER BY rank LIMIT ?",
        (match, *values, query.limit or -1),
    )
    return [row_of(row[:-1], join_cjk(row[-1]).strip()) for row in found]


def count(tx: Tx, query: Query) -> int:
    where, values = _where(query)
    return int(tx.execute(f"SELECT count(*) FROM articles a WHERE {where}", values).get)


def entry(tx: Tx, url: str) -> Entry | None:
    """By identity or any alias."""
    article_id = resolve(tx, url)
    row = tx.execute(
        "SELECT a.url, a.state, a.site, page_type, fingerprint, capture_id, record_id, fetched_at, content_hash,"
        " article, facts FROM articles a JOIN versions v ON v.id = a.version_id WHERE a.id = ?",
        (article_id,),
    ).fetchone()
    if row is None:
        return None
    aliases = tx.execute(
        "SELECT url FROM aliases WHERE article_id = ? ORDER BY url", (article_id,)
    ).fetchall()
    first_seen, first = _first(tx, article_id)
    own, state, site, page_type, fingerprint, capture_id, record_id, fetched_at, hashed, article, facts = row
    return Entry(
        url=own,
        aliases=tuple(alias for (alias,) in aliases if alias != own),
        state=_STATES[state],
        site=site,
        page_type=page_type,
        fingerprint=fingerprint,
        capture_id=capture_id,
        record_id=record_id,
        fetched_at=fetched_at,
        content_hash=hashed,
        article_json=(packed := unpack(article)),
        first_seen=first_seen,
        first_published=_earlier(first, decode_article(packed).published),
        facts=msgspec.json.decode(unpack(facts) or b"{}", type=dict[str, Any]),
    )


def _first(tx: Tx, article_id: int | None) -> tuple[int, Moment | None]:
    """When the article was first captured, and the date that it gave then."""
    row = tx.execute(
        "SELECT fetched_at, article FROM versions WHERE article_id = ? AND article IS NOT NULL"
        " ORDER BY fetched_at, seq DESC LIMIT 1",
        (article_id,),
    ).fetchone()
    return (row[0], decode_article(unpack(row[1])).published) if row is not None else (0, None)


def _earlier(first: Moment | None, now: Moment | None) -> str:
    if first is None or now is None or first.sort_key > now.sort_key - timedelta(days=1):
        return ""
    return str(first)


def history(tx: Tx, url: str) -> list[Seen]:
    """The article's captures, oldest first."""
    found = tx.execute(
        "SELECT capture_id, record_id, fetched_at, url, page_type, fingerprint, content_hash FROM versions v"
        " WHERE article_id = ? AND NOT EXISTS("
        "SELECT 1 FROM versions w WHERE w.record_id = v.record_id AND w.seq > v.seq) ORDER BY fetched_at, seq",
        (resolve(tx, url),),
    )
    seen: list[Seen] = []
    for capture_id, record_id, fetched_at, own, page_type, fingerprint, hashed in found:
        seen.append(
            Seen(
                capture_id=capture_id,
                record_id=record_id,
                fetched_at=fetched_at,
                url=own,
                page_type=page_type,
                fingerprint=fingerprint,
                content_hash=hashed,
                changed=bool(seen) and seen[-1].content_hash != hashed,
            )
        )
    return seen


def versions(tx: Tx, url: str, record_id: str = "") -> list[Version]:
    """What rules made of the article's captures (or of one of them): by capture, then by when they were
    tried."""
    found = tx.execute(
        "SELECT capture_id, record_id, fetched_at, fingerprint, page_type, content_hash, article FROM versions"
        " WHERE article_id = ?1 AND (?2 = '' OR record_id = ?2) ORDER BY fetched_at, record_id, seq",
        (resolve(tx, url), record_id),
    )
    return [
        Version(
            capture_id=capture_id,
            record_id=record,
            fetched_at=fetched_at,
            fingerprint=fingerprint,
            page_type=page_type,
            content_hash=hashed,
            article_json=unpack(article),
        )
        for capture_id, record, fetched_at, fingerprint, page_type, hashed, article in found
    ]
