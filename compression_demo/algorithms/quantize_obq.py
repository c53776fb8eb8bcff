"""OBQ: Optimal Brain Quantizer, each row's weights rounded greedily, the error taken up by those still free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import arguments, hessians
from .elimination import eliminate_to_grid
from .quantize_rtn import fit_survivors, pack
from .registry import BITS, DAMPING, GRID, GROUP_SIZE, PER_CHANNEL, SYMMETRIC, method
from .results import Quantized

if TYPE_CHECKING:
    import torch


@method("obq", title="OBQ", kind="quantize", settings=(BITS, SYMMETRIC, PER_CHANNEL, GRID, GROUP_SIZE, DAMPING))
def quantize_obq(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    bits: int,
    symmetric: bool = False,
    per_channel: bool = True,
    grid: str = "minmax",
    group_size: int | None = None,
    mask: torch.Tensor | None = None,
    damping: float = hessians.DEFAULT_DAMPING,
    threads: int = 1,
) -> Quantized:
    """Round the kept weights of a layer to a grid of 2^bits values at the least growth of its output error.

    Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022, Eqs. 7 and 8 and Algorithm 3: the weight whose
    rounding costs least goes next, weights more than half a step off the grid before all others.

    Args:
        weight: (rows, cols) float32 or float64; its precision is that of the elimination.
        hessian: (cols, cols), any positive multiple of X X^T over the calibration inputs; (groups, cols, cols) where
            equal parts of the rows have inputs of their own.
        bits: 1 to 16.
        symmetric: code of 0 in the middle of the grid, else the grid spans the smallest to the largest value.
        per_channel: one scale a row, else one for the layer.
        grid: "minmax", or "mse" for the range with the least squared rounding error.
        group_size: columns that share a scale; None is one scale a row or layer.
        mask: (rows, cols) bool, True = kept; others are zero and stay so. None keeps the weights that are not zero.
        damping: added to the diagonal, as a share of its mean.
        threads: threads over rows.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: rows * cols^3 / 3 operations.
    """
    weight = arguments.check_weight(weight)
    exact, threads = arguments.check_hessian(hessian, weight), arguments.check_threads(threads)
    damped, kept = hessians.damp(exact, arguments.check_damping(damping)), arguments.check_mask(mask, weight)
    # Weights that the mask drops and that are not zero yet: the others take up their loss before they are rounded.
    start = hessians.solve_kept(weight, damped, kept, threads) if bool((weight[~kept] != 0).any()) else weight
    survivors, kept, levels = fit_survivors(start, kept, bits, symmetric, per_channel, grid, group_size)
    codes = eliminate_to_grid(survivors, ~kept, damped, levels, threads)
    return pack(codes.to(weight.dtype), levels, kept, weight, exact)
