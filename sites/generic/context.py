"""The second look: what the first stage thought of a unit's neighbours, kin, and of the page as a whole.

first-stage logits ──▶ neighbours, windows, groups, the container of most good text, distance to it ──▶ columns
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sites.generic.features import F32, TAGS, Raw, groups_of, shift
from sites.generic.survey import Frame

__all__ = ["context", "serials"]

_FAR = 99
_STEPS = 12


def serials(frame: Frame) -> list[int]:
    """The serials of a frame and its ancestors, itself first, at most thirteen."""
    out = []
    at: Frame | None = frame
    while at is not None and len(out) <= _STEPS:
        out.append(at.serial)
        at = at.parent
    return out


def context(raw: Raw, paths: list[list[int]], logits: F32) -> F32:
    """One row a unit; `paths` are the units' `serials`, `logits` the first stage's."""
    c, n = raw.columns, raw.count
    z = np.clip(logits, -12, 12)
    p = 1 / (1 + np.exp(-z))
    words, linked, tag = c["words"], c["linked"], c["tag"].astype(np.int64)
    weight = np.minimum(words, 100)
    mass = p * weight
    total = max(1.0, float(mass.sum()))
    rows = np.arange(n)
    long = words > 12
    top = np.float32(np.sort(z[long])[int(0.9 * (int(long.sum()) - 1))] if long.any() else 0.0)
    ahead, back = shift(p, 1), shift(p, -1)
    logw = np.log1p(words)
    out: list[F32] = [
        z - top, 1 / (1 + np.exp(-np.clip(z - top + 1, -12, 12))), np.full(n, top), z, p, np.abs(z) * z / 4,
        ahead, back, shift(p, 2), shift(p, -2), shift(p, 3), shift(p, -3), shift(p * logw, 1), shift(p * logw, -1),
        ahead * back, np.maximum(ahead, back), np.minimum(ahead, back),
    ]  # fmt: skip
    masses = np.concatenate([[0], np.cumsum(mass)])
    weights = np.concatenate([[0], np.cumsum(weight)])

    def share(low: NDArray[np.int64], high: NDArray[np.int64]) -> F32:
        found: F32 = (masses[high] - masses[low]) / np.maximum(1, weights[high] - weights[low])
        return found

    for reach in (3, 8, 20):
        low, high = np.maximum(0, rows - reach), np.minimum(n, rows + reach + 1)
        out.append((masses[high] - masses[low] - mass) / np.maximum(1, weights[high] - weights[low] - weight))
    for reach in (4, 12):
        out += [share(np.maximum(0, rows - reach), rows), share(rows + 1, np.minimum(n, rows + reach + 1))]
    before, after = masses[:-1] / total, 1 - masses[1:] / total
    out += [before, after, before * after, before < 0.02, after < 0.02]
    for group in (groups_of(c["parent"]), groups_of(c["grand"]), raw.signature, groups_of(c["frame"])):
        inside, count = np.bincount(group, mass)[group], np.bincount(group)[group]
        out += [
            (inside - mass) / np.maximum(1, np.bincount(group, weight)[group] - weight), inside / total,
            (np.bincount(group, p)[group] - p) / np.maximum(1, count - 1), np.log1p(count),
        ]  # fmt: skip
    half, most, share1, share3 = _containers(p, mass, paths)
    out += [half / 4, half <= 1, half <= 3, most / 4, most <= 1, most <= 3, share1, share3]
    ahead_by, back_by, between = _distances(rows, np.flatnonzero((p > 0.5) & (words > 15)))
    out += [
        np.log1p(ahead_by), np.log1p(back_by), (ahead_by < 50) & (back_by < 50), np.log1p(np.minimum(ahead_by, back_by)),
        between, ahead_by > 50, back_by > 50,
    ]  # fmt: skip
    heading = (tag >= 3) & (tag <= 6)
    last = np.maximum.accumulate(np.where(heading, rows, -1))
    under = np.where(last >= 0, p[last], 0.5)
    short = words < 8
    out += [
        under, np.minimum(rows - last, 30) / 10, (1 - under) * (last >= 0), short * between, short * ahead * back,
        linked * between, linked * p, (linked > 0.5) * between, c["before_h1"] * p, (words > 30) * (1 - between),
        (words > 30) * c["end_stop"] * (half <= 1), heading * ahead, heading * (ahead < 0.3), heading * shift(p, 2),
        np.full(n, np.log(total)), np.full(n, total / max(1.0, float(weight.sum()))),
    ]  # fmt: skip
    plain = np.empty((n, len(out) + len(TAGS)), dtype=np.float32)
    for number, column in enumerate(out):
        plain[:, number] = column
    plain[:, len(out) :] = 0
    plain[rows, len(out) + tag] = between
    return plain


def _containers(p: F32, mass: F32, paths: list[list[int]]) -> tuple[F32, F32, F32, F32]:
    """Steps up to the frame with half, and with nine tenths of the good text; the share of it one and three up."""
    inside: dict[int, float] = {}
    total = 1e-9
    for at in np.flatnonzero(p > 0.5).tolist():
        value = float(mass[at])
        total += value
        for serial in paths[at]:
            inside[serial] = inside.get(serial, 0.0) + value
    known: dict[int, tuple[int, int, float, float]] = {}
    found = []
    for path in paths:
        answer = known.get(path[0])
        if answer is None:
            half = most = _STEPS
            for step, serial in enumerate(path):
                part = inside.get(serial, 0.0) / total
                if part >= 0.5 and half == _STEPS:
                    half = step
                if part >= 0.9:
                    most = step
                    break
            last = len(path) - 1
            answer = known[path[0]] = (
                half, most, inside.get(path[min(1, last)], 0.0) / total, inside.get(path[min(3, last)], 0.0) / total
            )  # fmt: skip
        found.append(answer)
    half_, most_, one, three = np.array(found, dtype=np.float32).T
    return half_, most_, one, three


def _distances(rows: NDArray[np.int64], good: NDArray[np.int64]) -> tuple[F32, F32, F32]:
    """Units to the next and from the last long good one, and whether a unit stands between the first and last."""
    if not len(good):
        far = np.full(len(rows), _FAR, dtype=np.float32)
        return far, far, np.zeros(len(rows), dtype=np.float32)
    after = np.searchsorted(good, rows, side="left")
    before = np.searchsorted(good, rows, side="right") - 1
    ahead = np.where(after < len(good), good[np.minimum(after, len(good) - 1)] - rows, _FAR)
    back = np.where(before >= 0, rows - good[np.maximum(before, 0)], _FAR)
    between = (rows >= good[0]) & (rows <= good[-1])
    return ahead.astype(np.float32), back.astype(np.float32), between.astype(np.float32)
