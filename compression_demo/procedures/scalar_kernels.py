"""Compiled loops of the scalar quantizers."""

from __future__ import annotations

import numpy as np
from numba import njit

compiled = njit(cache=True, nogil=True, error_model="numpy")


@compiled
def split_best(sums: np.ndarray, count: int) -> np.ndarray:
    """Where the best `count` intervals of sorted weights end, (count,) int64 rising, the last at the end of all.

    sums: (3, weights + 1) float64, prefix sums of h, h w and h w^2. The best start of the last interval never moves
    left as more weights are taken in, so the weights between two known ones search between their starts.
    """
    size = sums.shape[1] - 1
    starts = np.zeros((count, size + 1), dtype=np.int64)
    before = np.empty(size + 1)
    for stop in range(size + 1):
        before[stop] = _spread(sums, 0, stop)
    lows, highs = np.empty(size + 2, dtype=np.int64), np.empty(size + 2, dtype=np.int64)
    froms, tills = np.empty(size + 2, dtype=np.int64), np.empty(size + 2, dtype=np.int64)
    for level in range(1, count):
        best = np.full(size + 1, np.inf)
        depth = 1
        lows[0], highs[0], froms[0], tills[0] = level + 1, size, level, size - 1
        while depth:
            depth -= 1
            low, high, begin, end = lows[depth], highs[depth], froms[depth], tills[depth]
            if low > high:
                continue
            middle = (low + high) // 2
            chosen = begin
            for start in range(begin, min(middle - 1, end) + 1):
                cost = before[start] + _spread(sums, start, middle)
                if cost < best[middle]:
                    best[middle], chosen = cost, start
            starts[level, middle] = chosen
            lows[depth], highs[depth], froms[depth], tills[depth] = low, middle - 1, begin, chosen
            depth += 1
            lows[depth], highs[depth], froms[depth], tills[depth] = middle + 1, high, chosen, end
            depth += 1
        before = best
    ends = np.empty(count, dtype=np.int64)
    stop = size
    for level in range(count - 1, -1, -1):
        ends[level] = stop
        stop = starts[level, stop]
    return ends


@compiled
def assign_at_price(
    values: np.ndarray, importance: np.ndarray, centres: np.ndarray, prices: np.ndarray
) -> tuple[np.ndarray, float]:
    """The code (weights,) int64 of least h (w - c)^2 + price for each weight, and the sum of these."""
    codes = np.empty(len(values), dtype=np.int64)
    total = 0.0
    for place in range(len(values)):
        least = np.inf
        for code in range(len(centres)):
            cost = importance[place] * (values[place] - centres[code]) ** 2 + prices[code]
            if cost < least:
                least = cost
                codes[place] = code
        total += least
    return codes, total


@compiled
def _spread(sums: np.ndarray, start: int, stop: int) -> float:
    """sum h (w - mean)^2 over the weights start .. stop - 1."""
    weight = sums[0, stop] - sums[0, start]
    if weight <= 0.0:
        return 0.0
    first = sums[1, stop] - sums[1, start]
    return max(0.0, sums[2, stop] - sums[2, start] - first * first / weight)


@compiled
def move_codes(weights: np.ndarray, hessian: np.ndarray, values: np.ndarray, codes: np.ndarray) -> int:
    """One pass over all weights, each given in place the value that makes (q - w)^T H (q - w) least while the others
    keep theirs; how many have moved."""
    slope = hessian @ (values[codes] - weights)
    moved = 0
    for place in range(len(weights)):
        bend = hessian[place, place]
        best, least = codes[place], -1e-12
        for code in range(len(values)):
            step = values[code] - values[codes[place]]
            change = 2.0 * step * slope[place] + step * step * bend
            if change < least:
                best, least = code, change
        if best != codes[place]:
            slope += (values[best] - values[codes[place]]) * hessian[place]
            codes[place] = best
            moved += 1
    return moved
