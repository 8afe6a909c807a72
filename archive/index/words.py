"""Text for the full-text index, and what users type, as an FTS5 query that is never a syntax error.

FTS5's unicode61 takes a run of Chinese or Japanese for one word. So each such character is set apart when a
text is indexed, and a word of a query becomes a phrase of its characters: a word inside a sentence is
found.
"""

from __future__ import annotations

import re

__all__ = ["fold", "fts_query", "join_cjk", "space_cjk"]

_CJK = (
    "\u3005-\u3007\u3031-\u3035\u3041-\u309f\u30a1-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b16f\U00020000-\U000323af"
)
_GAP = re.compile(f"(?<=[{_CJK}])(?=\\w)|(?<=\\w)(?=[{_CJK}])")
_APART = re.compile(f"(?<=[{_CJK}]) (?=[\\[\\]]?[{_CJK}])|(?<=[{_CJK}][\\[\\]]) (?=[{_CJK}])")
_TERM = re.compile(r'(-?)"([^"]*)"?|(-?)([^\s"]+)')
_WORD = re.compile(r"[^\W_]")


def space_cjk(text: str) -> str:
    """Each Chinese or Japanese character a word of its own; `join_cjk` closes the gaps again."""
    return _GAP.sub(" ", text)


def join_cjk(text: str) -> str:
    """Without the spaces between Chinese or Japanese characters (marks of a snippet may stand there)."""
    return _APART.sub("", text)


def fold(text: str) -> str:
    """For comparing names and tags: no case, single spaces."""
    return " ".join(text.split()).casefold()


def fts_query(typed: str) -> str:
    """All words must be there; "words in quotes" follow one another, word* stands for all that begin so,
    -word must not be there. "" when nothing can be searched for (punctuation alone, or only words to be
    left out)."""
    wanted: list[str] = []
    unwanted: list[str] = []
    for match in _TERM.finditer(typed.replace("\0", " ")):
        minus = match[1] or match[3]
        text = match[2] if match[2] is not None else match[4]
        star = "*" if match[4] and text.endswith("*") else ""
        if _WORD.search(text):
            quoted = '"' + space_cjk(text).strip().replace('"', '""') + '"' + star
            (unwanted if minus else wanted).append(quoted)
    if not wanted:
        return ""
    return " AND ".join(wanted) + "".join(f" NOT {term}" for term in unwanted)
