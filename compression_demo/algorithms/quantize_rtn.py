"""Round-to-nearest: every weight to the nearest value of its grid, whatever the inputs are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compression_demo.errors import ArgumentError

from . import arguments
from .grids import Grid, fit_grid
from .registry import BITS, GRID, GROUP_SIZE, PER_CHANNEL, SYMMETRIC, method
from .results import Quantized, output_error

if TYPE_CHECKING:
    import torch


@method("rtn", title="round-to-nearest", kind="quantize", settings=(BITS, SYMMETRIC, PER_CHANNEL, GRID, GROUP_SIZE))
def quantize_rtn(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    bits: int,
    symmetric: bool = False,
    per_channel: bool = True,
    grid: str = "minmax",
    group_size: int | None = None,
    mask: torch.Tensor | None = None,
) -> Quantized:
    """Round the kept weights of a layer to the nearest of 2^bits values.

    Args:
        weight: (rows, cols) float32 or float64.
        hessian: (cols, cols) or (groups, cols, cols), any positive multiple of X X^T; only the loss depends on it.
        bits: 1 to 16.
        symmetric: code of 0 in the middle of the grid, else the grid spans the smallest to the largest value.
        per_channel: one scale a row, else one for the layer.
        grid: "minmax", or "mse" for the range with the least squared rounding error.
        group_size: columns that share a scale; None is one scale a row or layer.
        mask: (rows, cols) bool, True = kept; others are zero and stay so. None keeps the weights that are not zero.

    Raises:
        ArgumentError: names the argument and the rule it breaks.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    survivors, kept, levels = fit_survivors(weight, mask, bits, symmetric, per_channel, grid, group_size)
    return pack(levels.encode(survivors), levels, kept, weight, exact)


def fit_survivors(
    weight: torch.Tensor,
    mask: torch.Tensor | None,
    bits: int,
    symmetric: bool,
    per_channel: bool,
    grid: str,
    group_size: int | None = None,
) -> tuple[torch.Tensor, torch.Tensor, Grid]:
    """The weights with the pruned ones at zero, the mask of those kept, and the grid fitted to them.

    Raises:
        ArgumentError: names the argument and the rule it breaks.
    """
    if arguments.check_group_size(group_size) and not arguments.check_per_channel(per_channel):
        raise ArgumentError("group_size", "needs per_channel=True: there is one scale for the layer otherwise")
    kept = arguments.check_mask(mask, weight)
    survivors = weight * kept
    levels = fit_grid(
        survivors,
        bits=arguments.check_bits(bits),
        symmetric=arguments.check_symmetric(symmetric),
        per_channel=arguments.check_per_channel(per_channel),
        grid=arguments.check_grid(grid),
        group_size=group_size,
    )
    return survivors, kept, levels


def pack(
    codes: torch.Tensor, levels: Grid, kept: torch.Tensor, weight: torch.Tensor, hessian: torch.Tensor
) -> Quantized:
    """The result for `codes` (rows, cols) of a grid, with its loss against `weight` under `hessian`, grouped or not."""
    import torch

    codes = torch.where(kept, codes, levels.zero)
    rounded = levels.decode(codes)
    return Quantized(
        weight=rounded,
        mask=kept,
        loss=output_error(rounded, weight, hessian),
        codes=codes.to(torch.int32),
        scale=levels.scale,
        zero=levels.zero.to(torch.int32),
    )
