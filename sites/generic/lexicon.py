"""Words and what they tell: which class words and which words of short lines stand in articles, and which beside them.

Two learnt tables, word -> log-odds of being in an article; only words that several publishers use are in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sites.generic.survey import Frame, Unit

__all__ = ["ClassScores", "Lexicon", "class_tokens", "text_tokens"]

_CLASS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_LONGEST, _LETTERS, _NAME = 25, 250, 300
_MEMO = 50_000

Mean = tuple[float, float, float]
"""Mean, greatest and least score of the words of one class."""

ClassScores = tuple[float, float, float, float, float, float]
"""Mean, greatest, least of the frame's own words; greatest, least, sum of means over it and its ancestors."""

_NONE: Mean = (0.0, 0.0, 0.0)


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
    words = ["0" if word[0].isdigit() else word for word in text.lower().split()]
    if len(words) > 1:
        marked = [f"^{words[0]}", f"^{words[0]} {words[1]}", f"{words[-1]}$"]
        if len(words) <= 3:
            marked.append(f"={' '.join(words)}")
    else:
        marked = [f"={words[0]}"]
    return (*words, *marked)


class Lexicon:
    """The two tables, and the scores of units by them."""

    __slots__ = ("_memo", "classes", "texts")

    def __init__(self, classes: Mapping[str, float], texts: Mapping[str, float]) -> None:
        self.classes, self.texts = classes, texts
        self._memo: dict[str, tuple[float, ...]] = {}

    def name(self, name: str) -> Mean:
        """The scores of one class and id. Those of a piece are remembered: they depend on nothing but the piece."""
        if not name:
            return _NONE
        scores: list[float] = []
        memo = self._memo
        for piece in name[:_NAME].split():
            known = memo.get(piece)
            if known is None:
                known = tuple([self.classes[token] for token in _tokens_of(piece) if token in self.classes])
                if len(memo) >= _MEMO:
                    memo.clear()
                memo[piece] = known
            scores += known
        return (sum(scores) / len(scores), max(scores), min(scores)) if scores else _NONE

    def frames(self, units: list[Unit]) -> dict[int, ClassScores]:
        """The scores of every frame that units stand in, and of all above them, by the frame's serial."""
        done: dict[int, ClassScores] = {}
        for unit in units:
            frame: Frame | None = unit.frame
            if frame is None or frame.serial in done:
                continue
            path = []
            while frame is not None and frame.serial not in done:
                path.append(frame)
                frame = frame.parent
            _, _, _, high, low, total = done[frame.serial] if frame is not None else (0.0,) * 6
            for at in reversed(path):
                mean, most, least = self.name(at.name)
                high, low, total = max(high, most), min(low, least), total + mean
                done[at.serial] = (mean, most, least, high, low, total)
        return done

    def text(self, text: str) -> Mean:
        """Mean, least and greatest score of a short line's words; zeros for a long one. As `text_tokens` has them."""
        if len(text) > _LETTERS or text.count(" ") >= _LONGEST:
            return _NONE
        find = self.texts.get
        words = text.lower().split()
        scores: list[float] = []
        for at, word in enumerate(words):
            if word[0].isdigit():
                word = words[at] = "0"
            if (score := find(word)) is not None:
                scores.append(score)
        if len(words) > 1:
            marked = [f"^{words[0]}", f"^{words[0]} {words[1]}", f"{words[-1]}$"]
            if len(words) <= 3:
                marked.append(f"={' '.join(words)}")
        else:
            marked = [f"={words[0]}"]
        for mark in marked:
            if (score := find(mark)) is not None:
                scores.append(score)
        return (sum(scores) / len(scores), min(scores), max(scores)) if scores else _NONE
