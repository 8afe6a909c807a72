"""Train the body model: `python -m tests.train` (some eight minutes on one core; seeded, the same data give the same file).

corpus ─▶ samples ─┬─▶ lexicons without each one, two, three of the five folds
                   ├─▶ stage one without each one or two folds: every page judged by a model that has not seen
                   │   its publisher, nor the publishers it will be tested on
                   └─▶ stage two: one net for each fold left out (tests/train/folds/), and one of all (sites/generic/)
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from sites.generic.context import context
from sites.generic.features import F32, LEXICAL
from sites.generic.lexicon import Lexicon
from sites.generic.model import lexical, pack
from tests.corpus import CORPUS
from tests.train.dataset import FOLDS, Sample, read
from tests.train.fit import Fitted, fit
from tests.train.net import Net, fit_net

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parents[1] / "sites" / "generic" / "model.json"
RIDGE, NETS, HIDDEN, THRESHOLD = 30.0, 3, 32, 0.5
SAYS = 0.3
LEAST = {"classes": 4, "texts": 4}
Excluded = frozenset[int]


class Trainer:
    """All that is shared by the models of one run. Rows are units; `at[n]` is the first row of sample n."""

    def __init__(self, samples: list[Sample]) -> None:
        self.samples = samples
        self.at = np.cumsum([0, *(len(s.units) for s in samples)])
        self.fold = np.concatenate([np.full(len(s.units), s.fold) for s in samples])
        self.labels = np.concatenate([s.labels for s in samples])
        self.weights = np.concatenate([s.weights for s in samples])
        self.known = self.weights > 0
        self.plain = np.vstack([s.matrix for s in samples])
        self.counts = {"classes": self._counts(True), "texts": self._counts(False)}
        self._first: dict[Excluded, Fitted] = {}
        self._lexical: dict[tuple[int, Excluded], F32] = {}
        self._start: Fitted | None = None

    def _counts(self, classes: bool) -> list[tuple[Counter[str], Counter[str]]]:
        """Per fold, of how many publishers a token stands in articles, and of how many beside them."""
        out = [(Counter[str](), Counter[str]()) for _ in range(FOLDS)]
        seen: set[tuple[str, str, bool]] = set()
        for sample in self.samples:
            for tokens, label, weight in zip(
                sample.classes if classes else sample.tokens, sample.labels, sample.weights, strict=True
            ):
                good = bool(label > 0.5)
                for token in tokens if weight > 0 else ():
                    key = (sample.publisher, token, good)
                    if key not in seen:
                        seen.add(key)
                        out[sample.fold][0 if good else 1][token] += 1
        return out

    def lexicon(self, without: Excluded) -> Lexicon:
        tables = []
        for kind, folds in self.counts.items():
            good, bad = Counter[str](), Counter[str]()
            for number, (one, other) in enumerate(folds):
                if number not in without:
                    good.update(one)
                    bad.update(other)
            table = {
                token: round(float(np.log((good[token] + 0.5) / (bad[token] + 0.5))), 2)
                for token in sorted(good.keys() | bad.keys())
                if good[token] + bad[token] >= LEAST[kind] and len(token) <= 40
            }
            table = {token: score for token, score in table.items() if abs(score) >= SAYS}
            tables.append(table)
        return Lexicon(*tables)

    def words(self, folds: set[int], without: Excluded) -> None:
        """Fill the lexical columns of all rows of these folds by a lexicon without these and `without`'s folds."""
        for number in folds:
            key = (number, without | {number})
            if key not in self._lexical:
                lexicon = self.lexicon(key[1])
                self._lexical[key] = np.vstack(
                    [lexical(s.units, lexicon) for s in self.samples if s.fold == number]
                )
            self.plain[self.fold == number, -len(LEXICAL) :] = self._lexical[key]

    def first(self, without: Excluded) -> Fitted:
        """Stage one, trained on all folds but these."""
        if without not in self._first:
            self.words(set(range(FOLDS)) - without, without)
            rows = np.flatnonzero(self.known & ~np.isin(self.fold, list(without)))
            fitted = fit(self.plain[rows], self.labels[rows], self.weights[rows], RIDGE, self._start)
            self._start = self._start or fitted
            self._first[without] = fitted
            print(f"stage one without {sorted(without)}: {len(rows)} units", flush=True)
        return self._first[without]

    def around(self, without: Excluded) -> F32:
        """The context columns of every row, each page judged by a stage one that knows neither it nor `without`."""
        logits = np.zeros(len(self.fold), dtype=np.float32)
        for number in range(FOLDS):
            model = self.first(without | {number})
            self.words({number}, without)
            rows = self.fold == number
            logits[rows] = model.score(self.plain[rows])
        return np.vstack([
            context(s.raw, s.paths, logits[self.at[n] : self.at[n + 1]]) for n, s in enumerate(self.samples)
        ])  # fmt: skip

    def model(self, without: Excluded) -> dict[str, Any]:
        """A whole model, as it stands in the data file, and untouched by the folds in `without`."""
        around = self.around(without)
        self.words(set(range(FOLDS)), without)
        rows = np.flatnonzero(self.known & ~np.isin(self.fold, list(without)))
        both = np.hstack([self.plain[rows], around[rows]])
        nets = [
            fit_net(both, self.labels[rows], self.weights[rows], hidden=HIDDEN, seed=seed)
            for seed in range(NETS)
        ]
        first = self.first(without) if without else fit_all(self)
        weights, bias = first.plain()
        lexicon = self.lexicon(without)
        print(f"stage two without {sorted(without)}: {len(rows)} units", flush=True)
        return {
            "version": "1", "threshold": THRESHOLD, "first": pack(weights.astype(np.float32)), "first_bias": bias,
            "hidden": pack(np.hstack([net.w1 for net in nets])), "hidden_bias": pack(np.concatenate([net.b1 for net in nets])),
            "out": pack(np.concatenate([net.w2 for net in nets]) / NETS), "out_bias": _bias(nets),
            "classes": dict(lexicon.classes), "texts": dict(lexicon.texts),
        }  # fmt: skip


def fit_all(trainer: Trainer) -> Fitted:
    """Stage one of all folds; the lexical columns of each from a lexicon without it."""
    return trainer.first(frozenset())


def _bias(nets: list[Net]) -> float:
    return sum(net.b2 for net in nets) / len(nets)


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--corpus", type=Path, default=CORPUS / "extraction")
    options.add_argument("--no-folds", action="store_true", help="only the model that is shipped")
    chosen = options.parse_args()
    trainer = Trainer(read(chosen.corpus))
    for pair in combinations(range(FOLDS), 2):
        trainer.first(frozenset(pair))
    (HERE / "folds").mkdir(exist_ok=True)
    for number in () if chosen.no_folds else range(FOLDS):
        (HERE / "folds" / f"{number}.json").write_bytes(
            msgspec.json.encode(trainer.model(frozenset((number,))))
        )
    SHIPPED.write_bytes(msgspec.json.encode(trainer.model(frozenset())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
