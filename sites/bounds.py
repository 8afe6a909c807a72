"""How long an article may be: whatever a page holds, its article stays of a size that can be kept, sent and shown.

A body over the bound is cut there; any other field over its own is left out, since it cannot be what it claims to
be. Either is told as a FieldError of no plugin. The page itself lies whole in the archive.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from sites.article import Block, Image, TextLink
from sites.extraction import FieldError

__all__ = ["MAX_BODY", "MAX_FIELD", "bounded_body", "bounded_links", "is_too_long"]

MAX_BODY = 2_000_000
"""Characters of a body, with the URLs and texts of its links; of the related links together as many again."""
MAX_FIELD = 20_000
"""Characters of any other field, all its entries together."""


def bounded_body(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[FieldError, ...]]:
    """The blocks up to the bound, the last of them cut, and what has to be told."""
    size = sum(_size(block) for block in blocks)
    if size <= MAX_BODY:
        return blocks, ()
    kept, left = [], MAX_BODY
    for block in blocks:
        if left <= 0:
            break
        if _size(block) > left:
            text = block.text[:left]
            inside = [link for link in block.links if link.end <= len(text)]
            links = bounded_links(inside, left - len(text))
            block = msgspec.structs.replace(block, text=text, links=links)
        kept.append(block)
        left -= _size(block)
    message = f"{size} characters with its links: cut after {MAX_BODY}"
    return tuple(kept), (FieldError("", "body", message),)


def bounded_links(links: Iterable[TextLink], most: int = MAX_BODY) -> tuple[TextLink, ...]:
    """As many of the links as `most` characters hold."""
    kept: list[TextLink] = []
    for link in links:
        most -= len(link.url) + len(link.text)
        if most < 0:
            break
        kept.append(link)
    return tuple(kept)


def is_too_long(value: Any) -> bool:
    """Whether the value of a field other than the body is over its bound."""
    match value:
        case str():
            return len(value) > MAX_FIELD
        case Image():
            return len(value.url) + len(value.caption) > MAX_FIELD
        case tuple():
            return sum(map(len, value)) > MAX_FIELD
    return False


def _size(block: Block) -> int:
    size = len(block.text) + len(block.url)
    for link in block.links:
        size += len(link.url) + len(link.text)
    return size
