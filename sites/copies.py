"""The same story under several URLs or sites: fingerprints of runs of words, over clean article texts.

text ─▶ words (a CJK character is one) ─▶ every run of six, hashed ─▶ sketch: one run in eight, chosen by its hash
sketches of all articles, by run ─▶ pairs that share runs ─▶ share of the shorter one, rare runs counting more ─▶ clusters

What many articles say (a weather report's phrases, a byline's) says little of two of them, so a run weighs the less
the more articles have it. The share is of the shorter text: an excerpt holds all of itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from itertools import combinations, groupby
from typing import TypeVar
from zlib import crc32

import msgspec

__all__ = ["ELSEWHERE", "SAME_HOST", "Pair", "clusters", "pairs", "sketch"]

ELSEWHERE, SAME_HOST = 0.5, 0.8
"""From this share on a text is a copy, an excerpt or a rewriting of one on another host; of one on the same host, whose
pages share phrases of their own. Measured on perturbed real texts: docs/extraction.md."""

_RUN, _FEWEST, _SHARED = 6, 25, 3
_KEPT, _MIX = 1 << 61, 0x9E3779B97F4A7C15
_MANY = 50
_WORD = re.compile(r"[^\W\u3041-\u30ff\u3400-\u9fff]+|[\u3041-\u30ff\u3400-\u9fff]")

A = TypeVar("A", bound=Hashable)


class Pair(msgspec.Struct, frozen=True):
    """Two articles (numbers) and the weighted share of the shorter one's text that both have, 0 to 1."""

    one: int
    two: int
    share: float


def sketch(text: str) -> list[int]:
    """One in eight of the text's runs of six words, as signed 64-bit numbers, ascending; none of a text that is too
    short to tell (25 runs)."""
    import numpy as np  # which a crawl that reads no page has no need of

    words = np.array([crc32(word.encode()) for word in _WORD.findall(text.casefold())], dtype=np.uint64)
    count = len(words) - _RUN + 1
    if count < _FEWEST:
        return []
    runs = np.zeros(count, dtype=np.uint64)
    for step in range(_RUN):
        runs = (runs ^ words[step : step + count]) * np.uint64(_MIX)
        runs ^= runs >> np.uint64(29)
    kept: list[int] = np.unique(runs[runs < np.uint64(_KEPT)]).view(np.int64).tolist()
    return kept


def pairs(rows: Iterable[tuple[int, int]], host_of: Callable[[int], str]) -> list[Pair]:
    """The pairs of articles that are copies, from all sketches as (run, article), ordered by run. Keeps a number for
    each article and for each pair that shares a run. A run of more than fifty articles pairs the first of them with
    the others alone."""
    whole: dict[int, float] = defaultdict(float)
    shared: dict[tuple[int, int], list[float]] = {}
    for _, group in groupby(rows, key=lambda row: row[0]):
        articles = [article for _, article in group]
        weight = 1 / max(2, len(articles))
        for article in articles:
            whole[article] += weight
        several = len(articles) <= _MANY
        for pair in (
            combinations(sorted(articles), 2) if several else ((articles[0], a) for a in articles[1:])
        ):
            shared.setdefault((min(pair), max(pair)), []).append(weight)
    found = []
    for (one, two), weights in shared.items():
        share = sum(weights) / min(whole[one], whole[two])
        if len(weights) >= _SHARED and share >= ELSEWHERE:
            if share >= SAME_HOST or host_of(one) != host_of(two):
                found.append(Pair(one, two, min(1.0, share)))
    return sorted(found, key=lambda pair: (pair.one, pair.two))


def clusters(linked: Iterable[tuple[A, A]]) -> list[list[A]]:
    """What hangs together by these pairs, in order of first appearance."""
    home: dict[A, list[A]] = {}
    for one, two in linked:
        mine, other = home.setdefault(one, [one]), home.setdefault(two, [two])
        if mine is not other:
            mine += other
            for member in other:
                home[member] = mine
    return list({id(group): group for group in home.values()}.values())
