"""What stands around each unit, for whatever the model thinks of every unit: all of it linear but the shares.

near    the units just before and after, and the last heading above: taken as they are
reach   stretches before and after, the page, all before, all after: means weighted by words
groups  units of the same element, parent …, of the same make: means weighted by words
shares  how much of what the first channel likes on the page stands before, after, in the same groups
"""

from __future__ import annotations

import numpy as np

from sites.generic.features import F32, GROUPED, Raw

__all__ = ["SHARES", "SPREAD", "Around"]

_STEPS = np.array((-1, 1, -2, 2))
_REACH = np.array(((-4, 1, -12, 1), (0, 5, 0, 13)))
"""First row and row after the last of each stretch, counted from the unit."""
_MOST = 100
_HEADINGS = (3, 6)
SPREAD = len(_STEPS) + 1 + len(_REACH[0]) + 3 + len(GROUPED)
"""How many columns `spread` makes of one channel."""
SHARES = 3 + len(GROUPED)
"""How many columns `shares` makes."""


class Around:
    """Where everything stands on a page, or on several one after the other (`pages`: the first row of each)."""

    __slots__ = (
        "end",
        "groups",
        "high",
        "inverse",
        "low",
        "near",
        "order",
        "per_group",
        "start",
        "starts",
        "weights",
    )

    def __init__(self, raw: Raw, pages: tuple[int, ...] = (0,)) -> None:
        n = len(raw.numbers)
        rows = np.arange(n)
        bounds = np.array([*pages, n])
        sizes = bounds[1:] - bounds[:-1]
        start, end = bounds[:-1].repeat(sizes), bounds[1:].repeat(sizes)
        self.start, self.end = start, end
        self.weights = np.minimum(raw.numbers[:, 0], _MOST)[:, None]
        tag = raw.tags[:, 0]
        heading = (tag >= _HEADINGS[0]) & (tag <= _HEADINGS[1])
        last = np.maximum.accumulate(np.where(heading, rows, -1))
        near = np.empty((n, len(_STEPS) + 1), dtype=np.int64)
        near[:, :-1] = rows[:, None] + _STEPS
        near[:, -1] = np.where(last == rows, -1, last)
        near[(near < start[:, None]) | (near >= end[:, None])] = n
        self.near = near
        reach = np.minimum(np.maximum(rows[:, None, None] + _REACH, start[:, None, None]), end[:, None, None])
        edges = np.empty((n, 2, len(_REACH[0]) + 3), dtype=np.int64)
        edges[:, :, :-3] = reach
        for at, column in enumerate((start, start, rows + 1)):
            edges[:, 0, at - 3] = column
        for at, column in enumerate((end, rows, end)):
            edges[:, 1, at - 3] = column
        self.low, self.high = edges[:, 0], edges[:, 1]
        summed = np.zeros(n + 1)
        np.add.accumulate(self.weights[:, 0], out=summed[1:])
        weight = summed[self.high] - summed[self.low]
        weight[:, -2:] = weight[:, -3:-2]
        self.inverse = (1 / np.maximum(1, weight)).astype(np.float32)[:, :, None]
        self.groups = raw.groups
        flat = raw.groups.reshape(-1)
        order = flat.argsort(kind="stable")
        self.order = order // raw.groups.shape[1]
        counts = np.bincount(flat)
        self.starts = counts.cumsum() - counts
        inside = np.add.reduceat(self.weights[self.order, 0], self.starts)
        self.per_group = (1 / np.maximum(1, inside)).astype(np.float32)[:, None]

    def spread(self, said: F32) -> F32:
        """`said` is a row a unit, a column a channel; all channels of a place stand together in the answer."""
        n, channels = said.shape
        weighted = said * self.weights
        padded = np.zeros((n + 1, channels), dtype=np.float32)
        padded[:n] = said
        summed = np.zeros((n + 1, channels), dtype=np.float32)
        np.add.accumulate(weighted, out=summed[1:])
        sums = np.add.reduceat(weighted[self.order], self.starts)
        out = np.concatenate(
            [
                padded[self.near],
                (summed[self.high] - summed[self.low]) * self.inverse,
                (sums * self.per_group)[self.groups],
            ],
            axis=1,
        )
        return out.reshape(n, -1)

    def shares(self, liked: F32) -> F32:
        """`liked` is one number a unit: what part of all of it stands before, after, in each group; and how much there is."""
        mass = liked * self.weights[:, 0]
        summed = np.zeros(len(mass) + 1, dtype=np.float32)
        np.add.accumulate(mass, out=summed[1:])
        first, last = summed[self.start], summed[self.end]
        total = np.maximum(last - first, 1)
        sums = np.add.reduceat(mass[self.order], self.starts)
        out = np.empty((len(liked), SHARES), dtype=np.float32)
        out[:, 0] = (summed[:-1] - first) / total
        out[:, 1] = (last - summed[1:]) / total
        out[:, 2] = np.log(total)
        out[:, 3:] = sums[self.groups] / total[:, None]
        return out
