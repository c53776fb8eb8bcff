"""What the algorithms return, and the one definition of their loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

ROWS_AT_ONCE = 64
"""Rows whose float64 products with a Hessian, or columns of a Hessian in float64, are held at the same time."""


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

    errors = []
    for rows, own in split_rows(len(weight), hessian.reshape(-1, *hessian.shape[-2:])):
        difference = weight[rows].double() - reference[rows].double()
        errors.append((multiply(difference, own) * difference).sum(1).clamp_min(0))
    return torch.cat(errors)


def split_rows(rows: int, hessians: torch.Tensor) -> Iterator[tuple[slice, torch.Tensor]]:
    """At most ROWS_AT_ONCE of the rows at a time, with their Hessian of `hessians` (groups, cols, cols)."""
    size = rows // len(hessians)
    for group, own in enumerate(hessians):
        for start in range(group * size, (group + 1) * size, ROWS_AT_ONCE):
            yield slice(start, min(start + ROWS_AT_ONCE, (group + 1) * size)), own


def multiply(vectors: torch.Tensor, hessian: torch.Tensor) -> torch.Tensor:
    """vectors (n, cols) float64 times a Hessian (cols, cols), in float64 without a copy of one in float32."""
    import torch

    if hessian.dtype == vectors.dtype:
        return vectors @ hessian
    return torch.cat([vectors @ stripe.double() for stripe in hessian.split(ROWS_AT_ONCE, 1)], 1)
