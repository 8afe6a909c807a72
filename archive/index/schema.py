"""The tables of `articles.db`, format 1: derived data, rebuilt by a replay."""

from __future__ import annotations

from archive.store.connection import Schema

__all__ = ["ARTICLES"]

ARTICLES = Schema(
    name="articles",
    application_id=0x42534131,
    steps=(
        """
CREATE TABLE articles(
    id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, site TEXT NOT NULL, title TEXT NOT NULL,
    published TEXT NOT NULL, language TEXT NOT NULL, hidden INTEGER NOT NULL, fetched_at INTEGER NOT NULL,
    version_id INTEGER NOT NULL, words_title TEXT NOT NULL, words TEXT NOT NULL);
CREATE INDEX articles_published ON articles(published, id);
CREATE INDEX articles_site ON articles(site, published, id);
CREATE TABLE aliases(url TEXT PRIMARY KEY, article_id INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE versions(
    id INTEGER PRIMARY KEY, url TEXT NOT NULL, record_id TEXT NOT NULL, fetched_at INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, page_type TEXT NOT NULL, site TEXT NOT NULL, content TEXT NOT NULL,
    article BLOB NOT NULL, facts BLOB NOT NULL, hidden INTEGER NOT NULL, UNIQUE(record_id, fingerprint));
CREATE INDEX versions_url ON versions(url, fetched_at, id);
CREATE VIRTUAL TABLE search USING fts5(words_title, words, content='articles', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2");
CREATE TRIGGER articles_in AFTER INSERT ON articles BEGIN
    INSERT INTO search(rowid, words_title, words) VALUES(new.id, new.words_title, new.words); END;
CREATE TRIGGER articles_out AFTER DELETE ON articles BEGIN
    INSERT INTO search(search, rowid, words_title, words)
        VALUES('delete', old.id, old.words_title, old.words); END;
CREATE TRIGGER articles_new AFTER UPDATE ON articles BEGIN
    INSERT INTO search(search, rowid, words_title, words)
        VALUES('delete', old.id, old.words_title, old.words);
    INSERT INTO search(rowid, words_title, words) VALUES(new.id, new.words_title, new.words); END;
""",
    ),
)
