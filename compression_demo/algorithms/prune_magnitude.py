"""Magnitude pruning: the smallest weights of a layer go, the others stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from . import arguments, masks
from .registry import SPARSITY, M, N, method
from .results import Compressed, output_error

if TYPE_CHECKING:
    import torch


@overload
def prune_magnitude(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | None = ...,
    n: int | None = ...,
    m: int | None = ...,
) -> Compressed: ...
@overload
def prune_magnitude(weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: Sequence[float]) -> list[Compressed]: ...


@method("magnitude_nm", title="N:M magnitude pruning", kind="prune", settings=(N, M))
@method("magnitude", title="magnitude pruning", kind="prune", settings=(SPARSITY,), sweep="sparsity")
def prune_magnitude(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | Sequence[float] | None = None,
    n: int | None = None,
    m: int | None = None,
) -> Compressed | list[Compressed]:
    """Set the smallest magnitudes of a layer, or of each m columns of a row, to zero (Han et al., 2015, not retrained).

    Args:
        weight: (rows, cols) float32 or float64.
        hessian: (cols, cols) or (groups, cols, cols), any positive multiple of X X^T; only the loss depends on it.
        sparsity: share to remove, 0 to 1; a sequence gives a list of results.
        n, m: in its place, n of each m consecutive columns are removed.

    Raises:
        ArgumentError: names the argument and the rule it breaks.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    amounts, several = masks.read_amounts(sparsity, n, m, weight.shape[1])
    results = []
    for amount in amounts:
        mask = amount.mask(weight)
        pruned = weight * mask
        results.append(Compressed(pruned, mask, output_error(pruned, weight, exact)))
    return results if several else results[0]
