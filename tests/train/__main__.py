"""Train the body model: `python -m tests.train` (seeded: the same data give the same file).

corpus ─▶ samples ─┬─▶ lexicons without each fold, and without each two or three
                   └─▶ teachers of three seeds, without one fold more ─▶ what they say of that fold's pages
                       ─▶ a net: for each fold left out (tests/train/folds/), and of all (sites/generic/)

The lexical columns of every page come from a lexicon that has seen neither its publisher nor those it is tested on; so
does what its teachers say of it.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from sites.generic.features import F32, LEXICAL
from sites.generic.lexicon import Lexicon
from sites.generic.model import Net, lexical, pack
from tests.corpus import CORPUS
from tests.train.dataset import FOLDS, Sample, read
from tests.train.graph import Page, fit_graph
from tests.train.taught import taught

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parents[1] / "sites" / "generic" / "model.json"
THRESHOLD = 0.5
SEEDS = (1, 2, 3)
"""Of the teachers of a page; the net that learns from them has the first."""
EPOCHS, DROP = 18, 0.3
"""Of the net that learns from teachers: it must not be kept from learning by heart as they must."""
SAYS = 0.3
LEAST = {"classes": 4, "texts": 4}
Excluded = frozenset[int]
EVERY = frozenset(range(FOLDS))


class Trainer:
    """All that is shared by the models of one run."""

    def __init__(self, samples: list[Sample]) -> None:
        self.samples = samples
        self.counts = {"classes": self._counts(True), "texts": self._counts(False)}
        self._lexical: dict[Excluded, dict[int, F32]] = {}
        self._teachers: dict[Excluded, list[Net]] = {}

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

    def _words(self, number: int, without: Excluded) -> F32:
        """The lexical columns of sample `number` by the lexicon without its fold and these."""
        key = without | {self.samples[number].fold}
        if key not in self._lexical:
            lexicon = self.lexicon(key)
            self._lexical[key] = {
                n: lexical(s.units, lexicon) for n, s in enumerate(self.samples) if s.fold in key
            }
        return self._lexical[key][number]

    def pages(self, without: Excluded, folds: Excluded) -> list[Page]:
        """The pages of these folds, as a model without `without` sees them."""
        out = []
        for number, sample in enumerate(self.samples):
            if sample.fold in folds:
                seen = sample.matrix.copy()
                seen[:, -len(LEXICAL) :] = self._words(number, without)
                truth = sample.labels.astype(np.float32), sample.weights.astype(np.float32)
                out.append(Page(sample.raw, seen, *truth, *truth))
        return out

    def teachers(self, without: Excluded) -> list[Net]:
        """Nets that have learnt from the ground truth alone, and from none of these folds."""
        if without not in self._teachers:
            pages = self.pages(without, EVERY - without)
            self._teachers[without] = [fit_graph(pages, seed=seed) for seed in SEEDS]
        return self._teachers[without]

    def model(self, without: Excluded) -> dict[str, Any]:
        """A whole model, as it stands in the data file, and untouched by the folds in `without`."""
        pages = []
        for fold in sorted(EVERY - without):
            teachers = self.teachers(without | {fold})
            pages += [taught(page, teachers) for page in self.pages(without, frozenset((fold,)))]
        net = fit_graph(pages, epochs=EPOCHS, drop=DROP, seed=SEEDS[0])
        print(f"without {sorted(without)}: {sum(len(page.raw.numbers) for page in pages)} units", flush=True)
        return packed(net, self.lexicon(without))


def packed(net: Net, lexicon: Lexicon) -> dict[str, Any]:
    """The data file of a model."""
    return {
        "version": "5",
        "threshold": THRESHOLD,
        "net": {name: pack(getattr(net, name)) for name in Net.__struct_fields__},
        "classes": dict(lexicon.classes),
        "texts": dict(lexicon.texts),
    }


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--corpus", type=Path, default=CORPUS / "extraction")
    options.add_argument("--no-folds", action="store_true", help="only the model that is shipped")
    chosen = options.parse_args()
    trainer = Trainer(read(chosen.corpus))
    (HERE / "folds").mkdir(exist_ok=True)
    for number in () if chosen.no_folds else range(FOLDS):
        (HERE / "folds" / f"{number}.json").write_bytes(
            msgspec.json.encode(trainer.model(frozenset((number,))))
        )
    SHIPPED.write_bytes(msgspec.json.encode(trainer.model(frozenset())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
