"""What short lines say, looked up for all words of a page at once: a word costs numpy less than it costs a loop.

lines ─▶ their bytes ─▶ where words begin and end ─▶ each word as a number ─┬─▶ table ─▶ mean, least, greatest
                                                                            └─▶ marks of a line, as numbers
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Vocabulary"]

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]

_BYTES: Final = 32
"""How many bytes of a word count, beside its length."""
_END: Final = b"\n" + bytes(_BYTES)
_SPACE: Final = 32
_BREAK: Final = 10
_NOUGHT: Final = np.uint8(48)
_MASKS: Final = np.array(
    [[(1 << 8 * max(0, min(8, size - at))) - 1 for at in range(0, _BYTES, 8)] for size in range(_BYTES + 1)],
    dtype=np.uint64,
)
_ODD = np.random.default_rng(1).integers(1 << 62, 1 << 63, 22, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_WORD: Final = _ODD[:4]
_LENGTH: Final = _ODD[4]
_MIXED: Final = _ODD[5:21].reshape(4, 4) * np.array(
    ((1, 1, 0, 1), (0, 1, 0, 1), (0, 0, 0, 1), (0, 0, 1, 0)), dtype=np.uint64
)
_TAKEN: Final = np.array((0, 1, 2, 0))
_LEAST: Final = np.array((1, 1, 1, 0))
_MOST: Final = np.array((1 << 40, 1 << 40, 1 << 40, 2))
"""A line's first, second, third and last word (rows) become its marks (columns): first, first two, last, all of up to
three words. How many words after the first a line has at least that has that word, that mark; at most, that mark.
"""
_PLACE: Final = np.uint64(48)
_CHECK: Final = np.uint64(16)
"""The highest bits of a number tell its row in the table, the next ones that it is this number and no other."""
_ROWS: Final = 1 << 16
_EMPTY: Final = np.uint32(1)
_DIGITS: Final = _ODD[21]
"""The number of all words that begin with a digit."""


class Vocabulary:
    """The scores of the tokens that `text_tokens` makes: words, "^one", "^one two", "last$", "=one two three"."""

    __slots__ = ("_checks", "_scores", "_ways")

    def __init__(self, scores: dict[str, float]) -> None:
        kinds: list[int] = []
        bare: list[str] = []
        for token in scores:
            kind = _kind(token)
            kinds.append(kind)
            bare.append(token[1:] if kind in (1, 2, 4) else token[:-1] if kind == 3 else token)
        words, last = _numbers("\n".join(bare))
        first = _begins(last)
        marks = np.column_stack((words[first], _marks(words, first, last, always=True)))
        numbers = marks[np.arange(len(kinds)), np.array(kinds, dtype=np.int64)]
        rows = (numbers >> _PLACE).astype(np.int64)
        order = rows.argsort(kind="stable")
        rows = rows[order]
        way = np.arange(len(rows)) - rows.searchsorted(rows)
        self._ways = int(way.max(initial=0)) + 1
        self._checks: U32 = np.full((_ROWS, self._ways), _EMPTY)
        self._scores: F64 = np.zeros(_ROWS * self._ways)
        self._checks[rows, way] = (numbers[order] >> _CHECK).astype(np.uint32)
        self._scores[rows * self._ways + way] = np.array(list(scores.values()), dtype=np.float64)[order]

    def told(self, lines: list[str]) -> F32:
        """A row a line: mean, least and greatest score of those of its words and marks that have one, else zeros.

        At least one line; in lower case but for ASCII, words parted by single spaces.
        """
        words, last = _numbers("\n".join(lines))
        first = _begins(last)
        n = len(last)
        line = np.arange(n)
        numbers = np.concatenate((words, _marks(words, first, last).reshape(-1)))
        which, scores = self._found(numbers)
        at = np.concatenate((line.repeat(last - first + 1), line.repeat(4))).take(which)
        count = np.bincount(at, minlength=n)
        least, most = np.where(count, np.inf, 0), np.where(count, -np.inf, 0)
        np.minimum.at(least, at, scores)
        np.maximum.at(most, at, scores)
        out = np.empty((n, 3), dtype=np.float32)
        np.divide(np.bincount(at, scores, n), np.maximum(count, 1), out=out[:, 0], casting="same_kind")
        out[:, 1], out[:, 2] = least, most
        return out

    def _found(self, numbers: U64) -> tuple[I64, F64]:
        """Which of them are in the table, and their scores."""
        rows = (numbers >> _PLACE).astype(np.int64)
        same = self._checks.take(rows, axis=0) == (numbers >> _CHECK).astype(np.uint32)[:, None]
        at = same.reshape(-1).nonzero()[0]
        which = at // self._ways
        return which, self._scores.take(at + (rows.take(which) - which) * self._ways)


def _kind(token: str) -> int:
    """0 for a word, 1 for "^one", 2 for "^one two", 3 for "last$", 4 for "=one two three"."""
    if len(token) > 1:
        if token[0] == "^":
            return 2 if " " in token else 1
        if token[0] == "=":
            return 4
        if token[-1] == "$":
            return 3
    return 0


def _begins(last: I64) -> I64:
    """The first word of each line, by the last of each."""
    first = np.empty_like(last)
    first[0] = 0
    np.add(last[:-1], 1, out=first[1:])
    return first


def _numbers(text: str) -> tuple[U64, I64]:
    """A number for each word (0 for an empty line, the same for all that begin with a digit); the last word of each line."""
    data = text.encode("utf-8", "surrogatepass").lower() + _END
    size = len(data) - _BYTES
    letters = np.frombuffer(data, np.uint8, size)
    ends = ((letters == _SPACE) | (letters == _BREAK)).nonzero()[0]
    starts = _begins(ends)
    lengths = ends - starts
    windows = np.ndarray((size,), f"V{_BYTES}", data, 0, (1,))[starts].view("<u8").reshape(-1, 4)
    windows &= _MASKS.take(np.minimum(lengths, _BYTES), axis=0)
    numbers = windows @ _WORD
    numbers += lengths.view(np.uint64) * _LENGTH
    numbers[letters[starts] - _NOUGHT < 10] = _DIGITS
    return numbers, (letters[ends] == _BREAK).nonzero()[0]


def _marks(words: U64, first: I64, last: I64, always: bool = False) -> U64:
    """The four marks of each line as numbers; 0 for those that a line of its length has not, unless `always`."""
    more = (last - first)[:, None]
    at = first[:, None] + _TAKEN
    at[:, 3] = last
    marks: U64 = (words.take(at, mode="clip") * (more >= _TAKEN)) @ _MIXED
    if not always:
        marks *= (more >= _LEAST) & (more <= _MOST)
    return marks
