"""How many weights go, and which by magnitude alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def count_removed(total: int, sparsity: float) -> int:
    """The whole number nearest to sparsity * total, halves up."""
    return math.floor(sparsity * total + 0.5)


def mask_smallest(weight: torch.Tensor, sparsity: float) -> torch.Tensor:
    """True except for the count_removed smallest magnitudes of the layer; equals go in the order of their index."""
    import torch

    order = weight.abs().flatten().argsort(stable=True)
    mask = torch.ones(weight.numel(), dtype=torch.bool)
    mask[order[: count_removed(weight.numel(), sparsity)]] = False
    return mask.view_as(weight)
