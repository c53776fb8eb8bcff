"""Exact integer arithmetic of an 8-bit net: codes, 32-bit sums, and rescaling by fixed-point multipliers.

Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", CVPR 2018,
Eq. 1 (r = S (q - Z)) and Eq. 5-6 (the multiplier M = 2^-n M0). Codes are held less their zero point, q - Z, so that real
zero is the integer zero: padding, maxima and products need no correction term, and every result is the same integer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from .graph import apply_layer

if TYPE_CHECKING:
    from .folding import Layer

MULTIPLIER_BITS = 30
"""Bits of a fixed-point multiplier; with 32-bit sums the product stays within 63 bits, and so do two of them."""
EXACT_FLOAT32, EXACT_FLOAT64 = 2**24, 2**53
"""Up to these magnitudes every integer is a float, so that sums of products are exact in any order."""
LARGEST_SUM = 2**31 - 1


@dataclass(frozen=True)
class Grid:
    """real = scale * code for the whole numbers from `low` to `high`, codes being less their zero point (Eq. 1)."""

    scale: float
    low: int
    high: int

    def encode(self, values: torch.Tensor) -> torch.Tensor:
        """The nearest codes, float32 whole numbers."""
        return (values.double() / self.scale).round().clamp(self.low, self.high).float()


def span_grid(low: float, high: float, bits: int, symmetric: bool) -> Grid:
    """The grid of 2^bits codes over a range, widened to hold zero.

    Symmetric: no zero point, codes from 0 on where nothing is negative and else from -(2^(bits-1) - 1) to its opposite.
    Asymmetric: the range in 2^bits - 1 steps, the zero point rounded to a code.
    """
    low, high = min(low, 0.0), max(high, 0.0)
    if symmetric and low < 0:
        top = 2 ** (bits - 1) - 1
        return Grid(_scale(max(-low, high) / top), -top, top)
    steps = 2**bits - 1
    scale = _scale((high - low) / steps)
    zero = max(0, min(steps, round(-low / scale)))
    return Grid(scale, -zero, steps - zero)


def encode_weight(
    weight: torch.Tensor, bits: int, per_channel: bool, symmetric: bool, least: torch.Tensor | None = None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Codes of a weight (rows, ...) less their zero points, float32 whole numbers, and its scales (rows,) float64.

    Symmetric codes are of either sign, also where all weights have one, as multipliers of two signed operands take them.
    `least` (rows,) are the smallest scales allowed.
    """
    rows = weight.detach().double().flatten(1)
    least = torch.zeros(len(rows)).double() if least is None else least.double()
    if not per_channel:
        codes, scales = encode_weight(rows.view(1, -1), bits, True, symmetric, least.max().view(1))
        return codes.view_as(weight), scales.expand(len(rows))
    if symmetric:
        top = 2 ** (bits - 1) - 1
        grids = [Grid(_scale(reach / top), -top, top) for reach in rows.abs().amax(1).tolist()]
    else:
        ends = zip(rows.amin(1).tolist(), rows.amax(1).tolist(), strict=True)
        grids = [span_grid(low, high, bits, symmetric=False) for low, high in ends]
    grids = [replace(grid, scale=max(grid.scale, floor)) for grid, floor in zip(grids, least.tolist(), strict=True)]
    codes = torch.stack([grid.encode(row) for grid, row in zip(grids, rows, strict=True)])
    return codes.view_as(weight), torch.tensor([grid.scale for grid in grids], dtype=torch.float64)


def multiply(layer: Layer, inputs: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """The exact sums of products of a layer's input codes and weight codes, int64; without bias.

    Computed in float32 where no sum of magnitudes passes 2^24, else in float64.

    Raises:
        OverflowError: a sum may pass 32 bits.
    """
    reach = float(weight.double().abs().flatten(1).sum(1).max()) * float(inputs.abs().max())
    if reach > LARGEST_SUM:
        raise OverflowError("the sums of a layer do not fit into 32 bits")
    kind = torch.float32 if reach < EXACT_FLOAT32 else torch.float64
    return apply_layer(layer, inputs.to(kind), weight.to(kind)).to(torch.int64)


def rescale(parts: Sequence[tuple[torch.Tensor, torch.Tensor | float]]) -> torch.Tensor:
    """The nearest whole numbers to the sum of integers times multipliers, halves up; int64.

    Each multiplier, one or one a channel (dimension 1), becomes a whole number of up to 30 bits over a common power of
    two (Eq. 6); the products are added and shifted with one rounding, and nothing else is rounded.
    """
    factors = [torch.as_tensor(factor, dtype=torch.float64).reshape(-1) for _, factor in parts]
    largest = torch.stack(torch.broadcast_tensors(*factors)).amax(0)
    shift = (MULTIPLIER_BITS - 1 - torch.floor(torch.log2(largest))).clamp(1, 62)
    shift = shift.to(torch.int64)
    total = _by_channel(1 << (shift - 1), parts[0][0].ndim).expand(parts[0][0].shape).clone()
    for (integers, _), factor in zip(parts, factors, strict=True):
        whole = torch.round(factor * 2.0**shift).to(torch.int64)
        total.addcmul_(integers.to(torch.int64), _by_channel(whole, integers.ndim))
    return total.bitwise_right_shift_(_by_channel(shift, total.ndim))


def _by_channel(values: torch.Tensor, ndim: int) -> torch.Tensor:
    return values.view(1, -1, *[1] * (ndim - 2))


def _scale(scale: float) -> float:
    return scale if scale > 1e-30 else 1.0
