"""Nodes that a rule matched, as blocks of an article.

nodes ─▶ walk ─┬─ h1…h6 ─▶ heading      blockquote ─▶ quote, one a paragraph     pre ─▶ code
               ├─ ul ol dl ─▶ list      table of data ─▶ table                   img ─▶ figure
               └─ running text between block elements, or between two <br> ─▶ paragraph
"""

from __future__ import annotations

from collections.abc import Iterable

from selectolax.lexbor import LexborNode

from sites.article import Block, BlockKind, TextLink
from sites.generic.markdown import article_markdown, article_text
from sites.images import image_url
from sites.inline import BLOCK_TAGS, SILENT_TAGS, Run, children, hidden, inline, link_url, text_of_node

__all__ = ["article_markdown", "article_text", "blocks_of", "text_of_node"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset(("ul", "ol", "menu", "dl"))
_ITEMS = frozenset(("li", "dt", "dd"))
_CELLS = frozenset(("td", "th"))
_IMAGES = frozenset(("img", "amp-img", "picture"))
_BIG = "h1, h2, h3, h4, h5, h6, figure, table, blockquote, pre"  # in a list or table: it only lays out


def blocks_of(nodes: Iterable[LexborNode], base_url: str) -> tuple[Block, ...]:
    """The blocks of these nodes, in the order given; a node inside one given earlier is not taken twice.

    Containers are walked. Links get absolute URLs (against `base_url`) and their places in the block's
    text. Neighbouring bare <li> are one list. Blocks without text are left out, but for images.
    """
    walk = _Walk(base_url)
    seen: set[int] = set()
    for node in nodes:
        if node.mem_id in seen or _inside(node, seen):
            continue
        seen.add(node.mem_id)
        walk.take(node)
    walk.flush()
    return tuple(walk.blocks)


def _inside(node: LexborNode, seen: set[int]) -> bool:
    at = node.parent
    while at is not None:
        if at.mem_id in seen:
            return True
        at = at.parent
    return False


class _Walk:
    """One pass over nodes. `kind` and `level` say what running text becomes; `run` gathers it."""

    def __init__(self, base_url: str) -> None:
        self.base = base_url
        self.blocks: list[Block] = []
        self.run = Run()
        self.kind: BlockKind = "paragraph"
        self.level = 0
        self.quotes = 0
        self.breaks = 0
        self.items: tuple[int, int] = (0, 0)  # parent and block number of a list of bare <li>

    def flush(self) -> None:
        """What has run so far becomes a block; an open link goes on in the next."""
        url = self.run.url
        text, links = self.run.done()
        self.run = Run(url)
        self.breaks = 0
        if text:
            kind = "quote" if self.quotes and self.kind == "paragraph" else self.kind
            self.blocks.append(Block(kind, text, self.level, links))

    def take(self, top: LexborNode) -> None:
        if top.tag in BLOCK_TAGS or top.tag in _IMAGES:
            self.flush()
        else:
            self.run.space()
        todo: list[LexborNode | str] = [top]
        while todo:
            item = todo.pop()
            if isinstance(item, str):
                self._leave(item)
            elif item.tag == "-text":
                raw = item.text_content or ""
                if raw and not raw.isspace():
                    self.breaks = 0
                self.run.text(raw)
            elif item is top or not (item.tag in SILENT_TAGS or hidden(item)):
                todo.extend(self._enter(item))

    def _enter(self, node: LexborNode) -> list[LexborNode | str]:
        """What is to be walked for an element, last first: its children, then its name for `_leave`."""
        if not self._walked(node):
            return []
        return [node.tag or "", *reversed(children(node))]

    def _walked(self, node: LexborNode) -> bool:
        """Deal with an element; True when its children are to be walked."""
        tag = node.tag
        if tag == "br":
            self.breaks += 1
            self.run.space()
            if self.breaks == 2 and not self.level:
                self.flush()
            return False
        if tag == "a":
            self.run.open(link_url(node, self.base))
            return True
        if tag in _IMAGES:
            self._figure(node, node, ())
            return False
        if tag not in BLOCK_TAGS:
            return True
        self.flush()
        if level := _HEADINGS.get(tag):
            self.kind, self.level = "heading", level
        elif tag == "blockquote":
            self.quotes += 1
        elif tag == "pre":
            self._code(node)
            return False
        elif tag == "figure":
            return not self._captioned(node)
        elif tag in _LISTS and node.css_first(_BIG) is None:
            self._list(node)
            return False
        elif tag in _ITEMS and node.css_first(_BIG) is None:
            self._item(node)
            return False
        elif tag == "table" and _is_data(node):
            self._table(node)
            return False
        return True

    def _leave(self, tag: str) -> None:
        if tag == "a":
            self.run.close()
        if tag not in BLOCK_TAGS:
            return
        self.flush()
        if tag in _HEADINGS:
            self.kind, self.level = "paragraph", 0
        elif tag == "blockquote":
            self.quotes -= 1

    def _add(
        self,
        kind: BlockKind,
        lines: list[tuple[str, tuple[TextLink, ...]]],
        glue: str = "\n",
        ordered: bool = False,
    ) -> None:
        text, links = _joined(lines, glue)
        if text:
            self.blocks.append(Block(kind, text, links=links, ordered=ordered))

    def _code(self, node: LexborNode) -> None:
        parts = []
        for inner in node.traverse(include_text=True):
            parts.append(
                "\n" if inner.tag == "br" else inner.text_content or "" if inner.tag == "-text" else ""
            )
        text = "".join(parts).replace("\r\n", "\n").strip("\n")
        if text.strip():
            self.blocks.append(Block("code", text))

    def _list(self, node: LexborNode) -> None:
        lines = [self._line(item) for item in node.css("li, dt, dd")]
        lines = [line for line in lines if line[0]] or [inline(node, self.base)]
        self._add("list", lines, ordered=node.tag == "ol")

    def _line(self, item: LexborNode) -> tuple[str, tuple[TextLink, ...]]:
        return inline(item, self.base, lambda inner: inner.tag in _LISTS)

    def _item(self, node: LexborNode) -> None:
        """A bare <li>: joined to the one before when both have the same parent and nothing lies between."""
        parent = node.parent.mem_id if node.parent is not None else 0
        items = [node, *node.css("li, dt, dd")]
        lines = [line for item in _unique(items) if (line := self._line(item))[0]]
        if parent and self.items == (parent, len(self.blocks)) and self.blocks:
            before = self.blocks.pop()
            lines.insert(0, (before.text, before.links))
        ordered = node.parent is not None and node.parent.tag == "ol"
        self._add("list", lines, ordered=ordered)
        self.items = (parent, len(self.blocks))

    def _table(self, node: LexborNode) -> None:
        for caption in node.css("caption"):
            self._add("paragraph", [inline(caption, self.base)])
        rows = []
        for row in node.css("tr"):
            cells = [inline(cell, self.base) for cell in children(row) if cell.tag in _CELLS]
            if any(text for text, _ in cells):
                rows.append(_joined(cells, "\t"))
        self._add("table", rows)

    def _captioned(self, node: LexborNode) -> bool:
        """A figure around an image, as one block; False for one around anything else, which is walked."""
        picture = node.css_first("img, amp-img, picture")
        if picture is None or node.css_first("blockquote, table, pre") is not None:
            return False
        caption = node.css_first("figcaption")
        text, links = inline(caption, self.base) if caption is not None else ("", ())
        self._figure(node, picture, links, text)
        return True

    def _figure(
        self, node: LexborNode, picture: LexborNode, links: tuple[TextLink, ...], caption: str = ""
    ) -> None:
        url = ""
        for candidate in [picture] if node is picture else node.css("img, amp-img, source"):
            if url := image_url(candidate, self.base):
                break
        if not url and not caption:
            return
        self.flush()
        if not (self.blocks and self.blocks[-1].kind == "figure" and self.blocks[-1].url == url):
            self.blocks.append(Block("figure", caption, links=links, url=url))


def _unique(nodes: list[LexborNode]) -> list[LexborNode]:
    return list({node.mem_id: node for node in nodes}.values())


def _joined(lines: list[tuple[str, tuple[TextLink, ...]]], glue: str) -> tuple[str, tuple[TextLink, ...]]:
    """Lines as one text, their links moved to where they are in it."""
    links: list[TextLink] = []
    at = 0
    for text, found in lines:
        links += [TextLink(link.url, link.text, link.start + at, link.end + at) for link in found]
        at += len(text) + len(glue)
    return glue.join(text for text, _ in lines), tuple(links)


def _is_data(table: LexborNode) -> bool:
    """A table of data has several cells in a row and nothing big in them; else it only lays out the page."""
    if (table.attributes.get("role") or "") in ("presentation", "none"):
        return False
    big = table.css(f"{_BIG}, ul, ol, td p + p")  # the table itself is among them
    return len(big) <= 1 and any(
        sum(cell.tag in _CELLS for cell in children(row)) > 1 for row in table.css("tr")
    )
