"""Magnitude pruning: the smallest weights of a layer go, the others stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from . import arguments, masks
from .registry import SPARSITY, method
from .results import Compressed, output_error

if TYPE_CHECKING:
    import torch


@overload
def prune_magnitude(weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: float) -> Compressed: ...
@overload
def prune_magnitude(weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: Sequence[float]) -> list[Compressed]: ...


@method("magnitude", title="magnitude pruning", kind="prune", settings=(SPARSITY,), sweep="sparsity")
def prune_magnitude(
    weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: float | Sequence[float]
) -> Compressed | list[Compressed]:
    """Set the share `sparsity` of smallest magnitudes of a layer to zero (Han et al., 2015, without retraining).

    Args:
        weight: (rows, cols) float32 or float64.
        hessian: (cols, cols), any positive multiple of X X^T; only the reported loss depends on it.
        sparsity: share to remove, 0 to 1; a sequence gives a list of results.

    Raises:
        ArgumentError: names the argument and the rule it breaks.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight.shape[1])
    sparsities, several = arguments.check_sparsities(sparsity)
    results = []
    for share in sparsities:
        mask = masks.mask_smallest(weight, share)
        pruned = weight * mask
        results.append(Compressed(pruned, mask, output_error(pruned, weight, exact)))
    return results if several else results[0]
