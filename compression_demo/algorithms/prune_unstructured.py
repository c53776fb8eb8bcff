"""ExactOBS: unstructured pruning, each row by greedy Optimal Brain Surgeon, one mask over all rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from . import arguments, hessians, masks
from .elimination import eliminate
from .registry import DAMPING, SPARSITY, method
from .results import Compressed

if TYPE_CHECKING:
    import torch


@overload
def prune_unstructured(
    weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: float, damping: float = ..., threads: int = ...
) -> Compressed: ...
@overload
def prune_unstructured(
    weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: Sequence[float], damping: float = ..., threads: int = ...
) -> list[Compressed]: ...


@method("exact_obs", title="ExactOBS", kind="prune", settings=(SPARSITY, DAMPING), sweep="sparsity")
def prune_unstructured(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | Sequence[float],
    damping: float = hessians.DEFAULT_DAMPING,
    threads: int = 1,
) -> Compressed | list[Compressed]:
    """Remove the share `sparsity` of a layer's weights at the least growth of its output error, and refit the rest.

    Every row is eliminated to the end; the global mask takes the cheapest steps over all rows, each row in its own
    order (Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022, Algorithms 1 and 2). The kept weights are
    solved for exactly on the kept set. Weights that are zero, or in a column without input, go first; zeros stay zero.

    Args:
        weight: (rows, cols) float32 or float64; its precision is that of the elimination.
        hessian: (cols, cols), any positive multiple of X X^T over the calibration inputs; (groups, cols, cols) where
            equal parts of the rows have inputs of their own.
        sparsity: share to remove, 0 to 1; a sequence gives a list of results from one pass.
        damping: added to the diagonal, as a share of its mean.
        threads: threads over rows.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: rows * cols^3 / 3 operations, and rows * kept^3 / 3 more for each sparsity.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    sparsities, several = arguments.check_sparsities(sparsity)
    damped, threads = hessians.damp(exact, arguments.check_damping(damping)), arguments.check_threads(threads)
    elimination = eliminate(hessians.feed(weight, exact), damped, threads=threads)
    removed = [masks.count_removed(weight.numel(), share) for share in sparsities]
    found = masks.mask_cheapest(elimination.order, elimination.loss, removed)
    double = elimination.double
    del elimination
    results = [hessians.refit_kept(weight, damped, mask, threads, double) for mask in found]
    return results if several else results[0]
