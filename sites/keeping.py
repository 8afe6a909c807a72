"""Which files are kept whole, by their media type."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

__all__ = ["KEPT", "MEDIA_TYPE", "SHOWN", "keeps"]

KEPT = (
    "text/html", "application/xhtml+xml", "text/plain", "text/xml", "application/xml",
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
    "application/pdf",
)  # fmt: skip
"""What is kept where a site says nothing: pages, feeds, sitemaps, robots.txt, PDF."""

SHOWN = (
    "image/*", "text/css", "text/javascript", "application/javascript", "application/x-javascript",
    "font/*", "application/font-*",
)  # fmt: skip
"""What is kept besides of files that pages are shown with."""

MEDIA_TYPE = re.compile(r"[a-z0-9!#$&^_.+*-]+/[a-z0-9!#$&^_.+*-]+")
"""A media type as `keep` takes it, with * for any run of characters."""


def keeps(content_type: str, wanted: Iterable[str]) -> bool:
    """Whether a file of this Content-Type is wanted. One that does not say what it is may be a page: it is."""
    media_type = content_type.partition(";")[0].strip().lower()
    return not media_type or any(fnmatchcase(media_type, pattern) for pattern in wanted)
