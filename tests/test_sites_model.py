"""Where the bar stands that a unit has to reach: by what the whole page can hope for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sites.generic.model import bar

_LOGITS = st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=60)


def _bar(logits: list[float], words: int = 30) -> float:
    return float(bar(np.array(logits, np.float32), np.full(len(logits), words, np.float32)))


def test_of_a_sure_page_little_more_than_half_is_kept() -> None:
    assert 0 < _bar([9.0] * 10 + [-9.0] * 20) < 0.3


def test_an_unsure_page_keeps_what_a_sure_one_leaves_out() -> None:
    doubtful = [0.5, -0.5, -0.8, -1.0, -6.0]
    assert _bar(doubtful) < -0.8
    assert _bar([9.0] * 20 + doubtful) > 0


def test_long_units_say_more_of_the_page_than_short_ones() -> None:
    logits = np.array([9.0, -0.6, -0.7, -0.8], np.float32)
    long_first, short_first = (np.array([size, 30, 30, 30], np.float32) for size in (200, 2))
    assert bar(logits, short_first) < bar(logits, long_first)


def test_a_page_without_anything_keeps_nothing() -> None:
    assert _bar([-8.0] * 50) > -3


@given(_LOGITS, st.integers(1, 500))
def test_the_bar_is_within_bounds_and_the_order_of_units_does_not_matter(
    logits: list[float], words: int
) -> None:
    height = _bar(logits, words)
    assert -2.6 < height < 0.3
    assert abs(_bar(sorted(logits), words) - height) < 0.01
