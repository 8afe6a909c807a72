"""What sort of page is it? Only articles enter the index of articles; the rest stay archived.

traits: a hundred numbers of the page  ─┐
tokens: the words it says itself with  ─┼─▶ three softmax regressions, added ─▶ article or not ─▶ if not, which sort
words: how the text itself begins      ─┘
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import exp
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np

from sites.extraction import PageType
from sites.generic import FOLDER
from sites.generic.body import Choice
from sites.generic.facts import Decision, Facts
from sites.generic.features import F32
from sites.generic.model import unpack
from sites.generic.tokens import spoken
from sites.generic.traits import TRAITS, traits
from sites.generic.words import class_words
from sites.url import path_query

__all__ = ["DOUBTFUL", "DOUBTFUL_BARE", "Kinds", "Verdict", "default_kinds", "page_type"]

_FILE: Final = FOLDER / "kinds.json"
_SEARCH: Final = re.compile(r"[?&](?:q|query|search|s|keywords?)=|/search(?:/|\?|\Z)", re.I)
_FAR: Final = 4.0
"""No number counts for more than this many standard deviations."""
DOUBTFUL: Final = 0.01
DOUBTFUL_BARE: Final = 0.05
"""From these probabilities on a page, one without a text, might be an article though it is not taken for one."""
_TOLD: Final = 12
_MEMO: Final = 50_000
_UNTITLED: Final = 25
"""So many words are asked of an article that has no title."""
_STANDS: Final = {
    "h": "host", "p": "path", "e": "path's end", "q": "query", "t": "title", "l": "JSON-LD", "m": "meta", "r": "rel",
    "i": "property", "b": "body's class", "c": "class", "w": "text",
}  # fmt: skip
"""Where the tokens of each mark stand, in words."""


class Verdict(NamedTuple):
    """The sort of a page, the probability that it is (0-1), that it is an article, and what speaks for and against."""

    kind: PageType
    confidence: float
    article: float
    because: tuple[str, ...] = ()


class _Bag:
    """The weights of words. What those of a page say counts the same, however many they are; the rarer say more."""

    __slots__ = ("table", "words")

    def __init__(self, words: list[str], table: F32) -> None:
        self.words, self.table = words, table  # for each word its weights, and its square length

    def scores(self, rows: list[int]) -> F32:
        """What the words of these numbers, at least one, say for each sort of page."""
        summed = np.add.reduce(self.table.take(rows, axis=0))
        scores: F32 = summed[:-1] / np.sqrt(summed[-1])
        return scores

    def apart(self, rows: list[int], column: int) -> list[tuple[str, float]]:
        """These words as readers know them, and what each says for the first sort against that of `column`."""
        table = self.table[rows]
        apart = (table[:, 0] - table[:, column]) / np.sqrt(table[:, -1].sum())
        return list(zip([_in_words(self.words[row]) for row in rows], apart.tolist(), strict=True))


class Kinds:
    """The trained weights. The first of `names` is the article; a page is one from `threshold` on."""

    __slots__ = (
        "_bag", "_biases", "_classes", "_known", "_mean", "_scale", "_slope", "_start", "_text", "_vocabulary", "_weights", "names",
        "threshold",
    )  # fmt: skip

    def __init__(self, data: dict[str, Any]) -> None:
        self.names: list[PageType] = data["names"]
        self._mean, self._scale = unpack(data["mean"]), unpack(data["scale"])
        self._weights, self._biases = unpack(data["weights"]), unpack(data["biases"])
        self._bag = _Bag(data["tokens"], unpack(data["table"]))
        self._text = _Bag([f"w:{word}" for word in data["words"]], unpack(data["text"]))
        self._vocabulary: dict[str, dict[str, int]] = {mark: {} for mark in _STANDS}
        for number, token in enumerate(self._bag.words):
            mark, _, word = token.partition(":")
            self._vocabulary.setdefault(mark, {})[word] = number
        self._classes: dict[str, tuple[int, ...]] = {}  # worked out before: it depends on the name alone
        self._known: dict[str, int] = {word: number for number, word in enumerate(data["words"])}
        self.threshold, self._start, self._slope = (
            float(data["threshold"]), float(data["start"]), float(data["slope"])
        )  # fmt: skip

    def rows(self, said: list[tuple[str, list[str]]], called: set[str]) -> list[int]:
        """The numbers of the known ones of the tokens that a page says, and of the names of its classes."""
        rows: set[int] = set()
        for mark, words in said:
            vocabulary = self._vocabulary[mark]
            rows.update([vocabulary[word] for word in words if word in vocabulary])
        classes = self._classes
        for name in called:
            found = classes.get(name)
            if found is None:
                found = self._named(name)
            if found:
                rows.update(found)
        return sorted(rows)

    def _named(self, name: str) -> tuple[int, ...]:
        classes, vocabulary = self._classes, self._vocabulary["c"]
        if len(classes) >= _MEMO:
            classes.clear()
        found = tuple({vocabulary[word] for word in class_words(name) if word in vocabulary})
        classes[name] = found
        return found

    def heard(self, words: list[str]) -> list[int]:
        """The numbers of the known ones of the words with which a text begins."""
        known = self._known
        return sorted({known[word] for word in words if word in known})

    def scores(self, numbers: F32, rows: list[int], heard: list[int]) -> F32:
        """One logit a sort of page, from its traits, its tokens and its words."""
        seen = np.maximum(np.minimum((numbers - self._mean) / self._scale, _FAR), -_FAR)
        scores: F32 = seen @ self._weights + self._biases
        if rows:
            scores += self._bag.scores(rows)
        if heard:
            scores += self._text.scores(heard)
        return scores

    def judge(self, scores: F32) -> tuple[bool, float, PageType, float]:
        """Whether an article; how probably; the likeliest other sort; how probably, if it is no article."""
        rest = scores[1:]
        most = rest.max()
        others = np.exp(rest - most)
        whole = others.sum()
        logit = float(scores[0] - most - np.log(whole))
        chance = 1 / (1 + exp(-min(30.0, max(-30.0, self._start + self._slope * logit))))
        best = int(others.argmax())
        return logit >= self.threshold, chance, self.names[best + 1], float(others[best] / whole)

    def because(self, numbers: F32, rows: list[int], heard: list[int], other: PageType) -> tuple[str, ...]:
        """What speaks loudest for an article (+) and for the other sort (-), in logits."""
        column = self.names.index(other)
        apart = self._weights[:, 0] - self._weights[:, column]
        seen = np.clip((numbers - self._mean) / self._scale, -_FAR, _FAR) * apart
        loud = list(zip(TRAITS, seen.tolist(), strict=True))
        loud += self._bag.apart(rows, column) + self._text.apart(heard, column)
        loud.sort(key=lambda pair: -abs(pair[1]))
        return tuple(f"{name} {weight:+.2f}" for name, weight in loud[:_TOLD])


def _in_words(token: str) -> str:
    mark, _, word = token.partition(":")
    return f"{_STANDS[mark]} {word}"


@lru_cache(maxsize=1)
def default_kinds() -> Kinds:
    """The weights that are shipped with the package."""
    return Kinds(msgspec.json.decode(_FILE.read_bytes()))


def page_type(
    facts: Facts, choice: Choice, fields: dict[str, Decision[Any]], words: int, kinds: Kinds, *, why: bool
) -> Verdict:
    """The sort of a page. A page without text is no article, nor one of a few words that has no title either."""
    said = spoken(facts)
    numbers, beginning = traits(facts, choice, fields, said)
    rows, heard = kinds.rows(said, facts.names()), kinds.heard(beginning)
    good, chance, other, share = kinds.judge(kinds.scores(numbers, rows, heard))
    chance = round(chance, 3)
    because = kinds.because(numbers, rows, heard, other) if why else ()
    bare = words < (1 if fields["title"].value else _UNTITLED)
    if good and not bare:
        return Verdict("article", chance, chance, because)
    if bare and not facts.found.anchors:
        return Verdict("other", 0.5, chance, because)
    if "searchresultspage" in facts.graph.types or _SEARCH.search(path_query(facts.page.url)):
        return Verdict("search", 0.7, chance, because)
    return Verdict(other, round((1 - chance) * share, 3), chance, because)
