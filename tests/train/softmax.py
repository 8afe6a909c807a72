"""Softmax regression by accelerated gradient, in numpy: convex, so the same data give the same weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Softmax", "fit_softmax"]

Array = NDArray[np.float32]


class Softmax(NamedTuple):
    """logits = x weights + biases, on the columns it was given; one column of weights a class."""

    weights: Array
    biases: Array

    def score(self, matrix: Array) -> NDArray[np.float64]:
        """Logits, one row a page, one column a class."""
        return np.asarray(matrix @ self.weights + self.biases, dtype=np.float64)


def fit_softmax(
    matrix: Array, labels: NDArray[np.intp], weight: NDArray[np.float64], ridge: float, rounds: int = 400
) -> Softmax:
    """Weighted cross-entropy over `labels` (0, 1, ...) with an L2 penalty of `ridge` on the weights alone."""
    rows, columns = matrix.shape
    x = np.hstack([matrix, np.ones((rows, 1), np.float32)])
    w = weight.astype(np.float32)[:, None]
    target = np.eye(int(labels.max()) + 1, dtype=np.float32)[labels]
    penalty = np.full((columns + 1, 1), ridge, np.float32)
    penalty[-1] = 0.0
    step = np.float32(1 / (0.5 * _largest(x * np.sqrt(w)) + ridge))
    now = before = np.zeros((columns + 1, target.shape[1]), np.float32)
    for number in range(rounds):
        ahead = now + np.float32(number / (number + 3)) * (now - before)
        z = x @ ahead
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        before, now = now, ahead - step * (x.T @ ((p - target) * w) + penalty * ahead)
    return Softmax(now[:-1], now[-1])


def _largest(x: Array) -> float:
    """The largest eigenvalue of x'x, by power iteration: what bounds the curvature of the loss."""
    vector = np.ones(x.shape[1], np.float32)
    for _ in range(30):
        vector = x.T @ (x @ vector)
        vector /= np.float32(np.linalg.norm(vector))
    return 1.05 * float(np.linalg.norm(x.T @ (x @ vector)))
