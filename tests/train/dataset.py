"""The corpus as rows for training: features, lexicon tokens, labels, and the fold of each page's publisher."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sites.generic.counts import F32, Raw, judged, raw
from sites.generic.facts import Facts
from sites.generic.features import matrix
from sites.generic.joining import Joiner, base_of
from sites.generic.lexicon import class_tokens, text_tokens
from sites.generic.parts import Frame, Unit
from sites.generic.survey import survey
from tests.score.predict import FOLDS, cases, fold_of, load
from tests.train.labels import label, weigh

__all__ = ["BELIEVED", "FOLDS", "SETS", "Sample", "fold_of", "read"]

BELIEVED = {"magic-html": 0.3}
"""What the ground truth of a set is believed, where it is not 1: there it often has the headline, or one page of several."""
SETS = ("fundus", "fundus-eval", "magic-html", "scrapinghub", "trafilatura", "wcxb-article")


class Sample(NamedTuple):
    """One page. `classes` are the class tokens of each unit's frames."""

    case: str
    publisher: str
    fold: int
    raw: Raw
    matrix: F32
    units: list[Unit]
    classes: list[frozenset[str]]
    tokens: list[tuple[str, ...]]
    labels: NDArray[np.float64]
    weights: NDArray[np.float64]


def _tokens(frame: Frame) -> frozenset[str]:
    out: set[str] = set()
    at: Frame | None = frame
    while at is not None:
        out.update(class_tokens(at.name))
        at = at.parent
    return frozenset(out)


def _labels(case: Path) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    expected, page = load(case)
    return label([unit.text for unit in survey(page.tree).units], expected)


def _sample(case: Path, every: NDArray[np.float64], known: NDArray[np.float64]) -> Sample:
    expected, page = load(case)
    found = survey(page.tree)
    facts = Facts(page, found, Joiner(base_of(found, page.url)), "")
    kept = judged(found.units)
    numbers = raw(facts, kept)
    labels, sure = every[kept], known[kept]
    units = [found.units[number] for number in kept]
    weights = weigh(numbers.numbers[:, 0].astype(np.float64), labels, sure)
    weights = weights * BELIEVED.get(expected["dataset"], 1.0)
    publisher = expected.get("split_key") or case.name
    return Sample(
        expected["case"], publisher, fold_of(publisher), numbers, matrix(numbers), units,
        [_tokens(unit.frame) for unit in units], [text_tokens(unit.text) for unit in units],
        labels, weights,
    )  # fmt: skip


def read(root: Path, sets: tuple[str, ...] = SETS, processes: int = 2) -> list[Sample]:
    """All pages that have something to learn from, in the order of the corpus."""
    found = cases(root, sets)
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        labels = pool.map(_labels, found, chunksize=8)
    samples = [_sample(case, *known) for case, known in zip(found, labels, strict=True)]
    return [sample for sample in samples if sample.weights.sum() > 0]
