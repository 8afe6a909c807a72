"""The scores of a page's short lines, all looked up at once, are those of their tokens one by one."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from sites.generic.lexicon import Lexicon, text_tokens
from sites.generic.parts import Frame, Unit

_WORDS = "the News MORE read 12 3rd über Über 1. über-uns … straßenbahnhaltestellenverzeichnis ٣٤ | x".split()
_LINES = st.lists(
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=8
)


def _told(lexicon: Lexicon, lines: list[str]) -> list[list[float]]:
    frame = Frame(None, None, 0, "", 0, 0, 0, 0)  # type: ignore[arg-type]
    units = [Unit(frame, line, line.count(" ") + 1, [line], [], 0, 0) for line in lines]
    return [[float(score) for score in row] for row in lexicon.lines(units)]


@given(_LINES, st.integers(0, 1000))
@example([" ".join(["word"] * 60), "word"], 1)
def test_a_line_has_mean_least_and_greatest_of_its_tokens(lines: list[str], seed: int) -> None:
    tokens = sorted({token for line in lines for token in text_tokens(line)})
    chance = np.random.default_rng(seed)
    scores = {token: float(chance.normal()) for token in tokens if chance.random() < 0.7}
    wanted = []
    for line in lines:
        known = [scores[token] for token in text_tokens(line) if token in scores]
        wanted.append([sum(known) / len(known), min(known), max(known)] if known else [0.0, 0.0, 0.0])
    np.testing.assert_allclose(_told(Lexicon({}, scores), lines), wanted, rtol=1e-5, atol=1e-6)


def test_long_words_are_told_apart_by_their_beginning_and_length() -> None:
    word = "a" * 40
    lexicon = Lexicon({}, {word: 1.0})
    assert [row[0] for row in _told(lexicon, [f"{word} b c d", f"{word}a b c d", f"b{word[1:]} b c d"])] == [
        1,
        0,
        0,
    ]


def test_an_empty_vocabulary_says_nothing() -> None:
    assert _told(Lexicon({}, {}), ["word"]) == [[0, 0, 0]]
