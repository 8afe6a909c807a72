"""XML as it is met in feeds and sitemaps: scanned, never expanded.

A scanner, not a parser: no entity but the five of XML, the numbers and HTML's names means anything, a DOCTYPE
is skipped, a mismatched tag hurts nobody, and time is linear in the text. So nothing can explode.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

__all__ = ["Element", "attributes_of", "records", "root_name"]

Element = tuple[str, str, str]
"""Name without prefix (lower case), attributes as written, text."""

_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!(?:[^<>\[]|\[[^\]]*\])*>"
    r"|<(?P<close>/)?(?P<name>[A-Za-z_][\w:.-]*)(?P<attributes>[^<>]*?)(?P<empty>/)?>|(?P<text>[^<]+)|<",
    re.S,
)
_ATTRIBUTE = re.compile(r"([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_TEXT_LIMIT = 4000


def attributes_of(text: str) -> dict[str, str]:
    """The attributes of a tag by lower-case name."""
    return {
        match[1].lower(): unescape(match[2] if match[2] is not None else match[3])
        for match in _ATTRIBUTE.finditer(text[:_TEXT_LIMIT])
    }


def root_name(text: str) -> str:
    """The name of the first element, lower case and without prefix; "" when the text is no markup."""
    for match in _TOKEN.finditer(text, 0, min(len(text), 20_000)):
        if match["name"]:
            return _bare(match["name"])
        if (match["text"] or "").strip("\ufeff \t\r\n"):
            return ""
    return ""


def records(text: str, names: frozenset[str], most: int) -> Iterator[tuple[str, list[Element]]]:
    """Each element called one of `names`, with all elements inside it (flat, in order); what is outside
    any record comes as one last record called "". At most `most` records are read.
    """
    outside: list[Element] = []
    inside = outside
    record = ""
    opened: list[tuple[str, str, list[str]]] = []
    count = 0
    for match in _TOKEN.finditer(text):
        if (piece := match["cdata"]) is not None or (piece := match["text"]) is not None:
            if opened and not piece.isspace():
                opened[-1][2].append(piece[:_TEXT_LIMIT] if match["cdata"] else unescape(piece[:_TEXT_LIMIT]))
            continue
        if not match["name"]:
            continue
        name = _bare(match["name"])
        if match["close"]:
            if name == record:
                yield record, inside
                count += 1
                if count >= most:
                    return
                record, inside, opened = "", outside, []
            elif any(entry[0] == name for entry in opened[-8:]):
                while opened:
                    entry, attributes, parts = opened.pop()
                    inside.append((entry, attributes, "".join(parts).strip()))
                    if entry == name:
                        break
        elif not record and name in names and not match["empty"]:
            record, inside, opened = name, [], []
        elif match["empty"]:
            inside.append((name, match["attributes"], ""))
        elif len(opened) < 200:
            opened.append((name, match["attributes"], []))
        if len(inside) > 5000 and inside is not outside:
            inside = inside[:5000]
    while opened:
        entry, attributes, parts = opened.pop()
        inside.append((entry, attributes, "".join(parts).strip()))
    if record:
        yield record, inside
    yield "", outside[:5000]


def _bare(name: str) -> str:
    return name.rpartition(":")[2].lower()
