"""Uniform grids that hold zero exactly: min-max or searched for the least squared error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

SHRINKS = tuple(1 - step / 100 for step in range(81))
"""Shares of the min-max range that the search tries, the full range first."""


@dataclass(frozen=True)
class Grid:
    """The values scale * (code - zero), code in 0 .. 2^bits - 1.

    scale: (rows, 1) above 0, dtype of the weights.
    zero: (rows, 1) whole numbers within the codes, dtype of the weights: the code of 0.
    """

    scale: torch.Tensor
    zero: torch.Tensor
    bits: int

    def __getitem__(self, rows: slice) -> Grid:
        return Grid(self.scale[rows], self.zero[rows], self.bits)

    @property
    def half_step(self) -> torch.Tensor:
        """(rows, 1): the largest error inside the grid's range, with room for rounding."""
        return self.scale * 0.50005

    def encode(self, weight: torch.Tensor) -> torch.Tensor:
        """The nearest codes, as whole numbers in weight's dtype and shape (rows, cols)."""
        return (weight / self.scale).round_().add_(self.zero).clamp_(0, 2**self.bits - 1)

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """The values of codes (rows, cols)."""
        return (codes - self.zero) * self.scale

    def round(self, weight: torch.Tensor) -> torch.Tensor:
        """The nearest values (rows, cols)."""
        return self.decode(self.encode(weight))


def fit_grid(weight: torch.Tensor, *, bits: int, symmetric: bool, per_channel: bool, grid: str) -> Grid:
    """The grid of each row of `weight` (rows, cols), or one for all rows.

    Zeros of pruned weights don't widen a range, since zero lies in each. Symmetric grids put the code of 0 in the
    middle, 2^(bits-1), so that there is one step more below zero than above. "mse" tries shrunken ranges and takes
    the one with the least sum of squared errors, the widest of equals.
    """
    import torch

    groups = weight if per_channel else weight.reshape(1, -1)
    low = groups.amin(1, keepdim=True).clamp_max(0)
    high = groups.amax(1, keepdim=True).clamp_min(0)
    if symmetric:
        high = torch.maximum(high, -low)
        low = -high
    best = _span(low, high, bits, symmetric)
    if grid == "mse":
        least = _squared_error(best, groups)
        for shrink in SHRINKS[1:]:
            tried = _span(low * shrink, high * shrink, bits, symmetric)
            error = _squared_error(tried, groups)
            better = error < least
            least = torch.where(better, error, least)
            best = Grid(torch.where(better, tried.scale, best.scale), torch.where(better, tried.zero, best.zero), bits)
    rows = len(weight)
    return Grid(best.scale.expand(rows, 1).contiguous(), best.zero.expand(rows, 1).contiguous(), bits)


def _span(low: torch.Tensor, high: torch.Tensor, bits: int, symmetric: bool) -> Grid:
    """The grid from `low` to `high`; a range of nothing, or too small to divide by, gets a step of 1."""
    import torch

    scale = (high - low) / (2**bits - 1)
    scale = torch.where(scale > torch.finfo(scale.dtype).tiny, scale, torch.ones_like(scale))
    zero = torch.full_like(scale, 2 ** (bits - 1)) if symmetric else (-low / scale).round()
    return Grid(scale, zero, bits)


def _squared_error(grid: Grid, groups: torch.Tensor) -> torch.Tensor:
    return (grid.round(groups) - groups).square().sum(1, keepdim=True)
