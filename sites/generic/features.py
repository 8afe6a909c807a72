"""What the body model sees of each unit: `Raw` as logarithms, flags, groups: a row of float32 a unit."""

from __future__ import annotations

from math import log, log1p
from typing import Final, NamedTuple

import numpy as np

from sites.generic.counts import F32, FLAGS, GROUPED, I64, SENTENCE, TAGS, Raw
from sites.generic.standing import STANDING
from sites.generic.words import GROUPS, PLACES

__all__ = ["COLUMNS", "F32", "LEXICAL", "SPLIT", "Seen", "matrix", "seen"]

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
_SHARED: Final = [
    n for n in range(COLUMNS.index(_SINGLE[0])) if not COLUMNS[n].startswith(("words:", "linked:"))
]
_OWN: Final = [n for n in range(len(COLUMNS)) if n not in _SHARED]
SPLIT: Final = np.array(_OWN + _SHARED)
"""The numbers of the columns in the order in which `Seen` has them."""
_TAGS: Final = np.array((0, len(TAGS)))
_LINKED_AT: Final = len(_WORDS) + 1
_SINGLE_AT: Final = _LINKED_AT + len(_LINKED) + 1
_STANDING_AT: Final = _SINGLE_AT + len(_SINGLE)
_GROUPS_AT: Final = _STANDING_AT + len(STANDING)


class Seen(NamedTuple):
    """The matrix in two: the columns that each unit has for itself, and those that all units of a kind share."""

    own: F32
    kinds: F32
    which: I64


def matrix(raw: Raw) -> F32:
    """One row a unit, one column a name of COLUMNS; the lexical columns at the end are left at zero."""
    found = seen(raw)
    out = np.empty((len(found.own), len(COLUMNS)), dtype=np.float32)
    out[:, _OWN] = found.own
    out[:, _SHARED] = found.kinds[found.which]
    return out


def _shared(raw: Raw) -> F32:
    """The columns of tags and class bits, a row a kind."""
    kinds = len(raw.kinds)
    out = np.zeros((kinds, len(_SHARED)), dtype=np.float32)
    out[np.arange(kinds)[:, None], raw.tags + _TAGS] = 1
    bits = np.unpackbits(raw.kinds.view(np.uint8).reshape(kinds, 4, 8), axis=2, bitorder="little")
    out[:, 2 * len(TAGS) :] = bits[:, :, :_BITS].reshape(kinds, -1)
    return out


def seen(raw: Raw) -> Seen:
    """What the model sees of each unit; the lexical columns are left at zero."""
    n = len(raw.numbers)
    out = np.zeros((n, len(_OWN)), dtype=np.float32)
    if not n:
        return Seen(out, np.zeros((0, len(_SHARED)), dtype=np.float32), raw.which)
    words, length, linked, strong, links, depth, commas, stops, digits = raw.numbers.T
    flags = np.unpackbits(raw.flags.view(np.uint8).reshape(n, 8), axis=1, bitorder="little")[
        :, : len(FLAGS)
    ].T
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
    out[rows, _WORDS.searchsorted(words, side="right")] = 1
    out[rows, _LINKED.searchsorted(share, side="right") + _LINKED_AT] = 1
    out[:, _SINGLE_AT:_STANDING_AT] = singles.T
    out[:, _STANDING_AT:_GROUPS_AT] = raw.standing
    flat = raw.groups.reshape(-1)
    inside = np.bincount(flat, text.repeat(len(GROUPED)))[raw.groups]
    at, end = _GROUPS_AT, _GROUPS_AT + 3 * len(GROUPED)
    out[:, at:end:3] = np.log1p(inside)
    out[:, at + 1 : end : 3] = np.log1p(np.bincount(flat))[raw.groups]
    out[:, at + 2 : end : 3] = inside / total
    return Seen(out, _shared(raw), raw.which)
