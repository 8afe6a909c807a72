"""Words and what they tell: which class words and which words of short lines stand in articles, and which beside them.

Two learnt tables, word -> log-odds of being in an article; only words that several publishers use are in them.
"""

from __future__ import annotations

import re
from struct import pack
from typing import Any, Final

import numpy as np

from sites.generic.parts import Unit, frames_of
from sites.generic.vocabulary import F32, Vocabulary

__all__ = ["Lexicon", "class_tokens", "text_tokens"]

_CLASS: Final = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_DIGITS: Final = re.compile(
    r"\d(?<!\S\d)\S*"
)  # words that begin with a digit; the digit first, for the search is faster so
_LONGEST: Final = 40
_LETTERS: Final = 300
_NAME: Final = 300
_MEMO: Final = 50_000


def class_tokens(name: str) -> tuple[str, ...]:
    """The pieces of a class and id ("article-body"), and the words in each piece."""
    return tuple(token for piece in name[:_NAME].split() for token in _tokens_of(piece))


def _tokens_of(piece: str) -> tuple[str, ...]:
    words = [word.lower() for word in _CLASS.findall(piece) if len(word) > 1]
    return tuple(dict.fromkeys([piece.lower(), *words]))


def text_tokens(text: str) -> tuple[str, ...]:
    """The words of a line of at most 25 words with their marks, its beginning and end told apart; () for a longer one."""
    if text.count(" ") >= _LONGEST or len(text) > _LETTERS:
        return ()
    words = _DIGITS.sub("0", text.lower()).split()
    if len(words) > 1:
        marked = [f"^{words[0]}", f"^{words[0]} {words[1]}", f"{words[-1]}$"]
        if len(words) <= 3:
            marked.append(f"={' '.join(words)}")
    else:
        marked = [f"={word}" for word in words]
    return (*words, *marked)


class _Mean:
    """Mean, greatest and least score of the words of one class and id, as objects (Any): they are handed on as they are."""

    __slots__ = ("least", "mean", "most")

    def __init__(self, mean: Any, most: Any, least: Any) -> None:
        self.mean = mean
        self.most = most
        self.least = least


_NONE: Final = _Mean(0.0, 0.0, 0.0)


class Lexicon:
    """The two tables, and the scores of units by them."""

    __slots__ = ("_names", "_pieces", "_vocabulary", "classes", "texts")

    def __init__(self, classes: dict[str, float], texts: dict[str, float]) -> None:
        self.classes = classes
        self.texts = texts
        self._names: dict[str, _Mean] = {"": _NONE}
        self._pieces: dict[str, tuple[float, ...]] = {}
        self._vocabulary = Vocabulary(texts)

    def _named(self, name: str) -> _Mean:
        """The scores of one class and id: remembered within bounds, they depend on nothing but the name."""
        known = self._names.get(name)
        if known is None:
            if len(self._names) >= _MEMO:
                self._names.clear()
            known = self._names[name] = self._worked_out(name)
        return known

    def _worked_out(self, name: str) -> _Mean:
        scores: list[float] = []
        for piece in name[:_NAME].split():
            known = self._pieces.get(piece)
            if known is None:
                known = tuple([self.classes[token] for token in _tokens_of(piece) if token in self.classes])
                if len(self._pieces) >= _MEMO:
                    self._pieces.clear()
                self._pieces[piece] = known
            scores += known
        return _Mean(sum(scores) / len(scores), max(scores), min(scores)) if scores else _NONE

    def rows(self, units: list[Unit]) -> F32:
        """A row a unit, of which there are some: mean, greatest and least score of its frame's words; the greatest, least
        and sum of means of that and all above; mean and greatest of the frame above, mean of that above it.
        """
        frames = frames_of(units)
        size = frames[-1].serial + 1
        means: list[_Mean] = [_NONE] * size
        high: list[Any] = [0.0] * size
        low: list[Any] = [0.0] * size
        total: list[Any] = [0.0] * size
        for frame in frames:
            serial = frame.serial
            own = self._named(frame.name) if frame.name else _NONE
            means[serial] = own
            above = frame.parent
            up = above.serial if above is not None else serial
            if own is _NONE:
                high[serial], low[serial], total[serial] = high[up], low[up], total[up]
                continue
            most: float = own.most
            least: float = own.least
            mean: float = own.mean
            high_above: float = high[up]
            low_above: float = low[up]
            total_above: float = total[up]
            high[serial] = most if most > high_above else high[up]
            low[serial] = least if least < low_above else low[up]
            total[serial] = mean + total_above
        rows: list[Any] = []
        for unit in units:
            frame = unit.frame
            serial = frame.serial
            own = means[serial]
            parent = grand = _NONE
            if (above := frame.parent) is not None:
                parent = means[above.serial]
                if (top := above.parent) is not None:
                    grand = means[top.serial]
            rows += (
                own.mean, own.most, own.least, high[serial], low[serial], total[serial], parent.mean, parent.most, grand.mean,
            )  # fmt: skip
        return np.frombuffer(pack(f"{len(rows)}f", *rows), dtype=np.float32).reshape(len(units), -1)

    def lines(self, units: list[Unit]) -> F32:
        """A row a unit: mean, least and greatest score of a short line's words and marks; zeros for a long one."""
        lines: list[str] = []
        others: list[str] = []
        rows: list[int] = []
        for row, unit in enumerate(units):
            text = unit.text
            if unit.words > _LONGEST or len(text) > _LETTERS:
                text = ""
            elif not text.isascii():
                others.append(text)
                rows.append(row)
            lines.append(text)
        if others:
            plain = _DIGITS.sub("0", "\n".join(others).lower()).split("\n")
            for row, line in zip(rows, plain, strict=True):
                lines[row] = line
        return self._vocabulary.told(lines)
