"""Greedy Optimal Brain Surgeon from its equations alone: float64, every step with a fresh inverse of the sub-matrix.

Shares no line with the engine. Small layers only: a row costs cols^4 operations. `downdate` is the same elimination by
the one-step update of the paper's Lemma 1, cols^3 operations a row, for layers of real size.
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


def remove_greedily(
    row: np.ndarray, hessian: np.ndarray, n: int = 0, m: int = 0
) -> tuple[list[int], list[float], float]:
    """Order of removal, the loss of each step, and how near the nearest rival came (relative, over all steps).

    With m, n of each m consecutive columns go, and the others of a full group are no candidates any more.
    """
    weight, free = row.copy(), list(range(len(row)))
    order, losses, nearest = [], [], np.inf
    while free:
        open_ = [c for c in free if not m or sum(o // m == c // m for o in order) < n]
        if not open_:
            break
        inverse = np.linalg.inv(hessian[np.ix_(free, free)])
        scores = weight[free] ** 2 / np.diag(inverse)
        scores[~np.isin(free, open_)] = np.inf
        best = int(np.argmin(scores))
        if len(open_) > 1:
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
    row: np.ndarray, hessian: np.ndarray, kept: np.ndarray, scale: np.ndarray, zero: np.ndarray, bits: int
) -> np.ndarray:
    """OBQ of one row on a given grid: the rounded row. Outliers first, the farthest first; pruned weights stay zero."""

    scale, zero = np.broadcast_to(scale, row.shape), np.broadcast_to(zero, row.shape)

    def nearest(columns: list[int]) -> np.ndarray:
        s, z = scale[columns], zero[columns]
        return s * (np.clip(np.rint(weight[columns] / s) + z, 0, 2**bits - 1) - z)

    weight, free = np.where(kept, row, 0.0), [int(i) for i in np.flatnonzero(kept)]
    done = np.zeros_like(weight)
    while free:
        inverse = np.linalg.inv(hessian[np.ix_(free, free)])
        error = weight[free] - nearest(free)
        scores = error**2 / np.diag(inverse)
        outside = np.abs(error) > scale[free] * 0.50005
        if outside.any():
            scores = np.where(outside, -np.abs(error), np.inf)
        best = int(np.argmin(scores))
        done[free[best]] = nearest(free)[best]
        weight[free] -= error[best] / inverse[best, best] * inverse[:, best]
        del free[best]
    return done


def remove_blocks_greedily(row: np.ndarray, hessian: np.ndarray, block: int) -> tuple[list[int], list[float]]:
    """Order of removal of blocks of consecutive columns, and the loss of each step. Zeros stay zero, at no loss."""
    weight, free = row.copy(), np.flatnonzero(row)
    order: list[int] = sorted(set(range(len(row) // block)) - set(free // block))
    losses = [0.0] * len(order)
    while len(free):
        inverse = np.linalg.inv(hessian[np.ix_(free, free)])
        values, owner = weight[free], free // block
        members = [np.flatnonzero(owner == b) for b in np.unique(owner)]
        solved = [np.linalg.solve(inverse[np.ix_(own, own)], values[own]) for own in members]
        scores = [values[own] @ x for own, x in zip(members, solved, strict=True)]
        best = int(np.argmin(scores))
        order.append(int(owner[members[best][0]]))
        losses.append(float(scores[best]))
        weight[free] -= inverse[:, members[best]] @ solved[best]
        free = np.delete(free, members[best])
    return order, losses


def downdate(row: np.ndarray, inverse: np.ndarray, n: int = 0, m: int = 0) -> tuple[np.ndarray, np.ndarray, float]:
    """As `remove_greedily`, from the inverse Hessian: each step takes its column out of the inverse (Lemma 1)."""
    weight, left, room = row.copy(), inverse.copy(), np.full(len(row) // m if m else 1, n)
    open_ = np.ones(len(row), bool)
    order, losses, nearest = [], [], np.inf
    while open_.any():
        scores = np.where(open_, weight**2 / np.diag(left), np.inf)
        best = int(np.argmin(scores))
        if open_.sum() > 1:
            rival = np.partition(scores, 1)[1]
            nearest = min(nearest, (rival - scores[best]) / max(rival, 1e-300))
        order.append(best)
        losses.append(scores[best])
        column = left[:, best] / left[best, best]
        weight -= weight[best] * column
        left -= np.outer(column, left[best])
        weight[best], open_[best] = 0, False
        left[best], left[:, best], left[best, best] = 0, 0, 1
        if m:
            room[best // m] -= 1
            if not room[best // m]:
                open_[best // m * m : best // m * m + m] = False
    return np.array(order), np.array(losses), float(nearest)


def downdate_to_grid(row: np.ndarray, inverse: np.ndarray, scale: float, zero: float, bits: int) -> np.ndarray:
    """As `quantize_greedily` with nothing pruned, from the inverse Hessian, each step taking its column out of it."""
    weight, left = row.copy(), inverse.copy()
    open_, done = np.ones(len(row), bool), np.zeros(len(row))
    for _ in row:
        rounded = scale * (np.clip(np.rint(weight / scale) + zero, 0, 2**bits - 1) - zero)
        error = np.where(open_, weight - rounded, 0)
        outside = np.abs(error) > scale * 0.50005
        scores = np.where(outside, -np.abs(error), np.inf) if outside.any() else error**2 / np.diag(left)
        best = int(np.argmin(np.where(open_, scores, np.inf)))
        done[best] = rounded[best]
        column = left[:, best] / left[best, best]
        weight -= error[best] * column
        left -= np.outer(column, left[best])
        open_[best] = False
        left[best], left[:, best], left[best, best] = 0, 0, 1
    return done
