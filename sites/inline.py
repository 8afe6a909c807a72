"""Running text out of a tree: white space folded as a browser shows it, words never glued, links with places.

`<p>The <b>harbour</b> opened` is "The harbour opened": an inline element adds nothing, a block or a <br>
inside parts words. Walks are loops, not recursion: the depth of a page is its author's choice.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sites.article import TextLink
from sites.url import parse

__all__ = ["BLOCK_TAGS", "SILENT_TAGS", "Run", "children", "hidden", "inline", "link_url", "text_of_node"]

_SILENT = (
    "script style template noscript iframe object embed svg canvas video audio map button select textarea "
    "input datalist progress meter head title meta link base dialog rt rp -comment"
)
SILENT_TAGS = frozenset(_SILENT.split())
"""Elements whose content is not running text."""

_BLOCKS = (
    "address article aside blockquote body br caption center col colgroup dd details div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre "
    "search section summary table tbody td tfoot th thead tr ul"
)
BLOCK_TAGS = frozenset(_BLOCKS.split())
"""Elements that part words."""


def _ids(names: frozenset[str]) -> frozenset[int]:
    """Lexbor's numbers of these, which its own table fixes: they are sooner asked for than names."""
    parser = LexborHTMLParser("<p>")
    return frozenset(parser.create_node(name).tag_id for name in names if not name.startswith("-"))


_TEXT, _COMMENT = 2, 4
_SILENT_IDS, _BLOCK_IDS, _ANCHOR_IDS = _ids(SILENT_TAGS) | {_COMMENT}, _ids(BLOCK_TAGS), _ids(frozenset("a"))
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_NONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def hidden(node: LexborNode) -> bool:
    """Does the markup itself say that the element is not shown?"""
    attributes = node.attributes
    if not attributes:
        return False
    if "hidden" in attributes:
        return True
    style = attributes.get("style")
    return style is not None and _NONE.search(style) is not None


class Run:
    """Text being gathered, and the links in it. Feed `text`, `space`, `open`, `close`; take `done()`."""

    __slots__ = ("_length", "_links", "_parts", "_space", "_start", "_url")

    def __init__(self, url: str = "") -> None:
        self._parts: list[str] = []
        self._length = 0
        self._space = False
        self._links: list[tuple[str, int, int]] = []
        self._url = url
        self._start = -1

    def text(self, raw: str) -> None:
        if not raw.isascii():
            raw = _INVISIBLE.sub("", raw)
        words = raw.split()
        if not words:
            self._space = self._space or bool(raw)
            return
        if (self._space or raw[0].isspace()) and self._length:
            self._parts.append(" ")
            self._length += 1
        if self._url and self._start < 0:
            self._start = self._length
        chunk = " ".join(words)
        self._parts.append(chunk)
        self._length += len(chunk)
        self._space = raw[-1].isspace()

    def space(self) -> None:
        self._space = True

    def open(self, url: str) -> None:
        self.close()
        self._url = url

    def close(self) -> None:
        if self._start >= 0:
            self._links.append((self._url, self._start, self._length))
        self._url, self._start = "", -1

    @property
    def url(self) -> str:
        """Where the link that is open points; "" when none is."""
        return self._url

    def done(self) -> tuple[str, tuple[TextLink, ...]]:
        """The folded text and its links; an open link ends here."""
        self.close()
        text = "".join(self._parts)
        return text, tuple(TextLink(url, text[start:end], start, end) for url, start, end in self._links)


def inline(
    node: LexborNode, base_url: str = "", skip: Callable[[LexborNode], bool] | None = None
) -> tuple[str, tuple[TextLink, ...]]:
    """All text of a node as one line, and its links; `skip` leaves out whole elements below the node.

    Without a `base_url` no links are gathered.
    """
    run = Run()
    todo: list[LexborNode | str] = [node]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            run.close() if item == "a" else run.space()
            continue
        tag = item.tag_id
        if tag == _TEXT:
            run.text(item.text_content or "")
            continue
        if item is not node and (tag in _SILENT_IDS or hidden(item) or (skip and skip(item))):
            continue
        if tag in _BLOCK_IDS:
            run.space()
            todo.append("block")
        elif base_url and tag in _ANCHOR_IDS and (url := link_url(item, base_url)):
            run.open(url)
            todo.append("a")
        todo.extend(reversed(children(item)))
    return run.done()


def text_of_node(node: LexborNode, most: int = 0) -> str:
    """All text of a node as one line, folded; without scripts, hidden parts and the readings of ruby text.

    With `most`, a text of more letters is not read to its end: what comes is then longer than `most` too.
    """
    parts: list[str] = []
    above: list[LexborNode] = []  # the elements that are open, without the node itself
    size, limit = 0, most or sys.maxsize
    at = node.child
    while at is not None:
        tag = at.tag_id
        if tag == _TEXT:
            raw = at.text_content or ""
            parts.append(raw)
            size += len(raw)
            if size > limit:
                text = _folded(parts)
                if len(text) > most:
                    return text
                limit = 2 * size
        elif tag not in _SILENT_IDS and not hidden(at):
            inner = at.child
            if tag in _BLOCK_IDS:
                parts.append(" ")
            if inner is not None:
                above.append(at)
                at = inner
                continue
        following = at.next
        while following is None and above:
            at = above.pop()
            if at.tag_id in _BLOCK_IDS:
                parts.append(" ")
            following = at.next
        at = following
    return _folded(parts)


def _folded(parts: list[str]) -> str:
    text = "".join(parts)
    return " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())


def children(node: LexborNode) -> list[LexborNode]:
    """The child nodes, text among them."""
    found = []
    child = node.child
    while child is not None:
        found.append(child)
        child = child.next
    return found


def link_url(node: LexborNode, base_url: str) -> str:
    """Where an <a> points, absolute; "" for places on the same page and for what is no http(s) URL."""
    href = (node.attributes.get("href") or "").strip()
    if not href or href.startswith("#"):
        return ""
    return parse(href, base_url) or ""
