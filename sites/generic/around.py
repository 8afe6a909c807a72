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

_STEPS = (-1, 1, -2, 2)
_REACH = ((-4, 0), (1, 5), (-12, 0), (1, 13))
_MOST = 100
_HEADINGS = (3, 6)
SPREAD = len(_STEPS) + 1 + len(_REACH) + 3 + len(GROUPED)
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
        which = np.zeros(n, dtype=np.int64)
        which[list(pages[1:])] = 1
        which = np.cumsum(which)
        bounds = np.array([*pages, n])
        start, end = bounds[which], bounds[which + 1]
        self.start, self.end = start, end
        self.weights = np.minimum(raw.numbers[:, 0], _MOST)[:, None]
        tag = raw.tags[:, 0]
        heading = (tag >= _HEADINGS[0]) & (tag <= _HEADINGS[1])
        last = np.maximum.accumulate(np.where(heading, rows, -1))
        near = np.stack([*(rows + step for step in _STEPS), np.where(last == rows, -1, last)], axis=1)
        self.near = np.where((near < start[:, None]) | (near >= end[:, None]), n, near)
        self.low = np.stack(
            [*(np.maximum(start, rows + low) for low, _ in _REACH), start, start, rows + 1], axis=1
        )
        self.high = np.stack([*(np.minimum(end, rows + high) for _, high in _REACH), end, rows, end], axis=1)
        self.low[:, :4] = np.minimum(self.low[:, :4], end[:, None])
        self.high[:, :4] = np.maximum(self.high[:, :4], start[:, None])
        summed = np.concatenate([[0.0], np.cumsum(self.weights[:, 0])])
        weight = summed[self.high] - summed[self.low]
        weight[:, -2:] = weight[:, -3:-2]
        self.inverse = (1 / np.maximum(1, weight)).astype(np.float32)[:, :, None]
        self.groups = raw.groups
        flat = raw.groups.reshape(-1)
        order = np.argsort(flat, kind="stable")
        self.order = order // raw.groups.shape[1]
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(flat))[:-1]])
        inside = np.add.reduceat(self.weights[self.order, 0], self.starts)
        self.per_group = (1 / np.maximum(1, inside)).astype(np.float32)[:, None]

    def spread(self, said: F32) -> F32:
        """`said` is a row a unit, a column a channel; all channels of a place stand together in the answer."""
        n, channels = said.shape
        weighted = said * self.weights
        padded = np.zeros((n + 1, channels), dtype=np.float32)
        padded[:n] = said
        summed = np.zeros((n + 1, channels), dtype=np.float32)
        np.cumsum(weighted, axis=0, out=summed[1:])
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
        summed = np.concatenate([[np.float32(0)], np.cumsum(mass)])
        first, last = summed[self.start], summed[self.end]
        total = np.maximum(last - first, 1)
        sums = np.add.reduceat(mass[self.order], self.starts)
        out = np.empty((len(liked), SHARES), dtype=np.float32)
        out[:, 0] = (summed[:-1] - first) / total
        out[:, 1] = (last - summed[1:]) / total
        out[:, 2] = np.log(total)
        out[:, 3:] = sums[self.groups] / total[:, None]
        return out
