"""GPTQ from its equations alone: float64, every column with a fresh inverse of the Hessian of the columns not passed.

Shares no line with the engine. Small layers only: cols^4 operations.
"""

import numpy as np


def nearest(values: np.ndarray, scale: np.ndarray, zero: np.ndarray, bits: int) -> np.ndarray:
    return scale * (np.clip(np.rint(values / scale) + zero, 0, 2**bits - 1) - zero)


def round_columns(
    weight: np.ndarray,
    hessian: np.ndarray,
    scale: np.ndarray,
    zero: np.ndarray,
    bits: int,
    kept: np.ndarray,
    order: np.ndarray | None = None,
) -> np.ndarray:
    """All rows (rows, cols) on given grids (rows, cols), the columns in `order`; what is not kept goes to zero."""
    current, done = weight.copy(), np.zeros_like(weight)
    free = list(range(weight.shape[1])) if order is None else [int(column) for column in order]
    while free:
        column = free[0]
        rounded = nearest(current[:, column], scale[:, column], zero[:, column], bits)
        done[:, column] = np.where(kept[:, column], rounded, 0.0)
        feed_back(current, done[:, column], free, hessian)
        del free[0]
    return done


def round_groups(
    weight: np.ndarray, hessian: np.ndarray, bits: int, size: int, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows on min-max grids of `size` columns, each fitted when its first column comes; and the scales (rows, cols)."""
    current, done, scales = weight.copy(), np.zeros_like(weight), np.zeros_like(weight)
    free, scale, zero = list(range(weight.shape[1])), np.zeros(len(weight)), np.zeros(len(weight))
    while free:
        column = free[0]
        if column % size == 0:
            group = np.where(kept, current, 0.0)[:, column : column + size]
            low, high = np.minimum(group.min(1), 0), np.maximum(group.max(1), 0)
            scale = np.where(high > low, (high - low) / (2**bits - 1), 1.0)
            zero = np.rint(-low / scale)
        scales[:, column] = scale
        done[:, column] = np.where(kept[:, column], nearest(current[:, column], scale, zero, bits), 0.0)
        feed_back(current, done[:, column], free, hessian)
        del free[0]
    return done, scales


def feed_back(current: np.ndarray, target: np.ndarray, free: list[int], hessian: np.ndarray) -> None:
    """Move the first of the free columns to `target` (rows,), the others to where the output error is least."""
    inverse = np.linalg.inv(hessian[np.ix_(free, free)])
    error = (current[:, free[0]] - target) / inverse[0, 0]
    current[:, free] -= np.outer(error, inverse[0])
