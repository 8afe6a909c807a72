"""Which file does an <img> show? Lazy loading hides it in many places."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from sites.url import parse

__all__ = ["image_url", "largest"]

_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-url", "data-hi-res-src", "data-full-src",
    "data-image",
)  # fmt: skip
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_DESCRIPTOR = re.compile(r"(\d{1,9}(?:\.\d{0,9})?)[wx](?:,(.*))?")
_SMALL = 60


def image_url(node: LexborNode, base_url: str) -> str:
    """The absolute URL of an <img>, <source>, <amp-img> or <picture>; "" for icons, pixels and placeholders.

    What lazy loading keeps in `data-*` comes before `src`, and the largest of a `srcset` before both.
    """
    if node.tag == "picture":
        for part in node.css("source, img"):
            if url := image_url(part, base_url):
                return url
        return ""
    attributes = node.attributes
    for side in ("width", "height"):
        size = (attributes.get(side) or "").strip().removesuffix("px")
        if len(size) < 5 and size.isdecimal() and int(size) <= _SMALL:
            return ""
    found = [largest(attributes.get(name) or "") for name in _LAZY_SETS]
    found += [attributes.get(name) or "" for name in (*_LAZY, "src")]
    for candidate in filter(None, found):
        if absolute := parse(candidate.strip(), base_url):
            return absolute
    return ""


def largest(srcset: str) -> str:
    """The candidate with the largest descriptor of a `srcset` (HTML Standard, 4.8.4.2.1); "" when empty."""
    best, most, current = "", -1.0, ""
    for word in [*srcset.split(), ","]:
        described = _DESCRIPTOR.fullmatch(word) if current else None
        ended = described is not None or current.endswith(",") or word == ","
        if current and ended:
            number = float(described[1]) if described else 0.0
            url = current.strip(",")
            if url and number > most and not url.startswith("data:"):
                best, most = url, number
            current = (described[2] or "") if described else word
        elif not current:
            current = word
    return best
