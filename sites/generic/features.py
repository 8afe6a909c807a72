"""What the body model sees of each unit: `Raw` as logarithms, flags, groups: a row of float32 a unit."""

from __future__ import annotations

from math import log, log1p
from typing import Final

import numpy as np

from sites.generic.counts import F32, FLAGS, GROUPED, SENTENCE, TAGS, Raw
from sites.generic.standing import STANDING
from sites.generic.words import GROUPS, PLACES

__all__ = ["COLUMNS", "F32", "LEXICAL", "matrix"]

_BITS: Final = len(GROUPS) + len(PLACES)
_WORDS: Final = np.array((2, 4, 7, 12, 20, 35, 60, 120), dtype=np.float32)
_LINKED: Final = np.array((0.01, 0.2, 0.5, 0.9), dtype=np.float32)
_SINGLE: Final = (
    "logw linked linked*logw strong strong_short links comma/word commas stops stop stop_long colon digits "
    "upper lower odd question copy copied title_same title_in before_h1 ld_in has_ld not_in_ld described quote depth "
    "position through middle near near2 early page:words page:units"
).split()
_MARKED: Final = slice(_SINGLE.index("upper"), _SINGLE.index("ld_in") + 1)
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
_HOT: Final = np.array(
    [COLUMNS.index(name) for name in ("words:0", f"tag:{TAGS[0]}", f"up:{TAGS[0]}", "linked:0")]
)
_BITS_AT: Final = COLUMNS.index("own:article")


def matrix(raw: Raw) -> F32:
    """One row a unit, one column a name of COLUMNS; the lexical columns at the end are left at zero."""
    n = len(raw.numbers)
    out = np.zeros((n, len(COLUMNS)), dtype=np.float32)
    if not n:
        return out
    words, length, linked, strong, links, depth, commas, stops, digits = raw.numbers.T
    every = np.unpackbits(raw.bits.view(np.uint8).reshape(n, 5, 8), axis=2, bitorder="little")
    flags = every[:, 4, : len(FLAGS)].T
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
    np.multiply(stop, words > SENTENCE, out=c["stop_long"])
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
