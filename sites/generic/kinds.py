"""What sort of page is it? Only articles enter the index of articles; the rest stay archived.

traits ─┬─▶ a small net: article or not
        └─▶ if not: one logistic regression each for listing, product, forum, documentation; else "other"
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import exp
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from sites.extraction import PageType
from sites.generic.body import Choice
from sites.generic.facts import Decision, Facts
from sites.generic.model import unpack
from sites.generic.traits import traits
from sites.url import path_query

__all__ = ["page_type"]

_FILE = Path(__file__).with_name("kinds.json")
_SEARCH = re.compile(r"[?&](?:q|query|search|s|keywords?)=|/search(?:/|\?|\Z)", re.I)


class _Kinds:
    """The trained weights, read once."""

    __slots__ = ("bias", "hidden", "inner", "others", "out", "threshold")

    def __init__(self, data: dict[str, Any]) -> None:
        net = data["article"]
        self.hidden, self.inner, self.out = (
            unpack(net["hidden"]),
            unpack(net["hidden_bias"]),
            unpack(net["out"]),
        )
        self.bias, self.threshold = float(net["out_bias"]), float(data["threshold"])
        self.others: dict[PageType, tuple[Any, float]] = {
            name: (np.array(value["weights"], dtype=np.float32), float(value["bias"]))
            for name, value in data["others"].items()
        }


@lru_cache(maxsize=1)
def _kinds() -> _Kinds:
    return _Kinds(msgspec.json.decode(_FILE.read_bytes()))


def page_type(
    facts: Facts, choice: Choice, fields: dict[str, Decision[Any]], words: int
) -> tuple[PageType, float]:
    """A page type with its confidence (0-1). A page without text is no article."""
    kinds = _kinds()
    numbers = traits(facts, choice, fields)
    logit = float(np.maximum(numbers @ kinds.hidden + kinds.inner, 0) @ kinds.out) + kinds.bias
    chance = 1 / (1 + exp(-min(30.0, max(-30.0, logit - kinds.threshold))))
    if logit >= kinds.threshold and words >= 1:
        return "article", round(chance, 3)
    if not words and not facts.found.anchors:
        return "other", 0.5
    if "searchresultspage" in facts.graph.types or _SEARCH.search(path_query(facts.page.url)):
        return "search", 0.7
    scores = {name: float(numbers @ weights) + bias for name, (weights, bias) in kinds.others.items()}
    best = max(scores, key=lambda name: scores[name])
    return best, round(1 - chance, 3)
