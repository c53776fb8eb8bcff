"""What the algorithms return, and the one definition of their loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

ROWS_AT_ONCE = 64
"""Rows whose float64 errors are held at the same time."""


@dataclass(frozen=True)
class Compressed:
    """A compressed layer.

    weight: (rows, cols), dtype of the weight given.
    mask: (rows, cols) bool, True = kept.
    loss: (rows,) float64, squared output error under the Hessian given (without damping).
    """

    weight: torch.Tensor
    mask: torch.Tensor
    loss: torch.Tensor


@dataclass(frozen=True)
class Quantized(Compressed):
    """A quantized layer: weight = scale * (codes - zero) to rounding.

    codes: (rows, cols) int32 in 0 .. 2^bits - 1.
    scale: (rows, 1), dtype of the weight, one value for all rows where there is one scale per layer; (rows, cols) where
        groups of columns have scales of their own.
    zero: the shape of scale, int32, the code that stands for 0.
    """

    codes: torch.Tensor
    scale: torch.Tensor
    zero: torch.Tensor


def output_error(weight: torch.Tensor, reference: torch.Tensor, hessian: torch.Tensor) -> torch.Tensor:
    """Per row e H e^T with e = weight - reference: (rows,) float64.

    Args:
        weight, reference: (rows, cols).
        hessian: (cols, cols), or (groups, cols, cols) where equal parts of the rows have inputs of their own.
    """
    import torch

    hessians = hessian.double().reshape(-1, *hessian.shape[-2:])
    rows_of_group = len(weight) // len(hessians)
    if len(hessians) > 1:
        difference = (weight.double() - reference.double()).view(len(hessians), rows_of_group, -1)
        return ((difference @ hessians) * difference).sum(2).flatten().clamp_min(0)
    errors = []
    for rows, dense in zip(weight.split(ROWS_AT_ONCE), reference.split(ROWS_AT_ONCE), strict=True):
        difference = rows.double() - dense.double()
        errors.append(((difference @ hessians[0]) * difference).sum(1).clamp_min(0))
    return torch.cat(errors)
