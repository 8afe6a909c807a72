"""From the units that were kept to the blocks of an article: paragraphs, headings, lists, quotes, tables, code."""

from __future__ import annotations

from typing import Final

from sites.article import Block, BlockKind, TextLink
from sites.generic.elements import CELL, HEADING, ITEM, QUOTE, kind_of
from sites.generic.joining import Joiner
from sites.generic.survey import Anchor, Frame, Unit

__all__ = ["compose", "links_in"]

_ROW: Final = frozenset((kind_of("tr"),))
_TABLE: Final = frozenset((kind_of("table"),))
_ORDERED: Final[int] = kind_of("ol")
_LISTS: Final = frozenset((_ORDERED, kind_of("ul"), kind_of("dl")))
_CELL_WORDS: Final = 40
_KIND_OF: dict[int, BlockKind] = {
    **dict.fromkeys(HEADING, "heading"),
    **dict.fromkeys(ITEM, "list"),
    **dict.fromkeys(CELL, "table"),
    **dict.fromkeys(QUOTE, "quote"),
    kind_of("pre"): "code",
    kind_of("figcaption"): "figure",
}
_KINDS: Final[list[BlockKind]] = [_KIND_OF.get(tag, "paragraph") for tag in range(max(_KIND_OF) + 1)]
"""By Lexbor's number of an element, what text in it is; what is beyond is a paragraph."""


def compose(
    units: list[Unit], anchors: list[Anchor], joiner: Joiner, figures: list[tuple[int, Block]] | None = None
) -> tuple[Block, ...]:
    """The blocks of these units, in their order. Neighbouring items and cells of one list or table are one block.

    `figures` stand before the unit (of this list) that they are numbered with.
    """
    blocks: list[Block] = []
    pictures = list(figures or ())
    at = 0
    while at < len(units):
        while pictures and pictures[0][0] <= at:
            blocks.append(pictures.pop(0)[1])
        kind, owner = _place(units[at].frame)
        end = at + 1
        if owner is not None:
            while end < len(units) and _place(units[end].frame) == (kind, owner):
                end += 1
        group = units[at:end]
        if kind == "table" and not _is_data(group):
            blocks += [_block("paragraph", unit, anchors, joiner) for unit in group]
        elif kind in ("list", "table"):
            blocks.append(_grouped(kind, group, owner, anchors, joiner))
        else:
            blocks += [_block(kind, unit, anchors, joiner) for unit in group]
        at = end
    blocks += [picture for _, picture in pictures]
    return tuple(blocks)


def _place(frame: Frame) -> tuple[BlockKind, Frame | None]:
    """What a unit in this frame is, and the list or table it belongs to."""
    at: Frame | None = frame
    for _ in range(6):
        if at is None:
            break
        kind: BlockKind = _KINDS[at.tag] if at.tag < len(_KINDS) else "paragraph"
        if kind == "list":
            return kind, _up(at, _LISTS) or at.parent
        if kind == "table":
            return kind, _up(at, _TABLE)
        if kind != "paragraph":
            return kind, None
        at = at.parent
    return "paragraph", None


def _up(frame: Frame, tags: frozenset[int]) -> Frame | None:
    at = frame.parent
    while at is not None and at.tag not in tags:
        at = at.parent
    return at


def _is_data(group: list[Unit]) -> bool:
    """A table of data has several cells in a row and one short text in each; else it only lays out a page."""
    cells: dict[int, set[int]] = {}
    for unit in group:
        row = _up(unit.frame, _ROW)
        cell = unit.frame if unit.frame.tag in CELL else _up(unit.frame, CELL)
        cells.setdefault(row.serial if row else 0, set()).add(cell.serial if cell else 0)
    words = sum(len(unit.text.split()) for unit in group)
    most = max(len(row) for row in cells.values())
    return most > 1 and len(group) <= 2 * sum(map(len, cells.values())) and words <= _CELL_WORDS * len(group)


def _grouped(
    kind: BlockKind, group: list[Unit], owner: Frame | None, anchors: list[Anchor], joiner: Joiner
) -> Block:
    text, links = "", list[TextLink]()
    last: Frame | None = None
    for unit in group:
        here = _up(unit.frame, _ROW) if kind == "table" else _item(unit.frame)
        if text:
            text += ("\t" if kind == "table" else " ") if here is last else "\n"
        last = here
        shift = len(text)
        links += [
            TextLink(link.url, link.text, link.start + shift, link.end + shift)
            for link in links_in(unit, anchors, joiner)
        ]
        text += unit.text
    ordered = owner is not None and owner.tag == _ORDERED
    return Block(kind, text, links=tuple(links), ordered=ordered)


def _item(frame: Frame) -> Frame:
    at: Frame | None = frame
    while at is not None and at.tag not in ITEM:
        at = at.parent
    return at or frame


def _block(kind: BlockKind, unit: Unit, anchors: list[Anchor], joiner: Joiner) -> Block:
    links = links_in(unit, anchors, joiner)
    if kind == "code":
        raw = "".join(unit.parts).strip("\n")
        return Block(kind, raw)
    level = 0
    if kind == "heading":
        at: Frame | None = unit.frame
        while at is not None and at.tag not in HEADING:
            at = at.parent
        level = HEADING[at.tag] if at is not None else 2
    return Block(kind, unit.text, level, links)


def links_in(unit: Unit, anchors: list[Anchor], joiner: Joiner) -> tuple[TextLink, ...]:
    """The links of a unit, with their places in its text."""
    if not unit.links:
        return ()
    out, ruler = [], _Ruler(unit.parts)
    for number, first, end in unit.links:
        href = anchors[number].href.strip()
        text = " ".join("".join(unit.parts[first:end]).split())
        if not text or not href or href[0] == "#" or (url := joiner.join(href)) is None:
            continue
        start = unit.text.find(text, ruler.length(first))
        if start >= 0:
            out.append(TextLink(url, text, start, start + len(text)))
    return tuple(out)


class _Ruler:
    """How long the first parts are once their white space is folded. Asked in rising order a thousand links in one
    paragraph cost no more than its length."""

    def __init__(self, parts: list[str]) -> None:
        self._parts, self._at = parts, 0
        self._words, self._letters, self._open = 0, 0, False

    def length(self, stop: int) -> int:
        """Of the parts before `stop`."""
        if stop < self._at:  # a link inside another ends first
            return _Ruler(self._parts).length(stop)
        new = "".join(self._parts[self._at : stop])
        words = new.split()
        self._letters += sum(map(len, words))
        self._words += len(words) - (self._open and not new[:1].isspace() and bool(words))
        self._open = not new[-1:].isspace() if new else self._open
        self._at = stop
        return self._letters + max(0, self._words - 1)
