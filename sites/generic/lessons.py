"""One page as a lesson: what learning a host's template needs of it, and what tells whether the template changes it.

A page is read once; its lesson is a small value that is kept until the host's pages are enough to learn from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from sites.generic.facts import Facts, fold
from sites.generic.parts import Frame, Unit
from sites.generic.template import place_of, text_key
from sites.generic.words import GROUPS
from sites.page import Page
from sites.url import origin

__all__ = [
    "APART", "BRIEF", "DATED", "FRAMED", "LINKED", "TALKING", "Lesson", "Line", "Place", "blank_lesson", "decode_lesson",
    "encode_lesson", "labels_in", "lesson_of", "link_texts", "words_of",
]  # fmt: skip

LINKED, DATED, APART, FRAMED, BRIEF, TALKING = (1 << number for number in range(6))
"""Flags of a line: all but a link; short, with a date or time; in a box of authors, dates, shares or captions; in a
menu, header, footer or sign-up; short enough for a tag; with a link that could be a headline."""

LONGEST_LABEL = 40
"""Letters of a menu's label, at the most."""

_GROUP = {name: 1 << number for number, name in enumerate(GROUPS)}
_FRAME = _GROUP["navigation"] | _GROUP["footer"] | _GROUP["header"] | _GROUP["signup"]
_NOT_BELOW = _GROUP["author"] | _GROUP["meta"] | _GROUP["share"] | _GROUP["caption"]
_DATED = re.compile(r"\d{4}|\d{1,2}[:.]\d\d")
_WHOLE, _SLACK, _MOST = 0.8, 60, 1 << 18


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A block element that holds text, itself or in those below: its place, the index of the one above (-1: none), depth."""

    key: int
    above: int
    depth: int


class Line(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A unit: the index of its element, the key of its text, words, the body model's probability, flags.

    `text` is None when it is too long for the title or a label; `links` are the texts of short links in it.
    """

    at: int
    key: int
    words: int
    chance: float
    flags: int
    text: str | None
    links: tuple[str, ...]


class Lesson(msgspec.Struct, frozen=True, array_like=True):
    """A page of a host without a template. `url` and `day` (ISO, or "") choose the rules for it; `tab` is its <title>;
    `named`: it names its site itself; `menu` are the folded texts of short links within the site."""

    url: str
    day: str
    tab: str = ""
    named: bool = True
    menu: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    lines: tuple[Line, ...] = ()


def encode_lesson(lesson: Lesson) -> bytes:
    """As MessagePack; b"" when it is too long to be kept."""
    data = msgspec.msgpack.encode(lesson)
    return data if len(data) <= _MOST else b""


def decode_lesson(data: bytes) -> Lesson:
    """The inverse. Raises msgspec.ValidationError."""
    return msgspec.msgpack.decode(data, type=Lesson)


def blank_lesson(page: Page) -> Lesson:
    """Of a page that no template changes: a feed, a page that refuses."""
    return Lesson(page.url, page.fetched_at.date().isoformat() if page.fetched_at else "")


def lesson_of(facts: Facts, chances: Sequence[float], *, named: bool = False) -> Lesson:
    """The lesson of a page that was read without a template; `chances` are the body model's, one a unit."""
    known: dict[int, int] = {}
    places: list[Place] = []

    def index(frame: Frame) -> int:
        fresh: list[Frame] = []
        above: Frame | None = frame
        while above is not None and above.serial not in known:
            fresh.append(above)
            above = above.parent
        here = known[above.serial] if above is not None else -1
        for inner in reversed(fresh):
            places.append(Place(place_of(inner), here, inner.depth))
            here = known[inner.serial] = len(places) - 1
        return here

    longest = len(facts.tab) + _SLACK
    lines = []
    for unit, chance in zip(facts.found.units, chances, strict=True):
        text = unit.text
        words, size = words_of(text), len(text)
        bits = unit.frame.bits
        flags = (
            (LINKED if words >= 3 and unit.linked >= _WHOLE * size else 0)
            | (DATED if size < 60 and _DATED.search(text) is not None else 0)
            | (APART if bits & _NOT_BELOW else 0)
            | (FRAMED if bits & _FRAME else 0)
            | (BRIEF if size <= LONGEST_LABEL and words <= 4 and any(map(str.isalpha, text)) else 0)
        )
        links: tuple[str, ...] = ()
        if unit.links:
            said = link_texts(unit)
            if any(link.count(" ") >= 3 for link in said):
                flags |= TALKING
            links = tuple(link for link in said if len(link) <= _SLACK)
        lines.append(
            Line(
                index(unit.frame),
                text_key(text),
                words,
                chance,
                flags,
                text if size <= longest else None,
                links,
            )
        )
    return replace(
        blank_lesson(facts.page),
        tab=facts.tab,
        named=named,
        menu=tuple(sorted(_menu(facts))),
        places=tuple(places),
        lines=tuple(lines),
    )


def words_of(text: str) -> int:
    """Words; of a script without spaces two signs count as one."""
    words = text.count(" ") + 1
    return words if text.isascii() else max(words, sum(sign > "\u2e7f" for sign in text) // 2)


def link_texts(unit: Unit) -> list[str]:
    """What the links in a unit say, in order."""
    return [" ".join("".join(unit.parts[start:end]).split()) for _, start, end in unit.links]


def labels_in(text: str | None, links: Iterable[str], title: str, labels: frozenset[str]) -> list[str]:
    """The menu's labels that a unit says: as its whole text, before the title, or as links in it, in order."""
    if text is not None:
        alone = text.removesuffix(title).rstrip()
        if len(alone) <= LONGEST_LABEL and fold(alone) in labels:
            return [alone]
    return [link for link in links if fold(link) in labels]


def _menu(facts: Facts) -> set[str]:
    """The folded texts of short links within the site, but those to its front page."""
    home = f"{origin(facts.page.url)}/"
    found = set()
    for anchor in facts.found.anchors:
        if 0 < len(anchor.text) <= LONGEST_LABEL and anchor.text.count(" ") < 4:
            url = facts.joiner.join(anchor.href.strip())
            if url and url != home and origin(url) == origin(home):
                found.add(fold(anchor.text))
    return found
