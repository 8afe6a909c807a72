"""Which rules made a result? A hash over everything that decides it but the page.

plugin's class chain, each with its whole module ─┐
EXTRACTOR, the version of the generic extractor ──┼─▶ 16 hex digits; the same in every process
the learnt template's version ────────────────────┘
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

from sites.site import Site
from sites.source import class_chain, source_of

__all__ = ["EXTRACTOR", "fingerprint"]

EXTRACTOR = "13"
"""Raised with every change after which a page may come out otherwise, model and word lists included."""


@lru_cache(maxsize=4096)
def fingerprint(site: Site | None, template_version: str = "") -> str:
    """The fingerprint of today's rules for a page of this site (None: the generic ones alone)."""
    parts = [EXTRACTOR, template_version]
    if site is not None:
        parts.append(site.name)
        for cls in class_chain(type(site), Site):
            parts += [cls.__qualname__, source_of(cls)]
    digest = blake2b(digest_size=8)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()
