"""A small net (one hidden layer of rectifiers) by Adam, in numpy, seeded: the same data give the same weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Net", "fit_net"]

_LEAST = np.float32(0.15)
"""The least a column is scaled by: a rare flag must not shout."""
F32 = NDArray[np.float32]


class Net(NamedTuple):
    """logit = max(0, x w1 + b1) w2 + b2, on plain columns."""

    w1: F32
    b1: F32
    w2: F32
    b2: float

    def score(self, matrix: F32) -> NDArray[np.float64]:
        """Logits."""
        return np.asarray(np.maximum(matrix @ self.w1 + self.b1, 0) @ self.w2 + self.b2, dtype=np.float64)


def fit_net(
    matrix: F32, target: NDArray[np.float64], weight: NDArray[np.float64], *, hidden: int = 48, epochs: int = 14,
    rate: float = 2e-3, decay: float = 0.02, drop: float = 0.25, drop_in: float = 0.1, seed: int = 0, batch: int = 512,
) -> Net:  # fmt: skip
    """Weighted cross-entropy with decoupled weight decay, dropout, and a rate that falls to nothing by a cosine."""
    rng = np.random.default_rng(seed)
    share = (weight / weight.sum()).astype(np.float32)
    mean = share @ matrix
    scale = np.maximum(np.sqrt(np.maximum(share @ np.square(matrix) - mean**2, 0)), _LEAST)
    w1 = (rng.standard_normal((matrix.shape[1], hidden)) * np.sqrt(1 / matrix.shape[1])).astype(np.float32)
    w2 = (rng.standard_normal(hidden) * np.sqrt(1 / hidden)).astype(np.float32)
    b1, b2 = np.zeros(hidden, np.float32), np.zeros(1, np.float32)
    state = [w1, b1, w2, b2]
    first = [np.zeros_like(part) for part in state]
    second = [np.zeros_like(part) for part in state]
    rows = len(matrix)
    y, w = target.astype(np.float32), (weight / weight.mean()).astype(np.float32)
    steps, step = epochs * ((rows + batch - 1) // batch), 0
    for _ in range(epochs):
        order = rng.permutation(rows)
        for at in range(0, rows, batch):
            index = order[at : at + batch]
            x = (matrix[index] - mean) / scale
            if drop_in:
                x *= (rng.random(x.shape, np.float32) > drop_in) / np.float32(1 - drop_in)
            h = np.maximum(x @ w1 + b1, 0)
            mask = (rng.random(h.shape, np.float32) > drop) / np.float32(1 - drop)
            d = h * mask
            z = d @ w2 + b2[0]
            g = (1 / (1 + np.exp(-np.clip(z, -30, 30))) - y[index]) * w[index] / len(index)
            gh = np.outer(g, w2) * mask * (h > 0)
            gradients = [x.T @ gh, gh.sum(0), d.T @ g, np.array([g.sum()], np.float32)]
            step += 1
            pace = rate * 0.5 * (1 + np.cos(np.pi * step / steps))
            for part, gradient, m, v in zip(state, gradients, first, second, strict=True):
                m += 0.1 * (gradient - m)
                v += 0.001 * (gradient * gradient - v)
                part -= pace * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
                if part.ndim == 2:
                    part -= pace * decay * part
    plain = w1 / scale[:, None]
    return Net(plain.astype(np.float32), (b1 - mean @ plain).astype(np.float32), w2, float(b2[0]))
