"""Uniform grids that hold zero exactly: min-max or searched for the least squared error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

SHRINKS = tuple(1 - step / 100 for step in range(81))
"""Shares of the min-max range that the search tries, the full range first."""
SEARCHED_AT_ONCE = 2**16
"""Weights that the search tries a range on at the same time: a few copies of them fit into a core's cache."""


@dataclass(frozen=True)
class Grid:
    """The values scale * (code - zero), code in 0 .. 2^bits - 1.

    scale: (rows, 1) above 0, dtype of the weights; (rows, cols) where `group_size` columns share one.
    zero: the shape of scale, whole numbers within the codes, dtype of the weights: the code of 0.
    group_size: columns that share a scale, the last group may be shorter; None where all columns of a row do.
    """

    scale: torch.Tensor
    zero: torch.Tensor
    bits: int
    group_size: int | None = None

    def __getitem__(self, rows: slice) -> Grid:
        return Grid(self.scale[rows], self.zero[rows], self.bits, self.group_size)

    @property
    def half_step(self) -> torch.Tensor:
        """The shape of scale: the largest error inside the grid's range, with room for rounding."""
        return self.scale * 0.50005

    @property
    def top(self) -> int:
        """The highest code."""
        return 2**self.bits - 1

    @property
    def scale_of_groups(self) -> torch.Tensor:
        """(rows, groups), a view: the scale of each group of columns once; (rows, 1) where there is but one."""
        return self.scale[:, :: self.group_size or 1]

    @property
    def zero_of_groups(self) -> torch.Tensor:
        """(rows, groups), a view: the code of 0 of each group of columns once."""
        return self.zero[:, :: self.group_size or 1]

    def encode(self, weight: torch.Tensor) -> torch.Tensor:
        """The nearest codes, as whole numbers in weight's dtype and shape (rows, cols)."""
        return (weight / self.scale).round_().add_(self.zero).clamp_(0, self.top)

    def decode(self, codes: torch.Tensor) -> torch.Tensor:
        """The values of codes (rows, cols)."""
        return (codes - self.zero) * self.scale

    def round(self, weight: torch.Tensor) -> torch.Tensor:
        """The nearest values (rows, cols)."""
        return self.decode(self.encode(weight))


def fit_grid(
    weight: torch.Tensor, *, bits: int, symmetric: bool, per_channel: bool, grid: str, group_size: int | None = None
) -> Grid:
    """The grid of each row of `weight` (rows, cols), of each group of columns of a row, or one for all rows.

    Zeros of pruned weights don't widen a range, since zero lies in each. Symmetric grids put the code of 0 in the
    middle, 2^(bits-1), so that there is one step more below zero than above. "mse" tries shrunken ranges and takes
    the one with the least sum of squared errors, the widest of equals; cost of len(SHRINKS) roundings of the weight.
    """
    rows, cols = weight.shape
    if not per_channel:
        best = _fit(weight.reshape(1, -1), bits, symmetric, grid)
    elif group_size is None or group_size >= cols:
        best = _fit(weight, bits, symmetric, grid)
    else:
        return _fit_groups(weight, bits, symmetric, grid, group_size)
    return Grid(best.scale.expand(rows, 1).contiguous(), best.zero.expand(rows, 1).contiguous(), bits)


def from_groups(scale: torch.Tensor, zero: torch.Tensor, bits: int, group_size: int, cols: int) -> Grid:
    """The grid with the scales and zeros (rows, groups) of groups of `group_size` columns out of `cols`."""
    scale, zero = (x.repeat_interleave(group_size, 1)[:, :cols].contiguous() for x in (scale, zero))
    return Grid(scale, zero, bits, group_size)


def _fit_groups(weight: torch.Tensor, bits: int, symmetric: bool, grid: str, group_size: int) -> Grid:
    """The grid of each group of columns of each row."""
    import torch

    rows, cols = weight.shape
    # Zeros fill up a last group that is shorter: they change neither its range nor its error.
    parts = torch.nn.functional.pad(weight, (0, -cols % group_size)).reshape(-1, group_size)
    best = _fit(parts, bits, symmetric, grid)
    return from_groups(best.scale.view(rows, -1), best.zero.view(rows, -1), bits, group_size, cols)


def _fit(parts: torch.Tensor, bits: int, symmetric: bool, grid: str) -> Grid:
    """The grid (parts, 1) of each part (parts, weights)."""
    import torch

    low, high = _range(parts, symmetric)
    if grid == "minmax":
        return _span(low, high, bits, symmetric)
    at_once = max(1, SEARCHED_AT_ONCE // parts.shape[1])
    chunks = zip(parts.split(at_once), low.split(at_once), high.split(at_once), strict=True)
    found = [_search(*chunk, bits, symmetric) for chunk in chunks]
    return Grid(torch.cat([part.scale for part in found]), torch.cat([part.zero for part in found]), bits)


def _range(parts: torch.Tensor, symmetric: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """The lowest and the highest value of each part (parts, 1), zero between them."""
    import torch

    low, high = parts.amin(1, keepdim=True).clamp_max(0), parts.amax(1, keepdim=True).clamp_min(0)
    if symmetric:
        high = torch.maximum(high, -low)
        low = -high
    return low, high


def _span(low: torch.Tensor, high: torch.Tensor, bits: int, symmetric: bool) -> Grid:
    """The grid from `low` to `high`; a range of nothing, or too small to divide by, gets a step of 1."""
    import torch

    scale = (high - low) / (2**bits - 1)
    scale = torch.where(scale > torch.finfo(scale.dtype).tiny, scale, torch.ones_like(scale))
    zero = torch.full_like(scale, 2 ** (bits - 1)) if symmetric else (-low / scale).round()
    return Grid(scale, zero, bits)


def _search(parts: torch.Tensor, low: torch.Tensor, high: torch.Tensor, bits: int, symmetric: bool) -> Grid:
    """The grid of each part (parts, weights) with the least squared error of all shrunken ranges low .. high."""
    import torch

    best = _span(low, high, bits, symmetric)
    least = _squared_error(best, parts)
    for shrink in SHRINKS[1:]:
        tried = _span(low * shrink, high * shrink, bits, symmetric)
        error = _squared_error(tried, parts)
        better = error < least
        least = torch.where(better, error, least)
        best = Grid(torch.where(better, tried.scale, best.scale), torch.where(better, tried.zero, best.zero), bits)
    return best


def _squared_error(grid: Grid, parts: torch.Tensor) -> torch.Tensor:
    return (grid.round(parts) - parts).square().sum(1, keepdim=True)
