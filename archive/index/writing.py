"""Putting what extraction found into articles.db.

    entry ─▶ version (record, fingerprint) ─▶ its article, by identity ─▶ current version ─▶ row, labels, words
Of each capture the latest rules count; of an article's captures the newest that is an article is shown.
When none is (the rules changed their mind), the article is withdrawn, and its versions stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import zstandard

from archive.index.forgetting import allowed, without
from archive.index.identity import content_hash, identity
from archive.index.types import IndexEntry
from archive.index.words import fold, space_cjk
from archive.store.connection import Tx
from sites.article import Article, decode_article
from sites.copies import sketch

__all__ = ["HIDDEN", "LISTED", "WITHDRAWN", "pack", "put", "renew", "resolve", "take_out", "unpack"]

LISTED, HIDDEN, WITHDRAWN = range(3)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST = 256 * 2**20

_CURRENT = (
    "SELECT id, url, fetched_at, site, noindex, article FROM versions v WHERE article_id = ? AND article IS NOT NULL"
    " AND NOT EXISTS(SELECT 1 FROM versions w WHERE w.record_id = v.record_id AND w.seq > v.seq)"
    " ORDER BY fetched_at DESC, seq DESC LIMIT 1"
)


def pack(data: bytes) -> bytes | None:
    """Compressed (zstd); None for b""."""
    return zstandard.ZstdCompressor(level=3).compress(data) if data else None


def unpack(data: bytes | None) -> bytes:
    return zstandard.ZstdDecompressor().decompress(data, max_output_size=_MOST) if data else b""


def put(tx: Tx, entries: Sequence[IndexEntry]) -> None:
    """Take in entries, in their order."""
    touched: set[int] = set()
    seq = tx.execute("SELECT ifnull(max(seq), 0) FROM versions").get
    for entry in allowed(tx, entries):
        if entry.outcome in ("ok", "none"):
            seq += 1
            touched |= _put(tx, entry, seq)
    for article_id in sorted(touched):
        _show(tx, article_id)


def renew(tx: Tx, results: Iterable[tuple[str, str, str]]) -> None:
    """Give results (record id, fingerprint before, fingerprint now) their new fingerprint. One that is in under both
    stays as it is."""
    tx.executemany(
        "UPDATE OR IGNORE versions SET fingerprint = ?3 WHERE record_id = ?1 AND fingerprint = ?2", results
    )


def _put(tx: Tx, entry: IndexEntry, seq: int) -> set[int]:
    """The articles that may look different now."""
    before = tx.execute(
        "SELECT article_id FROM versions WHERE record_id = ? AND article_id IS NOT NULL", (entry.record_id,)
    ).fetchall()
    touched = {int(row[0]) for row in before}
    article = decode_article(entry.article) if entry.article else None
    article_id: int | None
    if article is not None:
        url = identity(entry.url, article.canonical_url)
        into = article_id = _article(tx, url)
        touched |= _merge(tx, entry.url, url, into)
        aliases = {url, entry.url, article.url, *entry.aliases} - {""}
        tx.executemany(
            "INSERT INTO aliases(url, article_id) VALUES(?, ?) ON CONFLICT(url) DO UPDATE SET article_id = ?2",
            [(alias, article_id) for alias in sorted(aliases)],
        )
    else:
        article_id = min(touched) if touched else resolve(tx, entry.url)
    if article_id is not None:
        touched.add(article_id)
    tx.execute(
        "INSERT INTO versions(article_id, capture_id, record_id, fingerprint, seq, url, fetched_at, site, page_type,"
        " noindex, content_hash, article, facts) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(record_id, fingerprint) DO UPDATE SET article_id = excluded.article_id, seq = excluded.seq,"
        " capture_id = excluded.capture_id, page_type = excluded.page_type, noindex = excluded.noindex,"
        " content_hash = excluded.content_hash, article = excluded.article, facts = excluded.facts,"
        " site = excluded.site",
        (
            *(article_id, entry.capture_id, entry.record_id, entry.fingerprint, seq, entry.url),
            *(entry.fetched_at, entry.site, entry.page_type, entry.noindex),
            *(content_hash(article) if article else "", pack(entry.article), pack(entry.facts)),
        ),
    )
    return touched


def _article(tx: Tx, url: str) -> int:
    found = tx.execute("SELECT id FROM articles WHERE url = ?", (url,)).get
    if found is None:
        found = tx.execute("INSERT INTO articles(url) VALUES(?) RETURNING id", (url,)).get
    return int(found)


def _merge(tx: Tx, own: str, url: str, into: int) -> set[int]:
    """A page that went by its own URL now names a canonical one: what was known of it moves there."""
    other = tx.execute("SELECT id FROM articles WHERE url = ?", (own,)).get if own != url else None
    if other is None:
        return set()
    tx.execute("UPDATE versions SET article_id = ? WHERE article_id = ? AND url = ?", (into, other, own))
    if tx.execute("SELECT 1 FROM versions WHERE article_id = ?", (other,)).get is None:
        tx.execute("UPDATE aliases SET article_id = ? WHERE article_id = ?", (into, other))
    return {int(other)}


def take_out(tx: Tx, urls: Sequence[str]) -> None:
    """The versions of these URLs, what they were in lists and words, and links to them in other articles."""
    gone, touched = frozenset(urls), set[int | None]()
    for url in urls:
        rows = tx.execute("DELETE FROM versions WHERE url = ? RETURNING article_id", (url,))
        touched |= {row[0] for row in rows.fetchall()} | {resolve(tx, url)}
    tx.executemany("DELETE FROM aliases WHERE url = ?", [(url,) for url in urls])
    last = 0
    while row := tx.execute(
        "SELECT id, article_id, article, facts FROM versions WHERE id > ? ORDER BY id LIMIT 1", (last,)
    ).fetchone():
        last, article_id, *packed = row
        before = [unpack(data) for data in packed]
        after = [without(data, gone.__contains__) if _names(data, gone) else data for data in before]
        if after != before:
            tx.execute("UPDATE versions SET article = ?, facts = ? WHERE id = ?", (*map(pack, after), last))
            touched.add(article_id)
    for found in touched:
        if found is not None:
            _show(tx, found)


def _names(data: bytes, urls: frozenset[str]) -> bool:
    return any(url.encode() in data for url in urls)


def resolve(tx: Tx, url: str) -> int | None:
    """The article that a URL leads to."""
    found: int | None = tx.execute(
        "SELECT ifnull((SELECT article_id FROM aliases WHERE url = ?1), (SELECT id FROM articles WHERE url = ?1))",
        (url,),
    ).get
    return found


def _show(tx: Tx, article_id: int) -> None:
    """Let the article's row, labels and words be those of its current version."""
    tx.execute("DELETE FROM labels WHERE article_id = ?", (article_id,))
    row = tx.execute(_CURRENT, (article_id,)).fetchone()
    if row is None:
        _index_text(tx, article_id, None)
        if tx.execute("SELECT 1 FROM versions WHERE article_id = ?", (article_id,)).get is None:
            tx.execute("DELETE FROM aliases WHERE article_id = ?", (article_id,))
            tx.execute("DELETE FROM articles WHERE id = ?", (article_id,))
        else:
            tx.execute("UPDATE articles SET state = ? WHERE id = ?", (WITHDRAWN, article_id))
        return
    version_id, _, fetched_at, site, noindex, packed = row
    article = decode_article(unpack(packed))
    first = tx.execute("SELECT min(fetched_at) FROM versions WHERE article_id = ?", (article_id,)).get
    published = _text_of(article.published.sort_key) if article.published else ""
    tx.execute(
        "UPDATE articles SET version_id = ?, state = ?, site = ?, title = ?, authors = ?, published = ?, dated = ?,"
        " language = ?, section = ?, captured = ? WHERE id = ?",
        (
            *(version_id, HIDDEN if noindex else LISTED, site or article.site, article.title),
            *(
                msgspec.json.encode(article.authors).decode(),
                published,
                published or _text_of(_EPOCH + timedelta(microseconds=first)),
            ),
            *(article.language, article.section, fetched_at, article_id),
        ),
    )
    labels = {("author", fold(name)) for name in article.authors} | {("tag", fold(t)) for t in article.tags}
    tx.executemany(
        "INSERT INTO labels(kind, value, article_id) VALUES(?, ?, ?)",
        [(kind, value, article_id) for kind, value in sorted(labels)],
    )
    _index_text(tx, article_id, article)


def _text_of(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").removesuffix("+00:00") + "Z"


def _index_text(tx: Tx, article_id: int, article: Article | None) -> None:
    """The full text and the sketch. FTS5 with external content must be told the old words to forget them."""
    old = tx.execute("SELECT title, text FROM texts WHERE id = ?", (article_id,)).fetchone()
    new = None
    if article is not None:
        new = (space_cjk(f"{article.title} {article.subtitle}".strip()), space_cjk(article.text))
    if old == new:
        return
    if old is not None:
        tx.execute(
            "INSERT INTO words(words, rowid, title, text) VALUES('delete', ?, ?, ?)", (article_id, *old)
        )
        tx.execute("DELETE FROM texts WHERE id = ?", (article_id,))
        tx.execute("DELETE FROM sketches WHERE article_id = ?", (article_id,))
    if new is not None:
        runs = sketch(new[1])
        tx.executemany(
            "INSERT INTO sketches(run, article_id) VALUES(?, ?)", [(run, article_id) for run in runs]
        )
        tx.execute("INSERT INTO texts(id, title, text) VALUES(?, ?, ?)", (article_id, *new))
        tx.execute("INSERT INTO words(rowid, title, text) VALUES(?, ?, ?)", (article_id, *new))
