"""Copies among real texts: shortened, framed, retitled and reworded ones are found, other stories are not."""

from __future__ import annotations

from itertools import combinations

import pytest

from sites.copies import clusters, pairs, sketch
from tests.corpus import corpus_path
from tests.perturbed import perturbed, real_texts

pytestmark = [pytest.mark.check, pytest.mark.corpus]


def test_precision_and_recall_on_perturbed_pairs() -> None:
    told = perturbed(real_texts(corpus_path("extraction")), seed=1)
    rows = sorted((run, number) for number, one in enumerate(told) for run in sketch(one.text))
    found = pairs(rows, lambda number: told[number].host)
    right = sum(told[pair.one].story == told[pair.two].story for pair in found)
    wanted = sum(
        told[one].host != told[two].host
        for first in range(0, len(told), 3)
        for one, two in combinations(range(first, first + 3), 2)
    )
    groups = clusters((pair.one, pair.two) for pair in found)
    together = [pair for group in groups for pair in combinations(group, 2)]
    same = sum(told[one].story == told[two].story for one, two in together)
    figures = {
        "precision": right / len(found),
        "recall": right / wanted,
        "precision of clusters": same / len(together),
        "recall of clusters": same / len(told),
    }
    print(figures)
    assert wanted > 1500
    assert figures["precision"] >= 0.99 and figures["precision of clusters"] >= 0.99, figures
    assert figures["recall"] >= 0.95 and figures["recall of clusters"] >= 0.95, figures
