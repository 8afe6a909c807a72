"""Drift: what a run has counted against the runs before it."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.core.drift import Drift, Share, Tally, drifts, field_counts, shares, tally


def run(articles: int, authors: int, *, missed: int = 0, rules: str = "r", drifted: bool = False) -> Tally:
    fields = {"authors": authors, "title": articles}
    return Tally(articles=articles, fields=fields, missed=missed, rules=rules, drifted=drifted)


@pytest.mark.parametrize(
    ("runs", "drifted"),
    [
        ([run(24, 0), run(24, 24)], ["authors"]),
        ([run(24, 24), run(24, 24)], []),
        ([run(24, 20), run(24, 24)], []),  # a few without: not half
        ([run(2, 0), run(24, 24)], []),  # too few to say
        ([run(4, 0), run(24, 24)], ["authors"]),
        ([run(2, 0), run(2, 0), run(24, 24)], ["authors"]),  # but with the run before it
        ([run(2, 2), run(2, 0), run(2, 0), run(24, 24)], []),  # it has come back
        ([run(24, 0), run(24, 3)], []),  # it never had many
        ([run(24, 0)], []),  # nothing to compare with
        ([run(0, 0), run(24, 24)], []),  # nothing new
        ([run(24, 0), run(24, 24, rules="old")], []),  # other rules are no measure
        ([run(5, 0), *[run(5, 0, drifted=True)] * 15, run(24, 24)], ["authors"]),  # it goes on ringing
        ([run(5, 0), *[run(5, 0)] * 15, run(24, 24)], ["authors"]),
        ([run(1, 1, missed=20), run(24, 24)], ["article"]),  # pages without an article
        ([run(0, 0, missed=20), run(24, 24)], ["article"]),
        ([run(24, 12), run(24, 13)], []),
    ],
)
def test_what_is_drift(runs: list[Tally], drifted: list[str]) -> None:
    assert [drift.share.field for drift in drifts("paper", runs)] == drifted


def test_a_field_is_told_once() -> None:
    before = Tally(
        articles=30, fields={"authors": 30, "rule:authors": 30, "title": 30, "rule:title": 30}, rules="r"
    )
    now = Tally(articles=9, fields={"title": 9}, rules="r")
    assert [drift.share.field for drift in drifts("paper", [now, before])] == ["authors", "rule:title"]


def test_it_is_told_in_a_sentence() -> None:
    assert str(Drift("paper", Share("authors", 0, 9, 30, 30))) == (
        "paper: authors: found on 0 of 9 articles, before on 30 of 30"
    )
    assert "the plugin's rule for title: found" in str(Drift("paper", Share("rule:title", 0, 9, 30, 30)))
    assert "article: found on 0 of 9 pages" in str(Drift("paper", Share("article", 0, 9, 30, 30)))


def test_counters_are_read_as_they_were_written() -> None:
    counts = {"articles:paper": 2, "articles:other": 5, "field:other:title": 5, "captures": 9, "drift": 1}
    for names in (("title", "authors"), ("title",), ()):
        for name in field_counts(names, [n for n in names if n == "title"], "abc"):
            counts[f"field:paper:{name}"] = counts.get(f"field:paper:{name}", 0) + 1
    assert tally(counts, "paper") == Tally(
        articles=2,
        fields={"title": 2, "authors": 1, "rule:title": 2},
        missed=1,
        rules="abc",
        drifted=True,
    )


@given(st.integers(0, 8), st.integers(1, 8), st.integers(0, 8), st.integers(1, 8))
def test_the_chance_is_that_of_drawing_lots(had: int, of: int, had_before: int, of_before: int) -> None:
    had, had_before = min(had, of), min(had_before, of_before)
    lots = [True] * (had + had_before) + [False] * (of + of_before - had - had_before)
    draws = [sum(draw) for draw in combinations(lots, of)]
    chance = sum(drawn <= had for drawn in draws) / len(draws)
    before = had_before / of_before
    share = Share("x", had, of, had_before, of_before)
    assert share.drifted == (before >= 0.2 and had / of <= before / 2 and chance < 1e-4)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 1.0])
def test_a_steady_site_hardly_ever_rings(share: float) -> None:
    """Twenty runs of one habit, forty times over."""
    dice = Random(1)
    alarms = 0
    for _ in range(40):
        size = dice.randint(1, 30)
        runs = [run(size, sum(dice.random() < share for _ in range(size))) for _ in range(20)]
        alarms += sum(bool(drifts("paper", runs[at:])) for at in range(19))
    assert alarms <= 2


@given(st.integers(5, 60), st.integers(4, 60))
def test_a_broken_rule_always_rings(before: int, now: int) -> None:
    assert drifts("paper", [run(now, 0), run(before + 20, before + 20)])


def test_shares_need_pages() -> None:
    assert shares([]) == () and shares([Tally(rules="r")]) == ()
