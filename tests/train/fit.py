"""Logistic regression by Newton's method, in numpy: convex, so the same data give the same weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Fitted", "fit", "sigmoid"]

Array = NDArray[np.float64]


class Fitted(NamedTuple):
    """Weights on standardised columns; `score` takes plain ones."""

    weights: Array
    bias: float
    mean: Array
    scale: Array

    def plain(self) -> tuple[Array, float]:
        """Weights and bias for columns as they are."""
        weights = self.weights / self.scale
        return weights, self.bias - float(weights @ self.mean)

    def score(self, matrix: NDArray[np.floating]) -> Array:
        """Logits."""
        weights, bias = self.plain()
        return np.asarray(matrix @ weights.astype(matrix.dtype), dtype=np.float64) + bias


def sigmoid(x: Array) -> Array:
    """1 / (1 + e^-x), without overflow."""
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))


def fit(
    matrix: NDArray[np.float32], target: Array, weight: Array, ridge: float, start: Fitted | None = None
) -> Fitted:
    """Weighted logistic regression with an L2 penalty of `ridge` on standardised columns (not on the bias)."""
    total = float(weight.sum())
    share = (weight / total).astype(np.float32)
    mean = (share @ matrix).astype(np.float64)
    scale = np.sqrt(np.maximum((share @ np.square(matrix)).astype(np.float64) - mean**2, 0)) + 1e-9
    scale[scale < 1e-3] = 1e9  # a column that never changes has nothing to say
    x = np.hstack(
        [(matrix - mean.astype(np.float32)) / scale.astype(np.float32), np.ones((len(matrix), 1), np.float32)]
    )
    size = x.shape[1]
    beta = np.zeros(size)
    if start is not None:
        plain, bias = start.plain()
        beta[:-1] = plain * scale
        beta[-1] = bias + float(plain @ mean)
        beta[:-1][scale > 1e8] = 0
    penalty = np.full(size, ridge)
    penalty[-1] = 0.0
    loss = _loss(x, target, weight, beta, penalty)
    for _ in range(25):
        p = sigmoid((x @ beta.astype(np.float32)).astype(np.float64))
        gradient = (x.T @ ((p - target) * weight).astype(np.float32)).astype(np.float64) + penalty * beta
        curve = np.sqrt(np.maximum(p * (1 - p), 1e-6) * weight).astype(np.float32)
        y = x * curve[:, None]
        hessian = (y.T @ y).astype(np.float64) + np.diag(penalty + 1e-6)
        step = np.linalg.solve(hessian, gradient)
        size_of_step = 1.0
        while size_of_step > 1e-3:
            trial = beta - size_of_step * step
            new = _loss(x, target, weight, trial, penalty)
            if new <= loss:
                break
            size_of_step /= 2
        if loss - new < 1e-5 * abs(loss):
            break
        beta, loss = trial, new
    return Fitted(beta[:-1], float(beta[-1]), mean, scale)


def _loss(x: NDArray[np.float32], target: Array, weight: Array, beta: Array, penalty: Array) -> float:
    z = (x @ beta.astype(np.float32)).astype(np.float64)
    return float((weight * (np.logaddexp(0, z) - target * z)).sum() + 0.5 * (penalty * beta**2).sum())
