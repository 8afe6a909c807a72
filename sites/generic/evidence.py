"""Why a field has its value, and why a block was kept or left out: decisions made readable."""

from __future__ import annotations

import re
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sites.article import TextLink
from sites.extraction import Evidence, PageType
from sites.generic.body import Choice
from sites.generic.facts import Decision, Facts
from sites.generic.kinds import Verdict

__all__ = ["body_evidence", "field_evidence", "type_evidence"]

_SHOWN: Final = 200
_STEPS: Final = 3
_NAME: Final = re.compile(r"[A-Za-z_][\w-]{0,40}")


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
            tuple(map(str, decision.lost)),
            where=_where(decision.node),
        )
        for name, decision in fields.items()
        if decision.rule
    )


def type_evidence(kind: PageType, confidence: float, verdict: Verdict) -> tuple[Evidence, ...]:
    """What sort of page it is taken for, and what of it spoke for an article (+) and against (-)."""
    rule = f"model: an article {verdict.article:.2f}" if kind == verdict.kind else "the plugin's word"
    return (Evidence("page_type", rule, kind, confidence, lost=verdict.because),)


def body_evidence(facts: Facts, choice: Choice) -> tuple[Evidence, ...]:
    """Every unit of the page in order: the probability that it is the article's, kept or not, and where it is."""
    numbers = _numbers(facts.page.tree)
    kept = frozenset(choice.kept)
    return tuple(
        Evidence(
            "body",
            f"model{', ' if reason else ''}{reason}",
            unit.text[:_SHOWN],
            round(abs(chance - 0.5) * 2, 3),
            _index(unit.frame.node, numbers),
            kept=number in kept,
            score=round(chance, 3),
            where=_where(unit.frame.node),
        )
        for number, (unit, chance, reason) in enumerate(
            zip(facts.found.units, choice.chances, choice.reasons, strict=True)
        )
    )


def _where(node: LexborNode | None) -> str:
    """An element with the two around it, as a selector of tags and their first class or id: "#story > div.text > p"."""
    steps: list[str] = []
    while node is not None and node.tag not in ("-document", "-undef") and len(steps) < _STEPS:
        if not (node.tag or "-").startswith("-"):
            steps.append(_step(node))
        node = node.parent
    return " > ".join(reversed(steps))


def _step(node: LexborNode) -> str:
    classes = (node.attributes.get("class") or "").split()
    name = node.attributes.get("id") or ""
    plain = [word for word in classes if _NAME.fullmatch(word)]
    if plain:
        return f"{node.tag}.{plain[0]}"
    return f"{node.tag}#{name}" if _NAME.fullmatch(name) else f"{node.tag}"


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
