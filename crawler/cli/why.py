"""`extract --why` for people: what sort of page and why, which rule gave each field, how each block scored."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap

from crawler.cli.common import console
from sites.extraction import Evidence, Extraction

__all__ = ["explained", "show_why"]

_RUN, _FAINT, _NAME = 4, 0.05, 13
"""So many blocks in a row, left out with less than that, are told in one line."""


def show_why(result: Extraction) -> None:
    """Print the evidence: sort of page, fields, blocks, and what a plugin's rule raised."""
    for line in explained(result, console.width):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def explained(result: Extraction, width: int) -> Iterator[str]:
    """The lines of the explanation, none wider than `width`."""
    body = [told for told in result.evidence if told.field == "body" and told.score >= 0]
    fields = [told for told in result.evidence if told.score < 0 and told.field != "page_type"]
    lines = ["", f"Page type: {result.page_type}, {result.confidence:.2f} sure"]
    lines += [line for told in result.evidence if told.field == "page_type" for line in _sort(told, width)]
    if fields:
        lines += ["", "Fields: how sure, the value; by which rule, where it stands; what lost"]
        lines += [line for told in fields for line in _field(told)]
    if body:
        kept = sum(told.kept for told in body)
        lines += [
            "",
            f"Blocks: {kept} of {len(body)} are the article's (+); score and text, under the place",
        ]
        lines += _blocks(body)
    lines += [f"plugin {e.plugin}, field {e.field}: {e.message} ({e.where})" for e in result.errors]
    return (line if len(line) <= width else f"{line[: width - 1]}…" for line in lines)


def _sort(told: Evidence, width: int) -> Iterator[str]:
    """What spoke for an article and what against, with its weight."""
    for sign, name in (("+", "for an article"), ("-", "against")):
        said = [one for one in told.lost if one.rpartition(" ")[2].startswith(sign)]
        yield from wrap(
            f"  {name + ':':16}{', '.join(said) or 'nothing much'}", width, subsequent_indent=" " * 18
        )
    yield f"  {'decided by:':16}{told.rule}"


def _field(told: Evidence) -> Iterator[str]:
    yield f"  {told.field:{_NAME}} {told.confidence:.2f}  {told.value}"
    place = f"  at {told.where}" if told.where else ""
    yield f"  {'':{_NAME}}       by {told.rule}{place}"
    if told.lost:
        yield f"  {'':{_NAME}}       lost: {'; '.join(told.lost)}"


def _blocks(body: list[Evidence]) -> Iterator[str]:
    """Each block under its place; a run of blocks that nothing spoke for in one line."""
    place = ""
    for faint, run in groupby(body, key=lambda told: not told.kept and told.score < _FAINT):
        blocks = list(run)
        if faint and len(blocks) >= _RUN:
            yield f"    <{_FAINT:.2f}  {len(blocks)} blocks: {blocks[0].value[:30]!r} to {blocks[-1].value[:30]!r}"
            place = ""
            continue
        for told in blocks:
            if told.where != place:
                place = told.where
                yield f"  {place}"
            why = told.rule.partition(", ")[2]
            yield f"  {'+' if told.kept else ' '}  {told.score:.2f}  {f'({why}) ' if why else ''}{told.value}"
