"""What a survey remembers of a page: frames, units of text, anchors, marks.

Plain slotted classes: a page makes hundreds of each, and compiled, they are structs of C.
"""

from __future__ import annotations

from selectolax.lexbor import LexborNode

__all__ = ["Anchor", "Frame", "Mark", "Unit", "frames_of", "lines_of"]


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
    ) -> None:
        self.parent = parent
        self.node = node
        self.tag = tag
        self.name = name
        self.own = own
        self.bits = bits
        self.serial = serial
        self.depth = depth


class Unit:
    """A run of text inside one frame: `words` are parted by single spaces.

    `links` are (index of the anchor, first part, part after the last); `linked` and `strong` count letters.
    """

    __slots__ = ("frame", "linked", "links", "parts", "strong", "text", "words")

    def __init__(
        self, frame: Frame, text: str, words: int, parts: list[str], links: list[tuple[int, int, int]], linked: int,
        strong: int,
    ) -> None:  # fmt: skip
        self.frame = frame
        self.text = text
        self.words = words
        self.parts = parts
        self.links = links
        self.linked = linked
        self.strong = strong


class Anchor:
    """An <a href>: `href` and `rel` as written, the index of the unit it begins in, its text."""

    __slots__ = ("href", "node", "rel", "text", "unit")

    def __init__(self, node: LexborNode, href: str, rel: str, unit: int, text: str = "") -> None:
        self.node = node
        self.href = href
        self.rel = rel
        self.unit = unit
        self.text = text


class Mark:
    """An element that says what it is: itemprop, rel, <time>, a class of author or date; `unit` as in Anchor."""

    __slots__ = ("attributes", "bits", "frame", "node", "tag", "unit")

    def __init__(
        self,
        node: LexborNode,
        tag: int,
        attributes: dict[str, str | None],
        bits: int,
        unit: int,
        frame: Frame,
    ) -> None:
        self.node = node
        self.tag = tag
        self.attributes = attributes
        self.bits = bits
        self.unit = unit
        self.frame = frame


def lines_of(unit: Unit) -> list[str]:
    """The lines of a unit, as <br> parts them; white space of the source may part it in more."""
    lines, line = list[str](), list[str]()
    for part in (*unit.parts, "\n"):
        if part != "\n":
            line.append(part)
        elif line:
            lines.append(" ".join("".join(line).split()))
            line = []
    return [text for text in lines if text]


def frames_of(units: list[Unit]) -> list[Frame]:
    """Every frame that these units stand in, and all above them; a frame comes after its parent."""
    size = 1 + max([unit.frame.serial for unit in units], default=-1)
    frames: list[Frame | None] = [None] * size
    for unit in units:
        at: Frame | None = unit.frame
        while at is not None and frames[at.serial] is None:
            frames[at.serial] = at
            at = at.parent
    return [frame for frame in frames if frame is not None]
