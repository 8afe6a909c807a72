"""articles.db: articles, their versions and aliases, full text. Derived; a replay makes it again."""

from archive.index.changes import Change, changes, latest_change
from archive.index.copying import Copies, Copy
from archive.index.index import ArticleIndex
from archive.index.types import Entry, IndexEntry, Query, Row, Seen, Version

__all__ = [
    "ArticleIndex", "Change", "Copies", "Copy", "Entry", "IndexEntry", "Query", "Row", "Seen", "Version",
    "changes", "latest_change",
]  # fmt: skip
