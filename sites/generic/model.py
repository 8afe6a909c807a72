"""The learnt body model: a lexicon, and a net that passes what it thinks of each unit on to those around it.

units ─▶ features ─▶ hidden ─▶ channels: a few opinions of every unit ─▶ around: those of neighbours, kin, page
                       └───────────────┴──────────────────────────────────┴─▶ hidden ─▶ a probability for every unit

The data file is made by `make train` from the ground truth of the corpus and nothing else; it is read once.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from contextlib import nullcontext
from functools import lru_cache
from typing import Any, Final

import msgspec
import numpy as np
from threadpoolctl import ThreadpoolController

from sites.generic import FOLDER
from sites.generic.around import Around
from sites.generic.counts import judged, raw
from sites.generic.facts import Facts
from sites.generic.features import F32, LEXICAL, SPLIT, Seen, seen
from sites.generic.lexicon import Lexicon
from sites.generic.parts import Unit

__all__ = ["Model", "Net", "bar", "default_model", "lexical", "pack", "sigmoid", "unpack"]

_CALM: Final = np.float32(0.465)
_SHIFT: Final = np.float32(0.09)
"""The net is surer than it may be: of publishers never seen, its logits times this, plus that, are what they claim."""
_MOST: Final = np.float32(200)
_LEAST: Final = np.float32(2)
"""The words that count of a unit at most, and how many each weighs more."""
_PART: Final = 0.55
_LOWEST: Final = 0.25
_FILE: Final = FOLDER / "model.json"


def pack(array: F32) -> dict[str, Any]:
    """An array as it stands in the data file: shape, and half-precision numbers in base64."""
    return {"shape": list(array.shape), "data": b64encode(array.astype("<f2").tobytes()).decode()}


def unpack(value: dict[str, Any]) -> F32:
    """The inverse of `pack`."""
    flat = np.frombuffer(b64decode(value["data"]), dtype="<f2").astype(np.float32)
    return flat.reshape(value["shape"])


def sigmoid(x: F32) -> F32:
    """1 / (1 + e^-x), without overflow."""
    out = np.negative(x)
    np.maximum(out, -30, out=out)
    np.minimum(out, 30, out=out)
    np.exp(out, out=out)
    out += 1
    return np.divide(1, out, out=out)


def lexical(units: list[Unit], lexicon: Lexicon) -> F32:
    """The columns LEXICAL, one row a unit."""
    out = np.empty((len(units), len(LEXICAL)), dtype=np.float32)
    if units:
        out[:, :-3] = lexicon.rows(units)
        out[:, -3:] = lexicon.lines(units)
    return out


@lru_cache(maxsize=1)
def _threads() -> ThreadpoolController | None:
    """Matrices this small gain nothing by threads, and threads that wait for more of them use up a core each. None where
    there is but one thread from the start.
    """
    threads = ThreadpoolController()
    return threads if any(pool["num_threads"] > 1 for pool in threads.info()) else None


def bar(logits: F32, words: F32) -> np.float32:
    """The logit from which the units of a page are kept, by their logits and numbers of words.

    What is kept shares most words with the article when every unit stays whose probability is over half the F1 that
    the page can hope for (Lipton, Elkan and Narayanaswamy 2014): a page that the net is unsure of keeps doubtful ones.
    """
    chances = sigmoid(_CALM * logits + _SHIFT)
    weights = np.minimum(words, _MOST) + _LEAST
    order = np.argsort(-chances, kind="stable")
    found = (weights * chances)[order].cumsum()
    hoped = (2 * found / (weights[order].cumsum() + found[-1])).max()
    keep = max(_LOWEST, _PART * hoped)
    return np.float32((np.log(keep / (1 - keep)) - _SHIFT) / _CALM)


class Net(msgspec.Struct):
    """The weights, each named after what it takes: `first` features, `channel` hidden, the rest the second hidden layer.

    The first channel is trained to be a verdict of its own; `shares` asks what part of its text stands where.
    """

    first: F32
    first_bias: F32
    channel: F32
    channel_bias: F32
    hidden: F32
    channels: F32
    around: F32
    shares: F32
    second_bias: F32
    out: F32
    out_bias: F32

    def logits(self, seen: Seen, around: Around) -> F32:
        """One a unit. The rows of `first` are in the order of SPLIT."""
        size = seen.own.shape[1]
        hidden: F32 = seen.own @ self.first[:size]
        hidden += (seen.kinds @ self.first[size:] + self.first_bias).take(seen.which, axis=0)
        np.maximum(hidden, 0, out=hidden)
        said = sigmoid(hidden @ self.channel + self.channel_bias)
        spread, shares = around.told(said)
        second = hidden @ self.hidden
        second += said @ self.channels
        second += spread @ self.around
        second += shares @ self.shares
        second += self.second_bias
        out: F32 = np.maximum(second, 0) @ self.out
        return out[:, 0] + self.out_bias


class Model:
    """One trained model. `threshold` is the probability from which a unit is kept."""

    __slots__ = ("lexicon", "net", "threshold", "version")

    def __init__(self, data: dict[str, Any]) -> None:
        self.lexicon = Lexicon(data["classes"], data["texts"])
        self.net = Net(**{name: unpack(value) for name, value in data["net"].items()})
        self.net.first = self.net.first[SPLIT]
        self.threshold = float(data["threshold"])
        self.version = str(data["version"])

    def chances(self, facts: Facts) -> list[float]:
        """For each unit of the survey the probability that it is part of the article; 0 for those of menus."""
        everything = facts.found.units
        numbers = judged(everything)
        chances = [0.0] * len(everything)
        if not numbers:
            return chances
        counted = raw(facts, numbers)
        shown = seen(counted)
        shown.own[:, -len(LEXICAL) :] = lexical([everything[number] for number in numbers], self.lexicon)
        around = Around(counted)
        threads = _threads()
        with threads.limit(limits=1, user_api="blas") if threads is not None else nullcontext():
            logits = self.net.logits(shown, around)
        logits -= bar(logits, counted.numbers[:, 0])
        for number, chance in zip(numbers, sigmoid(logits).tolist(), strict=True):
            chances[number] = chance
        return chances


@lru_cache(maxsize=1)
def default_model() -> Model:
    """The model that is shipped with the package."""
    return Model(msgspec.json.decode(_FILE.read_bytes()))
