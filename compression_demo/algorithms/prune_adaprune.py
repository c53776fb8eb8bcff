"""AdaPrune: the magnitude mask, and the kept weights refitted to the layer's output; in one round or several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from . import arguments, hessians, masks
from .registry import DAMPING, ROUNDS, SPARSITY, M, N, method
from .results import Compressed

if TYPE_CHECKING:
    import torch


@overload
def prune_adaprune(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | None = ...,
    n: int | None = ...,
    m: int | None = ...,
    rounds: int = ...,
    damping: float = ...,
    threads: int = ...,
) -> Compressed: ...
@overload
def prune_adaprune(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: Sequence[float],
    rounds: int = ...,
    damping: float = ...,
    threads: int = ...,
) -> list[Compressed]: ...


@method(
    "magnitude_refit_nm",
    title="N:M magnitude mask with least-squares refit",
    kind="prune",
    settings=(N, M, ROUNDS, DAMPING),
)
@method(
    "magnitude_refit",
    title="magnitude mask with least-squares refit",
    kind="prune",
    settings=(SPARSITY, ROUNDS, DAMPING),
    sweep="sparsity",
)
def prune_adaprune(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | Sequence[float] | None = None,
    n: int | None = None,
    m: int | None = None,
    rounds: int = 1,
    damping: float = hessians.DEFAULT_DAMPING,
    threads: int = 1,
) -> Compressed | list[Compressed]:
    """Remove the smallest magnitudes of a layer, or of each m columns of a row, then refit the kept by least squares.

    The refit solves exactly what AdaPrune (Hubara et al., "Accelerated Sparse Neural Training", 2021) approaches by
    gradient steps on the layer's output error. Several rounds are the iterative variant that OBC is compared with
    (Frantar, Singh, Alistarh, 2022, Sec. 6): each removes the same share of what is left, by the magnitudes of the
    refitted weights.

    Args:
        weight: (rows, cols) float32 or float64.
        hessian: (cols, cols) or (groups, cols, cols), any positive multiple of X X^T over the calibration inputs.
        sparsity: share to remove, 0 to 1; a sequence gives a list of results.
        n, m: in its place, n of each m consecutive columns are removed.
        rounds: rounds of removal, each followed by a refit.
        damping: added to the diagonal, as a share of its mean.
        threads: threads over rows.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: rows * cols^3 / 3 operations for each sparsity and round, less in later rounds.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    amounts, several = masks.read_amounts(sparsity, n, m, weight.shape[1])
    rounds, threads = arguments.check_count("rounds", rounds), arguments.check_threads(threads)
    damped = _damp(exact, damping)
    results = []
    for amount in amounts:
        mask = amount.after(1, rounds).mask(weight)
        result = hessians.refit_kept(weight, damped, mask, threads)
        for turn in range(2, rounds + 1):
            mask = amount.after(turn, rounds).mask(result.weight)
            result = hessians.refit_kept(weight, damped, mask, threads)
        results.append(result)
    return results if several else results[0]


def refit(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    mask: torch.Tensor,
    *,
    damping: float = hessians.DEFAULT_DAMPING,
    threads: int = 1,
) -> Compressed:
    """Refit the weights kept by `mask` (rows, cols bool, True = kept) by least squares; zeros stay zero.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: rows * cols^3 / 3 operations.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    mask = arguments.check_mask(mask, weight)
    return hessians.refit_kept(weight, _damp(exact, damping), mask, arguments.check_threads(threads))


def _damp(exact: torch.Tensor, damping: float) -> hessians.Damped:
    """The damped Hessians, of full rank.

    Raises:
        ArgumentError: damping is out of range, or 0 for a Hessian that is not of full rank.
    """
    damped = hessians.damp(exact, arguments.check_damping(damping))
    if damping == 0:
        hessians.invert(damped.matrix())  # raises where a kept set could be without full rank
    return damped
