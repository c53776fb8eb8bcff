"""What the algorithms return, and the one definition of their loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


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
    scale: (rows, 1), dtype of the weight; one value for all rows where there is one scale per layer.
    zero: (rows, 1) int32, the code that stands for 0.
    """

    codes: torch.Tensor
    scale: torch.Tensor
    zero: torch.Tensor


def output_error(weight: torch.Tensor, reference: torch.Tensor, hessian: torch.Tensor) -> torch.Tensor:
    """Per row e H e^T with e = weight - reference: (rows,) float64, from (rows, cols) twice and (cols, cols)."""
    difference = weight.double() - reference.double()
    return ((difference @ hessian.double()) * difference).sum(1).clamp_min(0)
