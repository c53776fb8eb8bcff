"""SparseGPT from its equations alone: float64, fresh inverses. Shares no line with the engine. Small layers only."""

import numpy as np

from .gptq import feed_back, nearest

Grid = tuple[np.ndarray, np.ndarray, int]
"""Scale and zero (rows, cols), and the bits."""


def prune_share(
    weight: np.ndarray, hessian: np.ndarray, sparsity: float, block: int, grid: Grid | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The weights and the kept mask; each block of columns loses the same share, chosen when the block is reached."""
    rows, cols = weight.shape
    current, kept = weight.copy(), np.ones((rows, cols), bool)
    for column in range(cols):
        if column % block == 0:
            stop = min(column + block, cols)
            score = _score(current, hessian, column, stop)
            lowest = np.argsort(score, axis=None, kind="stable")[: round(sparsity * score.size)]
            inside = np.ones(score.size, bool)
            inside[lowest] = False
            kept[:, column:stop] = inside.reshape(score.shape)
        _settle(current, kept, column, hessian, grid)
    return current, kept


def prune_pattern(
    weight: np.ndarray, hessian: np.ndarray, n: int, m: int, grid: Grid | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """The weights and the kept mask; each row loses n of each m consecutive columns, chosen when these are reached."""
    rows, cols = weight.shape
    current, kept = weight.copy(), np.ones((rows, cols), bool)
    for column in range(cols):
        if column % m == 0:
            lowest = np.argsort(_score(current, hessian, column, column + m), axis=1, kind="stable")[:, :n]
            np.put_along_axis(kept[:, column : column + m], lowest, False, axis=1)
        _settle(current, kept, column, hessian, grid)
    return current, kept


def _score(current: np.ndarray, hessian: np.ndarray, start: int, stop: int) -> np.ndarray:
    """w_j^2 / [H^-1]_jj for columns start .. stop - 1, each with the inverse over the columns from j on."""
    first = [np.linalg.inv(hessian[column:, column:])[0, 0] for column in range(start, stop)]
    return current[:, start:stop] ** 2 / np.array(first)


def _settle(current: np.ndarray, kept: np.ndarray, column: int, hessian: np.ndarray, grid: Grid | None) -> None:
    target = current[:, column].copy()
    if grid is not None:
        scale, zero, bits = grid
        target = nearest(target, scale[:, column], zero[:, column], bits)
    target = np.where(kept[:, column], target, 0.0)
    feed_back(current, target, list(range(column, current.shape[1])), hessian)
    current[:, column] = target
