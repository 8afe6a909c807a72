"""The first half of a take-down, at once: neither shown, exported nor fetched again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from archive.errors import ArchiveError
from archive.index import ArticleIndex
from archive.reader import read_capture
from archive.store import Store
from sites.url import parse

__all__ = ["all_names", "forget"]

_REDIRECTS = (301, 302, 303, 307, 308)


def all_names(store: Store, index: ArticleIndex, urls: Sequence[str]) -> list[str]:
    """The URLs (ada hrefs), the other URLs of their articles, and those that redirected to any of them."""
    names = dict.fromkeys(name for url in urls for name in (url, *index.names_of(url)))
    sources = _redirects(store) if names else {}
    found = list(names)
    while found:
        found = [source for name in found for source in sources.get(name, ()) if source not in names]
        names |= dict.fromkeys(found)
    return list(names)


def _redirects(store: Store) -> dict[str, list[str]]:
    """Where archived redirects lead, and from where. One that cannot be read leads nowhere."""
    sources: dict[str, list[str]] = defaultdict(list)
    for row in store.select_captures():
        if row.status not in _REDIRECTS:
            continue
        try:
            head = read_capture(store.file_path(row.location.file), row.location).head
        except ArchiveError:
            continue
        target = parse(head.get("location"), row.url)
        if target is not None:
            sources[target].append(row.url)
    return sources


def forget(store: Store, index: ArticleIndex, urls: Sequence[str], reason: str, now: int) -> None:
    """Both databases, the queue first: what is under way comes to nothing."""
    store.forget(urls, reason, now)
    index.forget(urls)
