"""Words and what they tell: which class words and which words of short lines stand in articles, and which beside them.

Two learnt tables, word -> log-odds; a table holds only words that several publishers use.
"""

from __future__ import annotations

import re

__all__ = ["class_tokens", "text_tokens"]

_CLASS = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]+")
_TEXT = re.compile(r"[^\W\d_]+|\d+|[©|»›:•&@#→]")
_LONGEST = 25


def class_tokens(name: str) -> tuple[str, ...]:
    """The words of a class and id, and its pairs of neighbours; each once, in order."""
    words = [word.lower() for word in _CLASS.findall(name[:300])][:24]
    pairs = [f"{one}-{two}" for one, two in zip(words, words[1:], strict=False)]
    return tuple(dict.fromkeys([*(word for word in words if len(word) > 1), *pairs]))


def text_tokens(text: str) -> tuple[str, ...]:
    """The words of a line of at most 25 words, its first two and last marked; () for a longer one."""
    if text.count(" ") >= _LONGEST or len(text) > 250:
        return ()
    words = ["0" if word[0].isdigit() else word for word in _TEXT.findall(text.lower())]
    if not words:
        return ()
    marked = [f"^{words[0]}", f"{words[-1]}$"]
    if len(words) > 1:
        marked.append(f"^{words[0]} {words[1]}")
    if len(words) <= 3:
        marked.append(f"={' '.join(words)}")
    return tuple(dict.fromkeys([*words, *marked]))
