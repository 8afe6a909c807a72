"""Train the page types: `python -m tests.train.kinds`, after the body model (two minutes; seeded).

Article or not by a small net, the rest by one logistic regression a type; cross-validated by publisher.
"""

from __future__ import annotations

import multiprocessing
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from sites.generic.assemble import generic_fields
from sites.generic.body import choose
from sites.generic.facts import Facts
from sites.generic.model import pack
from sites.generic.survey import survey
from sites.generic.traits import TRAITS, traits
from sites.links import base_of
from tests.corpus import CORPUS
from tests.score.predict import FOLDS, cases, fold_model, fold_of, load
from tests.train.fit import fit
from tests.train.net import Net, fit_net

SHIPPED = Path(__file__).resolve().parents[2] / "sites" / "generic" / "kinds.json"
TYPES = {
    "wcxb-collection": "listing", "wcxb-listing": "listing", "wcxb-documentation": "documentation", "wcxb-forum": "forum",
    "magic-html-forum": "forum", "wcxb-product": "product", "wcxb-service": "other",
}  # fmt: skip
OTHERS = ("listing", "product", "forum", "documentation", "other")
RIDGE, NETS, LOST = 10.0, 3, 0.022


class Row(NamedTuple):
    case: str
    kind: str
    fold: int
    values: NDArray[np.float32]


def _row(case: Path) -> Row:
    expected, page = load(case)
    publisher = expected.get("split_key") or case.name
    found = survey(page.tree)
    facts = Facts(page, found, base_of(found, page.url), "")
    choice = choose(facts, fold_model(publisher))
    kind = TYPES.get(expected["dataset"], "article")
    return Row(expected["case"], kind, fold_of(publisher), traits(facts, choice, generic_fields(facts, {})))


def _weights(target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Both sides weigh the same."""
    good = max(1.0, float(target.sum()))
    return np.where(target > 0, 0.5 / good, 0.5 / max(1.0, len(target) - good)) * len(target)


def _net(rows: list[Row]) -> list[Net]:
    matrix = np.stack([row.values for row in rows])
    target = np.array([float(row.kind == "article") for row in rows])
    return [
        fit_net(
            matrix,
            target,
            _weights(target),
            hidden=24,
            epochs=60,
            batch=64,
            decay=0.3,
            drop=0.3,
            drop_in=0.2,
            seed=seed,
        )
        for seed in range(NETS)
    ]


def _one(rows: list[Row], name: str) -> tuple[NDArray[np.float64], float]:
    matrix = np.stack([row.values for row in rows])
    target = np.array([float(row.kind == name) for row in rows])
    return fit(matrix, target, _weights(target), RIDGE).plain()


def _logit(nets: list[Net], values: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(sum(net.score(values) for net in nets) / len(nets))


def main() -> int:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        rows = pool.map(
            _row, [*cases(CORPUS / "extraction"), *cases(CORPUS / "extraction-extra")], chunksize=8
        )
    matrix = np.stack([row.values for row in rows])
    folds = np.array([row.fold for row in rows])
    logits, others = np.zeros(len(rows)), np.zeros((len(rows), len(OTHERS)))
    for number in range(FOLDS):
        train = [row for row in rows if row.fold != number]
        there = folds == number
        logits[there] = _logit(_net(train), matrix[there])
        for column, name in enumerate(OTHERS):
            weights, bias = _one([row for row in train if row.kind != "article"], name)
            others[there, column] = matrix[there] @ weights + bias
    article = np.array([row.kind == "article" for row in rows])
    for lost in (0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05):
        cut = float(np.quantile(logits[article], lost))
        print(
            f"articles kept {1 - lost:.3f}: others kept out {np.mean(logits[~article] < cut):.3f} at logit {cut:.2f}"
        )
    threshold = float(np.quantile(logits[article], LOST))
    best = np.array(OTHERS)[np.argmax(others, axis=1)]
    for name in OTHERS:
        there = np.array([row.kind == name for row in rows])
        print(
            f"{name:15} {int(there.sum()):4}: of those not taken for articles, {np.mean(best[there] == name):.3f} named right"
        )
    sets = np.array([row.case.partition("/")[0] for row in rows])
    for name in sorted(set(sets)):
        print(
            f"{name:20} {int((sets == name).sum()):4} said to be articles {np.mean(logits[sets == name] >= threshold):.3f}"
        )
    nets = _net(rows)
    SHIPPED.write_bytes(msgspec.json.encode({
        "traits": TRAITS, "threshold": round(threshold, 3),
        "article": {
            "hidden": pack(np.hstack([net.w1 for net in nets])), "hidden_bias": pack(np.concatenate([net.b1 for net in nets])),
            "out": pack(np.concatenate([net.w2 for net in nets]) / len(nets)), "out_bias": sum(net.b2 for net in nets) / len(nets),
        },
        "others": {
            name: {"weights": [round(float(w), 5) for w in weights], "bias": round(bias, 5)}
            for name in OTHERS for weights, bias in [_one([row for row in rows if row.kind != "article"], name)]
        },
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
