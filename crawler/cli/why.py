"""`extract --why` for people: what sort of page and why, which rule gave each field, how each block scored."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from crawler.cli.common import console, print_table
from sites.extraction import Evidence, Extraction

__all__ = ["show_why"]

_WIDE, _RUN = 70, 4
_FAINT = 0.05
"""Blocks left out with less than this, when several come in a row, are told in one line."""


def show_why(result: Extraction) -> None:
    """Print the evidence: sort of page, fields, blocks, and what a plugin's rule raised."""
    body = [told for told in result.evidence if told.field == "body" and told.score >= 0]
    console.print()
    console.print(f"This page: {result.page_type}, {result.confidence:.2f} sure.", markup=False)
    for told in result.evidence:
        if told.field == "page_type":
            for sign, side in (("+", "for an article"), ("-", "against it")):
                said = [one for one in told.lost if one.rpartition(" ")[2].startswith(sign)]
                console.print(f"  {side}: {', '.join(said) or 'nothing much'}", markup=False)
            console.print(f"  decided by: {told.rule}", markup=False)
    fields = [told for told in result.evidence if told.field not in ("body", "page_type")]
    fields += [told for told in result.evidence if told.field == "body" and told.score < 0]
    if fields:
        console.print()
        print_table(("field", "conf#", "rule", "where", "value", "lost"), map(_field, fields))
    if body:
        console.print()
        kept = sum(told.kept for told in body)
        console.print(f"Blocks: {kept} of {len(body)} are the article's.", markup=False)
        print_table(("", "score#", "where", "text", "why not"), _blocks(body))
    for error in result.errors:
        console.print(
            f"plugin {error.plugin}, field {error.field}: {error.message} ({error.where})", markup=False
        )


def _field(told: Evidence) -> tuple[object, ...]:
    lost = "; ".join(told.lost)
    return told.field, f"{told.confidence:.2f}", told.rule, told.where, told.value[:_WIDE], lost[: 2 * _WIDE]


def _blocks(body: list[Evidence]) -> Iterator[tuple[object, ...]]:
    """A line a block; a run of blocks that nothing spoke for in one."""
    for faint, run in groupby(body, key=lambda told: not told.kept and told.score < _FAINT):
        told = list(run)
        if faint and len(told) >= _RUN:
            places = list(dict.fromkeys(each.where for each in told))
            more = f" and {len(places) - 2} other places" if len(places) > 2 else ""
            words = f"({len(told)} blocks, from {told[0].value[:25]!r} to {told[-1].value[:25]!r})"
            yield "", f"<{_FAINT:.2f}", f"{', '.join(places[:2])}{more}", words, ""
            continue
        for each in told:
            why = each.rule.partition(", ")[2]
            yield "+" if each.kept else "", f"{each.score:.2f}", each.where, each.value[:_WIDE], why
