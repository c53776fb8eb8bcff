"""GPTQ: every row's weights rounded in one order of the columns, the error taken up by those still free."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from . import arguments, column_sweep, hessians
from .grids import fit_grid, from_groups
from .quantize_rtn import fit_survivors, pack
from .registry import ACT_ORDER, BITS, DAMPING, GRID, GROUP_SIZE, PER_CHANNEL, SYMMETRIC, method
from .results import Quantized

if TYPE_CHECKING:
    import torch

    from .grids import Grid


@method(
    "gptq",
    title="GPTQ",
    kind="quantize",
    settings=(BITS, SYMMETRIC, PER_CHANNEL, GRID, GROUP_SIZE, ACT_ORDER, DAMPING),
)
def quantize_gptq(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    bits: int,
    symmetric: bool = False,
    per_channel: bool = True,
    grid: str = "minmax",
    group_size: int | None = None,
    act_order: bool = False,
    mask: torch.Tensor | None = None,
    damping: float = hessians.DEFAULT_DAMPING,
    threads: int = 1,
) -> Quantized:
    """Round the kept weights of a layer to 2^bits values, column by column, each error fed to the columns after it.

    Frantar, Ashkboos, Hoefler, Alistarh, "GPTQ", 2022, Algorithm 1. With a group size, the grid of a group is fitted to
    its weights as they are when the group is reached; with act_order the columns of a group are not reached together,
    and all grids are fitted beforehand, to the weights given ("static groups").

    Args:
        weight: (rows, cols) float32 or float64; its precision is that of the rounding, not of the factorisation.
        hessian: (cols, cols) or (groups, cols, cols), any positive multiple of X X^T over the calibration inputs.
        bits: 1 to 16.
        symmetric: code of 0 in the middle of the grid, else the grid spans the smallest to the largest value.
        per_channel: one scale a row, else one for the layer.
        grid: "minmax", or "mse" for the range with the least squared rounding error.
        group_size: columns that share a scale; None is one scale a row or layer.
        act_order: columns with the largest diagonal of H first, else as they come.
        mask: (rows, cols) bool, True = kept; zero is the target of the others, and what they were is an error like any
            other, taken up by the columns after them. None keeps the weights that are not zero.
        damping: added to the diagonal, as a share of its mean.
        threads: threads over chunks of rows.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: cols^3 / 3 + rows * cols^2 operations; rows * cols * group_size more where that is above column_sweep.BLOCK.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    _, kept, levels = fit_survivors(weight, mask, bits, symmetric, per_channel, grid, group_size)
    order = column_sweep.order_columns(exact, arguments.check_flag("act_order", act_order))
    size = None if act_order else levels.group_size
    parts = column_sweep.split_columns(weight.shape[1], size or 1)
    blocks = column_sweep.factorise(exact, arguments.check_damping(damping), order, parts, weight.dtype)
    targets = column_sweep.Targets(~kept, levels, order, weight.dtype)
    fix = targets.fix
    if size:
        fit = partial(fit_grid, bits=levels.bits, symmetric=symmetric, per_channel=True, grid=grid)
        fix = partial(_fit_and_fix, targets, fit, kept, size)
    fixed = column_sweep.sweep(weight, order, blocks, fix, threads=arguments.check_threads(threads))
    if size:
        levels = from_groups(targets.scale.T, targets.zero.T, levels.bits, size, weight.shape[1])
    return pack(levels.encode(fixed), levels, kept, weight, exact)


def _fit_and_fix(
    targets: column_sweep.Targets,
    fit: Callable[[torch.Tensor], Grid],
    kept: torch.Tensor,
    size: int,
    block: column_sweep.Block,
    current: torch.Tensor,
    rows: column_sweep.Rows,
) -> None:
    """Fix some rows of a block of whole groups, the grid of each group of `size` columns fitted when it is reached."""
    some = slice(rows.start, rows.stop)
    for first in range(0, len(current), size):
        last = min(first + size, len(current))
        here = slice(block.start + first, block.start + last)
        found = fit(current[first:last, some].T * kept[some, here])
        group = here.start // size
        targets.scale[group, some], targets.zero[group, some] = found.scale[:, 0], found.zero[:, 0]
        targets.fix(block, current, rows, first, last)
