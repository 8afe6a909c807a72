"""Words and what they tell: which class words and which words of short lines stand in articles, and which beside them.

Two learnt tables, word -> log-odds of being in an article; only words that several publishers use are in them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sites.generic.parts import Frame, Unit

__all__ = ["ClassScores", "Lexicon", "Mean", "class_tokens", "text_tokens"]

_CLASS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_DIGITS = re.compile(
    r"\d(?<!\S\d)\S*"
)  # words that begin with a digit; the digit first, for the search is faster so
_LONGEST, _LETTERS, _NAME = 40, 300, 300
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
    words = _DIGITS.sub("0", text.lower()).split()
    if len(words) > 1:
        marked = [f"^{words[0]}", f"^{words[0]} {words[1]}", f"{words[-1]}$"]
        if len(words) <= 3:
            marked.append(f"={' '.join(words)}")
    else:
        marked = [f"={word}" for word in words]
    return (*words, *marked)


class Lexicon(dict[str, Mean]):
    """The two tables, and the scores of units by them. As a dict: the scores of each class and id met so far."""

    def __init__(self, classes: Mapping[str, float], texts: Mapping[str, float]) -> None:
        super().__init__({"": _NONE})
        self.classes, self.texts = classes, texts
        self._pieces: dict[str, tuple[float, ...]] = {}
        marked = {kind: {} for kind in "^$="}  # type: dict[str, dict[str, float]]
        for token, score in texts.items():
            if len(token) > 1 and token[0] in "^=":
                marked[token[0]][token[1:]] = score
            elif len(token) > 1 and token[-1] == "$":
                marked["$"][token[:-1]] = score
        self._first, self._last, self._whole = marked["^"], marked["$"], marked["="]

    def __missing__(self, name: str) -> Mean:
        """The scores of one class and id: remembered within bounds, they depend on nothing but the name."""
        scores: list[float] = []
        for piece in name[:_NAME].split():
            known = self._pieces.get(piece)
            if known is None:
                known = tuple([self.classes[token] for token in _tokens_of(piece) if token in self.classes])
                if len(self._pieces) >= _MEMO:
                    self._pieces.clear()
                self._pieces[piece] = known
            scores += known
        if len(self) >= _MEMO:
            self.clear()
            self[""] = _NONE
        mean = self[name] = (sum(scores) / len(scores), max(scores), min(scores)) if scores else _NONE
        return mean

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
            high, low, total = done[frame.serial][3:] if frame is not None else _NONE
            for at in reversed(path):
                if at.name:
                    mean, most, least = self[at.name]
                    high = max(high, most)
                    low = min(low, least)
                    total += mean
                    done[at.serial] = (mean, most, least, high, low, total)
                else:
                    done[at.serial] = (0.0, 0.0, 0.0, high, low, total)
        return done

    def lines(self, units: list[Unit]) -> list[Mean]:
        """Mean, least and greatest score of each short line's words; zeros for a long one. As `text_tokens` has them."""
        short = [unit.text if unit.words <= _LONGEST and len(unit.text) <= _LETTERS else "" for unit in units]
        lines = _DIGITS.sub("0", "\n".join(short).lower()).split("\n")
        find, first, last, whole = self.texts.get, self._first.get, self._last.get, self._whole.get
        out = []
        for line in lines:
            if not line:
                out.append(_NONE)
                continue
            words = line.split()
            scores = [score for score in map(find, words) if score is not None]
            if (count := len(words)) > 1:
                start = words[0]
                if (score := first(start)) is not None:
                    scores.append(score)
                if (score := first(f"{start} {words[1]}")) is not None:
                    scores.append(score)
                if (score := last(words[-1])) is not None:
                    scores.append(score)
            if count <= 3 and (score := whole(line)) is not None:
                scores.append(score)
            out.append((sum(scores) / len(scores), min(scores), max(scores)) if scores else _NONE)
        return out
