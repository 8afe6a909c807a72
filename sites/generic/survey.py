"""One walk over the tree, in document order; everything the rules need is gathered on the way.

head   ──▶ metas, relations (<link>), scripts (JSON-LD), base, title
body   ──▶ units    one for each run of text between two block boundaries: what the body model judges
           anchors  every <a href>, with its text
           marks    elements that may name a title, an author, a date: looked at later, if at all
           images   every <img>, with the unit it stands before

A frame is an open block element; a unit keeps its frame, and so all its ancestors.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sites.generic.elements import (
    ANCHOR,
    BASE,
    BLOCK,
    BREAK,
    HEADING,
    IMAGE,
    INLINE,
    KINDS,
    LINK,
    META,
    SCRIPT,
    SILENT,
    STRONG,
    TEXT,
    TITLE,
    kind_of,
)  # fmt: skip
from sites.generic.parts import Anchor, Frame, Mark, Unit
from sites.generic.plain import spaced
from sites.generic.words import GROUPS, KNOWN, class_bits, tag_bits

__all__ = ["Anchor", "Frame", "Mark", "Survey", "Unit", "survey"]

_GROUP = {name: 1 << number for number, name in enumerate(GROUPS)}
_MARKING: Final[int] = _GROUP["author"] | _GROUP["meta"]
_HIDDEN: Final[int] = _GROUP["hidden"]
_KINDS: Final[int] = len(KINDS)
_PLACES: Final[list[int]] = [tag_bits().get(number, 0) for number in range(_KINDS)]
_HTML: Final[int] = kind_of("html")
_BODY: Final[int] = kind_of("body")
_MOST_UNITS: Final = 20_000
_MOST_ANCHORS: Final = 50_000
_MOST_MARKS: Final = 2_000
_DEEPEST: Final = 600


@dataclass(slots=True)
class Survey:
    """All that one walk found, in document order."""

    units: list[Unit] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    headings: list[tuple[LexborNode, int, int, Frame]] = field(default_factory=list)
    images: list[tuple[LexborNode, int, Frame]] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    relations: list[dict[str, str | None]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    base: str = ""
    title: str = ""
    language: str = ""
    blocks: int = 0


def survey(tree: LexborHTMLParser) -> Survey:
    """Walk the tree once. Bounded in units, anchors, marks and depth; never raises on what a page holds."""
    found = Survey()
    root = tree.root
    if root is not None:
        found.language = root.attributes.get("lang") or root.attributes.get("xml:lang") or ""
        _Walk(found).run(root)
    return found


def _is_speaking(attributes: dict[str, str | None]) -> bool:
    """Does an element say what it is?"""
    return (
        "itemprop" in attributes
        or "rel" in attributes
        or "datetime" in attributes
        or "property" in attributes
    )


class _Walk:
    """The text being gathered between two block boundaries, and where it goes."""

    __slots__ = (
        "anchor", "anchors", "found", "linked", "links", "parts", "plain", "raw", "start", "strong", "units",
    )  # fmt: skip

    def __init__(self, found: Survey) -> None:
        self.found, self.units, self.anchors = found, found.units, found.anchors
        self.parts: list[str] = []
        self.links: list[tuple[int, int, int]] = []
        self.linked = self.strong = 0
        self.anchor = -1
        self.start = 0
        self.raw = self.plain = ""

    def run(self, root: LexborNode) -> None:
        """The hot loop: a depth-first walk with a stack of its own, so that depth is no danger."""
        found, units = self.found, self.units
        frame = Frame(None, root, -1, "", 0, 0, 0, 0)
        opened: list[LexborNode] = []
        kinds: list[int] = []
        names, known = [""] * _KINDS, [0] * _KINDS  # what an element with this tag was last called, its bits
        bold = serial = 0
        node: LexborNode | None = root
        while node is not None:
            tag = node.tag_id
            if tag == TEXT:
                if (
                    self.parts or not node.is_empty_text_node
                ):  # near half of all nodes are white space between tags
                    text = node.text_content
                    if text and not text.isspace():
                        self.parts.append(text)
                        if self.anchor >= 0:
                            self.linked += len(text)
                        if bold:
                            self.strong += len(text)
                    elif text and self.parts:
                        self.parts.append(text)
            elif (kind := KINDS[tag] if tag < _KINDS else INLINE) <= STRONG:
                attributes = node.attributes
                own = others = 0  # others: attributes but for class and id
                name = ""
                if attributes:
                    others = len(attributes)
                    called = attributes.get("class")
                    if called is not None:
                        name = called
                        others -= 1
                    elif "class" in attributes:
                        others -= 1
                    if "id" in attributes:
                        name = f"{name} {attributes['id']}"
                        others -= 1
                    if name:
                        at = tag if tag < _KINDS else 0
                        if name == names[at]:  # neighbours are often called the same
                            name, own = names[at], known[at]
                        else:
                            own = KNOWN.get(name, -1)
                            if own < 0:
                                own = class_bits(name)
                            names[at], known[at] = name, own
                    if own & _MARKING or (others and _is_speaking(attributes)):
                        self.mark(node, tag, attributes, own, frame)
                if kind == BLOCK:
                    if self.parts:
                        self.flush(frame)
                    if others and ("hidden" in attributes or "none" in (attributes.get("style") or "")):
                        own |= _HIDDEN
                    if tag in (_HTML, _BODY):
                        own, name = 0, ""  # what holds the whole page says nothing of its parts
                    else:
                        own |= _PLACES[tag]
                    serial += 1
                    inner = Frame(frame, node, tag, name, own, frame.bits | own, serial, frame.depth + 1)
                    if tag in HEADING:
                        found.headings.append((node, HEADING[tag], len(units), inner))
                    child = node.child if len(kinds) < _DEEPEST else None
                    if child is not None:
                        opened.append(node)
                        kinds.append(BLOCK)
                        frame = inner
                        node = child
                        continue
                else:
                    if kind == ANCHOR:
                        self.open_anchor(node, attributes)
                    child = node.child if len(kinds) < _DEEPEST else None
                    if child is not None:
                        bold += kind == STRONG
                        opened.append(node)
                        kinds.append(kind)
                        node = child
                        continue
                    if kind == ANCHOR:
                        self.close_anchor()
            elif kind == BREAK:
                self.line_break(frame)
            elif kind == IMAGE:
                found.images.append((node, len(units), frame))
                if _is_speaking(attributes := node.attributes):
                    self.mark(node, tag, attributes, 0, frame)
            elif kind != SILENT:
                self.head(node, kind, node.attributes)
            following = node.next
            while following is None and kinds:
                node, kind = opened.pop(), kinds.pop()
                if kind == BLOCK:
                    if self.parts:
                        self.flush(frame)
                    if frame.parent is not None:
                        frame = frame.parent
                elif kind == ANCHOR:
                    self.close_anchor()
                elif kind == STRONG:
                    bold -= 1
                following = node.next
            node = following
        found.blocks = serial
        self.flush(frame)

    def mark(
        self, node: LexborNode, tag: int, attributes: dict[str, str | None], own: int, frame: Frame
    ) -> None:
        """Remember an element that says what it is."""
        if len(self.found.marks) < _MOST_MARKS:
            self.found.marks.append(Mark(node, tag, attributes, own, len(self.units), frame))

    def flush(self, frame: Frame) -> None:
        """A block boundary: what was gathered becomes a unit, if it holds a word."""
        parts = self.parts
        raw = parts[0] if len(parts) == 1 else "".join(parts)
        text = self.plain if raw is self.raw else spaced(raw)
        if text and len(self.units) < _MOST_UNITS:
            if self.anchor >= 0:
                self.links.append((self.anchor, self.start, len(parts)))
            words = text.count(" ") + 1
            self.units.append(Unit(frame, text, words, parts, self.links, self.linked, self.strong))
            self.links = []
        elif self.links:
            self.links = []
        self.parts = []
        self.linked = self.strong = self.start = 0

    def line_break(self, frame: Frame) -> None:
        """One <br> is a space; two in a row are a block boundary."""
        parts = self.parts
        for part in reversed(parts):
            if part == "\n":
                self.flush(frame)
                return
            if not part.isspace():
                break
        if parts:
            parts.append("\n")

    def open_anchor(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        href = attributes.get("href")
        anchors = self.anchors
        if href is None or len(anchors) >= _MOST_ANCHORS:
            return
        if self.anchor >= 0:
            self.close_anchor()
        self.anchor = len(anchors)
        self.start = len(self.parts)
        anchors.append(Anchor(node, href, attributes.get("rel") or "", len(self.units)))

    def close_anchor(self) -> None:
        if self.anchor < 0:
            return
        units = self.units
        anchor = self.anchors[self.anchor]
        start, end = self.start, len(self.parts)
        here = self.parts[start] if end == start + 1 else "".join(self.parts[start:])
        if anchor.unit < len(units):
            here = " ".join((*(unit.text for unit in units[anchor.unit : anchor.unit + 5]), here))
        self.raw, self.plain = here, spaced(here)  # often all of a unit
        anchor.text = self.plain[:400]
        if end > start:
            self.links.append((self.anchor, start, end))
        self.anchor = -1

    def head(self, node: LexborNode, kind: int, attributes: dict[str, str | None]) -> None:
        found = self.found
        if kind == META:
            content = attributes.get("content")
            name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            if name is None and attributes.get("http-equiv"):
                name = f"http-equiv:{attributes['http-equiv']}"
            if name and content and len(found.metas) < 1000:
                found.metas.append((name.strip().lower(), content))
        elif kind == LINK:
            if attributes.get("href") and len(found.relations) < 1000:
                found.relations.append(attributes)
        elif kind == SCRIPT:
            if "ld+json" in (attributes.get("type") or "").lower() and len(found.scripts) < 100:
                found.scripts.append(node.text_content or node.text() or "")
        elif kind == BASE:
            found.base = found.base or (attributes.get("href") or "").strip()
        elif kind == TITLE and not found.title:
            found.title = " ".join((node.text() or "").split())
