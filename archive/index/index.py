"""The article index, articles.db: derived from the archive by extraction, and made again by a replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from archive.index import copying, forgetting, reading, writing
from archive.index.copying import Copies
from archive.index.schema import ARTICLES
from archive.index.types import Entry, IndexEntry, Query, Row, Seen, Version
from archive.store.connection import Database

__all__ = ["ArticleIndex"]


class ArticleIndex:
    """Made by `ArticleIndex.open`. One thread at a time, any number of processes. All methods raise
    ArchiveError when the database fails, DatabaseFull when there is no room (then nothing was changed)."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @classmethod
    def open(cls, path: Path, *, create: bool = True, vfs: str | None = None) -> ArticleIndex:
        """The database at `path`, created if need be. ArchiveError as for the Store."""
        return cls(Database(path, ARTICLES, create=create, vfs=vfs))

    def __repr__(self) -> str:
        return f"<ArticleIndex {self._db.path}>"

    def close(self) -> None:
        """Closing twice does no harm."""
        self._db.close()

    def copy_to(self, path: Path) -> None:
        """See Database.copy_to."""
        self._db.copy_to(path)

    def put(self, entries: Sequence[IndexEntry]) -> None:
        """Take in what extraction found, durably and all at once; idempotent by (record id, fingerprint).
        Of the rules tried on a capture those put last count. msgspec.ValidationError when an article is not
        one."""
        with self._db.write(durable=True) as tx:
            writing.put(tx, entries)

    def renew(self, results: Iterable[tuple[str, str, str]]) -> None:
        """These results (record id, fingerprint before, fingerprint now) are those of other rules, too."""
        with self._db.write(durable=True) as tx:
            writing.renew(tx, results)

    def names_of(self, url: str) -> Sequence[str]:
        """All URLs of the article that a URL leads to; none when it leads to none."""
        with self._db.read() as tx:
            return forgetting.names_of(tx, url)

    def forget(self, urls: Sequence[str]) -> None:
        """Take the articles of these URLs out, and links to them out of others; they never come in again."""
        with self._db.write(durable=True) as tx:
            forgetting.keep_out(tx, urls)
            writing.take_out(tx, urls)

    def compact(self) -> bool:
        """Leave nothing deleted in the file; False while another process reads it: then again later."""
        with self._db.write() as tx:
            tx.execute("INSERT INTO words(words) VALUES('optimize')")
        return self._db.compact()

    def empty(self) -> bool:
        """Whether nothing was ever put in: it is new."""
        with self._db.read() as tx:
            return tx.execute("SELECT 1 FROM versions LIMIT 1").get is None

    def has(self, record_id: str, fingerprint: str) -> bool:
        """Whether these rules' verdict on a capture is in."""
        with self._db.read() as tx:
            return bool(
                tx.execute(
                    "SELECT 1 FROM versions WHERE record_id = ? AND fingerprint = ?", (record_id, fingerprint)
                ).get
            )

    def list(self, query: Query | None = None) -> Iterator[Row]:
        """Articles, newest first; some hundred in memory at a time."""
        return reading.rows(self._db.conn, query or Query())

    def search(self, typed: str, query: Query | None = None) -> Sequence[Row]:
        """Full text: best match first, with snippets. All words must occur; "a phrase" in quotes, begin*,
        -without. Whatever is typed, it is no error; nothing is found by punctuation alone."""
        with self._db.read() as tx:
            return reading.search(tx, typed, query or Query(limit=50))

    def count(self, query: Query | None = None) -> int:
        """How many articles `list` would give, its limit aside."""
        with self._db.read() as tx:
            return reading.count(tx, query or Query())

    def get(self, url: str) -> Entry | None:
        """An article by its URL or any other that led to it; hidden and withdrawn ones, too (see `state`)."""
        with self._db.read() as tx:
            return reading.entry(tx, url)

    def resolve(self, url: str) -> str | None:
        """The identity of the article that a URL leads to."""
        with self._db.read() as tx:
            found: str | None = tx.execute(
                "SELECT url FROM articles WHERE id = ?", (writing.resolve(tx, url),)
            ).get
            return found

    def history(self, url: str) -> Sequence[Seen]:
        """How the page changed: its captures, oldest first, each by the latest rules."""
        with self._db.read() as tx:
            return reading.history(tx, url)

    def versions(self, url: str, record_id: str = "") -> Sequence[Version]:
        """How the rules changed: what each made of each capture (or of the one with `record_id`)."""
        with self._db.read() as tx:
            return reading.versions(tx, url, record_id)

    def copies(self, query: Query | None = None) -> Sequence[Copies]:
        """Stories that are in the index several times, the largest first. Reads a number of 8 bytes for every eighth
        word of all articles that the query lists (nothing else of it counts)."""
        with self._db.read() as tx:
            return copying.copies(tx, query or Query())

    def export(self, query: Query | None = None) -> Iterator[dict[str, Any]]:
        """Articles as dicts of the Article schema (empty fields left out), newest first, for JSONL and CSV;
        some hundred in memory at a time."""
        for body in reading.bodies(self._db.conn, query or Query()):
            yield msgspec.json.decode(body, type=dict[str, Any])
