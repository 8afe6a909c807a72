"""Text made plain: white space folded, entities decoded; and what two writings of the same words share."""

from __future__ import annotations

import re
from html import unescape

__all__ = ["clean", "compact", "fold"]

_WORD = re.compile(r"\w+")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]{2,8});")


def clean(text: str) -> str:
    """White space folded, entities that were encoded twice decoded."""
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    return " ".join(text.split())


def compact(text: str) -> str:
    """Letters and digits alone, lower case."""
    return "".join(filter(str.isalnum, text.casefold()))


def fold(text: str) -> str:
    """What two writings of the same words have in common: lower-case words, one space between."""
    return " ".join(_WORD.findall(text.casefold()))
