"""A story: what a demo paper prints, before any page is made of it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import msgspec

from crawler.demo.cast import Cast
from crawler.demo.grammar import Dice, Plot, expand, fill_slots
from sites.article import Block

__all__ = ["Story", "slug", "write_story"]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """`published` is aware; `blocks` are the body without furniture; `dateline` opens the first one."""

    slug: str
    plot: str
    title: str
    deck: str
    section: str
    tags: tuple[str, ...]
    authors: tuple[str, ...]
    published: datetime
    modified: datetime | None
    dateline: str
    blocks: tuple[Block, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind == "paragraph")


def slug(text: str) -> str:
    """The title as a path segment: ASCII letters, digits and hyphens, at most 60 characters."""
    words = re.sub(r"[^a-z0-9]+", "-", text.lower().replace("'", "")).strip("-")
    return words if len(words) <= 60 else words[:60].rsplit("-", 1)[0]


def write_story(
    plot: Plot,
    asides: Plot,
    cast: Cast,
    dice: Dice,
    published: datetime,
    *,
    staff: tuple[str, ...],
    dateline: bool,
) -> Story:
    """One story of this plot, with some of the paragraphs that fit anywhere.

    `staff` are the paper's writers; one or two of them sign it. With `dateline`, the place opens the text.
    """
    latin = not cast.surname_first
    slots = fill_slots(plot, cast, dice, published.weekday(), published.month)
    around = fill_slots(asides, cast, dice, published.weekday(), published.month) | {
        name: slots[name]
        for name in ("town", "town2", "river", "street", "day", "nextday", "month", "month2")
    }

    def take(part: str, count: int) -> list[str]:
        texts = [expand(text, slots, dice, thousands=latin) for text in dice.some(plot.pools[part], count)]
        return [text[0].upper() + text[1:] for text in texts]

    title = take("title", 1)[0]
    lede = take("lede", 1)[0]
    town = slots["town"]
    assert isinstance(town, str)
    place = town if dateline else ""
    if place:
        lede = f"{place} — {lede}"
    what, quotes, back = take("what", 2), take("quote", 2), take("back", 1 + dice.below(2))
    aside = [
        expand(text, around, dice, thousands=latin)
        for text in dice.some(asides.pools["aside"], dice.between(2, 4))
    ]
    body = [lede, what[0], quotes[0], *what[1:], *aside[:1], *quotes[1:]]
    tail = [back[0], *aside[1:2], *back[1:], *aside[2:], *take("next", 1)]
    blocks = [Block("paragraph", text) for text in body]
    if "head" in plot.pools:
        blocks.append(Block("heading", take("head", 1)[0], level=2))
    blocks += [Block("paragraph", text) for text in tail]
    return Story(
        slug=slug(title),
        plot=plot.name,
        title=title,
        deck=take("deck", 1)[0],
        section=plot.section,
        tags=tuple(expand(tag, slots, dice, thousands=False) for tag in plot.tags),
        authors=tuple(dice.some(staff, 2 if dice.chance(0.25) else 1)),
        published=published,
        modified=published + timedelta(minutes=dice.between(20, 900)) if dice.chance(0.3) else None,
        dateline=place,
        blocks=tuple(blocks),
    )
