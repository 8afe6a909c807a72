"""Train the page types: `python -m tests.train.kinds`, after the body model (two minutes; seeded by nothing but the pages).

pages ─▶ traits, tokens, words ─┬─▶ weights for each fold left out (tests/train/folds/kinds-N.json): what it says is out of fold
                                └─▶ weights of all pages (sites/generic/kinds.json), with the threshold that the folds found
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from sites.generic.assemble import generic_fields
from sites.generic.body import choose
from sites.generic.facts import Facts
from sites.generic.joining import Joiner, base_of
from sites.generic.kinds import Kinds
from sites.generic.model import pack
from sites.generic.survey import survey
from sites.generic.tokens import spoken, tokens
from sites.generic.traits import TRAITS, traits
from tests.corpus import CORPUS
from tests.score.predict import FOLDS, cases, fold_model, fold_of, load
from tests.train.fit import Fitted, fit, sigmoid
from tests.train.softmax import fit_softmax

FOLDED = Path(__file__).resolve().parent / "folds"
SHIPPED = Path(__file__).resolve().parents[2] / "sites" / "generic" / "kinds.json"
TYPES = {
    "wcxb-collection": "listing", "wcxb-listing": "listing", "wcxb-documentation": "documentation", "wcxb-forum": "forum",
    "magic-html-forum": "forum", "wcxb-product": "product", "wcxb-service": "other",
}  # fmt: skip
NAMES = ("article", "listing", "product", "forum", "documentation", "other")
LOST = 0.0155
"""The share of articles given up, out of fold."""
MOST, LEAST_SPREAD, LONGEST = 1_500, 0.05, 30
PUBLISHERS = {"tokens": 5, "words": 20}
"""So many must use a token, a word of a text."""
RIDGES = {"traits": 40.0, "tokens": 0.3, "words": 1.0}
LOUD = {"tokens": 0.5, "words": 0.3}
"""How far each may move a page, where the traits move it by 1."""


class Row(NamedTuple):
    case: str
    kind: str
    publisher: str
    fold: int
    numbers: NDArray[np.float32]
    said: set[str]
    heard: set[str]


def _row(case: Path) -> Row:
    expected, page = load(case)
    publisher = expected.get("split_key") or case.name
    found = survey(page.tree)
    facts = Facts(page, found, Joiner(base_of(found, page.url)), "")
    said = spoken(facts)
    numbers, beginning = traits(facts, choose(facts, fold_model(publisher)), generic_fields(facts, {}), said)
    kind = TYPES.get(expected["dataset"], "article")
    heard = {word for word in beginning if len(word) <= LONGEST}
    return Row(expected["case"], kind, publisher, fold_of(publisher), numbers, tokens(facts, said), heard)


class Said(NamedTuple):
    """What each page says, and who publishes it."""

    pages: list[set[str]]
    publishers: list[str]

    def counted(self, least: int) -> tuple[list[str], NDArray[np.float32]]:
        """The tokens that so many publishers use, and how rare each is."""
        used: dict[str, set[str]] = defaultdict(set)
        often: dict[str, int] = defaultdict(int)
        for page, publisher in zip(self.pages, self.publishers, strict=True):
            for token in page:
                used[token].add(publisher)
                often[token] += 1
        words = sorted(token for token, publishers in used.items() if len(publishers) >= least)
        rare = [1 + np.log((1 + len(self.pages)) / (1 + often[word])) for word in words]
        return words, np.array(rare, dtype=np.float32)

    def rows(self, words: list[str], rare: NDArray[np.float32]) -> NDArray[np.float32]:
        """A row a page, of length one: what it says, the rarer the more."""
        place = {word: number for number, word in enumerate(words)}
        out = np.zeros((len(self.pages), len(words)), dtype=np.float32)
        for number, page in enumerate(self.pages):
            there = [place[token] for token in page if token in place]
            out[number, there] = rare[there]
        return out / np.maximum(np.sqrt(np.square(out).sum(axis=1, keepdims=True)), np.float32(1e-6))


def train(rows: list[Row]) -> dict[str, Any]:
    """The data of `Kinds`, as yet without a threshold: articles and the rest weigh the same."""
    labels = np.array([NAMES.index(row.kind) for row in rows])
    good = int((labels == 0).sum())
    weight = np.where(labels == 0, 0.5 / good, 0.5 / (len(rows) - good)) * len(rows)
    numbers = np.stack([row.numbers for row in rows])
    mean, scale = numbers.mean(axis=0), numbers.std(axis=0) + np.float32(LEAST_SPREAD)
    seen = np.clip((numbers - mean) / scale, -4, 4)
    by_traits = fit_softmax(seen, labels, weight, RIDGES["traits"], 200)
    spread = _apart(by_traits.score(seen)).std()
    said = Said([row.said for row in rows], [row.publisher for row in rows])
    tokens, rare = said.counted(PUBLISHERS["tokens"])
    loud = np.abs(fit_softmax(said.rows(tokens, rare), labels, weight, RIDGES["tokens"], 40).weights)
    kept = np.sort(np.argsort(-loud.max(axis=1) * rare, kind="stable")[:MOST])
    tokens, rare = [tokens[number] for number in kept], rare[kept]
    table, biases = _table(said.rows(tokens, rare), rare, labels, weight, "tokens", spread)
    heard = Said([row.heard for row in rows], said.publishers)
    words, rare = heard.counted(PUBLISHERS["words"])
    text, more = _table(heard.rows(words, rare), rare, labels, weight, "words", spread)
    return {
        "names": NAMES, "traits": TRAITS, "tokens": tokens, "words": words, "mean": pack(mean), "scale": pack(scale),
        "weights": pack(by_traits.weights), "biases": pack(by_traits.biases + biases + more),
        "table": pack(table), "text": pack(text), "threshold": 0.0, "start": 0.0, "slope": 1.0,
    }  # fmt: skip


def _table(
    pages: NDArray[np.float32], rare: NDArray[np.float32], labels: NDArray[np.intp], weight: NDArray[np.float64], name: str, spread: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
    """The weights of each token, with its square length, and the biases, as loud as is said above."""
    fitted = fit_softmax(pages, labels, weight, RIDGES[name], 150)
    gain = np.float32(LOUD[name] * spread / _apart(fitted.score(pages)).std())
    return np.hstack([fitted.weights * rare[:, None] * gain, np.square(rare)[:, None]]), fitted.biases * gain


def _apart(scores: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """How far the article is before all the rest, in logits."""
    return np.asarray(scores[:, 0] - np.logaddexp.reduce(scores[:, 1:], axis=1), dtype=np.float64)


def _told(logits: NDArray[np.float64], article: NDArray[np.bool_]) -> Fitted:
    """What share of pages with such a logit are articles."""
    return fit(logits[:, None].astype(np.float32), article.astype(np.float64), np.ones(len(logits)), 0.1)


def _write(path: Path, data: dict[str, Any], logits: NDArray[np.float64], article: NDArray[np.bool_]) -> None:
    """With the threshold and the probability of an article, as these pages teach them."""
    (slope,), start = _told(logits, article).plain()
    threshold = round(float(np.quantile(logits[article], LOST)), 3)
    path.write_bytes(
        msgspec.json.encode(
            data | {"threshold": threshold, "start": round(start, 4), "slope": round(float(slope), 4)}
        )
    )


def main() -> int:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        rows = pool.map(
            _row, [*cases(CORPUS / "extraction"), *cases(CORPUS / "extraction-extra")], chunksize=8
        )
    folds = np.array([row.fold for row in rows])
    scores = np.zeros((len(rows), len(NAMES)))
    made = []
    for number in range(FOLDS):
        made.append(train([row for row in rows if row.fold != number]))
        kinds = Kinds(made[-1])
        known = {token: row for row, token in enumerate(made[-1]["tokens"])}
        for at in np.flatnonzero(folds == number):
            row = rows[at]
            said = sorted(known[token] for token in row.said if token in known)
            scores[at] = kinds.scores(row.numbers, said, kinds.heard(list(row.heard)))
    logits = _apart(scores)
    article = np.array([row.kind == "article" for row in rows])
    for number, data in enumerate(made):
        there = folds != number
        _write(FOLDED / f"kinds-{number}.json", data, logits[there], article[there])
    _write(SHIPPED, train(rows), logits, article)
    _tell(rows, scores)
    return 0


def _tell(rows: list[Row], scores: NDArray[np.float64]) -> None:
    """What the folds say of pages whose publisher they have not seen."""
    logits = _apart(scores)
    article = np.array([row.kind == "article" for row in rows])
    before = np.mean([np.mean(logits[article] > other) for other in logits[~article]])
    print(f"an article stands before a page of another sort {before:.4f} of the time")
    for lost in (0.01, 0.015, LOST, 0.03, 0.05):
        cut = float(np.quantile(logits[article], lost))
        print(f"articles kept {1 - lost:.3f}: others kept out {np.mean(logits[~article] < cut):.3f}")
    best = scores[:, 1:].argmax(axis=1) + 1
    for column, name in enumerate(NAMES[1:], 1):
        there = np.array([row.kind == name for row in rows])
        print(f"{name:15} {int(there.sum()):4}, named right {np.mean(best[there] == column):.3f}")
    cut = float(np.quantile(logits[article], LOST))
    _tell_confidence(rows, scores, cut)
    sets = np.array([row.case.partition("/")[0] for row in rows])
    for name in sorted(set(sets)):
        taken = np.mean(logits[sets == name] >= cut)
        print(f"{name:20} {int((sets == name).sum()):4} taken for articles {taken:.3f}")


def _tell_confidence(rows: list[Row], scores: NDArray[np.float64], cut: float) -> None:
    """How often the sort that is named is right, by the confidence that goes with it."""
    logits = _apart(scores)
    article = np.array([row.kind == "article" for row in rows])
    chance = sigmoid(_told(logits, article).score(logits[:, None].astype(np.float32)))
    others = np.exp(scores[:, 1:] - scores[:, 1:].max(axis=1, keepdims=True))
    share = (others / others.sum(axis=1, keepdims=True)).max(axis=1)
    named = np.where(logits >= cut, 0, scores[:, 1:].argmax(axis=1) + 1)
    sure = np.where(named == 0, chance, (1 - chance) * share)
    right = np.array([NAMES[number] == row.kind for number, row in zip(named, rows, strict=True)])
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.97), (0.97, 1.01)):
        there = (sure >= low) & (sure < high)
        print(
            f"confidence {low:.2f} to {min(high, 1):.2f}: {int(there.sum()):5} pages, {np.mean(sure[there]):.3f} on average, right {np.mean(right[there]):.3f}"
        )


if __name__ == "__main__":
    sys.exit(main())
