"""Turning a plot into text: pools of sentences, slots, choices. The same seed gives the same words.

[a|b]          one of several wordings, chosen anew each time
{9..40}        a number, {four / five} a choice: the same in the whole story
{name}         a slot of the story; {name.last}, {name.he} of a person; {^name} with a capital
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import TypeVar

import msgspec

from crawler.demo.cast import Cast, Person

__all__ = ["Dice", "Plot", "expand", "fill_slots", "load_plots"]

T = TypeVar("T")

_POOLS = ("title", "deck", "lede", "what", "quote", "back", "next", "head", "aside")
_CHOICE = re.compile(r"\[([^\[\]{}]*(?:\{[^{}]*\}[^\[\]{}]*)*)\]")
_SLOT = re.compile(r"\{(\^?)([^{}]*)\}")
_NUMBER = re.compile(r"(\d+(?:\.\d)?)\.\.(\d+(?:\.\d)?)")


class Dice:
    """A source of choices, named by a text: the same name gives the same choices, on every machine."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)  # noqa: S311 - prose, not secrets

    def pick(self, pool: Sequence[T]) -> T:
        return pool[self.below(len(pool))]

    def below(self, limit: int) -> int:
        """0 <= n < limit."""
        return int(self._random.random() * limit)

    def between(self, low: int, high: int) -> int:
        """low <= n <= high."""
        return low + self.below(high - low + 1)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def some(self, pool: Sequence[T], count: int) -> list[T]:
        """`count` different members (all, if there are fewer), in the pool's order."""
        rest = list(range(len(pool)))
        while len(rest) > count:
            rest.pop(self.below(len(rest)))
        return [pool[n] for n in rest]


class Plot(msgspec.Struct, frozen=True):
    """One kind of story: `pools` of text by part, `slots` by name (`person`, `company`, `9..40`, `a / b`)."""

    name: str
    section: str
    tags: tuple[str, ...]
    pools: Mapping[str, tuple[str, ...]]
    slots: Mapping[str, str]


def load_plots(language: str) -> tuple[Plot, ...]:
    """The plots of "english" or "japanese", in order. Raises ValueError naming a line of no form."""
    source = resources.files("crawler.demo").joinpath("stories", f"{language}.txt").read_text("utf-8")
    plots: list[Plot] = []
    name, slots, pools = "", dict[str, str](), dict[str, list[str]]()

    def close() -> None:
        if name:
            tags = tuple(tag.strip() for tag in slots.pop("tags").split(","))
            kept = {part: tuple(texts) for part, texts in pools.items()}
            plots.append(Plot(name, slots.pop("section"), tags, kept, dict(slots)))

    for number, line in enumerate(source.splitlines(), 1):
        if line.startswith("== "):
            close()
            name, slots, pools = line[3:].strip(), {}, {}
        elif line and not line.startswith("#"):
            key, colon, value = line.partition(": ")
            if not colon or not name:
                raise ValueError(f"stories/{language}.txt:{number}: neither a plot nor a key with a value")
            if key in _POOLS:
                pools.setdefault(key, []).append(value)
            else:
                slots[key] = value
    close()
    return tuple(plots)


def fill_slots(plot: Plot, cast: Cast, dice: Dice, weekday: int, month: int) -> dict[str, str | Person]:
    """What the plot's slots stand for in a story of this weekday (0-6) and month (1-12)."""
    first = dice.below(len(cast.towns))
    second = (first + 1 + dice.below(len(cast.towns) - 1)) % len(cast.towns)
    slots: dict[str, str | Person] = {
        "town": cast.towns[first],
        "town2": cast.towns[second],
        "street": dice.pick(cast.streets),
        "river": dice.pick(cast.rivers),
        "day": cast.days[(weekday - 1) % 7],
        "nextday": cast.days[(weekday + dice.between(2, 5)) % 7],
        "month": cast.months[(month + dice.between(0, 2)) % 12],
        "month2": cast.months[(month - dice.between(3, 5)) % 12],
    }
    surnames = dice.below(len(cast.surnames))
    for name, kind in plot.slots.items():
        if kind == "person":
            # A step that shares no factor with the pool's size: no two in a story share a surname.
            surnames += 5
            slots[name] = cast.person(dice.chance(0.5), dice.below(1000), surnames)
        elif kind == "company":
            a, b = (cast.surnames[(surnames + step) % len(cast.surnames)] for step in (5, 10))
            surnames += 10
            slots[name] = dice.pick([f"{a} & {b}", f"{a} Brothers", f"{a} and Sons", f"{b} & Company"])
    for name, kind in plot.slots.items():
        if kind not in {"person", "company"}:
            slots[name] = expand("{" + kind + "}", slots, dice, thousands=not cast.surname_first)
    return slots


def expand(template: str, slots: dict[str, str | Person], dice: Dice, *, thousands: bool = True) -> str:
    """The template as text. Numbers and choices drawn on the way are kept in `slots`: they stay the same."""

    def fill(match: re.Match[str]) -> str:
        capital, spec = match.groups()
        name, _, attribute = spec.partition(".") if ".." not in spec else (spec, "", "")
        value = slots.get(spec) or slots.get(name)
        if value is None:
            value = slots[spec] = _draw(spec, dice, thousands)
        text = (
            (getattr(value, attribute) if attribute else value.full) if isinstance(value, Person) else value
        )
        return text[0].upper() + text[1:] if capital else text

    while (opened := _CHOICE.search(template)) is not None:
        wording = dice.pick(opened[1].split("|"))
        template = template[: opened.start()] + wording + template[opened.end() :]
    while _SLOT.search(template):
        template = _SLOT.sub(fill, template)
    return template


def _draw(spec: str, dice: Dice, thousands: bool) -> str:
    if " / " in spec:
        return dice.pick([option.strip() for option in spec.split(" / ")])
    span = _NUMBER.fullmatch(spec)
    if span is None:
        raise ValueError(f"{{{spec}}} is no slot of this plot")
    if "." in span[1]:
        low, high = (round(float(end) * 10) for end in span.groups())
        return f"{dice.between(low, high) / 10:.1f}"
    low, high = int(span[1]), int(span[2])
    number = dice.between(low, high)
    is_year = low >= 1500 and high <= 2030
    return f"{number:,}" if thousands and not is_year else str(number)
