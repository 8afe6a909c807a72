"""What the body model sees of each unit: cheap numbers from text, tag, class words and place.

survey ──▶ raw: some numbers a unit (a Python loop) ──▶ matrix: logarithms, flags, groups (numpy, float32)
"""

from __future__ import annotations

import re
from math import log, log1p
from struct import pack
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sites.generic.elements import NAMES
from sites.generic.facts import Facts
from sites.generic.parts import Unit
from sites.generic.standing import STANDING, standing
from sites.generic.words import GROUPS, PLACES

__all__ = ["COLUMNS", "F32", "GROUPED", "I64", "LEXICAL", "TAGS", "Raw", "judged", "matrix", "raw"]

F32 = NDArray[np.float32]
I64 = NDArray[np.int64]

TAGS = "p div li h1 h2 h3 h4 td blockquote figcaption span section dd pre other".split()
_SAME = {
    "h5": "h4", "h6": "h4", "th": "td", "dt": "dd", "article": "section", "main": "section", "figure": "figcaption"
}  # fmt: skip
_TAG = {
    number: TAGS.index(_SAME.get(name, name)) for number, name in NAMES.items() if _SAME.get(name, name) in TAGS
}  # fmt: skip
_OTHER = len(TAGS) - 1
_TAG_OF = np.array([_TAG.get(number, _OTHER) for number in range(max(NAMES) + 2)], dtype=np.int64)
"""By Lexbor's number; the last for all that are beyond."""
_HEADINGS = frozenset(range(3, 7))
_MENU = sum(
    1 << number
    for number, name in enumerate((*GROUPS, *PLACES))
    if (name == "navigation" and number < len(GROUPS))
    or (name in ("nav", "footer") and number >= len(GROUPS))
)
_ITEM = 11
_BITS = len(GROUPS) + len(PLACES)
_WORDS = np.array((2, 4, 7, 12, 20, 35, 60, 120), dtype=np.float32)
_LINKED = np.array((0.01, 0.2, 0.5, 0.9), dtype=np.float32)
_ENDS = frozenset(".!?…。！？")
_CLOSING = frozenset("\"'”’»)]")
_OPENING = frozenset("\"“„«'‘—–-")
_DIGIT = re.compile(r"\d")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789\n"))
_SHORT, _LOWER, _SENTENCE = 250, 200, 12
_NUMBERS = "words length linked strong links depth commas stops digits".split()
_FLAGS = (
    "stop colon upper lower odd question copy copied title_same title_in before_h1 ld_in described quote"
).split()
(
    _STOP, _COLON, _UPPER, _LOWERED, _ODD, _QUESTION, _COPY, _COPIED, _TITLE_SAME, _TITLE_IN, _BEFORE_H1, _LD_IN, _DESCRIBED, _QUOTE
) = [1 << number for number in range(len(_FLAGS))]  # fmt: skip
GROUPED = ("frame", "parent", "grand", "great", "like")
"""What units share: their element, the three around it, and tag and classes."""
_WIDTH = len(_NUMBERS) + 5 + 2 + len(GROUPED)
_SINGLE = (
    "logw linked linked*logw strong strong_short links comma/word commas stops stop stop_long colon digits "
    "upper lower odd question copy copied title_same title_in before_h1 ld_in has_ld not_in_ld described quote depth "
    "position through middle near near2 early page:words page:units"
).split()
_MARKED = slice(_SINGLE.index("upper"), _SINGLE.index("ld_in") + 1)
"""The flags from the third to the last but two."""
LEXICAL = "own:mean own:max own:min up:max up:min up:sum parent:mean parent:max grand:mean text:mean text:min text:max".split()
"""The columns that come from the lexicon, the last of the matrix."""
COLUMNS: tuple[str, ...] = (
    *(f"words:{n}" for n in range(len(_WORDS) + 1)), *(f"tag:{tag}" for tag in TAGS), *(f"up:{tag}" for tag in TAGS),
    *(f"linked:{n}" for n in range(len(_LINKED) + 1)),
    *(f"{at}:{bit}" for at in ("own", "parent", "grand", "any") for bit in (*GROUPS, *(f"<{p}>" for p in PLACES))),
    *_SINGLE, *STANDING, *(f"{group}:{what}" for group in GROUPED for what in ("text", "count", "share")), *LEXICAL,
)  # fmt: skip
"""The names of the columns of `matrix`."""
_HOT = np.array([COLUMNS.index(name) for name in ("words:0", f"tag:{TAGS[0]}", f"up:{TAGS[0]}", "linked:0")])
_BITS_AT = COLUMNS.index("own:article")


class Raw(NamedTuple):
    """What is read of a page's units, a row a unit: numbers, bits (of frame, parent, grandparent, all of them; flags),
    tags; `groups` number all groups of all kinds of GROUPED from 0 on, without gaps.
    """

    numbers: F32
    bits: NDArray[np.uint64]
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
    lowered = [unit.text.casefold() for unit in units]
    has_ld, flags = _flags(facts, judged, units, lowered)
    whole = _rows(units, flags)
    rows = np.frombuffer(pack(f"{len(whole)}q", *whole), dtype=np.int64).reshape(len(units), _WIDTH)
    numbers = rows[:, : len(_NUMBERS)].T.astype(np.float32)
    at = len(_NUMBERS)
    bits = rows[:, at : at + 5]
    words, length, linked = numbers[:3]
    linked = np.minimum(1, linked / length)
    plain = words * (1 - linked) * (bits[:, 4] & _STOP) * (words > _SENTENCE)
    said = facts.meta("og:title") or facts.tab
    return Raw(
        numbers.T,
        bits.astype(np.uint64),
        _TAG_OF[np.minimum(rows[:, at + 5 : at + 7], len(_TAG_OF) - 1)],
        _numbered(rows[:, at + 7 :] * len(GROUPED) + np.arange(len(GROUPED))),
        standing(units, facts.title_frame, words, plain.tolist(), linked.tolist(), lowered, said),
        has_ld,
    )


def _numbered(keys: I64) -> I64:
    """The same with numbers from 0 on, without gaps."""
    met = np.zeros(keys.max(initial=0) + 1, dtype=np.int64)
    met[keys] = 1
    return (met.cumsum() - 1)[keys]


def _rows(units: list[Unit], flags: list[int]) -> list[int]:
    """For each unit _NUMBERS, the bits of `Raw`, tag numbers, and what stands for its groups."""
    rows: list[int] = []
    alike: dict[tuple[int, str, int], int] = {}
    digits = _digits(units)
    for row, unit in enumerate(units):
        frame, text, words = unit.frame, unit.text, unit.words
        above = frame.parent or frame
        top = above.parent or above
        great = top.parent or top
        stops = text.count(". ")
        if not text.isascii():
            stops += text.count("。")
            if words * 12 < len(text):
                words = 1 + len(text) // 3  # a script that does not part its words
        rows += (
            words, len(text), unit.linked, unit.strong, len(unit.links), frame.depth, text.count(","), stops, digits[row],
            frame.own, above.own, top.own, frame.bits, flags[row], frame.tag, above.tag,
            frame.serial, above.serial, top.serial, great.serial, alike.setdefault((frame.tag, frame.name, above.tag), len(alike)),
        )  # fmt: skip
    return rows


def _digits(units: list[Unit]) -> list[int]:
    """How many digits the text of each short unit has."""
    short = [unit.text if len(unit.text) < _SHORT else "" for unit in units]
    ascii_digits = "\n".join([*short, ""]).encode("ascii", "ignore").translate(None, _NO_DIGITS)
    digits = list(map(len, ascii_digits.splitlines()))
    for row, text in enumerate(short):
        if not text.isascii():
            digits[row] = len(_DIGIT.findall(text))
    return digits


def _flags(facts: Facts, judged: list[int], units: list[Unit], lowered: list[str]) -> tuple[bool, list[int]]:
    """Has the page's JSON-LD the article's text? And for each unit the flags _FLAGS, as bits in their order."""
    everything = facts.found.units
    titles = {facts.meta("og:title").casefold(), facts.graph.text(facts.article, "headline").casefold()}
    first_h1 = facts.title_unit
    if 0 <= first_h1 < len(everything):
        titles.add(everything[first_h1].text.casefold())
    tab = facts.tab.casefold()
    ld_body = " ".join(facts.graph.text(facts.article, "articleBody").split())
    ld_words = frozenset(ld_body.split(" "))
    has_ld = len(ld_body) > 200
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
        if has_ld and ld_words.issuperset(text[:60].split(" ")[1:-1]) and text[:60] in ld_body:
            flag |= _LD_IN
        if text.startswith(described):
            flag |= _DESCRIBED
        if text[0] in _OPENING:
            flag |= _QUOTE
        flags.append(flag)
    return has_ld, flags


def _is_odd(text: str) -> bool:
    """Does it hold a mark of menus and notices?"""
    if "|" in text or "/" in text or "@" in text:
        return True
    return not text.isascii() and ("©" in text or "»" in text or "•" in text or "›" in text or "→" in text)


def matrix(raw: Raw) -> F32:
    """One row a unit, one column a name of COLUMNS; the lexical columns at the end are left at zero."""
    n = len(raw.numbers)
    out = np.zeros((n, len(COLUMNS)), dtype=np.float32)
    if not n:
        return out
    words, length, linked, strong, links, depth, commas, stops, digits = raw.numbers.T
    every = np.unpackbits(raw.bits.view(np.uint8).reshape(n, 5, 8), axis=2, bitorder="little")
    flags = every[:, 4, : len(_FLAGS)].T
    singles = np.empty((len(_SINGLE), n), dtype=np.float32)
    c = dict(zip(_SINGLE, singles, strict=True))
    logw, share, position, through, near = c["logw"], c["linked"], c["position"], c["through"], c["near"]
    np.divide(linked, length, out=share)
    np.divide(strong, length, out=c["strong"])
    np.divide(digits, length, out=c["digits"])
    np.divide(commas, words, out=c["comma/word"])
    for numbers, name in ((words, "logw"), (links, "links"), (commas, "commas"), (stops, "stops")):
        np.log1p(numbers, out=c[name])
    np.multiply(share, logw, out=c["linked*logw"])
    c["strong_short"][:] = (c["strong"] > 0.9) & (words < 15)
    stop, before_h1, ld_in = c["stop"], c["before_h1"], c["ld_in"]
    stop[:], c["colon"][:], c["described"][:], c["quote"][:] = flags[0], flags[1], flags[-2], flags[-1]
    singles[_MARKED] = flags[2:-2]
    np.multiply(stop, words > _SENTENCE, out=c["stop_long"])
    c["has_ld"][:], c["page:words"][:], c["page:units"][:] = raw.has_ld, 0, log1p(n)
    c["not_in_ld"][:] = (1 - ld_in) if raw.has_ld else 0
    np.divide(np.minimum(depth, 30), 10, out=c["depth"])
    text = words * (1 - np.minimum(1, share))
    total = max(1.0, float(text.sum()))
    c["page:words"][:] = log(total)
    rows = np.arange(n)
    order = rows.astype(np.float32)
    np.divide(order, n, out=position)
    np.divide(text.cumsum(), np.float32(total), out=through)
    np.multiply(through, 1 - through, out=c["middle"])
    good = text * c["stop_long"]
    center = float((good * order).sum() / max(1.0, float(good.sum())))
    np.divide(np.abs(order - center), n, out=near)
    np.multiply(near, near, out=c["near2"])
    c["early"][:] = (before_h1 == 0) & (position < 0.3)
    hot = np.empty((n, len(_HOT)), dtype=np.int64)
    hot[:, 0] = _WORDS.searchsorted(words, side="right")
    hot[:, 1:3] = raw.tags
    hot[:, 3] = _LINKED.searchsorted(share, side="right")
    hot += _HOT
    out[rows[:, None], hot] = 1
    at = _BITS_AT
    out[:, at : at + 4 * _BITS] = every[:, :4, :_BITS].reshape(n, -1)
    at += 4 * _BITS
    out[:, at : at + len(_SINGLE)] = singles.T
    at += len(_SINGLE)
    out[:, at : at + len(STANDING)] = raw.standing
    at += len(STANDING)
    flat = raw.groups.reshape(-1)
    inside = np.bincount(flat, text.repeat(len(GROUPED)))[raw.groups]
    out[:, at : at + 15 : 3] = np.log1p(inside)
    out[:, at + 1 : at + 15 : 3] = np.log1p(np.bincount(flat))[raw.groups]
    out[:, at + 2 : at + 15 : 3] = inside / total
    return out
