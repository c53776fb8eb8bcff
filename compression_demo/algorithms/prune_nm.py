"""ExactOBS for N:M sparsity: n of each m consecutive columns are zeroed, each row by greedy elimination."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import arguments, hessians, masks
from .elimination import eliminate
from .registry import DAMPING, M, N, method
from .results import Compressed, output_error

if TYPE_CHECKING:
    import torch


@method("exact_obs_nm", title="ExactOBS N:M", kind="prune", settings=(N, M, DAMPING))
def prune_nm(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    n: int,
    m: int,
    damping: float = hessians.DEFAULT_DAMPING,
    threads: int = 1,
) -> Compressed:
    """Zero n of each m consecutive columns of each row at the least growth of its output error, and refit the rest.

    The cheapest weight of all groups with room goes next; when n of a group are gone the others are kept for good
    (Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022, Section 4, "N:M sparsity"). Zeros stay zero, also
    where a group holds more than n of them.

    Args:
        weight: (rows, cols) float32 or float64; its precision is that of the elimination.
        hessian: (cols, cols), any positive multiple of X X^T over the calibration inputs; (groups, cols, cols) where
            equal parts of the rows have inputs of their own.
        n: columns zeroed in each group, 0 to m.
        m: columns in a group; divides the columns.
        damping: added to the diagonal, as a share of its mean.
        threads: threads over rows.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: below rows * cols^3 / 3 operations, the less the smaller n / m, and rows * kept^3 / 3 for the refit.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    n, m = arguments.check_pattern(n, m, weight.shape[1])
    damped, threads = hessians.damp(exact, arguments.check_damping(damping)), arguments.check_threads(threads)
    elimination = eliminate(hessians.feed(weight, exact), damped, n=n, m=m, threads=threads)
    mask = masks.mask_first(elimination.order, weight.shape[1])
    if elimination.refitted is None:
        return hessians.refit_kept(weight, damped, mask, threads, elimination.double)
    refitted = elimination.refitted.to(weight.dtype)
    return Compressed(refitted, mask, output_error(refitted, weight, exact))
