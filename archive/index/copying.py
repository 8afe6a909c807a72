"""Copies: stories that several articles of the index tell in the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from archive.index.reading import ROW, listed, row_of
from archive.index.types import Query, Row
from archive.store.connection import Tx
from sites.copies import clusters, pairs
from sites.url import hostname

__all__ = ["Copies", "Copy", "copies"]

_SKETCHES = "SELECT run, article_id FROM sketches JOIN articles a ON a.id = article_id WHERE {} ORDER BY run"


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """An article that tells the story again; `share` is how much of the shorter text it has in common with the
    member of the cluster most like it, 0 to 1, phrases that many articles have counting less."""

    article: Row
    share: float


class Copies(msgspec.Struct, frozen=True, kw_only=True):
    """One story. `source` is the earliest known: by date of publication as claimed, else of the first capture."""

    source: Row
    copies: tuple[Copy, ...]


def copies(tx: Tx, query: Query) -> Sequence[Copies]:
    """All clusters of articles that the query lists (nothing else of it counts), the largest first; copies by date."""
    where, values = listed(query)
    hosts = {article: hostname(url) for article, url in tx.execute("SELECT id, url FROM articles")}
    found = pairs(tx.execute(_SKETCHES.format(where), values), hosts.__getitem__)
    shares: dict[int, float] = defaultdict(float)
    for pair in found:
        for article in (pair.one, pair.two):
            shares[article] = max(shares[article], pair.share)
    told = []
    for group in clusters((pair.one, pair.two) for pair in found):
        rows = {article: _row(tx, article) for article in group}
        first, *others = sorted(
            rows, key=lambda article: (rows[article].dated, rows[article].captured, article)
        )
        told.append(
            Copies(
                source=rows[first],
                copies=tuple(Copy(article=rows[other], share=round(shares[other], 3)) for other in others),
            )
        )
    return sorted(told, key=lambda story: (-len(story.copies), story.source.dated, story.source.url))


def _row(tx: Tx, article: int) -> Row:
    return row_of(tx.execute(f"SELECT {ROW} FROM articles a WHERE a.id = ?", (article,)).fetchone())
