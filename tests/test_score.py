"""The arithmetic of the scoreboard, on pages of our own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.score.__main__ import fallen
from tests.score.columns import COLUMNS
from tests.score.figures import by_language, changes, pages_of, value, worst


def page(number: int, **scores: Any) -> dict[str, Any]:
    return {"case": f"fundus/{number}", "dataset": "fundus", **scores}


@pytest.mark.parametrize(
    ("key", "pages", "figure"),
    [
        ("title", [{"title": 1.0}, {"title": 0.0}, {"hall": 1.0}], 0.5),
        ("authF", [{"authc": (1, 2, 1)}, {"authc": (1, 1, 3)}], 4 / 7),
        ("snipF", [{"snip": (3, 4, 1, 3)}], 6 / 8),
        ("F1", [{"tff": (0.5, 0.5, 0.0)}, {"tff": (0.5, 0.0, 0.5)}], 0.75),
        ("F1", [{"tff": (1.0, 0.0, 0.0)}, {"tff": (0.0, 0.0, 1.0)}], 2 / 3),
        ("Lsum", [{"Lsum": (0.1, 0.2, 0.3)}], 0.3),
        ("tagF", [{"tagc": (0, 0, 2)}], 0.0),
        ("date", [{"title": 1.0}], None),
    ],
)
def test_a_column_is_the_scorers(key: str, pages: list[dict[str, Any]], figure: float | None) -> None:
    found = value(key, [page(number, **scores) for number, scores in enumerate(pages)])
    assert found == (None if figure is None else pytest.approx(figure))


def test_the_worst_pages_are_those_that_cost_most() -> None:
    lines = [page(1, title=1.0, hall=0.0), page(2, title=0.0, hall=1.0), page(3, title=0.0, hall=0.0)]
    assert worst("title", lines, 5) == ["2 0.00", "3 0.00"]
    assert worst("title", lines, 1) == ["2 0.00"]
    assert worst("hall", lines, 5, low=True) == ["2 1.00"]
    assert worst("date", lines, 5) == []


def test_a_language_is_told_from_ten_pages_on_and_a_column_too() -> None:
    lines = [page(n, title=float(n % 2), **({"date": 1.0} if n < 3 else {})) for n in range(12)]
    languages = {f"fundus/{n}": "en" if n < 10 else "fr" for n in range(12)}
    head, *rows = by_language(lines, languages)
    assert [row.split() for row in rows] == [["en", "10", "0.500"]]
    assert head.split()[0] == "pages"


def test_a_change_is_sure_when_no_draw_of_the_pages_undoes_it() -> None:
    before = [page(n, title=0.0, date=float(n % 2)) for n in range(40)]
    after = [page(n, title=1.0, date=float(n % 2 if n else 1)) for n in range(40)]
    rows = {row[:34].strip(): row for row in changes(COLUMNS, after, before)}
    assert set(rows) == {"title exact, fundus", "date, same day, fundus"}
    assert "+1.000" in rows["title exact, fundus"] and rows["title exact, fundus"].endswith("*")
    assert not rows["date, same day, fundus"].endswith("*")
    assert changes(COLUMNS, after, before[1:]) == []  # other pages are not compared


@pytest.mark.parametrize(
    ("name", "now", "lost"),
    [
        ("title exact, fundus", 0.88, False),
        ("title exact, fundus", 0.851, False),
        ("title exact, fundus", 0.849, True),
        ("author invented, wcxb-article", 0.12, False),
        ("author invented, wcxb-article", 0.40, True),
        ("others kept out", 0.71, False),
        ("others kept out", 0.70, True),
        ("pages/s, one core, all fields", 1.0, False),
    ],
)
def test_a_column_falls_by_more_than_a_page_and_a_half(name: str, now: float, lost: bool) -> None:
    each = [page(n, title=1.0) for n in range(50)]
    each += [{"case": f"wcxb-article/{n}", "dataset": "wcxb-article", "hall": 0.0} for n in range(10)]
    best = {
        "title exact, fundus": 0.88,
        "author invented, wcxb-article": 0.1,
        "others kept out": 0.725,
        "pages/s, one core, all fields": 99.0,
    }
    assert pages_of("hall", each) == 10
    assert bool(fallen({name: now}, each, {"out": [True] * 75}, best)) is lost
