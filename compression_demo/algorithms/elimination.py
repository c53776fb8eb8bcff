"""Greedy elimination of the columns of each row, by the compiled kernels, in threads over rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from compression_demo.errors import ArgumentError

from . import hessians

if TYPE_CHECKING:
    import numpy as np
    import torch

    from .grids import Grid
    from .hessians import Damped


FALL_IN_FLOAT32 = 1e5
"""How many times its last value a variance may be at first, for float32 to hold the difference."""
FALL_IN_FLOAT64 = 1e13
"""The same for float64: beyond it the Hessian is not of full rank but for rounding."""
MISSED = 1e-4
"""The share of the largest weight by which weights that are to be zero may miss it, for the others to be taken as they are."""


@dataclass(frozen=True)
class Elimination:
    """The greedy order of each row.

    order: (rows, steps) int32, the column (or block of columns) removed at each step.
    loss: (rows, steps), the squared output error that each step adds, in units of `unit`.
    double: whether the layer asked for float64.
    refitted: (rows, cols), zero where weights went and the others refitted; None where that is yet to be solved for.
    """

    order: torch.Tensor
    loss: torch.Tensor
    unit: float
    double: bool
    refitted: torch.Tensor | None = None


def select_kernels(weight: torch.Tensor) -> Any:
    """The module of row kernels for a weight: the vector ones in float32, else the plain ones."""
    import torch

    from .kernels import plain

    compiled = hasattr(plain.eliminate_rows, "py_func")  # with NUMBA_DISABLE_JIT=1 it is a plain Python function
    if weight.dtype != torch.float32 or not compiled:
        return plain
    from .kernels import vector

    return vector


def run_in_threads(run: Callable[[int, int], None], rows: int, threads: int) -> None:
    """Call run(start, stop) on equal parts of the rows, in threads of our own; results do not depend on them.

    Raises:
        ArgumentError: a cost was no finite number.
    """
    bounds = [rows * part // threads for part in range(threads + 1)]
    try:
        if threads == 1:
            run(0, rows)
            return
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, bounds[:-1], bounds[1:]))
    except ArithmeticError as error:
        raise ArgumentError("hessian", f"must be of one order of size for all groups: {error}") from error


def eliminate(weight: torch.Tensor, damped: Damped, *, n: int = 0, m: int = 0, threads: int = 1) -> Elimination:
    """Remove one column after the other of each row, the cheapest first.

    The cost of column p is w_p^2 / [H^-1]_pp; the columns still free take up -w_p / [H^-1]_pp H^-1[:, p], and p leaves
    the inverse (Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022, Eqs. 3 and 4). Zeros go first, at no cost.

    Args:
        weight: (rows, cols), float32 or float64, the precision of the elimination.
        damped: the damped Hessians.
        n, m: remove n of each m consecutive columns, which m divides; m = 0: remove all.
        threads: threads over rows.

    Cost: rows * cols^3 / 3 operations; cols^2 numbers of working memory a thread.
    """

    import numpy as np

    rows, cols = weight.shape
    steps = cols // m * n if m else cols
    ready = _prepare(weight, damped)
    out = ready.start(steps)
    values, inverse = ready.weight.numpy(), ready.inverse
    none, no_codes = np.ones((rows, 1), values.dtype), np.empty((1, 1), np.int32)
    fixed, order, loss, no_grid = values == 0, out.order.numpy(), out.loss.numpy(), values.dtype.type(-1)
    kernel = select_kernels(ready.weight).eliminate_rows
    solving = 0 < n < m and not fixed.any()
    multipliers = np.empty((rows if solving else 0, cols), values.dtype)
    if steps:
        run_in_threads(
            lambda start, stop: kernel(
                start, stop, values, fixed, inverse, n, m, none, none, cols, no_grid, order, loss, no_codes, multipliers
            ),
            rows,
            threads,
        )
    return replace(out, refitted=_refit(ready, multipliers)) if solving else out


def _refit(ready: _Ready, multipliers: np.ndarray) -> torch.Tensor | None:
    """w - G z, all weights at once: what least changes the outputs while those with a multiplier z go to zero.

    What the latter miss zero by says how exact the others are; None where that is more than `MISSED`.
    """
    import torch

    refitted, gone = ready.weight.clone(), torch.from_numpy(multipliers)
    size, cols = len(gone) // len(ready.inverse), gone.shape[1]
    for group, inverse in enumerate(ready.inverse):
        rows = slice(group * size, (group + 1) * size)
        refitted[rows].addmm_(gone[rows], torch.from_numpy(inverse)[:, :cols], alpha=-1)
    missed = refitted.masked_fill(gone == 0, 0)
    if not bool(missed.abs().max() <= MISSED * ready.weight.abs().max()):
        return None
    return refitted.sub_(missed).mul_(ready.weight_unit)


def eliminate_blocks(weight: torch.Tensor, damped: Damped, block: int, threads: int = 1) -> Elimination:
    """Remove one block of `block` consecutive columns after the other of each row, the cheapest first.

    The cost of block B is w_B ([H^-1]_BB)^-1 w_B ("Optimal Brain Compression", Eq. 5). Zeros stay zero: a row with
    zeros inside of blocks that are not all zero is eliminated under the inverse of its other columns.
    Cost: rows * cols^2 * (cols / 3 + block) operations, and cols^3 more for each row of the latter kind.
    """

    rows, cols = weight.shape
    ready = _prepare(weight, damped)
    out = ready.start(cols // block)
    values, inverse = ready.weight.numpy(), ready.inverse
    order, loss = out.order.numpy(), out.loss.numpy()
    kernel = select_kernels(ready.weight).eliminate_blocks
    run_in_threads(lambda start, stop: kernel(start, stop, values, inverse, block, order, loss), rows, threads)
    zeros = (weight == 0).view(rows, -1, block)
    for row in (zeros.any(2) & ~zeros.all(2)).any(1).nonzero()[:, 0].tolist():
        own = _invert_others(damped, row * len(damped.hessian) // rows, weight[row] == 0, ready)
        kernel(row, row + 1, values, own, block, order, loss)
    return out


def _invert_others(damped: Damped, group: int, zeros: torch.Tensor, ready: _Ready) -> np.ndarray:
    """The inverse (1, cols, stride) of a group's damped Hessian without the columns `zeros`, which touch no other."""
    matrix = damped.matrix(group).div_(ready.hessian_unit)
    matrix[:, zeros], matrix[:, :, zeros] = 0, 0
    matrix[:, zeros, zeros] = 1
    return hessians.pad(hessians.invert(matrix), ready.weight.dtype).numpy()


def eliminate_to_grid(
    weight: torch.Tensor, fixed: torch.Tensor, damped: Damped, grid: Grid, threads: int = 1
) -> torch.Tensor:
    """Move one column after the other of each row to the grid, the cheapest first: the codes (rows, cols) int32.

    As `eliminate`, with the distance to the grid in place of w_p ("Optimal Brain Compression", Eq. 7, Algorithm 3).
    `fixed` (rows, cols bool) are zero and stay so: they go first. Outliers, more than half a step off the grid, go
    next, as soon as they appear.
    """
    import torch

    rows, cols = weight.shape
    group_size = grid.group_size or cols
    ready = _prepare(weight, damped)
    inverse, kind = ready.inverse, ready.weight.dtype
    scale, zero = (grid.scale_of_groups / ready.weight_unit).to(kind), grid.zero_of_groups.to(kind)
    codes, out = torch.empty(rows, cols, dtype=torch.int32), ready.start(cols)
    arrays = [x.contiguous().numpy() for x in (ready.weight, fixed, scale, zero, out.order, out.loss, codes)]
    values, first, scales, zeros, steps, losses, found = arrays
    top, none = values.dtype.type(grid.top), values[:0]
    kernel = select_kernels(ready.weight).eliminate_rows
    run_in_threads(
        lambda start, stop: kernel(
            start, stop, values, first, inverse, 0, 0, scales, zeros, group_size, top, steps, losses, found, none
        ),
        rows,
        threads,
    )
    return codes


@dataclass(frozen=True)
class _Ready:
    """What the kernels are given: powers of two taken out, so that no cost leaves the range of float32.

    weight: (rows, cols), in units of `weight_unit`.
    inverse: (groups, cols, stride), padded, of the damped Hessians in units of `hessian_unit`.
    """

    weight: torch.Tensor
    inverse: np.ndarray
    weight_unit: float
    hessian_unit: float
    double: bool

    def start(self, steps: int) -> Elimination:
        """An elimination of so many steps, to be filled in."""
        import torch

        order = torch.empty(len(self.weight), steps, dtype=torch.int32)
        unit = self.weight_unit**2 * self.hessian_unit
        return Elimination(order, self.weight.new_empty(order.shape), unit, self.double)


def _prepare(weight: torch.Tensor, damped: Damped) -> _Ready:
    """Invert the damped Hessians in float64 and cast once: a float32 inverse moves the order.

    The most that a variance falls, from [H^-1]_pp to 1 / H_pp, says what float32 loses on the way; beyond
    `FALL_IN_FLOAT32` the layer runs in float64.
    """
    import torch

    hessian_unit, weight_unit = hessians.power_of_two(damped.diagonal()), hessians.power_of_two(weight)
    inverse = hessians.invert(damped.matrix().div_(hessian_unit))
    fall = float((inverse.diagonal(dim1=1, dim2=2) * damped.diagonal() / hessian_unit).max())
    if not fall < FALL_IN_FLOAT64:
        raise hessians.not_of_full_rank()
    double = weight.dtype == torch.float64 or fall > FALL_IN_FLOAT32
    kind = torch.float64 if double else torch.float32
    return _Ready(
        weight=(weight / weight_unit).to(kind),
        inverse=hessians.pad(inverse, kind).numpy(),
        weight_unit=weight_unit,
        hessian_unit=hessian_unit,
        double=double,
    )
