"""What is read of each unit before any model: counts, flags, tags, class bits, groups (loops over Python objects)."""

from __future__ import annotations

import re
from struct import pack
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sites.generic.elements import NAMES
from sites.generic.facts import Facts
from sites.generic.parts import Unit
from sites.generic.standing import standing
from sites.generic.words import GROUPS, PLACES

__all__ = ["F32", "FLAGS", "GROUPED", "I64", "NUMBERS", "SENTENCE", "TAGS", "Raw", "judged", "raw"]

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

TAGS = "p div li h1 h2 h3 h4 td blockquote figcaption span section dd pre other".split()
_SAME = {
    "h5": "h4", "h6": "h4", "th": "td", "dt": "dd", "article": "section", "main": "section", "figure": "figcaption"
}  # fmt: skip
_TAG = {
    number: TAGS.index(_SAME.get(name, name)) for number, name in NAMES.items() if _SAME.get(name, name) in TAGS
}  # fmt: skip
_OTHER: Final = len(TAGS) - 1
_TAG_OF: Final = np.array([_TAG.get(number, _OTHER) for number in range(max(NAMES) + 2)], dtype=np.int64)
"""By Lexbor's number; the first for the root, the last for all that are beyond."""
_MENU: Final = sum(
    1 << number
    for number, name in enumerate((*GROUPS, *PLACES))
    if (name == "navigation" and number < len(GROUPS))
    or (name in ("nav", "footer") and number >= len(GROUPS))
)
_ITEM: Final = 11
_ENDS: Final = frozenset(".!?…。！？")
_CLOSING: Final = frozenset("\"'”’»)]")
_OPENING: Final = frozenset("\"“„«'‘—–-")
_OTHERS: Final = re.compile(r"[^\d\n]+")
_NO_DIGITS: Final = bytes(set(range(256)) - set(b"0123456789\n"))
_SHORT: Final = 250
_LOWER: Final = 200
SENTENCE: Final = 12
NUMBERS = "words length linked strong links depth commas stops digits".split()
FLAGS = (
    "stop colon upper lower odd question copy copied title_same title_in before_h1 ld_in described quote"
).split()
_STOP: Final = 1
_COLON: Final = 2
_UPPER: Final = 4
_LOWERED: Final = 8
_ODD: Final = 16
_QUESTION: Final = 32
_COPY: Final = 64
_COPIED: Final = 128
_TITLE_SAME: Final = 256
_TITLE_IN: Final = 512
_BEFORE_H1: Final = 1024
_LD_IN: Final = 2048
_DESCRIBED: Final = 4096
_QUOTE: Final = 8192
GROUPED = ("frame", "parent", "grand", "great", "like")
"""What units share: their element, the three around it, and tag and classes."""
_WIDTH: Final = len(NUMBERS) + 2 + len(GROUPED)


class Raw(NamedTuple):
    """What is read of a page's units, a row a unit: numbers, flags as bits; `groups` number all groups of all kinds of
    GROUPED from 0 on, without gaps; `which` kind of place it stands in: these have, a row each, the tags of element and
    parent (`tags`) and the class bits of element, parent, grandparent and all of them (`kinds`).
    """

    numbers: F32
    flags: I64
    which: I64
    kinds: I64
    tags: I64
    groups: I64
    standing: F32
    has_ld: bool


def judged(units: list[Unit]) -> list[int]:
    """The units that the model looks at: all but the links of menus and footers, near half of a page."""
    return [
        number
        for number, unit in enumerate(units)
        if not (unit.frame.bits & _MENU and unit.words <= _ITEM and unit.linked * 5 >= len(unit.text) * 4)
    ]


def raw(facts: Facts, judged: list[int]) -> Raw:
    """The numbers of each judged unit."""
    everything = facts.found.units
    units = [everything[number] for number in judged]
    said = facts.meta("og:title") or facts.tab
    plain_said = said.isascii()
    lowered = [_folded(unit.text, plain_said) for unit in units]
    has_ld, flags = _flags(facts, judged, units, lowered)
    linked: list[Any] = []
    plain: list[float] = []
    kinds: dict[tuple[int, int, int, int, int, int], int] = {}
    whole = _rows(units, flags, linked, plain, kinds)
    rows = np.frombuffer(pack(f"{len(whole)}q", *whole), dtype=np.int64).reshape(len(units), _WIDTH)
    numbers = rows[:, : len(NUMBERS)].T.astype(np.float32)
    at = len(NUMBERS)
    flat = [number for kind in kinds for number in kind]
    places = np.frombuffer(pack(f"{len(flat)}q", *flat), dtype=np.int64).reshape(len(kinds), 6)
    return Raw(
        numbers.T,
        rows[:, at : at + 1],
        rows[:, at + 1],
        places[:, 2:],
        _TAG_OF.take(places[:, :2], mode="clip"),
        _numbered(rows[:, at + 2 :]),
        standing(units, facts.title_frame, numbers[0], plain, linked, lowered, said),
        has_ld,
    )


def _folded(text: str, plain: bool) -> str:
    """Without case; of a long text, when the headline is `plain`, only the letters that such a headline can have."""
    if text.isascii():
        return text.lower()
    if len(text) < _LOWER or not plain:
        return text.casefold()
    return text.encode("utf-8", "surrogatepass").lower().decode("latin-1")


def _numbered(keys: I64) -> I64:
    """The same with numbers from 0 on, without gaps."""
    met = np.bincount(keys.reshape(-1)) > 0
    return (met.cumsum() - 1).take(keys)


def _rows(
    units: list[Unit],
    flags: list[int],
    linked: list[Any],
    plain: list[float],
    kinds: dict[tuple[int, int, int, int, int, int], int],
) -> list[int]:
    """For each unit NUMBERS, its flags, the number of its kind, and what stands for its groups. Added to `linked` and
    `plain`: what part of it is links (0-1), how many of its words stand in plain sentences; to `kinds`: what is new.
    """
    rows: list[int] = []
    alike: dict[tuple[int, str, int], int] = {}
    digits = _digits(units)
    for row, unit in enumerate(units):
        frame, text, words = unit.frame, unit.text, unit.words
        length = len(text)
        above = frame.parent or frame
        top = above.parent or above
        great = top.parent or top
        stops = text.count(". ") if "." in text else 0
        if not text.isascii():
            stops += text.count("。")
            if words * 12 < length:
                words = 1 + length // 3  # a script that does not part its words
        share = min(1.0, unit.linked / length)
        linked.append(share)
        plain.append(words * (1 - share) if words > SENTENCE and flags[row] & _STOP else 0.0)
        rows += (
            words, length, unit.linked, unit.strong, len(unit.links), frame.depth, text.count(","), stops, digits[row],
            flags[row], kinds.setdefault((frame.tag, above.tag, frame.own, above.own, top.own, frame.bits), len(kinds)),
            5 * frame.serial, 5 * above.serial + 1, 5 * top.serial + 2, 5 * great.serial + 3,
            5 * alike.setdefault((frame.tag, frame.name, above.tag), len(alike)) + 4,
        )  # fmt: skip
    return rows


def _digits(units: list[Unit]) -> list[int]:
    """How many digits the text of each short unit has."""
    ascii_texts: list[str] = []
    others: list[str] = []
    rows: list[int] = []
    for row, unit in enumerate(units):
        text = unit.text
        if len(text) >= _SHORT:
            text = ""
        elif not text.isascii():
            others.append(text)
            rows.append(row)
            text = ""
        ascii_texts.append(text)
    ascii_digits = "\n".join([*ascii_texts, ""]).encode().translate(None, _NO_DIGITS)
    digits = list(map(len, ascii_digits.splitlines()))
    if others:
        for row, found in zip(rows, _OTHERS.sub("", "\n".join(others)).split("\n"), strict=True):
            digits[row] = len(found)
    return digits


def _flags(facts: Facts, judged: list[int], units: list[Unit], lowered: list[str]) -> tuple[bool, list[int]]:
    """Has the page's JSON-LD the article's text? And for each unit the flags FLAGS, as bits in their order."""
    everything = facts.found.units
    titles = {facts.meta("og:title").casefold(), facts.graph.text(facts.article, "headline").casefold()}
    first_h1 = facts.title_unit
    if 0 <= first_h1 < len(everything):
        titles.add(everything[first_h1].text.casefold())
    tab = facts.tab.casefold()
    ld_body = " ".join(facts.graph.text(facts.article, "articleBody").split())
    has_ld = len(ld_body) > 200
    ld_words = frozenset([*ld_body.split(" "), ""] if has_ld else [])
    described = facts.meta("og:description", "description")[:50] or "\0"
    first: dict[str, int] = {}
    flags: list[int] = []
    for row, unit in enumerate(units):
        text, low = unit.text, lowered[row]
        last = text[-1]
        flag = 0
        if last in _ENDS or (last in _CLOSING and text[-2:-1] in _ENDS):
            flag = _STOP
        elif last == ":":
            flag = _COLON
        if text.isupper():
            flag |= _UPPER
        elif text[0].islower():
            flag |= _LOWERED
        if "?" in text:
            flag |= _QUESTION
        met = first.setdefault(text, row)
        if met != row:
            flag |= _COPY | _COPIED
            flags[met] |= _COPY
        if len(text) < _SHORT:
            if _is_odd(text):
                flag |= _ODD
            if len(text) < _LOWER:
                if low in titles:
                    flag |= _TITLE_SAME
                if len(text) > 8 and low in tab:
                    flag |= _TITLE_IN
        if judged[row] < first_h1:
            flag |= _BEFORE_H1
        if has_ld and _second(begin := text[:60]) in ld_words:
            if ld_words.issuperset(begin.split(" ")[1:-1]) and begin in ld_body:
                flag |= _LD_IN
        if text.startswith(described):
            flag |= _DESCRIBED
        if text[0] in _OPENING:
            flag |= _QUOTE
        flags.append(flag)
    return has_ld, flags


def _second(text: str) -> str:
    """The second word of a text; "" when it is the last one, too."""
    start = text.find(" ") + 1
    end = text.find(" ", start) if start else -1
    return text[start:end] if end > 0 else ""


def _is_odd(text: str) -> bool:
    """Does it hold a mark of menus and notices?"""
    if "|" in text or "/" in text or "@" in text:
        return True
    return not text.isascii() and ("©" in text or "»" in text or "•" in text or "›" in text or "→" in text)
