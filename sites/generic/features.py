"""What the body model sees of each unit: cheap numbers from text, tag, class words, place and neighbours.

survey ──▶ raw: a row of numbers a unit (a Python loop) ──▶ matrix: flags, groups, neighbours (numpy, float32)
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sites.generic.elements import NAMES
from sites.generic.facts import Facts
from sites.generic.parts import Unit
from sites.generic.words import GROUPS, PLACES

__all__ = ["COLUMNS", "F32", "LEXICAL", "TAGS", "Raw", "groups_of", "judged", "matrix", "raw", "shift"]

F32 = NDArray[np.float32]

TAGS = "p div li h1 h2 h3 h4 td blockquote figcaption span section dd pre other".split()
_SAME = {
    "h5": "h4",
    "h6": "h4",
    "th": "td",
    "dt": "dd",
    "article": "section",
    "main": "section",
    "figure": "figcaption",
}
_TAG = {
    number: TAGS.index(_SAME.get(name, name))
    for number, name in NAMES.items()
    if _SAME.get(name, name) in TAGS
}
_OTHER = len(TAGS) - 1
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
_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\Z")
_DIGIT = re.compile(r"\d")
_ODD = re.compile(r"[|©@›»•→/]")
_RAW = (
    "words length linked strong links tag up depth frame parent grand comma stop end_stop end_colon digits upper "
    "lower odd question copy copied title_same title_in before_h1 ld_in described quote"
).split()
_SINGLE = (
    "logw linked linked*logw strong strong_short links comma/word commas stops end_stop end_stop_long end_colon digits "
    "upper lower odd question copy copied title_same title_in before_h1 ld_in has_ld not_in_ld described quote depth "
    "position through middle near near2 early"
).split()
_AROUND = (
    "next:logw prev:logw next2:logw prev2:logw next:linked prev:linked next:stop prev:stop same_next same_prev next:p "
    "prev:p next:li page:words page:units"
).split()
LEXICAL = "own:mean own:max own:min up:max up:min up:sum parent:mean parent:max grand:mean text:mean text:min text:max".split()
"""The columns that come from the lexicon, the last of the matrix."""


class Raw:
    """The raw numbers of a page's units: a column a name, bits, and each unit's group of like units."""

    __slots__ = ("bits", "columns", "count", "has_ld", "signature")

    def __init__(
        self, columns: dict[str, F32], bits: NDArray[np.uint64], signature: NDArray[np.int64], has_ld: bool
    ) -> None:
        self.columns, self.bits, self.signature, self.has_ld = columns, bits, signature, has_ld
        self.count = len(signature)


def judged(units: list[Unit]) -> list[int]:
    """The units that the model looks at: all but the links of menus and footers, near half of a page."""
    return [
        number
        for number, unit in enumerate(units)
        if not (
            unit.frame.bits & _MENU and unit.linked * 5 >= len(unit.text) * 4 and unit.text.count(" ") < _ITEM
        )
    ]


def raw(facts: Facts, judged: list[int]) -> Raw:
    """One row of numbers for each judged unit."""
    everything = facts.found.units
    units = [everything[number] for number in judged]
    titles = {facts.meta("og:title").casefold(), facts.graph.text(facts.article, "headline").casefold()}
    first_h1 = facts.title_unit
    if 0 <= first_h1 < len(everything):
        titles.add(everything[first_h1].text.casefold())
    tab = facts.tab.casefold()
    ld_body = " ".join(facts.graph.text(facts.article, "articleBody").split())
    has_ld = len(ld_body) > 200
    described = facts.meta("og:description", "description")[:50]
    counts: dict[str, int] = {}
    for unit in units:
        counts[unit.text] = counts.get(unit.text, 0) + 1
    seen: set[str] = set()
    signatures: dict[tuple[int, str, int], int] = {}
    rows: list[Any] = []
    bits: list[int] = []
    signature: list[int] = []
    tags, digits, odd, ending = _TAG.get, _DIGIT.findall, _ODD.search, _END.search
    for number, unit in zip(judged, units, strict=True):
        text, frame = unit.text, unit.frame
        above = frame.parent or frame
        top = above.parent or above
        words, length = text.count(" ") + 1, len(text)
        if words * 12 < length and not text.isascii():
            words = 1 + length // 3  # a script that does not part its words
        signature.append(signatures.setdefault((frame.tag, frame.name, above.tag), len(signatures)))
        bits += (frame.own, above.own, top.own, frame.bits)
        first, short = text[0], words < 40
        lowered = text.casefold() if words < 30 else ""
        often = counts[text] > 1
        rows.append((
            words, length, unit.linked / length, unit.strong / length, len(unit.links), tags(frame.tag, _OTHER),
            tags(above.tag, _OTHER), frame.depth, frame.serial, above.serial, top.serial, text.count(","),
            text.count(". ") + text.count("。"), ending(text, max(0, length - 4)) is not None, text[-1] == ":",
            len(digits(text)) / length if short else 0.0, text.isupper(), first.islower(), short and odd(text) is not None,
            "?" in text, often, often and text in seen, lowered in titles, length > 8 and lowered != "" and lowered in tab,
            number < first_h1, has_ld and text[:60] in ld_body, described != "" and described == text[:50],
            first in "\"“„«'‘—–-",
        ))  # fmt: skip
        if often:
            seen.add(text)
    table = np.array(rows, dtype=np.float32).T if rows else np.zeros((len(_RAW), 0), np.float32)
    return Raw(
        dict(zip(_RAW, np.ascontiguousarray(table), strict=True)),
        np.array(bits, dtype=np.uint64).reshape(-1, 4),
        np.array(signature, dtype=np.int64),
        has_ld,
    )


def groups_of(values: F32) -> NDArray[np.int64]:
    """Each unit's group number, equal where the values are."""
    return np.unique(values, return_inverse=True)[1]


def shift(values: F32, by: int) -> F32:
    """The value of the unit `by` places on (back when negative), 0 beyond the ends."""
    out = np.zeros_like(values)
    if by > 0:
        out[:-by] = values[by:]
    else:
        out[-by:] = values[:by]
    return out


COLUMNS: tuple[str, ...] = (
    *(f"words:{n}" for n in range(len(_WORDS) + 1)),
    *(f"tag:{tag}" for tag in TAGS),
    *(f"up:{tag}" for tag in TAGS),
    *(f"linked:{n}" for n in range(len(_LINKED) + 1)),
    *(
        f"{at}:{bit}"
        for at in ("own", "parent", "grand", "any")
        for bit in (*GROUPS, *(f"<{p}>" for p in PLACES))
    ),
    *_SINGLE,
    *(
        f"{group}:{what}"
        for group in ("parent", "grand", "like")
        for what in ("text", "density", "count", "share")
    ),
    *_AROUND,
    *LEXICAL,
)
"""The names of the columns of `matrix`."""


def matrix(raw: Raw) -> F32:
    """One row a unit, one column a name of COLUMNS; the lexical columns at the end are left at zero."""
    c, n = raw.columns, raw.count
    out = np.zeros((n, len(COLUMNS)), dtype=np.float32)
    if not n:
        return out
    rows = np.arange(n)
    words, linked, tag = c["words"], c["linked"], c["tag"].astype(np.int64)
    at = 0
    for values, size in (
        (np.searchsorted(_WORDS, words, side="right"), len(_WORDS) + 1), (tag, len(TAGS)),
        (c["up"].astype(np.int64), len(TAGS)), (np.searchsorted(_LINKED, linked, side="right"), len(_LINKED) + 1),
    ):  # fmt: skip
        out[rows, at + values] = 1.0
        at += size
    flags = np.unpackbits(raw.bits.view(np.uint8).reshape(n, 4, 8), axis=2, bitorder="little")[:, :, :_BITS]
    out[:, at : at + 4 * _BITS] = flags.reshape(n, -1)
    at += 4 * _BITS
    logw = np.log1p(words)
    text = words * (1 - np.minimum(1, linked))
    total = max(1.0, float(text.sum()))
    order = rows.astype(np.float32)
    position = order / n
    through = np.cumsum(text) / np.float32(total)
    stop = c["end_stop"]
    good = text * stop * (words > 12)
    near = np.abs(order - float((good * order).sum() / max(1.0, float(good.sum())))) / n
    ld = np.float32(raw.has_ld)
    means: list[F32] = []
    for group in (groups_of(c["parent"]), groups_of(c["grand"]), raw.signature):
        inside = np.bincount(group, text)[group]
        means += [
            np.log1p(inside),
            inside / np.maximum(1, np.bincount(group, words)[group]),
            np.log1p(np.bincount(group)[group]),
            inside / total,
        ]
    same = (c["parent"] == shift(c["parent"], 1)).astype(np.float32)
    is_p, is_li = (tag == 0).astype(np.float32), (tag == 2).astype(np.float32)
    singles = (
        logw, linked, linked * logw, c["strong"], (c["strong"] > 0.9) * (words < 15), np.log1p(c["links"]),
        c["comma"] / words, np.log1p(c["comma"]), np.log1p(c["stop"]), stop, stop * (words > 12), c["end_colon"],
        c["digits"], c["upper"], c["lower"], c["odd"], c["question"], c["copy"], c["copied"], c["title_same"], c["title_in"],
        c["before_h1"], c["ld_in"], np.full(n, ld), ld * (1 - c["ld_in"]), c["described"], c["quote"],
        np.minimum(c["depth"], 30) / 10, position, through, through * (1 - through), near, near * near,
        (1 - c["before_h1"]) * (position < 0.3), *means,
        shift(logw, 1), shift(logw, -1), shift(logw, 2), shift(logw, -2), shift(linked, 1), shift(linked, -1), shift(stop, 1),
        shift(stop, -1), same, shift(same, -1), shift(is_p, 1), shift(is_p, -1), shift(is_li, 1),
        np.full(n, np.log(total)), np.full(n, np.log1p(n)),
    )  # fmt: skip
    for column in singles:
        out[:, at] = column
        at += 1
    return out
