"""What a page is shown with: images, style sheets, scripts."""

from __future__ import annotations

from collections.abc import Iterator

from sites.generic.joining import join
from sites.images import image_url, largest
from sites.page import Page
from sites.url import parse

__all__ = ["requisites_of"]

_MOST = 200
_PRELOADED = frozenset(("style", "script", "image", "font"))


def requisites_of(page: Page) -> tuple[str, ...]:
    """The images, style sheets and scripts that a page is shown with: absolute URLs in page order, each once, 200
    at most. Of a set of sizes the largest, and what stands in `src`."""
    tree = page.tree
    base_node = tree.css_first("base[href]")
    base = (
        parse(base_node.attributes.get("href") or "", page.url) if base_node is not None else None
    ) or page.url
    found: dict[str, None] = {}
    for node in tree.css("link[href], script[src], img, picture source, input[type=image]"):
        attributes = node.attributes
        for text in _named(node.tag or "", attributes):
            if (text := text.strip()) and (url := join(text, base)):
                found[url] = None
        if node.tag == "img" and (url := image_url(node, base)):
            found[url] = None
        if len(found) >= _MOST:
            break
    found.pop(page.url, None)
    return tuple(found)[:_MOST]


def _named(tag: str, attributes: dict[str, str | None]) -> Iterator[str]:
    """What one element names in so many words."""
    if tag == "link":
        rel = (attributes.get("rel") or "").lower().split()
        preloaded = "preload" in rel and (attributes.get("as") or "").lower() in _PRELOADED
        if "stylesheet" in rel or "icon" in rel or preloaded:
            yield attributes.get("href") or ""
    else:
        yield attributes.get("src") or ""
        yield largest(attributes.get("srcset") or "")
