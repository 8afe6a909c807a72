"""What each element is to a reader of articles; Lexbor's numbers for them, asked of Lexbor itself."""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser

__all__ = [
    "ANCHOR",
    "BASE",
    "BLOCK",
    "BREAK",
    "CELL",
    "HEADING",
    "IMAGE",
    "INLINE",
    "ITEM",
    "KINDS",
    "LINK",
    "META",
    "NAMES",
    "QUOTE",
    "SCRIPT",
    "SILENT",
    "STRONG",
    "TEXT",
    "TITLE",
    "kind_of",
]

INLINE: Final = 0
BLOCK: Final = 1
ANCHOR: Final = 2
STRONG: Final = 3
"""How the walk treats an element: it goes into those up to here."""
BREAK: Final = 4
IMAGE: Final = 5
SILENT: Final = 6
META: Final = 7
LINK: Final = 8
SCRIPT: Final = 9
BASE: Final = 10
TITLE: Final = 11

_BLOCKS = (
    "address article aside blockquote body caption center col colgroup dd details dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul search label"
).split()
_SILENT = (
    "style template noscript iframe object embed svg canvas video audio map button select textarea "
    "input datalist progress meter dialog rt rp math"
).split()
_STRONG = "b strong".split()
_IMAGES = "img amp-img".split()
_SPECIAL = {
    "meta": META,
    "link": LINK,
    "script": SCRIPT,
    "base": BASE,
    "title": TITLE,
    "br": BREAK,
    "a": ANCHOR,
}
_OTHER = "head span em i u font small time cite q code sub sup abbr picture source mark ins del s".split()


def _numbers(names: list[str]) -> dict[str, int]:
    """Lexbor's tag numbers, which its own table fixes; custom elements have none."""
    parser = LexborHTMLParser("<p>")
    return {name: int(parser.create_node(name).tag_id) for name in names if "-" not in name}


_NUMBERS = _numbers([*_BLOCKS, *_SILENT, *_STRONG, *_IMAGES, *_OTHER, *_SPECIAL])
NAMES = {number: name for name, number in _NUMBERS.items()}
"""Lexbor's number of an element, and its name."""

TEXT: Final = 2
"""Lexbor's number of a text node."""

_KIND_OF = {
    **{_NUMBERS[name]: BLOCK for name in _BLOCKS},
    **{_NUMBERS[name]: SILENT for name in _SILENT},
    **{_NUMBERS[name]: STRONG for name in _STRONG},
    **{_NUMBERS[name]: IMAGE for name in _IMAGES if name in _NUMBERS},
    **{_NUMBERS[name]: kind for name, kind in _SPECIAL.items()},
    4: SILENT,  # a comment
}
KINDS: Final[bytes] = bytes(_KIND_OF.get(number, INLINE) for number in range(max(_KIND_OF) + 1))
"""By Lexbor's number of an element, how the walk treats it; what is beyond is INLINE."""

HEADING = {_NUMBERS[f"h{level}"]: level for level in range(1, 7)}
ITEM = frozenset(_NUMBERS[name] for name in ("li", "dd", "dt"))
CELL = frozenset(_NUMBERS[name] for name in ("td", "th"))
QUOTE = frozenset((_NUMBERS["blockquote"],))


def kind_of(name: str) -> int:
    """The Lexbor number of an element by its name. Raises KeyError for names this module does not use."""
    return _NUMBERS[name]
