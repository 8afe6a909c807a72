"""Articles taken down, in articles.db: gone, kept out when they come again, and out of others' lists of links.

What a page says of a forgotten URL in its own words stays its own; where a field or a list names it, it goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from archive.index.types import IndexEntry
from archive.store.connection import Tx
from sites.url import key, parse

__all__ = ["allowed", "keep_out", "names_of", "without"]

_URL_GOES_ON = r"(?![\w/?&=%#~@:+-])"


def names_of(tx: Tx, url: str) -> list[str]:
    """All URLs of the article that `url` leads to: its identity, its aliases, where it was captured."""
    rows = tx.execute(
        "WITH found(id) AS (SELECT article_id FROM aliases WHERE url = ?1 UNION"
        " SELECT id FROM articles WHERE url = ?1 UNION SELECT article_id FROM versions"
        " WHERE url = ?1 AND article_id IS NOT NULL)"
        " SELECT url FROM aliases WHERE article_id IN found UNION SELECT url FROM articles WHERE id IN found"
        " UNION SELECT url FROM versions WHERE article_id IN found",
        (url,),
    )
    return [name for (name,) in rows]


def keep_out(tx: Tx, urls: Sequence[str]) -> None:
    """From now on `put` takes nothing of these."""
    tx.executemany(
        "INSERT INTO forgotten(key) VALUES(?) ON CONFLICT DO NOTHING", [(key(url),) for url in urls]
    )


def allowed(tx: Tx, entries: Sequence[IndexEntry]) -> Iterator[IndexEntry]:
    """The entries that are not of forgotten URLs, without links to such."""
    if tx.execute("SELECT 1 FROM forgotten LIMIT 1").get is None:
        yield from entries
        return

    def gone(url: str) -> bool:
        return tx.execute("SELECT 1 FROM forgotten WHERE key = ?", (key(url),)).get is not None

    for entry in entries:
        if not gone(entry.url) and not any(map(gone, entry.aliases)):
            yield msgspec.structs.replace(
                entry, article=without(entry.article, gone), facts=without(entry.facts, gone)
            )


def without(data: bytes, gone: Callable[[str], bool]) -> bytes:
    """A JSON text in which no string is a URL that is `gone`: links to it leave their lists, in the Markdown
    their words stay. The same bytes when there is none."""
    if not data:
        return data
    value = msgspec.json.decode(data)
    urls = {text for text in _strings(value) if text[:4] == "http" and (href := parse(text)) and gone(href)}
    if not urls:
        return data
    either = "|".join(map(re.escape, sorted(urls, reverse=True)))
    named = re.compile(rf"\[([^\]\n]*)\]\((?:{either})\)|(?:{either}){_URL_GOES_ON}")
    return msgspec.json.encode(_pruned(value, urls, named))


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for part in value.values():
                yield from _strings(part)
        case list():
            for part in value:
                yield from _strings(part)


def _pruned(value: Any, urls: set[str], named: re.Pattern[str]) -> Any:
    match value:
        case str():
            return named.sub(lambda match: match[1] or "", value)
        case dict():
            pruned = {name: _pruned(part, urls, named) for name, part in value.items()}
            return {name: part for name, part in pruned.items() if part or not value[name]}
        case list():
            kept = [part for part in value if part not in urls] if all(map(_is_text, value)) else value
            kept = [part for part in kept if not (isinstance(part, dict) and part.get("url") in urls)]
            return [_pruned(part, urls, named) for part in kept]
    return value


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
