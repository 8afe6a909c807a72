"""The article index: derived from the archive, deletable, rebuilt by a replay.

put: version (record, fingerprint) ─▶ the newest capture's latest rules decide ─▶ article, alias, full text
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from urllib.parse import urlsplit

from archive.index.entries import ArticleRow, IndexEntry, Match
from archive.index.schema import ARTICLES
from archive.store.connection import Database, Tx
from sites.article import Article, decode_article

__all__ = ["ArticleIndex"]

_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")


def _spaced(text: str) -> str:
    """Every Chinese or Japanese character a word of its own, so that a phrase finds words inside
    sentences."""
    return _CJK.sub(r" \1 ", text)


def _query(text: str) -> str:
    """User's words as FTS5 phrases, all of which must occur; nothing of it is read as syntax."""
    words = [" ".join(_spaced(w.replace('"', " ")).split()) for w in text.split()]
    return " ".join(f'"{w}"' for w in words if w)


def identity_of(article: Article) -> str:
    """The canonical URL when it is of the same host, else the URL itself."""
    own, claimed = urlsplit(article.url).hostname, urlsplit(article.canonical_url).hostname
    return article.canonical_url if claimed and claimed == own else article.url


class ArticleIndex:
    """`articles.db`. One thread at a time, several processes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> ArticleIndex:
        """The index at `path`, created if need be. Raises ArchiveError as the store does."""
        return cls(Database(path, ARTICLES, create=create))

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> ArticleIndex:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Enter results; the same capture and fingerprint again changes nothing."""
        with self._db.write() as tx:
            for entry in entries:
                self._put(tx, entry)

    def _put(self, tx: Tx, entry: IndexEntry) -> None:
        content = blake2b(entry.article, digest_size=12).hexdigest() if entry.article else ""
        tx.execute(
            "INSERT INTO versions(url, record_id, fetched_at, fingerprint, page_type, site, content, article, facts,"
            " hidden) VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(record_id, fingerprint) DO UPDATE SET"
            " content = excluded.content, article = excluded.article, facts = excluded.facts,"
            " page_type = excluded.page_type, site = excluded.site, hidden = excluded.hidden",
            (
                entry.url, entry.record_id, entry.fetched_at, entry.fingerprint, entry.page_type, entry.site, content,
                entry.article, entry.facts, entry.hidden,
            ),
        )  # fmt: skip
        (version_id,) = tx.execute(
            "SELECT id FROM versions WHERE record_id = ? AND fingerprint = ?",
            (entry.record_id, entry.fingerprint),
        ).fetchone()
        newer = tx.execute(
            "SELECT 1 FROM versions WHERE url = ? AND fetched_at > ? LIMIT 1", (entry.url, entry.fetched_at)
        ).fetchone()
        if newer is None:
            self._show(tx, entry, version_id)

    def _show(self, tx: Tx, entry: IndexEntry, version_id: int) -> None:
        known = tx.execute("SELECT article_id FROM aliases WHERE url = ?", (entry.url,)).fetchone()
        if not entry.article:
            if known is not None:
                shown = tx.execute(
                    "SELECT versions.url FROM articles JOIN versions ON versions.id = version_id WHERE articles.id = ?",
                    known,
                ).fetchone()
                if shown == (entry.url,):
                    tx.execute("DELETE FROM articles WHERE id = ?", known)
                    tx.execute("DELETE FROM aliases WHERE article_id = ?", known)
            return
        article = decode_article(entry.article)
        url = identity_of(article)
        published = article.published.sort_key.strftime("%Y-%m-%dT%H:%M:%SZ") if article.published else ""
        (article_id,) = tx.execute(
            "INSERT INTO articles(url, site, title, published, language, hidden, fetched_at, version_id, words_title,"
            " words) VALUES(?,?,?,?,?,?,?,?,?,?) ON CONFLICT(url) DO UPDATE SET site = excluded.site,"
            " title = excluded.title, published = excluded.published, language = excluded.language,"
            " hidden = excluded.hidden, fetched_at = excluded.fetched_at, version_id = excluded.version_id,"
            " words_title = excluded.words_title, words = excluded.words RETURNING id",
            (
                url, article.site or entry.site, article.title, published, article.language, entry.hidden,
                entry.fetched_at, version_id, _spaced(article.title), _spaced(article.text),
            ),
        ).fetchone()  # fmt: skip
        for alias in {url, entry.url}:
            tx.execute("INSERT OR REPLACE INTO aliases(url, article_id) VALUES(?, ?)", (alias, article_id))

    _ROW = (
        "SELECT articles.id, articles.url, articles.site, title, published, articles.fetched_at,"
        " (SELECT count(*) FROM versions AS v WHERE v.url = versions.url), versions.article"
        " FROM articles JOIN versions ON versions.id = version_id"
    )

    def rows(
        self, *, site: str = "", since: str = "", until: str = "", limit: int = -1, hidden: bool = False
    ) -> Iterator[ArticleRow]:
        """Articles, newest first; `since` and `until` are ISO 8601 texts, a prefix is enough."""
        with self._db.read() as tx:
            for row in tx.execute(
                f"{self._ROW} WHERE (?1 = '' OR articles.site = ?1) AND published >= ?2"
                " AND (?3 = '' OR published < ?3) AND (?4 OR NOT articles.hidden)"
                " ORDER BY published DESC, articles.id DESC LIMIT ?5",
                (site, since, until, hidden, limit),
            ):
                yield _row(row)

    def get(self, url: str) -> ArticleRow | None:
        """The article known under this URL, by any alias."""
        with self._db.read() as tx:
            row = tx.execute(
                f"{self._ROW} JOIN aliases ON article_id = articles.id WHERE aliases.url = ?",
                (url,),
            ).fetchone()
        return _row(row) if row else None

    def search(self, text: str, limit: int = 20) -> list[Match]:
        """Articles that hold all the words, best first. Anything may be typed."""
        query = _query(text)
        if not query:
            return []
        with self._db.read() as tx:
            return [
                Match(id=a, url=u, title=t, published=p, snippet=" ".join(s.split()))
                for a, u, t, p, s in tx.execute(
                    "SELECT articles.id, url, title, published, snippet(search, 1, '[', ']', ' … ', 20)"
                    " FROM search JOIN articles ON articles.id = search.rowid"
                    " WHERE search MATCH ? AND NOT hidden ORDER BY bm25(search, 8.0, 1.0) LIMIT ?",
                    (query, limit),
                )
            ]

    def count(self) -> int:
        with self._db.read() as tx:
            number: int = tx.execute("SELECT count(*) FROM articles").fetchone()[0]
        return number


def _row(row: Sequence[object]) -> ArticleRow:
    names = ("id", "url", "site", "title", "published", "fetched_at", "versions", "article")
    return ArticleRow(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]
