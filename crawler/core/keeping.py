"""Is a response worth its body? Decided by its head; of others the head alone is archived."""

from __future__ import annotations

from collections.abc import Iterable

from archive.store.types import Kind
from sites.keeping import SHOWN, keeps

__all__ = ["NOT_KEPT", "wanted"]

NOT_KEPT = "not-kept"
"""How the error of a capture begins whose body was not wanted."""


def wanted(kind: Kind, content_type: str, keep: Iterable[str]) -> bool:
    """Whether the body of a response to a target of this kind is to be archived. What was asked for as robots.txt,
    feed or sitemap is, whatever its server calls it."""
    match kind:
        case Kind.PAGE:
            return keeps(content_type, keep)
        case Kind.REQUISITE:
            return keeps(content_type, (*SHOWN, *keep))
    return True
