"""What the body model sees of each unit: cheap numbers from text, tag, class words, place and neighbours.

survey ──▶ one row of raw numbers a unit (a Python loop) ──▶ buckets, groups, neighbours (numpy) ──▶ matrix
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sites.generic.elements import NAMES
from sites.generic.facts import Facts, fold
from sites.generic.survey import Unit
from sites.generic.words import GROUPS, PLACES

__all__ = ["NAMES_OF_FEATURES", "Matrix", "Raw", "features", "raw"]

Matrix = NDArray[np.float64]

_TAGS = "p div li h1 h2 h3 h4 td blockquote figcaption span section dd pre".split()
_TAG_NUMBER = {
    number: _TAGS.index({"h5": "h4", "h6": "h4", "th": "td", "dt": "dd", "article": "section", "main": "section", "figure": "figcaption"}.get(name, name))
    for number, name in NAMES.items()
    if {"h5": "h4", "h6": "h4", "th": "td", "dt": "dd", "article": "section", "main": "section", "figure": "figcaption"}.get(name, name) in _TAGS
}  # fmt: skip
_OTHER = len(_TAGS)
_BITS = len(GROUPS) + len(PLACES)
_SHIFTS = np.arange(_BITS, dtype=np.uint64)
_WORDS = (2, 4, 7, 12, 20, 35, 60, 120)
_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*\Z")
_ALPHA = re.compile(r"[A-Za-z]")

_RAW = (
    "words chars linked strong links tag up own parent_own grand_own bits depth frame parent grand comma stop end_stop end_colon "
    "digits upper lower_start odd question repeat title_same title_in before_h1 ld_in has_ld description quote_start"
).split()


class Raw:
    """The raw numbers of a page's units, a column a name, and the units' group numbers for means."""

    __slots__ = ("columns", "count", "signature")

    def __init__(self, columns: dict[str, Any], signature: NDArray[np.int64], count: int) -> None:
        self.columns, self.signature, self.count = columns, signature, count


def raw(facts: Facts) -> Raw:
    """One row of numbers a unit."""
    units = facts.found.units
    titles = {fold(text) for text in (facts.meta("og:title"), facts.tab, facts.graph.text(facts.article, "headline")) if text}
    headings = [unit for _, level, unit, _ in facts.found.headings if level == 1]
    first_h1 = headings[0] if headings else -1
    if headings and headings[0] < len(units):
        titles.add(fold(units[headings[0]].text))
    tab = fold(facts.tab)
    ld_body = " ".join(facts.graph.text(facts.article, "articleBody").split())
    has_ld = float(len(ld_body) > 200)
    described = facts.meta("og:description", "description")[:60]
    seen: dict[str, int] = {}
    for unit in units:
        seen[unit.text] = seen.get(unit.text, 0) + 1
    signatures: dict[tuple[int, str, int], int] = {}
    signature = np.empty(len(units), dtype=np.int64)
    rows = []
    for number, unit in enumerate(units):
        text, frame = unit.text, unit.frame
        above = frame.parent or frame
        top = above.parent or above
        words = text.count(" ") + 1
        length = len(text)
        if words == 1 and length > 12 and not text.isascii():
            words = 1 + length // 3
        key = (frame.tag, frame.name, above.tag)
        signature[number] = signatures.setdefault(key, len(signatures))
        short = words < 40
        folded = fold(text) if short else ""
        first = text[0]
        rows.append((
            words, length, unit.linked / length, unit.strong / length, len(unit.links),
            _TAG_NUMBER.get(frame.tag, _OTHER), _TAG_NUMBER.get(above.tag, _OTHER),
            frame.own, above.own, top.own, frame.bits, frame.depth, frame.serial, above.serial, top.serial,
            text.count(","), text.count(". ") + text.count("。"), _END.search(text, length - 4 if length > 4 else 0) is not None, text[-1] == ":",
            sum(map(text.count, "0123456789")) / length if short else 0.0,
            text.isupper(), first.islower(), any(sign in text for sign in "|©@›»•→/") if short else False, text.count("?"),
            seen[text] > 1, folded in titles if short else False, len(folded) > 8 and folded in tab,
            number < first_h1, text[:60] in ld_body if has_ld else False, has_ld, bool(described) and described[:50] == text[:50],
            first in "\"“„«'‘—–-",
        ))  # fmt: skip
    table = np.array(rows, dtype=np.float64).T if rows else np.zeros((len(_RAW), 0))
    columns: dict[str, Any] = dict(zip(_RAW, table, strict=True))
    for name in ("own", "parent_own", "grand_own", "bits"):
        columns[name] = columns[name].astype(np.uint64)
    return Raw(columns, signature, len(units))


def _onehot(values: Matrix, size: int) -> Matrix:
    out = np.zeros((len(values), size))
    out[np.arange(len(values)), values.astype(np.int64)] = 1.0
    return out


def _unpack(bits: NDArray[np.uint64]) -> Matrix:
    return ((bits[:, None] >> _SHIFTS) & np.uint64(1)).astype(np.float64)


def _groups(values: Matrix) -> NDArray[np.int64]:
    return np.unique(values, return_inverse=True)[1]


def _shift(values: Matrix, by: int) -> Matrix:
    """The value of the unit `by` places on (back when negative), 0 beyond the ends."""
    out = np.zeros_like(values)
    if by > 0:
        out[:-by] = values[by:]
    else:
        out[-by:] = values[:by]
    return out


def features(raw: Raw) -> Matrix:
    """The matrix of the first stage, one row a unit; NAMES_OF_FEATURES names its columns."""
    c, n = raw.columns, raw.count
    words = c["words"]
    logw = np.log1p(words)
    text = words * (1 - np.minimum(1.0, c["linked"]))
    total = max(1.0, float(text.sum()))
    parent, grand = _groups(c["parent"]), _groups(c["grand"])
    means = []
    for group in (parent, grand, raw.signature):
        count = np.bincount(group)
        inside = np.bincount(group, text)[group]
        all_words = np.bincount(group, words)[group]
        means += [np.log1p(inside), inside / np.maximum(1, all_words), np.log1p(count[group]), inside / total]
    position = np.arange(n) / max(1, n)
    through = np.cumsum(text) / total
    good = text * (c["end_stop"] > 0) * (words > 12)
    centre = float((good * np.arange(n)).sum() / max(1.0, good.sum()))
    near = np.abs(np.arange(n) - centre) / max(1, n)
    bucket = np.searchsorted(_WORDS, words, side="right").astype(np.float64)
    wide = len(_WORDS) + 1
    tag, up = c["tag"], c["up"]
    linked = c["linked"]
    same_parent = c["parent"] == _shift(c["parent"], 1)
    parts = [
        _onehot(bucket, wide), _onehot(tag, _OTHER + 1), _onehot(up, _OTHER + 1),
        _onehot(tag * wide + bucket, (_OTHER + 1) * wide),
        _onehot(np.searchsorted((0.01, 0.2, 0.5, 0.9), linked, side="right").astype(np.float64), 5),
        _unpack(c["own"]), _unpack(c["parent_own"]), _unpack(c["grand_own"]), _unpack(c["bits"]),
    ]  # fmt: skip
    singles = [
        logw, linked, linked * logw, c["strong"], (c["strong"] > 0.9) * (words < 15), np.log1p(c["links"]), c["comma"] / words,
        np.log1p(c["comma"]), np.log1p(c["stop"]), c["end_stop"], c["end_stop"] * (words > 12), c["end_colon"], c["digits"], c["upper"],
        c["lower_start"], c["odd"], c["question"] > 0, c["repeat"], c["title_same"], c["title_in"], c["before_h1"],
        c["ld_in"], c["has_ld"], c["has_ld"] * (1 - c["ld_in"]), c["description"], c["quote_start"],
        np.minimum(c["depth"], 30) / 10, position, through, through * (1 - through), near, near * near, (1 - c["before_h1"]) * (position < 0.3),
        *means,
        _shift(logw, 1), _shift(logw, -1), _shift(logw, 2), _shift(logw, -2),
        _shift(linked, 1), _shift(linked, -1), _shift(c["end_stop"], 1), _shift(c["end_stop"], -1),
        same_parent, _shift(same_parent.astype(np.float64), -1), _shift(c["tag"] == 0, 1), _shift(c["tag"] == 0, -1), _shift(c["tag"] == 2, 1),
        np.full(n, np.log(total)), np.full(n, np.log1p(n)),
    ]  # fmt: skip
    return np.hstack([*parts, np.stack([np.asarray(s, dtype=np.float64) for s in singles], axis=1)])


def _names() -> tuple[str, ...]:
    wide = len(_WORDS) + 1
    tags = [*_TAGS, "other"]
    bits = [*GROUPS, *(f"<{place}>" for place in PLACES)]
    out = [f"words:{n}" for n in range(wide)] + [f"tag:{t}" for t in tags] + [f"up:{t}" for t in tags]
    out += [f"tag:{t} words:{n}" for t in tags for n in range(wide)] + [f"linked:{n}" for n in range(5)]
    for where in ("own", "parent", "grand", "any"):
        out += [f"{where}:{bit}" for bit in bits]
    out += (
        "logw linked linked*logw strong strong_short links comma/word commas stops end_stop end_stop_long end_colon digits upper "
        "lower_start odd question repeat title_same title_in before_h1 ld_in has_ld not_in_ld description quote_start depth "
        "position through middle near near2 early"
    ).split()
    for group in ("parent", "grand", "signature"):
        out += [f"{group}:{what}" for what in ("text", "density", "count", "share")]
    out += "next:logw prev:logw next2:logw prev2:logw next:linked prev:linked next:stop prev:stop same_next same_prev next:p prev:p next:li page:words page:units".split()
    return tuple(out)


NAMES_OF_FEATURES = _names()
"""The columns of `features`."""


def unit_words(unit: Unit) -> int:
    """About how many words a unit has."""
    return unit.text.count(" ") + 1
