"""The tables of articles.db: derived, deletable, made again by a replay.

versions: what each set of rules made of each capture      UNIQUE (record_id, fingerprint); latest `seq`
counts articles: one row an identity, showing its current version: that of the newest capture that is an
article aliases:  every URL that leads to an article               labels: authors and tags, folded, for
filters sketches: runs of words, to find copies by (sites.copies)
words:    FTS5 over texts (title and text of listed articles, CJK characters set apart)
"""

from __future__ import annotations

from archive.store.connection import Schema

__all__ = ["ARTICLES"]

_V1 = """
CREATE TABLE articles(
  id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, version_id INTEGER, state INTEGER NOT NULL DEFAULT 2,
  site TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '', authors TEXT NOT NULL DEFAULT '[]',
  published TEXT NOT NULL DEFAULT '', dated TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',
  section TEXT NOT NULL DEFAULT '', captured INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX articles_dated ON articles(dated DESC, id DESC);
CREATE INDEX articles_site ON articles(site, dated DESC, id DESC);

CREATE TABLE aliases(url TEXT PRIMARY KEY, article_id INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_article ON aliases(article_id);

CREATE TABLE versions(
  id INTEGER PRIMARY KEY, article_id INTEGER, capture_id INTEGER NOT NULL, record_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL, seq INTEGER NOT NULL, url TEXT NOT NULL, fetched_at INTEGER NOT NULL,
  site TEXT NOT NULL, page_type TEXT NOT NULL, noindex INTEGER NOT NULL, content_hash TEXT NOT NULL,
  article BLOB, facts BLOB, UNIQUE(record_id, fingerprint)
) STRICT;
CREATE INDEX versions_article ON versions(article_id, fetched_at, seq);
CREATE INDEX versions_seq ON versions(seq);

CREATE TABLE labels(
  kind TEXT NOT NULL, value TEXT NOT NULL, article_id INTEGER NOT NULL, PRIMARY KEY(kind, value, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX labels_article ON labels(article_id);

CREATE TABLE texts(id INTEGER PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE words USING fts5(
  title, text, content = 'texts', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO words(words, rank) VALUES('rank', 'bm25(4.0, 1.0)');
"""

_V2 = """
CREATE TABLE forgotten(key INTEGER PRIMARY KEY) STRICT;

CREATE TABLE sketches(run INTEGER NOT NULL, article_id INTEGER NOT NULL, PRIMARY KEY(run, article_id))
  STRICT, WITHOUT ROWID;
CREATE INDEX sketches_article ON sketches(article_id);
"""

ARTICLES = Schema(
    name="article",
    application_id=0x42534132,
    steps=(_V1, _V2),
    remedy="move it away with its -wal, then `broadsheet replay` makes it anew",
)
