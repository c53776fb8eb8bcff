"""ExactOBS: unstructured pruning, each row by greedy Optimal Brain Surgeon, one mask over all rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from . import arguments, hessians, masks
from .elimination import Elimination, eliminate
from .registry import DAMPING, SPARSITY, method
from .results import Compressed, output_error

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
        hessian: (cols, cols), any positive multiple of X X^T over the calibration inputs.
        sparsity: share to remove, 0 to 1; a sequence gives a list of results from one pass.
        damping: added to the diagonal, as a share of its mean.
        threads: threads over chunks of rows.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: rows * cols^3 operations, and rows * cols^3 / 3 more for each sparsity.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight.shape[1])
    sparsities, several = arguments.check_sparsities(sparsity)
    damped = hessians.damp(exact, arguments.check_damping(damping))
    # Damping would put a price on columns without input; they touch no other column, so zeros make them free.
    fed = weight * (exact.diagonal() > 0)
    elimination = eliminate(fed, damped, hessians.invert(damped), threads=arguments.check_threads(threads))
    results = []
    for share in sparsities:
        mask = _mask_globally(elimination, masks.count_removed(weight.numel(), share))
        solved = hessians.solve_kept(weight, damped, mask & (weight != 0)).to(weight.dtype)
        results.append(Compressed(solved, mask, output_error(solved, weight, exact)))
    return results if several else results[0]


def _mask_globally(elimination: Elimination, removed: int) -> torch.Tensor:
    """The mask (rows, cols) without the `removed` cheapest steps of all rows; equal losses in the order of rows.

    Losses are not monotone along a row: what is taken from a row is the number of its steps among the cheapest, and
    these are then its first ones.
    """
    import torch

    rows, cols = elimination.order.shape
    cheapest = elimination.loss.flatten().argsort(stable=True)[:removed]
    counts = torch.bincount(cheapest // cols, minlength=rows)
    first = torch.arange(cols) < counts[:, None]
    return torch.ones(rows, cols, dtype=torch.bool).scatter_(1, elimination.order, ~first)
