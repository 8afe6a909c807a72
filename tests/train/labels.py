"""Which units of a page are in its ground truth? Labels from the annotated text alone.

The unit's words are looked for in the gold text; a chain of matches that keeps the order of both takes
each gold word once, so of two copies of a line (a teaser and the standfirst) only the one in place counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["label", "size", "weigh"]

_TOKEN = re.compile(r"\w+")
_COPIES = 12
Labels = NDArray[np.float64]
Numbers = NDArray[np.floating]


def label(texts: list[str], expected: dict[str, Any]) -> tuple[Labels, Labels]:
    """(share of each unit that is in the gold, how sure that is): sure is 0 where nothing is known."""
    if expected.get("text"):
        return _from_text(texts, expected)
    return _from_snippets(texts, expected.get("with") or [], expected.get("without") or [])


def size(words: Numbers) -> Numbers:
    """What a unit of so many words weighs on its page."""
    result: Numbers = 0.5 + np.sqrt(np.minimum(words, 150))
    return result


def weigh(words: Numbers, labels: Numbers, sure: Numbers) -> Numbers:
    """What each unit weighs by its size and how sure its label is; pages weigh the same, but for those of few units."""
    weights = sure * size(words)
    gold = float((weights * labels).sum())
    if gold > 0:
        weights = weights * min(1.0, len(words) / 20) * 100 / (gold + 0.3 * float(weights.sum()))
    return weights


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def _from_text(texts: list[str], expected: dict[str, Any]) -> tuple[Labels, Labels]:
    gold = _tokens(expected["text"])
    places: dict[tuple[str, ...], list[int]] = {}
    for size in (1, 2, 3):
        for at in range(len(gold) - size + 1):
            places.setdefault(tuple(gold[at : at + size]), []).append(at)
    units = [_tokens(text) for text in texts]
    share = np.zeros(len(texts))
    candidates: list[tuple[int, int, int, float]] = []  # unit, gold position, length, weight
    for number, words in enumerate(units):
        size = min(3, len(words))
        if not size:
            continue
        grams = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)]
        hits = [at for at, gram in enumerate(grams) if gram in places]
        share[number] = len(hits) / len(grams)
        if share[number] < 0.5 and len(hits) * 3 < 20:
            continue
        starts: dict[int, int] = {}
        for at in hits[:: max(1, len(hits) // 30)]:
            for place in places[grams[at]][:_COPIES]:
                start = place - at
                starts[start] = starts.get(start, 0) + 1
        best = sorted(starts, key=lambda start: (-starts[start], start))[:_COPIES]
        top = starts[best[0]]
        for start in best:
            if starts[start] * 2 >= top:
                weight = len(words) * share[number] * starts[start] / top
                candidates.append((number, max(0, start), len(words), weight))
    chosen, covered = _chain(candidates, len(gold))
    sure = np.ones(len(texts))
    result = np.zeros(len(texts))
    for number, words in enumerate(units):
        if not words:
            sure[number] = 0.0
        elif number in chosen:
            result[number] = share[number]
        elif share[number] >= 0.8 and len(words) >= 8:
            free = [c for c in candidates if c[0] == number and not covered[c[1] : c[1] + c[2]].any()]
            result[number] = share[number] if free else 0.0
            for _, start, length, _ in free[:1]:
                covered[start : start + length] = True
    if float(covered.mean()) < 0.5:
        sure *= 0.25  # the page and its ground truth hardly agree
    return result, sure


def _chain(candidates: list[tuple[int, int, int, float]], length: int) -> tuple[set[int], NDArray[np.bool_]]:
    """The heaviest chain of matches in the order of both page and gold; the units in it, the gold it covers."""
    ends: list[int] = []  # rising end positions …
    totals: list[float] = []  # … with rising weights
    nodes: list[int] = []
    back: list[int] = [-1] * len(candidates)
    order = sorted(range(len(candidates)), key=lambda c: (candidates[c][0], -candidates[c][1]))
    at = 0
    while at < len(order):
        unit = candidates[order[at]][0]
        group = []
        while at < len(order) and candidates[order[at]][0] == unit:
            number = order[at]
            _, start, size, weight = candidates[number]
            place = bisect_right(ends, start + min(2, size // 3)) - 1
            before = totals[place] if place >= 0 else 0.0
            back[number] = nodes[place] if place >= 0 else -1
            group.append((start + size, before + weight, number))
            at += 1
        for end, total, number in group:
            place = bisect_right(ends, end)
            if place and totals[place - 1] >= total:
                continue
            while place < len(ends) and totals[place] <= total:
                del ends[place], totals[place], nodes[place]
            if place and ends[place - 1] == end:
                del ends[place - 1], totals[place - 1], nodes[place - 1]
                place -= 1
            ends.insert(place, end)
            totals.insert(place, total)
            nodes.insert(place, number)
    chosen: set[int] = set()
    covered = np.zeros(length, dtype=np.bool_)
    number = nodes[-1] if nodes else -1
    while number >= 0:
        unit, start, size, _ = candidates[number]
        chosen.add(unit)
        covered[start : start + size] = True
        number = back[number]
    return chosen, covered


def _from_snippets(texts: list[str], wanted: list[str], unwanted: list[str]) -> tuple[Labels, Labels]:
    result, sure = np.zeros(len(texts)), np.zeros(len(texts))
    flat = [" ".join(text.split()).casefold() for text in texts]
    for snippet in unwanted:
        text = " ".join(snippet.split()).casefold()
        for number, unit in enumerate(flat):
            if text and (text in unit or (len(unit) > 20 and unit in text)):
                sure[number] = 1.0
    for snippet in wanted:
        text = " ".join(snippet.split()).casefold()
        holding = [
            n for n, unit in enumerate(flat) if text and (text in unit or (len(unit) > 20 and unit in text))
        ]
        if holding:
            longest = max(holding, key=lambda n: len(flat[n]))
            result[longest] = sure[longest] = 1.0
    return result, sure
