"""Text made plain: white space folded, entities decoded; and what two writings of the same words share."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import Final

__all__ = ["clean", "compact", "first_letter", "fold", "spaced"]

_SHORT: Final = 500
"""What is shorter is remembered: a page's titles and names are asked for again and again, its text is not."""
_FOLD: Final = {
    sign: chr(sign).lower() if chr(sign).isalnum() or sign == ord("_") else " " for sign in range(128)
}
_COMPACT: Final = {sign: chr(sign).lower() if chr(sign).isalnum() else None for sign in range(128)}
"""What becomes of the signs of ASCII, quicker than by the rules for all others."""
_WORD: Final = re.compile(r"\w+")
_ENTITY: Final = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]{2,8});")


def clean(text: str) -> str:
    """White space folded, entities that were encoded twice decoded."""
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    return spaced(text)


def spaced(text: str) -> str:
    """Words parted by single spaces. Most text is so already: of all white space a single space alone counts as printable."""
    text = text.strip()
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def compact(text: str) -> str:
    """Letters and digits alone, lower case."""
    return _compacted(text) if len(text) < _SHORT else _compacted.__wrapped__(text)


def fold(text: str) -> str:
    """What two writings of the same words have in common: lower-case words, one space between."""
    return _folded(text) if len(text) < _SHORT else _folded.__wrapped__(text)


def first_letter(text: str) -> str:
    """The first of `fold(text)`, "" when that is empty: most texts that are not a certain one begin otherwise."""
    for sign in text:
        if sign.isalnum() or sign == "_":
            return sign.casefold()[0]
    return ""


@lru_cache(maxsize=256)
def _compacted(text: str) -> str:
    if text.isascii():
        return text.translate(_COMPACT)
    return "".join(filter(str.isalnum, text.casefold()))


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    if text.isascii():
        return " ".join(text.translate(_FOLD).split())
    return " ".join(_WORD.findall(text.casefold()))
