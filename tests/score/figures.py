"""From the scores of pages to figures: by data set, by language, and how sure a change between two runs is.

Every column is a ratio of sums over pages, so that a page is a row of terms, a column a formula over their sums,
and a bootstrap a matrix product: rows drawn anew, both runs with the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.score.columns import Column

__all__ = ["BY_LANGUAGE", "LEAST", "Line", "by_language", "changes", "pages_of", "value", "worst"]

Line = dict[str, Any]
"""One page's scores, as the scorer writes them with --per-case."""
Sums = NDArray[np.float64]
TRIES, LEAST = 1000, 10


class Kind(NamedTuple):
    """How a column is made: the terms of a page, () for one that it does not count; the formula over their sums."""

    terms: Callable[[Line], tuple[float, ...]]
    ratio: Callable[[Sums], Sums]


def _over(top: Sums, bottom: Sums) -> Sums:
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom > 0)


def _mean(key: str, place: int | None = None) -> Kind:
    def terms(line: Line) -> tuple[float, ...]:
        if key not in line:
            return ()
        return (float(line[key] if place is None else line[key][place]), 1.0)

    return Kind(terms, lambda s: _over(s[..., 0], s[..., 1]))


def _counts(key: str) -> Kind:
    """F1 from (found and right, found, right): over all names or tags of all pages together."""
    return Kind(
        lambda line: tuple(map(float, line.get(key, ()))),
        lambda s: _over(2 * s[..., 0], s[..., 1] + s[..., 2]),
    )


def _shingles(line: Line) -> tuple[float, ...]:
    """Precision and recall of a page, and whether each is defined."""
    if "tff" not in line:
        return ()
    right, extra, missed = line["tff"]
    said, meant = right + extra > 0, right + missed > 0
    return (
        right / (right + extra) if said else 0.0, float(said), right / (right + missed) if meant else 0.0, float(meant)
    )  # fmt: skip


def _f1(sums: Sums) -> Sums:
    precision, recall = _over(sums[..., 0], sums[..., 1]), _over(sums[..., 2], sums[..., 3])
    return _over(2 * precision * recall, precision + recall)


_KINDS = {
    "F1": Kind(_shingles, _f1),
    "Lsum": _mean("Lsum", 2),
    "snipF": Kind(
        lambda line: tuple(map(float, line.get("snip", ()))),
        lambda s: _over(2 * s[..., 0], s[..., 0] + s[..., 1] + s[..., 2]),
    ),
    "authF": _counts("authc"),
    "tagF": _counts("tagc"),
}
BY_LANGUAGE = (
    "F1", "wF1", "snipF", "title", "authF", "hall", "date", "instant", "tagF",
)  # fmt: skip


def _kind(key: str) -> Kind:
    return _KINDS.get(key) or _mean(key)


def _table(key: str, lines: Iterable[Line]) -> tuple[list[str], Sums]:
    """The names of the pages that the column counts, and a row of terms for each."""
    kind = _kind(key)
    rows = [(line["case"], terms) for line in lines if (terms := kind.terms(line))]
    return [case for case, _ in rows], np.array([terms for _, terms in rows], dtype=np.float64)


def pages_of(key: str, lines: list[Line]) -> int:
    """How many pages a column counts."""
    return len(_table(key, lines)[0])


def value(key: str, lines: list[Line]) -> float | None:
    """A column's figure over these pages; None when it counts none of them."""
    _, table = _table(key, lines)
    return float(_kind(key).ratio(table.sum(axis=0))) if len(table) else None


def worst(key: str, lines: list[Line], count: int, *, low: bool = False) -> list[str]:
    """The pages that cost a column most, each with its own figure; those that cost nothing are not named."""
    cases, table = _table(key, lines)
    if not len(table):
        return []
    own = _kind(key).ratio(table)
    own = np.nan_to_num(1 - own if low else own)
    names = [(score, case) for score, case in sorted(zip(own.tolist(), cases, strict=True)) if score < 1]
    return [f"{case.partition('/')[2]} {1 - score if low else score:.2f}" for score, case in names[:count]]


def by_language(lines: list[Line], languages: dict[str, str]) -> list[str]:
    """A line a language that has `LEAST` pages or more: its pages, then each of `BY_LANGUAGE`."""
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[languages.get(line["case"], "?")].append(line)
    rows = [f"{'':4}{'pages':>6}" + "".join(f"{key:>8}" for key in BY_LANGUAGE)]
    for language, own in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if len(own) >= LEAST:
            figures = [value(key, own) if pages_of(key, own) >= LEAST else None for key in BY_LANGUAGE]
            rows.append(
                f"{language:4}{len(own):6}"
                + "".join(f"{f:8.3f}" if f is not None else " " * 8 for f in figures)
            )
    return rows


def changes(columns: Iterable[Column], now: list[Line], before: list[Line]) -> list[str]:
    """Each column's change against another run on the same pages, with a paired bootstrap's 95 %."""
    rows = []
    rng = np.random.default_rng(0)
    for column in columns:
        cases, new = _table(column.key, [line for line in now if line["dataset"] == column.dataset])
        names, old = _table(column.key, [line for line in before if line["dataset"] == column.dataset])
        if not cases or cases != names:
            continue
        drawn = rng.multinomial(len(cases), [1 / len(cases)] * len(cases), TRIES).astype(np.float64)
        ratio = _kind(column.key).ratio
        by = np.sort(ratio(drawn @ new) - ratio(drawn @ old))
        change = float(ratio(new.sum(axis=0)) - ratio(old.sum(axis=0)))
        if change or by[0] or by[-1]:
            low, high = by[TRIES // 40], by[-TRIES // 40 - 1]
            sure = " *" if low > 0 or high < 0 else ""
            rows.append(f"{column.name:34}{change:+8.3f}  (95 %: {low:+.3f} to {high:+.3f}){sure}")
    return rows
