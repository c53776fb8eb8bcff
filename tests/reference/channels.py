"""Greedy removal of whole channels by its meaning alone: float64, each candidate refitted anew and its error measured."""

import numpy as np


def solve_on(weight: np.ndarray, hessian: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The least-squares weights of all rows on the columns `kept` (cols,)."""
    solved = np.zeros_like(weight)
    if kept.any():
        solved[:, kept] = np.linalg.solve(hessian[np.ix_(kept, kept)], hessian[kept] @ weight.T).T
    return solved


def remove_greedily(weight: np.ndarray, hessian: np.ndarray, channel: int) -> tuple[list[int], list[float]]:
    """The order of removal of channels of `channel` columns, and the layer's error after each removal."""
    cols = weight.shape[1]
    kept, order, errors = np.ones(cols, bool), [], []
    while kept.any():
        found = []
        for first in range(0, cols, channel):
            if kept[first]:
                tried = kept.copy()
                tried[first : first + channel] = False
                change = solve_on(weight, hessian, tried) - weight
                found.append((float(((change @ hessian) * change).sum()), first))
        error, first = min(found)
        kept[first : first + channel] = False
        order.append(first // channel)
        errors.append(error)
    return order, errors
