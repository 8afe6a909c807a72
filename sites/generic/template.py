"""What a host repeats on all its pages, learnt from some of them: it is not the article."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from sites.generic.facts import fold

__all__ = ["Template", "text_key"]


class Template(msgspec.Struct, frozen=True):
    """What repeats on a host's pages. `version` is part of every fingerprint made with it; `repeats` are
    `text_key`s of units that stood on most pages the template was learnt from.
    """

    version: str = ""
    repeats: frozenset[int] = frozenset()


def text_key(text: str) -> int:
    """32 bits of BLAKE2b over the folded text."""
    return int.from_bytes(blake2b(fold(text).encode(errors="replace"), digest_size=4).digest(), "big")
