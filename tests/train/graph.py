"""Train the body model's net by Adam on whole pages, in numpy, seeded: the same data give the same weights.

The gradient goes through `Around.told`, not through its shares. The first channel learns the units' aims too; the loss
counts units, and words by page: an article that is lost as a whole costs more than its units.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sites.generic.around import SHARES, SPREAD, Around
from sites.generic.counts import F32, Raw
from sites.generic.features import COLUMNS, LEXICAL
from sites.generic.model import Net, sigmoid

__all__ = ["NAMING", "Page", "fit_graph", "spread_back"]

_LEAST = np.float32(0.15)
"""The least a column is scaled by: a rare flag must not shout."""
_FAIR = np.float32(20)
"""Words added to either side of a page's overlap: a page of a few words must not decide."""
_AROUND = ("own", "parent", "grand", "any")
NAMING = np.array([
    number
    for number, name in enumerate(COLUMNS)
    if (name.partition(":")[0] in _AROUND and not name.endswith(">")) or (name in LEXICAL and name[:4] != "text")
])  # fmt: skip
"""The columns that tell what the names of classes say."""


class Page(NamedTuple):
    """What training sees of a page: the ground truth (`labels`, `weights`), and what each unit is to learn (`aims`,
    `cares`), which is the same but for what teachers say (tests/train/taught.py).
    """

    raw: Raw
    seen: F32
    labels: F32
    weights: F32
    aims: F32
    cares: F32


def spread_back(around: Around, gradient: F32) -> F32:
    """The gradient by `said` for one by what is `told` around: its transpose."""
    n = len(gradient)
    parts = gradient.reshape(n, SPREAD, -1)
    near, reach, groups = np.split(
        parts, [around.near.shape[1], around.near.shape[1] + around.low.shape[1]], axis=1
    )
    scaled = reach * around.inverse
    change = (_scatter(around.low, scaled, 2 * n + 2) - _scatter(around.high, scaled, 2 * n + 2))[n + 1 :]
    weighted = np.cumsum(change, axis=0)[:n]
    sums = _scatter(around.groups, groups, len(around.starts))
    weighted += (sums * around.per_group)[around.groups].sum(axis=1)
    result: F32 = _scatter(around.near, near, n + 1)[:n] + weighted * around.weights
    return result


def _scatter(rows: NDArray[np.int64], values: F32, count: int) -> F32:
    """The sums of `values`, whose last axis are channels, over those with the same of `count` row numbers."""
    channels = values.shape[-1]
    places = (rows.reshape(-1, 1) * channels + np.arange(channels)).reshape(-1)
    sums = np.bincount(places, weights=values.reshape(-1), minlength=count * channels)
    return sums.reshape(count, channels).astype(np.float32)


def _batch(pages: list[Page]) -> tuple[Around, NDArray[np.int64]]:
    """These pages one after the other, and the first row of each, and of what would follow."""
    starts = np.cumsum([0, *(len(page.raw.numbers) for page in pages)])
    groups, which, above, kinds = [], [], 0, 0
    for page in pages:
        groups.append(page.raw.groups + above)
        which.append(page.raw.which + kinds)
        above += int(page.raw.groups.max()) + 1
        kinds += len(page.raw.kinds)
    raw = pages[0].raw._replace(
        numbers=np.vstack([page.raw.numbers for page in pages]), groups=np.vstack(groups),
        which=np.concatenate(which), tags=np.vstack([page.raw.tags for page in pages]),
    )  # fmt: skip
    return Around(raw, tuple(starts[:-1].tolist())), starts


def fit_graph(
    pages: list[Page], *, hidden: int = 48, channels: int = 8, second: int = 32, epochs: int = 12, rate: float = 3e-3,
    decay: float = 0.02, drop: float = 0.4, drop_in: float = 0.25, mute: float = 0.35, side: float = 0.3,
    whole: float = 8.0, together: int = 8, slow: float = 0.99, seed: int = 1,
) -> Net:  # fmt: skip
    """Weighted cross-entropy with decoupled weight decay, dropout, and a rate that falls to nothing by a cosine.

    A share `mute` of the pages is seen as if no class said anything: names made by machines must do no harm.
    The net is the mean of its last states, each weighing `slow` times the next. `whole` is what the words in common
    of each page (1 - F1, of probabilities) weigh beside the units.
    """
    rng = np.random.default_rng(seed)
    weight = np.concatenate([page.weights for page in pages])
    share = (weight / weight.sum()).astype(np.float32)
    everything = np.vstack([page.seen for page in pages])
    mean = share @ everything
    scale = np.maximum(np.sqrt(np.maximum(share @ np.square(everything) - mean**2, 0)), _LEAST)
    del everything
    scaled = [(page.seen - mean) / scale for page in pages]
    silent = (-mean / scale)[NAMING]
    average = np.float32(weight.mean())

    def start(rows: int, columns: int, gain: float = 1.0) -> F32:
        return (rng.standard_normal((rows, columns)) * gain * np.sqrt(1 / rows)).astype(np.float32)

    p = [
        start(len(mean), hidden), np.zeros(hidden, np.float32), start(hidden, channels), np.zeros(channels, np.float32),
        start(hidden, second), start(channels, second), start(SPREAD * channels, second), start(SHARES, second),
        np.zeros(second, np.float32), start(second, 1), np.zeros(1, np.float32),
    ]  # fmt: skip
    first_moment, second_moment = [np.zeros_like(x) for x in p], [np.zeros_like(x) for x in p]
    means = [x.copy() for x in p]
    steps, step = epochs * ((len(pages) + together - 1) // together), 0
    for _ in range(epochs):
        order = rng.permutation(len(pages))
        for at in range(0, len(pages), together):
            chosen = order[at : at + together]
            around, starts = _batch([pages[number] for number in chosen])
            x = np.vstack([scaled[number] for number in chosen])
            y, w, aims, cares = (
                np.concatenate(part) for part in zip(*[pages[n][2:] for n in chosen], strict=True)
            )
            w /= average
            cares /= average
            for low, high in pairwise(starts.tolist()):
                if rng.random() < mute:
                    x[low:high, NAMING] = silent
            x *= _mask(rng, x.shape, drop_in)
            step += 1
            gradients = _gradients(p, around, x, y, w, aims, cares, rng, drop, side, whole)
            pace = rate * 0.5 * (1 + np.cos(np.pi * step / steps))
            keep = min(slow, step / (step + 10))
            for part, gradient, m, v, kept in zip(
                p, gradients, first_moment, second_moment, means, strict=True
            ):
                m += 0.1 * (gradient - m)
                v += 0.001 * (gradient * gradient - v)
                part -= pace * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
                if part.ndim == 2:
                    part -= pace * decay * part
                kept *= keep
                kept += (1 - keep) * part
    plain = means[0] / scale[:, None]
    return Net(plain.astype(np.float32), (means[1] - mean @ plain).astype(np.float32), *means[2:])


def _mask(rng: np.random.Generator, shape: tuple[int, ...], drop: float) -> F32:
    """Zero for a share `drop` of the places (in steps of 1/256), the rest so that the mean is one."""
    least = int(drop * 256)
    kept = rng.integers(0, 256, shape, dtype=np.uint8) >= least
    return kept * np.float32(256 / (256 - least))


def _common(around: Around, chance: F32, y: F32, w: F32) -> F32:
    """The gradient by `chance` of 1 - F1 over words, the mean over pages, each by how much of it is known."""
    page = np.cumsum(np.concatenate([[0], np.diff(around.start) > 0]))

    def of_page(values: F32) -> F32:
        return np.bincount(page, weights=values).astype(np.float32)

    words = around.weights[:, 0] * (w > 0)
    meant, known = of_page(words * y), of_page(w)
    share = (meant > 0) * known / max(1e-6, float(known.mean())) / len(meant)
    both, sizes = 2 * of_page(words * chance * y) + _FAIR, of_page(words * chance) + meant + _FAIR
    result: F32 = words * ((share * both / sizes**2)[page] - 2 * y * (share / sizes)[page])
    return result


def _gradients(
    p: list[F32],
    around: Around,
    x: F32,
    y: F32,
    w: F32,
    aims: F32,
    cares: F32,
    rng: np.random.Generator,
    drop: float,
    side: float,
    whole: float,
) -> list[NDArray[np.float32]]:
    first, b1, channel, bc, u1, u2, u3, u4, b2, out, bo = p
    h = np.maximum(x @ first + b1, 0)
    mask = _mask(rng, h.shape, drop)
    hd = h * mask
    said = sigmoid(hd @ channel + bc)
    spread, shares = around.told(said)
    g = np.maximum(hd @ u1 + said @ u2 + spread @ u3 + shares @ u4 + b2, 0)
    mask2 = _mask(rng, g.shape, drop)
    gd = g * mask2
    z = (gd @ out + bo)[:, 0]
    chance = sigmoid(z)
    dz = (chance - aims) * cares / len(y)
    dz += whole * _common(around, chance, y, w) * chance * (1 - chance)
    dz = dz.astype(np.float32)[:, None]
    dg = (dz @ out.T) * mask2 * (g > 0)
    dsaid = dg @ u2.T + spread_back(around, dg @ u3.T)
    dchannel = dsaid * said * (1 - said)
    dchannel[:, 0] += side * (said[:, 0] - aims) * cares / len(y)
    dh = (dg @ u1.T + dchannel @ channel.T) * mask * (h > 0)
    return [
        x.T @ dh, dh.sum(0), hd.T @ dchannel, dchannel.sum(0), hd.T @ dg, said.T @ dg, spread.T @ dg, shares.T @ dg,
        dg.sum(0), gd.T @ dz, dz.sum(0),
    ]  # fmt: skip
