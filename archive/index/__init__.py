"""The article index over `articles.db`."""

from archive.index.articles import ArticleIndex
from archive.index.entries import ArticleRow, IndexEntry, Match

__all__ = ["ArticleIndex", "ArticleRow", "IndexEntry", "Match"]
