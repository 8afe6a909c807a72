"""What a survey remembers of a page: frames, units of text, anchors, marks."""

from __future__ import annotations

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

__all__ = ["Anchor", "Frame", "Mark", "Unit"]


class Frame:
    """An open block element: its number in the page, tag number, class bits (own, and with all ancestors')."""

    __slots__ = ("bits", "depth", "name", "node", "own", "parent", "serial", "tag")

    def __init__(
        self,
        parent: Frame | None,
        node: LexborNode,
        tag: int,
        name: str,
        own: int,
        bits: int,
        serial: int,
        depth: int,
    ):
        self.parent = parent
        self.node = node
        self.tag = tag
        self.name = name
        self.own = own
        self.bits = bits
        self.serial = serial
        self.depth = depth


class Unit:
    """A run of text inside one frame. `links` are (index of the anchor, first part, part after the last)."""

    __slots__ = ("frame", "linked", "links", "parts", "strong", "text")

    def __init__(
        self,
        frame: Frame,
        text: str,
        parts: list[str],
        links: list[tuple[int, int, int]],
        linked: int,
        strong: int,
    ):
        self.frame = frame
        self.text = text
        self.parts = parts
        self.links = links
        self.linked = linked
        self.strong = strong


class Anchor:
    """An <a href>: `href` and `rel` as written, its text, the index of the unit it begins in."""

    __slots__ = ("href", "node", "rel", "text", "unit")

    def __init__(self, node: LexborNode, href: str, rel: str, unit: int):
        self.node, self.href, self.rel, self.unit = node, href, rel, unit
        self.text = ""


@dataclass(slots=True)
class Mark:
    """An element that says what it is: itemprop, rel, <time>, a class of author or date; `unit` as in Anchor."""

    node: LexborNode
    tag: int
    attributes: dict[str, str | None]
    bits: int
    unit: int
    frame: Frame
