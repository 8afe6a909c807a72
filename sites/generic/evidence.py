"""Why a field has its value, and why a block was kept or left out: decisions made readable."""

from __future__ import annotations

from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sites.article import TextLink
from sites.extraction import Evidence
from sites.generic.body import Choice
from sites.generic.facts import Decision, Facts

__all__ = ["body_evidence", "field_evidence"]

_SHOWN = 200


def _numbers(tree: LexborHTMLParser) -> dict[int, int]:
    """The preorder index of every node of the tree, text nodes counted."""
    root = tree.root
    return {} if root is None else {n.mem_id: i for i, n in enumerate(root.traverse(include_text=True))}


def field_evidence(facts: Facts, fields: dict[str, Decision[Any]], why: bool) -> tuple[Evidence, ...]:
    """One Evidence a field that has a rule; nodes and losers only with `why`."""
    if not why:
        return tuple(
            Evidence(name, decision.rule, _shown(decision.value), decision.confidence)
            for name, decision in fields.items()
            if decision.rule
        )
    numbers = _numbers(facts.page.tree)
    return tuple(
        Evidence(
            name,
            decision.rule,
            _shown(decision.value),
            decision.confidence,
            _index(decision.node, numbers),
            decision.lost,
        )
        for name, decision in fields.items()
        if decision.rule
    )


def body_evidence(facts: Facts, choice: Choice) -> tuple[Evidence, ...]:
    """Every unit of the page in order: the probability that it is the article's, kept or not, and where it is."""
    numbers = _numbers(facts.page.tree)
    kept = frozenset(choice.kept)
    return tuple(
        Evidence(
            "body",
            f"model: {chance:.2f}{', ' if reason else ''}{reason}",
            unit.text[:_SHOWN],
            round(abs(chance - 0.5) * 2, 3),
            _index(unit.frame.node, numbers),
            kept=number in kept,
        )
        for number, (unit, chance, reason) in enumerate(
            zip(facts.found.units, choice.chances, choice.reasons, strict=True)
        )
    )


def _index(node: LexborNode | None, numbers: dict[int, int]) -> int:
    return -1 if node is None else numbers.get(node.mem_id, -1)


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return (
            ", ".join(map(str, value))[:_SHOWN]
            if value and isinstance(value[0], str)
            else f"{len(value)} {'links' if value and isinstance(value[0], TextLink) else 'blocks'}"
        )
    url = getattr(value, "url", None)
    return str(url if isinstance(url, str) else value)[:_SHOWN]
