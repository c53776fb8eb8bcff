"""Integer inference written out in Python's own whole numbers, one sum at a time (Jacob et al., 2018, Eq. 1-7)."""

import math
from fractions import Fraction

import numpy as np


def convolve(codes: np.ndarray, weight: np.ndarray, stride: int, padding: int, groups: int) -> np.ndarray:
    """Sums of products of whole numbers, codes (n, c, h, w) and weight (o, c / groups, k, k), in numpy's int64."""
    n, c, height, width = codes.shape
    outputs, inner, k, _ = weight.shape
    padded = np.zeros((n, c, height + 2 * padding, width + 2 * padding), dtype=np.int64)
    padded[:, :, padding : padding + height, padding : padding + width] = codes
    rows, cols = ((size + 2 * padding - k) // stride + 1 for size in (height, width))
    found = np.zeros((n, outputs, rows, cols), dtype=np.int64)
    for o in range(outputs):
        first = o // (outputs // groups) * inner
        for i in range(rows):
            for j in range(cols):
                window = padded[:, first : first + inner, i * stride : i * stride + k, j * stride : j * stride + k]
                found[:, o, i, j] = (window * weight[o]).sum((1, 2, 3))
    return found


def rescale(terms: list[tuple[int, float]], largest: float, bits: int = 30) -> int:
    """One whole number from integers times multipliers, each multiplier a whole number over a power of two that gives
    the largest of them `bits` bits; halves go up."""
    shift = min(62, max(1, bits - 1 - math.floor(math.log2(largest))))
    total = sum(integer * round(Fraction(factor) * 2**shift) for integer, factor in terms)
    return math.floor(Fraction(total, 2**shift) + Fraction(1, 2))


def rescale_all(parts: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """`rescale` of each entry of arrays (n, c, ...) with multipliers (c,) each."""
    found = np.zeros(parts[0][0].shape, dtype=np.int64)
    for index in np.ndindex(found.shape):
        factors = [float(factor[index[1] % len(factor)]) for _, factor in parts]
        found[index] = rescale([(int(x[index]), f) for (x, _), f in zip(parts, factors, strict=True)], max(factors))
    return found


def encode(values: np.ndarray, scale: float, low: int, high: int) -> np.ndarray:
    """The nearest whole numbers of values / scale from low to high; halves to even, as numpy rounds."""
    return np.clip(np.rint(values.astype(np.float64) / scale), low, high).astype(np.int64)
