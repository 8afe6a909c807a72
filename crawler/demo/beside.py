"""A page's lines beside what each became: how an article comes out of a page, for people to see.

    tree ─▶ units of text ─┬─ holds the node of a field's evidence ─▶ that field, and its value
                           ├─ is a block's, a tag's, a related link's text ─▶ paragraph 1, tags, related
                           └─ none of these ─▶ left out
Neighbours that became the same are one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import msgspec

from sites.article import Article
from sites.extraction import Extraction
from sites.generic.survey import survey
from sites.page import Page

__all__ = ["LEFT_OUT", "Line", "lines_beside"]

LEFT_OUT = "left out"
_SEVERAL = ("tags", "related", LEFT_OUT)


class Line(msgspec.Struct, frozen=True):
    """What the page says, and what became of it: a field of the article or LEFT_OUT, and the field's value
    when it is other than the text."""

    text: str
    became: str
    value: str = ""


def lines_beside(page: Page, result: Extraction) -> tuple[Line, ...]:
    """The lines of a page, in order; () when it has no article. `result` is of `extract(…, why=True)`."""
    if result.accepted is None:
        return ()
    lines = [Line(survey(page.tree).title, "site_name", result.accepted.site_name)]
    lines += _lines(page, result, result.accepted)
    return tuple(_joined(lines))


def _lines(page: Page, result: Extraction, article: Article) -> Iterator[Line]:
    units = [unit for unit in survey(page.tree).units if unit.text]
    fields = _fields(page, result, {unit.frame.node.mem_id for unit in units})
    texts = {block.text: f"{block.kind} {number}" for number, block in enumerate(article.blocks, 1)}
    texts |= dict.fromkeys((link.text for link in article.related), "related")
    for unit in units:
        field, value = fields.pop(unit.frame.node.mem_id, ("", ""))
        if field == "tags":  # from here on: the same word in a menu is none
            texts = dict.fromkeys(article.tags, "tags") | texts
        if not field or field in _SEVERAL:
            field, value = texts.get(unit.text, LEFT_OUT), ""
        yield Line(unit.text, field, "" if value == unit.text else value)


def _fields(page: Page, result: Extraction, frames: set[int]) -> dict[int, tuple[str, str]]:
    """Field and value by the block element that the field was found in."""
    root = page.tree.root
    nodes = [] if root is None else list(root.traverse(include_text=True))
    found: dict[int, tuple[str, str]] = {}
    for evidence in result.evidence:
        at = nodes[evidence.node] if 0 <= evidence.node < len(nodes) and evidence.field != "body" else None
        while at is not None and at.mem_id not in frames:
            at = at.parent
        if at is not None:
            found.setdefault(at.mem_id, (evidence.field, evidence.value))
    return found


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    for became, group in groupby(lines, key=lambda line: line.became):
        same = list(group)
        if became in _SEVERAL and len(same) > 1:
            yield Line(" · ".join(line.text for line in same), became, str(len(same)))
        else:
            yield from same
