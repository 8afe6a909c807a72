"""What stands around each unit, for whatever the model thinks of every unit: all of it linear but the shares.

near    the units just before and after, and the last heading above: taken as they are
reach   stretches before and after, the page, all before, all after: means weighted by words
groups  units of the same element, parent …, of the same make: means weighted by words
shares  how much of what the first channel likes on the page stands before, after, in the same groups

All but the shares are rows of one table: what is said of each unit, nothing, the sums up to each unit, the means of groups.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np

from sites.generic.counts import F32, GROUPED, I64, TAGS, Raw

__all__ = ["SHARES", "SPREAD", "Around"]

_STEPS: Final = (-1, 1, -2, 2)
_ALL: Final = 1 << 40
_LOW: Final = np.array((-4, 1, -12, 1, -_ALL, -_ALL, 1))
_HIGH: Final = (0, 5, 0, 13, _ALL, 0, _ALL)
"""First row and row after the last of each stretch, counted from the unit; the last three are the page, all before, all after."""
_PAGE: Final = 4
_EARLIER: Final = 5
_NEAR: Final = 5
_GROUPS: Final = len(GROUPED)
_OFFSETS: Final = np.array((*_STEPS, 0, *_HIGH, *[0] * _GROUPS))
_MOST: Final = 100
_HEADING: Final = np.array([3 <= tag <= 6 for tag in range(len(TAGS))])
SPREAD = _NEAR + len(_HIGH) + _GROUPS
"""How many columns `told` makes of one channel."""
SHARES: Final = 3 + _GROUPS
"""How many columns of shares it makes."""
_SMALL: Final = 1 << 16


class Around:
    """Where everything stands on a page, or on several one after the other (`pages`: the first row of each).

    `places` are rows of the table of `told`, a row a unit: `near`, `high`, groups; `low` goes with `high`, `start` and
    `end` are those of the page. `order` are the units by group, `starts` where each group begins there.
    """

    __slots__ = (
        "end",
        "groups",
        "high",
        "inverse",
        "low",
        "near",
        "order",
        "per_group",
        "places",
        "start",
        "starts",
        "weights",
    )

    def __init__(self, raw: Raw, pages: tuple[int, ...] = (0,)) -> None:
        n = len(raw.numbers)
        rows = np.arange(n)
        places, low = rows[:, None] + _OFFSETS, rows[:, None] + _LOW
        near, high = places[:, :_NEAR], places[:, _NEAR:-_GROUPS]
        last = np.maximum.accumulate(np.where(_HEADING[raw.tags[:, 0]][raw.which], rows, -1))
        near[:, -1] = np.where(last == rows, -1, last)
        for start, end in pairwise((*pages, n)):
            _within(near[start:end], low[start:end], high[start:end], start, end, n)
        weights = np.minimum(raw.numbers[:, 0], _MOST)
        summed = np.zeros(n + 1, dtype=np.float32)
        np.add.accumulate(weights, out=summed[1:])
        weight = summed.take(high) - summed.take(low)
        weight[:, _EARLIER:] = weight[:, _PAGE : _PAGE + 1]
        self.inverse = (1 / np.maximum(1, weight))[:, :, None]
        self.weights = weights[:, None]
        low += n + 1
        high += n + 1
        places[:, -_GROUPS:] = raw.groups + (2 * n + 2)
        self.places, self.low, self.high = places, low, high
        self.start, self.end = low[:, _PAGE], high[:, _PAGE]
        self.near, self.groups = near, raw.groups
        flat = raw.groups.reshape(-1)
        counts = np.bincount(flat)
        small = flat.astype(np.uint16) if len(counts) < _SMALL else flat  # these sort quicker
        self.order = small.argsort(kind="stable") // _GROUPS
        self.starts = counts.cumsum() - counts
        inside = np.bincount(flat, weights.repeat(_GROUPS))
        self.per_group = (1 / np.maximum(1, inside)).astype(np.float32)[:, None]

    def told(self, said: F32) -> tuple[F32, F32]:
        """`said` is a row a unit, a column a channel. What is around, all channels of a place together; and of the first
        channel what part of all of it stands before, after, in each group, and how much there is.
        """
        n, channels = said.shape
        weighted = said * self.weights
        table = np.zeros((2 * n + 2 + len(self.starts), channels), dtype=np.float32)
        table[:n] = said
        summed, sums = table[n + 1 : 2 * n + 2], table[2 * n + 2 :]
        np.add.accumulate(weighted, out=summed[1:])
        np.add.reduceat(weighted.take(self.order, axis=0), self.starts, out=sums)
        shares = np.empty((n, SHARES), dtype=np.float32)
        mass = table[:, 0]
        first, last = mass.take(self.start), mass.take(self.end)
        mass = summed[:, 0]
        total = np.maximum(last - first, 1)
        np.divide(mass[:-1] - first, total, out=shares[:, 0])
        np.divide(last - mass[1:], total, out=shares[:, 1])
        np.log(total, out=shares[:, 2])
        np.divide(sums[:, 0].take(self.groups), total[:, None], out=shares[:, 3:])
        sums *= self.per_group
        spread = table.take(self.places, axis=0)
        reach = spread[:, _NEAR:-_GROUPS]
        reach -= table.take(self.low, axis=0)
        reach *= self.inverse
        return spread.reshape(n, -1), shares


def _within(near: I64, low: I64, high: I64, start: int, end: int, nothing: int) -> None:
    """Keep one page's rows within it: what is near and beyond is `nothing`, a stretch ends with the page."""
    for column, step in enumerate(_STEPS):
        if step < 0:
            near[:-step, column] = nothing
        else:
            near[max(0, end - start - step) :, column] = nothing
    above = near[:, -1]
    above[above < start] = nothing
    np.maximum(low, start, out=low)
    np.minimum(high, end, out=high)
