"""The corpus as rows for training: raw numbers, tokens, labels, and the fold of each page's publisher."""

from __future__ import annotations

import hashlib
import multiprocessing
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sites.generic.facts import Facts
from sites.generic.features import Matrix, Raw, features, raw
from sites.generic.lexicon import class_tokens, text_tokens
from sites.generic.survey import Frame, survey
from sites.links import base_of
from tests.score.predict import cases, load
from tests.train.labels import label

__all__ = ["FOLDS", "SETS", "Sample", "fold_of", "read"]

FOLDS = 5
SETS = ("fundus", "fundus-eval", "magic-html", "scrapinghub", "trafilatura", "wcxb-article")


class Sample(NamedTuple):
    """One page."""

    case: str
    publisher: str
    fold: int
    raw: Raw
    matrix: Matrix
    classes: list[list[tuple[str, ...]]]
    tokens: list[tuple[str, ...]]
    labels: NDArray[np.float64]
    weights: NDArray[np.float64]
    texts: list[str]
    frames: list[list[int]]


def fold_of(publisher: str) -> int:
    """The fold of a publisher: by hash, so that it never depends on what else is in the corpus."""
    return int(hashlib.sha1(publisher.encode()).hexdigest()[:8], 16) % FOLDS


def _chain(frame: Frame) -> list[tuple[str, ...]]:
    out = []
    at: Frame | None = frame
    while at is not None:
        out.append(class_tokens(at.name))
        at = at.parent
    return out


def _serials(frame: Frame) -> list[int]:
    out = []
    at: Frame | None = frame
    while at is not None:
        out.append(at.serial)
        at = at.parent
    return out


def _sample(case: Path) -> Sample:
    expected, page = load(case)
    found = survey(page.tree)
    facts = Facts(page, found, base_of(found, page.url), "")
    numbers = raw(facts)
    texts = [unit.text for unit in found.units]
    labels, sure = label(texts, expected)
    words = numbers.columns["words"] if texts else np.zeros(0)
    weights = sure * (0.5 + np.sqrt(np.minimum(words, 150)))
    gold = float((weights * labels).sum())
    if gold > 0:
        weights = weights * min(1.0, len(texts) / 20) * 100 / (gold + 0.3 * float(weights.sum()))
    publisher = expected.get("split_key") or case.name
    return Sample(
        expected["case"], publisher, fold_of(publisher), numbers, features(numbers).astype(np.float32),
        [_chain(unit.frame) for unit in found.units], [text_tokens(text) for text in texts], labels, weights, texts,
        [_serials(unit.frame) for unit in found.units],
    )  # fmt: skip


def read(root: Path, sets: tuple[str, ...] = SETS, processes: int = 2) -> list[Sample]:
    """All pages that have something to learn from, in the order of the corpus."""
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        samples = pool.map(_sample, cases(root, sets), chunksize=8)
    return [sample for sample in samples if sample.weights.sum() > 0]


def positives(samples: list[Sample]) -> dict[str, Any]:
    """How much there is, by data set: for the report."""
    out: dict[str, Any] = {}
    for sample in samples:
        name = sample.case.partition("/")[0]
        pages, units, good = out.get(name, (0, 0, 0))
        out[name] = (pages + 1, units + len(sample.texts), good + int((sample.labels > 0.5).sum()))
    return out
