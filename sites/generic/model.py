"""The learnt body model: a lexicon, a logistic first stage, and a small net that sees the first stage's verdicts.

units ─▶ features ─▶ stage one: logits ─▶ context ─▶ stage two: a probability for every unit

The data file is made by `make train` from the ground truth of the corpus and nothing else; it is read once.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from sites.generic.context import context, serials
from sites.generic.facts import Facts
from sites.generic.features import F32, LEXICAL, judged, matrix, raw
from sites.generic.lexicon import Lexicon
from sites.generic.survey import Unit

__all__ = ["Model", "default_model", "lexical", "pack", "unpack"]

_FILE = Path(__file__).with_name("model.json")


def pack(array: F32) -> dict[str, Any]:
    """An array as it stands in the data file: shape, and half-precision numbers in base64."""
    return {"shape": list(array.shape), "data": b64encode(array.astype("<f2").tobytes()).decode()}


def unpack(value: dict[str, Any]) -> F32:
    """The inverse of `pack`."""
    flat = np.frombuffer(b64decode(value["data"]), dtype="<f2").astype(np.float32)
    return flat.reshape(value["shape"])


def lexical(units: list[Unit], lexicon: Lexicon) -> F32:
    """The columns LEXICAL, one row a unit."""
    frames = lexicon.frames(units)
    none = (0.0,) * 6
    rows = []
    for unit in units:
        frame = unit.frame
        above = frame.parent
        top = above.parent if above is not None else None
        own = frames[frame.serial]
        parent = frames[above.serial] if above is not None else none
        grand = frames[top.serial] if top is not None else none
        rows.append((*own, parent[0], parent[1], grand[0], *lexicon.text(unit.text)))
    return np.array(rows, dtype=np.float32).reshape(-1, len(LEXICAL))


class Model:
    """One trained model. `threshold` is the probability from which a unit is kept."""

    __slots__ = (
        "_bias1",
        "_bias2",
        "_hidden",
        "_in1",
        "_in2",
        "_inner",
        "_out",
        "lexicon",
        "threshold",
        "version",
    )

    def __init__(self, data: dict[str, Any]) -> None:
        self.lexicon = Lexicon(data["classes"], data["texts"])
        self._in1, self._bias1 = unpack(data["first"]), float(data["first_bias"])
        wide = unpack(data["hidden"])
        self._hidden, self._inner = wide[: len(self._in1)].copy(), wide[len(self._in1) :].copy()
        self._in2, self._out, self._bias2 = (
            unpack(data["hidden_bias"]),
            unpack(data["out"]),
            float(data["out_bias"]),
        )
        self.threshold = float(data["threshold"])
        self.version = str(data["version"])

    def chances(self, facts: Facts) -> list[float]:
        """For each unit of the survey the probability that it is part of the article; 0 for those of menus."""
        everything = facts.found.units
        numbers = judged(everything)
        chances = [0.0] * len(everything)
        if not numbers:
            return chances
        units = [everything[number] for number in numbers]
        counted = raw(facts, numbers)
        seen = matrix(counted)
        seen[:, -len(LEXICAL) :] = lexical(units, self.lexicon)
        first = seen @ self._in1 + self._bias1
        around = context(counted, [serials(unit.frame) for unit in units], first)
        hidden = seen @ self._hidden + around @ self._inner + self._in2
        logits = np.maximum(hidden, 0) @ self._out + self._bias2
        for number, chance in zip(
            numbers, (1 / (1 + np.exp(-np.clip(logits, -30, 30)))).tolist(), strict=True
        ):
            chances[number] = chance
        return chances


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The model that is shipped with the package."""
    return Model(msgspec.json.decode(_FILE.read_bytes()))
