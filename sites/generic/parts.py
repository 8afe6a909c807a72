"""What a survey remembers of a page: frames, units of text, anchors, marks.

Structs that the garbage collector need not watch: a page makes hundreds, and none is part of a cycle.
"""

from __future__ import annotations

import msgspec
from selectolax.lexbor import LexborNode

__all__ = ["Anchor", "Frame", "Mark", "Unit", "frames_of", "lines_of"]


class Frame(msgspec.Struct, gc=False, eq=False):
    """An open block element: its number in the page, tag number, class bits (own, and with all ancestors')."""

    parent: Frame | None
    node: LexborNode
    tag: int
    name: str
    own: int
    bits: int
    serial: int
    depth: int


class Unit(msgspec.Struct, gc=False, eq=False):
    """A run of text inside one frame: `words` are parted by single spaces.

    `links` are (index of the anchor, first part, part after the last); `linked` and `strong` count letters.
    """

    frame: Frame
    text: str
    words: int
    parts: list[str]
    links: list[tuple[int, int, int]]
    linked: int
    strong: int


class Anchor(msgspec.Struct, gc=False, eq=False):
    """An <a href>: `href` and `rel` as written, the index of the unit it begins in, its text."""

    node: LexborNode
    href: str
    rel: str
    unit: int
    text: str = ""


class Mark(msgspec.Struct, gc=False, eq=False):
    """An element that says what it is: itemprop, rel, <time>, a class of author or date; `unit` as in Anchor."""

    node: LexborNode
    tag: int
    attributes: dict[str, str | None]
    bits: int
    unit: int
    frame: Frame


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
    frames: dict[int, Frame] = {}
    for unit in units:
        at: Frame | None = unit.frame
        while at is not None and at.serial not in frames:
            frames[at.serial] = at
            at = at.parent
    return [frames[serial] for serial in sorted(frames)]
