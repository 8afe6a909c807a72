"""Real pages broken as transport, editors and enemies break them; the same seed breaks them the same way."""

from __future__ import annotations

import random

__all__ = ["mutated"]

_BITS = (
    b"<div>", b"</div>", b"<p>", b"</p>", b"<table>", b"<a href=", b"<script>", b"<!--", b"-->", b"<svg>", b"<template>",
    b"</body>", b"<title>", b"<h1>", b"\x00", b"\xff\xfe", b"&#x110000;", b"&#0;", b'"', b"'", b"<br><br>", b"<select>", b"<math>",
    b'<script type="application/ld+json">{"@type":"NewsArticle","author":[[[{}]]],"datePublished":1e400}</script>',
    b'<meta property="article:published_time" content="9999-99-99T99:99:99Z">', b'<time datetime="0000-00-00">', b"\xed\xa0\x80",
)  # fmt: skip


def mutated(html: bytes, rng: random.Random, other: bytes) -> bytes:
    """The page after one to six changes: cut, doubled, shuffled, flipped, or with something of another put in."""
    page = bytearray(html)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(page) + 1)
        end = min(len(page), at + rng.choice((1, 20, 400, 8_000)))
        match rng.randrange(7):
            case 0:
                del page[at:end]
            case 1:
                page[at:at] = page[at:end]
            case 2:
                page[at:at] = rng.choice(_BITS)
            case 3:
                page[at:at] = rng.choice(_BITS) * rng.randrange(300)
            case 4 if page:
                page[min(at, len(page) - 1)] = rng.randrange(256)
            case 5:
                start = rng.randrange(len(other) + 1)
                page[at:end] = other[start : start + 4_000]
            case _:
                del page[at + (len(page) - at) // 2 :]
    return bytes(page)
