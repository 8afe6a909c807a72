"""What each element is to a reader of articles; Lexbor's numbers for them, asked of Lexbor itself."""

from __future__ import annotations

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

INLINE, BLOCK, ANCHOR, STRONG, BREAK, IMAGE, SILENT, META, LINK, SCRIPT, BASE, TITLE = range(12)
"""How the walk treats an element; it goes into those up to STRONG."""

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

TEXT = 2
"""Lexbor's number of a text node."""

KINDS: dict[int, int] = {
    **{_NUMBERS[name]: BLOCK for name in _BLOCKS},
    **{_NUMBERS[name]: SILENT for name in _SILENT},
    **{_NUMBERS[name]: STRONG for name in _STRONG},
    **{_NUMBERS[name]: IMAGE for name in _IMAGES if name in _NUMBERS},
    **{_NUMBERS[name]: kind for name, kind in _SPECIAL.items()},
    4: SILENT,  # a comment
}
"""Lexbor's number of an element, and how the walk treats it; what is missing is INLINE."""

HEADING = {_NUMBERS[f"h{level}"]: level for level in range(1, 7)}
ITEM = frozenset(_NUMBERS[name] for name in ("li", "dd", "dt"))
CELL = frozenset(_NUMBERS[name] for name in ("td", "th"))
QUOTE = frozenset((_NUMBERS["blockquote"],))


def kind_of(name: str) -> int:
    """The Lexbor number of an element by its name. Raises KeyError for names this module does not use."""
    return _NUMBERS[name]
