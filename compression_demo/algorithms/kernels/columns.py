"""A block of columns fixed one after the other, for many rows at once: the inner loop of GPTQ and SparseGPT.

All rows go through the columns in the same order, so the weights lie column by column, (columns, rows): a step is the
same few operations on vectors over rows. Frantar et al., "GPTQ", 2022, Algorithm 1; Frantar and Alistarh, "SparseGPT",
2023, Algorithm 1.
"""

import numpy as np

from .plain import compiled


@compiled
def fix_columns(start, stop, first, last, current, factor, held, scale, zero, group, top):
    """Move columns first .. last - 1 of a block to their targets; the columns after them take up the errors.

    Works on rows start .. stop - 1, best as many as let a block of them stay in the cache, and touches no others.

    Args:
        current: (columns, rows), the block's weights, changed in place: those passed hold their targets.
        factor: (columns, columns), of U with H^-1 = U^T U, U upper triangular, the block on the diagonal.
        held: (columns, rows) bool, weights whose target is zero.
        scale, zero: (groups, rows) the grid, scale * (code - zero); the target of the others is its nearest value.
        group: (columns,), which of the groups a column is in.
        top: the highest code; -1 without a grid: the weights not held are their own targets.
    """
    kind = current.dtype.type
    lowest, highest = kind(0), kind(top)
    error = np.empty(stop - start, current.dtype)
    for j in range(first, last):
        g = group[j]
        pivot = factor[j, j]
        for r in range(start, stop):
            weight = current[j, r]
            target = weight
            if top >= 0:
                code = min(max(np.rint(weight / scale[g, r]) + zero[g, r], lowest), highest)
                target = scale[g, r] * (code - zero[g, r])
            if held[j, r]:
                target = lowest
            current[j, r] = target
            error[r - start] = (weight - target) / pivot
        for k in range(j + 1, len(current)):
            share = factor[j, k]
            for r in range(start, stop):
                current[k, r] -= share * error[r - start]


@compiled
def prune_pattern(start, stop, n, m, removed, current, factor, held, scale, zero, group, top):
    """As `fix_columns` for a whole block, with n of each m consecutive columns chosen for removal when they are reached.

    The lowest w_j^2 / U_jj^2 of a row go, held weights before all others, equals in the order of their columns.

    Args:
        n, m: 0 <= n <= m; m divides the columns of the block.
        removed: (columns, rows) bool, all False; filled with those chosen, exactly n of m.
        held: (columns, rows) bool, weights whose target is zero; those chosen are added.
    """
    for first in range(0, len(current), m):
        for r in range(start, stop):
            for _ in range(n):
                chosen, least = -1, np.inf
                for j in range(first, first + m):
                    if not removed[j, r]:
                        score = -1.0 if held[j, r] else (current[j, r] / factor[j, j]) ** 2
                        if chosen < 0 or score < least:
                            chosen, least = j, score
                removed[chosen, r] = True
            for j in range(first, first + m):
                held[j, r] |= removed[j, r]
        fix_columns(start, stop, first, first + m, current, factor, held, scale, zero, group, top)
