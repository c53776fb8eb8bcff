"""The row kernels in plain Numba: one row after the other, each an own pivoted Cholesky factorisation.

Removing the columns p1, p2, ... of a row from the inverse Hessian G one by one is a Cholesky factorisation of G with
these pivots: after t steps the inverse of what is left is G - L^T L, L (t, cols) holding one factor row a step. So no
matrix is updated at each step: the pivot's column is G[:, p] - L^T L[:, p], and only every PANEL steps are the columns
that are gone dropped and the steps pending applied to the lower triangle of what is left, as one matrix product.

Equations: Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022, Eqs. 3 and 4 (weights), 7 (grids), 5 (blocks).
"""

import numpy as np
from numba import njit

PANEL = 64
"""Steps between two rounds of dropping columns and applying the steps pending."""
FREE, GONE, FIRST = 0, 1, 2
"""States of a column: still to go; gone; still to go, and before all that are FREE."""

HALF_STEP = 0.50005
"""Half a step of a grid, with room for rounding: what lies farther from its grid is an outlier."""
ROUNDING = 5e-7
"""The share of a weight that float32 may lose when it is divided into steps."""
NOT_FINITE = "a cost is not a finite number"

# Compiled code may fuse multiply and add, and ignore the sign of zero; no other liberty with floating point.
compiled = njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract", "nsz"})


@compiled
def eliminate_rows(
    start, stop, weight, fixed, inverse, n, m, scale, zero, group_size, top, order, loss, codes, multipliers
):  # fmt: skip
    """Move the columns of each row to their targets (zero, or the nearest value of a grid), the cheapest first.

    The cost of column p is e_p^2 / G_pp, e_p its distance to the target; the other columns change by
    -e_p / G_pp G[:, p]. Equal costs go to the lowest column. Columns more than half a step away from their grid
    (outliers) go first, the farthest of them.

    Args:
        weight: (rows, cols).
        fixed: (rows, cols) bool, columns that are zero and stay so: they go before all others.
        inverse: (groups, cols, >= cols), the inverse Hessians; a row's is that of its part of the rows.
        n, m: n of each m consecutive columns go, after which the rest of the group is left alone; m = 0: all go.
        scale, zero: (rows, scales) the grid, scale * (code - zero), column c with its c // group_size-th scale.
        top: the highest code; -1 without a grid: targets are zero, and `codes` is left alone.
        order: (rows, steps) int32, filled with the columns as they go (of each group the first n).
        loss: (rows, steps), filled with the squared output error that each step adds.
        codes: (rows, cols) int32, filled with the codes of the grid.
        multipliers: (rows, cols), filled with z of G_RR z = w_R, R the columns that went, and zero elsewhere, so that
            the others end at w - G z, also those left alone early. Nothing may be fixed then. (0, cols): left out.
    """
    rows, cols = weight.shape
    kind = weight.dtype.type
    solving = len(multipliers) > 0
    history = np.empty((order.shape[1] if solving else 0, cols), weight.dtype)  # all factor rows, by column
    shares, roots = np.empty(len(history), weight.dtype), np.empty(len(history), weight.dtype)
    moved = np.empty(cols, weight.dtype)  # the row's weights as the steps so far have left them
    variance = np.empty(cols, weight.dtype)  # the diagonal of what is left of the inverse
    state = np.empty(cols, np.int8)
    column = np.empty(cols, np.int64)  # the column that a slot stands for; slots are those not dropped yet
    left = np.empty((cols, cols), weight.dtype)  # lower triangle of what is left of the inverse
    factor = np.empty((PANEL, cols), weight.dtype)
    taken = np.zeros(max(1, cols // m) if m else 1, np.int64)
    for r in range(start, stop):
        source = inverse[r // (rows // len(inverse))]
        for q in range(cols):
            moved[q] = weight[r, q]
            variance[q] = source[q, q]
            state[q] = FIRST if fixed[r, q] else FREE
            column[q] = q
        taken[:] = 0
        slots, pending, compacted, step = cols, 0, False, 0
        while step < order.shape[1]:
            p = _pick(slots, moved, variance, state, column, scale[r], zero[r], group_size, top)
            c = column[p]
            error = moved[p]
            if top >= 0:
                code = _encode(moved[p], scale[r, c // group_size], zero[r, c // group_size], top)
                codes[r, c] = code
                error = moved[p] - scale[r, c // group_size] * (code - zero[r, c // group_size])
            group = c // m if m else 0
            taken[group] += 1
            if not m or taken[group] <= n:
                order[r, step] = c
                loss[r, step] = error * error / variance[p]
                step += 1
            state[p] = GONE
            if m and taken[group] == n:
                for q in range(slots):
                    if column[q] // m == group and state[q] == FREE:
                        state[q] = GONE
            row = factor[pending]
            _read_column(p, slots, left if compacted else source, compacted, factor, pending, row)
            root = kind(1) / np.sqrt(variance[p])
            for q in range(slots):
                row[q] *= root
                moved[q] -= row[q] * error * root
                variance[q] -= row[q] * row[q]
                if solving:
                    history[step - 1, column[q]] = row[q]
            if solving:
                shares[step - 1], roots[step - 1] = error * root, root
            pending += 1
            if pending == PANEL:
                slots = _compact(slots, pending, source, left, compacted, factor, moved, variance, state, column)
                pending, compacted = 0, True
        if solving:
            multipliers[r] = 0
            _go_back(order[r], history, shares, roots, multipliers[r])


@compiled
def _go_back(order, history, shares, roots, multipliers):
    """Solve L^T z = y for the columns that went, z into `multipliers`; column t of L is the factor row of step t."""
    for t in range(len(order) - 1, -1, -1):
        rest = shares[t]
        for later in order[t + 1 :]:
            rest -= history[t, later] * multipliers[later]
        multipliers[order[t]] = rest * roots[t]


@compiled
def _encode(value, scale, zero, top):
    """The nearest code, halves to even."""
    return min(max(np.rint(value / scale) + zero, 0), top)


@compiled
def _pick(slots, moved, variance, state, column, scale, zero, group_size, top):
    """The slot that goes next."""
    kind = moved.dtype.type
    best, farthest = -1, -1
    least_cost = most_error = kind(0)
    for q in range(slots):
        if state[q] == FIRST:
            return q
        if state[q] == FREE:
            error = moved[q]
            if top >= 0:
                s, z = scale[column[q] // group_size], zero[column[q] // group_size]
                error = moved[q] - s * (_encode(moved[q], s, z, top) - z)
                excess = abs(error) - s * kind(HALF_STEP) - abs(moved[q]) * kind(ROUNDING)
                if excess > 0 and (farthest < 0 or abs(error) > most_error):
                    farthest, most_error = q, abs(error)
            cost = error * error / variance[q]
            if best < 0 or cost < least_cost:
                best, least_cost = q, cost
    chosen = farthest if farthest >= 0 else best
    if chosen < 0 or not np.isfinite(least_cost):
        raise ArithmeticError(NOT_FINITE)
    return chosen


@compiled
def _read_column(p, slots, matrix, lower, factor, pending, row):
    """row[:slots] = column p of the inverse as the pending steps have left it."""
    for q in range(slots):
        row[q] = matrix[p, q] if not lower or q <= p else matrix[q, p]
    _subtract_products(row[:slots], factor, factor[:, p], pending)


@compiled
def _subtract_products(target, factor, coefficients, pending):
    """target -= sum over the pending t of coefficients[t] * factor[t], on the length of target; four t at a time."""
    size = len(target)
    t = 0
    while t + 4 <= pending:
        a, b, c, d = coefficients[t], coefficients[t + 1], coefficients[t + 2], coefficients[t + 3]
        first, second, third, fourth = factor[t], factor[t + 1], factor[t + 2], factor[t + 3]
        for q in range(size):
            target[q] -= (a * first[q] + b * second[q]) + (c * third[q] + d * fourth[q])
        t += 4
    for rest in range(t, pending):
        coefficient, row = coefficients[rest], factor[rest]
        for q in range(size):
            target[q] -= coefficient * row[q]


@compiled
def _compact(slots, pending, source, left, compacted, factor, moved, variance, state, column):
    """Drop the columns that are gone, in order, and apply the pending steps to the triangle; returns the slots left."""
    kept = np.flatnonzero(state[:slots] != GONE)
    matrix = left if compacted else source
    for i in range(len(kept)):
        # Ascending, so that nothing is overwritten before it is read: i <= kept[i].
        q = kept[i]
        moved[i], variance[i], state[i], column[i] = moved[q], variance[q], state[q], column[q]
        for t in range(pending):
            factor[t, i] = factor[t, q]
        for j in range(i + 1):
            left[i, j] = matrix[q, kept[j]]
    for i in range(len(kept)):
        _subtract_products(left[i, : i + 1], factor, factor[:, i], pending)
    return len(kept)


@compiled
def eliminate_blocks(start, stop, weight, inverse, block, order, loss):
    """Remove blocks of `block` consecutive columns of each row, the cheapest first, to the end.

    The cost of block B is w_B (G_BB)^-1 w_B; the other columns change by -G_:B (G_BB)^-1 w_B. Removing the columns of
    B one after the other does just that, so that only the choice differs from single columns. Equal costs go to the
    lowest block. Cost: cols^3 / 3 + cols^2 * block operations a row.

    Args:
        weight: (rows, cols), cols a multiple of block.
        inverse: as in `eliminate_rows`.
        order: (rows, cols / block) int32, filled with the blocks as they go.
        loss: (rows, cols / block), filled with the squared output error that each adds.
    """
    rows, cols = weight.shape
    kind = weight.dtype.type
    moved, variance = np.empty(cols, weight.dtype), np.empty(cols, weight.dtype)
    state = np.empty(cols, np.int8)
    column = np.empty(cols, np.int64)
    left = np.empty((cols, cols), weight.dtype)
    factor = np.empty((PANEL + block, cols), weight.dtype)
    # What is left of G_BB for each block, a row of it for each slot.
    own = np.empty((cols, block), weight.dtype)
    for r in range(start, stop):
        source = inverse[r // (rows // len(inverse))]
        for q in range(cols):
            moved[q] = weight[r, q]
            variance[q] = source[q, q]
            state[q] = FREE
            column[q] = q
            own[q] = source[q, q - q % block : q - q % block + block]
        slots, pending, compacted = cols, 0, False
        for step in range(cols // block):
            chosen, cost = _pick_block(slots, block, moved, own, state)
            order[r, step] = column[chosen] // block
            loss[r, step] = cost
            for p in range(chosen, chosen + block):
                state[p] = GONE
                row = factor[pending]
                _read_column(p, slots, left if compacted else source, compacted, factor, pending, row)
                root = kind(1) / np.sqrt(variance[p])
                value = moved[p] * root
                for q in range(slots):
                    row[q] *= root
                    moved[q] -= row[q] * value
                    variance[q] -= row[q] * row[q]
                for q in range(slots):
                    for i in range(block):
                        own[q, i] -= row[q] * row[q - q % block + i]
                pending += 1
            # Between blocks only, so that blocks stay whole.
            if pending >= PANEL:
                kept = 0
                for q in range(slots):
                    if state[q] != GONE:
                        own[kept] = own[q]
                        kept += 1
                slots = _compact(slots, pending, source, left, compacted, factor, moved, variance, state, column)
                pending, compacted = 0, True


@compiled
def _pick_block(slots, block, moved, own, state):
    """The first slot of the cheapest block, and its cost: |C^-1 w|^2 with C C^T = G_BB."""
    kind = moved.dtype.type
    root = np.empty((block, block), moved.dtype)
    solved = np.empty(block, moved.dtype)
    chosen, least_cost = -1, kind(0)
    for first in range(0, slots, block):
        if state[first] == GONE:
            continue
        cost = kind(0)
        for i in range(block):
            rest = moved[first + i]
            for j in range(i):
                entry = own[first + i, j]
                for k in range(j):
                    entry -= root[i, k] * root[j, k]
                root[i, j] = entry / root[j, j]
                rest -= root[i, j] * solved[j]
            pivot = own[first + i, i]
            for k in range(i):
                pivot -= root[i, k] * root[i, k]
            root[i, i] = np.sqrt(pivot)
            solved[i] = rest / root[i, i]
            cost += solved[i] * solved[i]
        if chosen < 0 or cost < least_cost:
            chosen, least_cost = first, cost
    if not np.isfinite(least_cost):
        raise ArithmeticError(NOT_FINITE)
    return chosen, least_cost


@compiled
def solve_rows(start, stop, kept, hessian, right, solved):
    """Solve H_KK x = b_K for each row by Cholesky factorisation, K the columns that the row keeps.

    Args:
        kept: (rows, cols) bool.
        hessian: (groups, cols, >= cols), definite; a row's is that of its part of the rows.
        right: (rows, cols), b.
        solved: (rows, cols), filled with x on the kept columns and zero elsewhere; may be `right` itself.
    """
    rows, cols = kept.shape
    root = np.empty((cols, cols), right.dtype)
    chosen = np.empty(cols, np.int64)
    x = np.empty(cols, right.dtype)
    for r in range(start, stop):
        matrix = hessian[r // (rows // len(hessian))]
        count = 0
        for c in range(cols):
            if kept[r, c]:
                chosen[count] = c
                count += 1
        for i in range(count):
            rest = right[r, chosen[i]]
            for j in range(i + 1):
                entry = matrix[chosen[i], chosen[j]]
                for k in range(j):
                    entry -= root[i, k] * root[j, k]
                if j < i:
                    root[i, j] = entry / root[j, j]
                    rest -= root[i, j] * x[j]
                else:
                    root[i, i] = np.sqrt(entry)
            x[i] = rest / root[i, i]
        for i in range(count - 1, -1, -1):
            x[i] /= root[i, i]
            for j in range(i):
                x[j] -= root[i, j] * x[i]
        solved[r, :] = 0
        for i in range(count):
            solved[r, chosen[i]] = x[i]
