"""AdaPrune: the magnitude mask, and the kept weights refitted to the layer's output."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from . import arguments, hessians, masks
from .registry import DAMPING, SPARSITY, method
from .results import Compressed, output_error

if TYPE_CHECKING:
    import torch


@overload
def prune_adaprune(
    weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: float, damping: float = ...
) -> Compressed: ...
@overload
def prune_adaprune(
    weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: Sequence[float], damping: float = ...
) -> list[Compressed]: ...


@method(
    "magnitude_refit",
    title="magnitude mask with least-squares refit",
    kind="prune",
    settings=(SPARSITY, DAMPING),
    sweep="sparsity",
)
def prune_adaprune(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | Sequence[float],
    damping: float = hessians.DEFAULT_DAMPING,
) -> Compressed | list[Compressed]:
    """Remove the share `sparsity` of smallest magnitudes, then refit the kept weights by least squares.

    The refit solves exactly what AdaPrune (Hubara et al., "Accelerated Sparse Neural Training", 2021) approaches by
    gradient steps on the layer's output error.

    Args:
        weight: (rows, cols) float32 or float64.
        hessian: (cols, cols), any positive multiple of X X^T over the calibration inputs.
        sparsity: share to remove, 0 to 1; a sequence gives a list of results.
        damping: added to the diagonal, as a share of its mean.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: rows * cols^3 / 3 operations for each sparsity.
    """
    weight = arguments.check_weight(weight)
    sparsities, several = arguments.check_sparsities(sparsity)
    results = [refit(weight, hessian, masks.mask_smallest(weight, share), damping=damping) for share in sparsities]
    return results if several else results[0]


def refit(
    weight: torch.Tensor, hessian: torch.Tensor, mask: torch.Tensor, *, damping: float = hessians.DEFAULT_DAMPING
) -> Compressed:
    """Refit the weights kept by `mask` (rows, cols bool, True = kept) by least squares; zeros stay zero.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: rows * cols^3 / 3 operations.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight.shape[1])
    mask = arguments.check_mask(mask, weight)
    damped = hessians.damp(exact, arguments.check_damping(damping))
    hessians.invert(damped)  # raises where the kept set could be without full rank
    solved = hessians.solve_kept(weight, damped, mask & (weight != 0)).to(weight.dtype)
    return Compressed(solved, mask, output_error(solved, weight, exact))
