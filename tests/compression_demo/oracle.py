"""Greedy Optimal Brain Surgeon from its equations alone: float64, every step with a fresh inverse of the sub-matrix.

Shares no line with the engine. Small layers only: a row costs cols^4 operations.
"""

import numpy as np


def random_layer(rows: int, cols: int, seed: int = 0, inputs: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """A weight (rows, cols) and a correlated Hessian (cols, cols) of the given number of inputs."""
    random = np.random.default_rng(seed)
    samples = inputs or 4 * cols
    spectrum = 1 / np.sqrt(np.arange(1, cols + 1))
    mixing = np.linalg.qr(random.normal(size=(cols, cols)))[0]
    x = mixing @ (spectrum[:, None] * random.normal(size=(cols, samples)))
    return random.normal(size=(rows, cols)) * 0.05, x @ x.T


def damp(hessian: np.ndarray, damping: float) -> np.ndarray:
    return hessian + damping * np.mean(np.diag(hessian)) * np.eye(len(hessian))


def remove_greedily(row: np.ndarray, hessian: np.ndarray) -> tuple[list[int], list[float], float]:
    """Order of removal, the loss of each step, and how near the nearest rival came (relative, over all steps)."""
    weight, free = row.copy(), list(range(len(row)))
    order, losses, nearest = [], [], np.inf
    while free:
        inverse = np.linalg.inv(hessian[np.ix_(free, free)])
        scores = weight[free] ** 2 / np.diag(inverse)
        best = int(np.argmin(scores))
        if len(free) > 1:
            rival = np.partition(scores, 1)[1]
            nearest = min(nearest, (rival - scores[best]) / max(rival, 1e-300))
        order.append(free[best])
        losses.append(float(scores[best]))
        weight[free] -= weight[free[best]] / inverse[best, best] * inverse[:, best]
        weight[free[best]] = 0
        del free[best]
    return order, losses, nearest


def solve_on(row: np.ndarray, hessian: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The least-squares weights on `kept` by numpy's own solver."""
    solved = np.zeros_like(row)
    if kept.any():
        solved[kept] = np.linalg.solve(hessian[np.ix_(kept, kept)], (hessian @ row)[kept])
    return solved


def error_of(row: np.ndarray, reference: np.ndarray, hessian: np.ndarray) -> float:
    return float((row - reference) @ hessian @ (row - reference))


def quantize_greedily(
    row: np.ndarray, hessian: np.ndarray, kept: np.ndarray, scale: float, zero: int, bits: int
) -> np.ndarray:
    """OBQ of one row on a given grid: the rounded row. Outliers first, pruned weights at zero throughout."""

    def nearest(values: np.ndarray) -> np.ndarray:
        return scale * (np.clip(np.rint(values / scale) + zero, 0, 2**bits - 1) - zero)

    weight, free = np.where(kept, row, 0.0), [int(i) for i in np.flatnonzero(kept)]
    done = np.zeros_like(weight)
    while free:
        inverse = np.linalg.inv(hessian[np.ix_(free, free)])
        error = weight[free] - nearest(weight[free])
        scores = error**2 / np.diag(inverse)
        outside = np.abs(error) > scale * 0.50005
        if outside.any():
            scores = np.where(outside, scores, np.inf)
        best = int(np.argmin(scores))
        done[free[best]] = nearest(weight[free])[best]
        weight[free] -= error[best] / inverse[best, best] * inverse[:, best]
        del free[best]
    return done
