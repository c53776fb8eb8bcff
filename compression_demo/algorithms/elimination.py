"""Greedy elimination of the columns of each row, by the compiled kernels, in threads over rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import hessians

if TYPE_CHECKING:
    import numpy as np
    import torch

    from .grids import Grid


@dataclass(frozen=True)
class Elimination:
    """The greedy order of each row.

    order: (rows, steps) int32, the column (or block of columns) removed at each step.
    loss: (rows, steps), the squared output error that each step adds.
    """

    order: torch.Tensor
    loss: torch.Tensor


def select_kernels(weight: torch.Tensor) -> Any:
    """The module of row kernels for a weight: the vector ones in float32, else the plain ones."""
    import numba
    import torch

    from .kernels import plain

    if weight.dtype != torch.float32 or numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return plain
    from .kernels import vector

    return vector


def run_in_threads(run: Callable[[int, int], None], rows: int, threads: int) -> None:
    """Call run(start, stop) on equal parts of the rows, in threads of our own; results do not depend on them."""
    bounds = [rows * part // threads for part in range(threads + 1)]
    if threads == 1:
        run(0, rows)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, bounds[:-1], bounds[1:]))


def eliminate(weight: torch.Tensor, damped: torch.Tensor, *, n: int = 0, m: int = 0, threads: int = 1) -> Elimination:
    """Remove one column after the other of each row, the cheapest first; `damped` is overwritten.

    The cost of column p is w_p^2 / [H^-1]_pp; the columns still free take up -w_p / [H^-1]_pp H^-1[:, p], and p leaves
    the inverse (Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022, Eqs. 3 and 4). Zeros go first, at no cost.

    Args:
        weight: (rows, cols), float32 or float64, the precision of the elimination.
        damped: (groups, cols, cols) float64, the damped Hessians.
        n, m: remove n of each m consecutive columns, which m divides; m = 0: remove all.
        threads: threads over rows.

    Cost: rows * cols^3 / 3 operations; cols^2 numbers of working memory a thread.
    """
    import torch

    rows, cols = weight.shape
    inverse, floor = _invert(damped, weight.dtype)
    steps = cols // m * n if m else cols
    out = Elimination(torch.empty(rows, steps, dtype=torch.int32), weight.new_empty(rows, steps))
    none, no_codes = weight.new_ones(rows, 1).numpy(), torch.empty(1, 1, dtype=torch.int32).numpy()
    values, fixed = weight.numpy(), (weight == 0).numpy()
    order, loss, no_grid = out.order.numpy(), out.loss.numpy(), values.dtype.type(-1)
    kernel = select_kernels(weight).eliminate_rows
    if steps:
        run_in_threads(
            lambda start, stop: kernel(
                start, stop, values, fixed, inverse, floor, n, m, none, none, cols, no_grid, order, loss, no_codes
            ),
            rows,
            threads,
        )
    return out


def eliminate_blocks(weight: torch.Tensor, damped: torch.Tensor, block: int, threads: int = 1) -> Elimination:
    """Remove one block of `block` consecutive columns after the other of each row, the cheapest first.

    The cost of block B is w_B ([H^-1]_BB)^-1 w_B ("Optimal Brain Compression", Eq. 5). `damped` is overwritten.
    Cost: rows * cols^2 * (cols / 3 + block) operations.
    """
    import torch

    rows, cols = weight.shape
    inverse, floor = _invert(damped, weight.dtype)
    out = Elimination(torch.empty(rows, cols // block, dtype=torch.int32), weight.new_empty(rows, cols // block))
    values, order, loss = weight.numpy(), out.order.numpy(), out.loss.numpy()
    kernel = select_kernels(weight).eliminate_blocks
    run_in_threads(lambda start, stop: kernel(start, stop, values, inverse, floor, block, order, loss), rows, threads)
    return out


def eliminate_to_grid(
    weight: torch.Tensor, fixed: torch.Tensor, damped: torch.Tensor, grid: Grid, threads: int = 1
) -> torch.Tensor:
    """Move one column after the other of each row to the grid, the cheapest first: the codes (rows, cols) int32.

    As `eliminate`, with the distance to the grid in place of w_p ("Optimal Brain Compression", Eq. 7, Algorithm 3).
    `fixed` (rows, cols bool) are zero and stay so: they go first. Outliers, more than half a step off the grid, go
    next, as soon as they appear. `damped` is overwritten.
    """
    import torch

    rows, cols = weight.shape
    inverse, floor = _invert(damped, weight.dtype)
    group_size = grid.group_size or cols
    codes = torch.empty(rows, cols, dtype=torch.int32)
    order, loss = torch.empty(rows, cols, dtype=torch.int32), weight.new_empty(rows, cols)
    arrays = [
        x.contiguous().numpy() for x in (weight, fixed, grid.scale_of_groups, grid.zero_of_groups, order, loss, codes)
    ]
    values, first, scales, zeros, steps, losses, found = arrays
    top = values.dtype.type(grid.top)
    kernel = select_kernels(weight).eliminate_rows
    run_in_threads(
        lambda start, stop: kernel(
            start, stop, values, first, inverse, floor, 0, 0, scales, zeros, group_size, top, steps, losses, found
        ),
        rows,
        threads,
    )
    return codes


def _invert(damped: torch.Tensor, dtype: torch.dtype) -> tuple[np.ndarray, np.ndarray]:
    """The padded inverses (groups, cols, stride), and what their diagonals cannot fall below (groups, cols).

    Inverted in float64 and cast once: an inverse in float32 moves the order. No remaining variance falls below
    1 / H_pp, whatever rounding does.
    """
    floor = (1 / damped.diagonal(dim1=1, dim2=2)).to(dtype)
    inverse = hessians.invert(damped, overwrite=True)
    return hessians.pad(inverse, dtype).numpy(), floor.numpy()
