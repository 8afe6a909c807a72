"""A page out of the archive, by its URL: what plugins are written, tried and pinned against."""

from __future__ import annotations

from archive.reader import read_capture
from archive.store import Store
from sites.page import Page
from sites.url import parse

__all__ = ["archived_page"]

_HOPS = 6
_NEWEST = 50


def archived_page(store: Store, url: str) -> Page | None:
    """The newest page that an ada href gave, redirects followed inside the archive; None when there is none.
    Raises ArchiveError when a record cannot be read."""
    for _ in range(_HOPS):
        found = _newest(store, url)
        if not isinstance(found, str):
            return found
        url = found
    return None


def _newest(store: Store, url: str) -> Page | str | None:
    """The page, or where else to look."""
    for row in store.captures_of(url, _NEWEST):
        if row.revisit_of or not 200 <= row.status < 400:
            continue
        capture = read_capture(store.file_path(row.location.file), row.location)
        if row.status < 300:
            return capture.page()
        if target := parse(capture.head.get("location"), capture.url):
            return target
    return None
