"""The body: which units are the article's own text."""

from __future__ import annotations

from sites.generic.facts import Facts
from sites.generic.survey import Frame, Unit
from sites.generic.words import GROUPS

__all__ = ["choose"]

_BAD = sum(
    1 << number
    for number, name in enumerate(GROUPS)
    if name in ("comment", "navigation", "related", "footer", "share", "signup", "advert", "consent")
)


def choose(facts: Facts) -> list[float]:
    """For each unit of the survey the probability that it is part of the article."""
    units = facts.found.units
    weight: dict[int, float] = {}
    for unit in units:
        value = _value(unit)
        frame: Frame | None = unit.frame
        for share in (1.0, 1.0, 0.5, 0.25):
            if frame is None:
                break
            weight[frame.serial] = weight.get(frame.serial, 0.0) + value * share
            frame = frame.parent
    best = max(weight, key=lambda serial: weight[serial], default=0)
    out = []
    for unit in units:
        frame = unit.frame
        inside = False
        for _ in range(6):
            if frame is None:
                break
            inside = inside or frame.serial == best
            frame = frame.parent
        out.append(0.9 if inside and _value(unit) > 0 else 0.1)
    return out


def _value(unit: Unit) -> float:
    words = unit.text.count(" ") + 1
    density = unit.linked / max(1, len(unit.text))
    if density > 0.5 or unit.frame.own & _BAD:
        return 0.0
    return float(words) if words > 8 or unit.frame.tag != 52 else 0.5
