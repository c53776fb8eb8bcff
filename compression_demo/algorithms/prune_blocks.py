"""Group-OBS: pruning in blocks of consecutive columns, each row by exact greedy elimination of whole blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from . import arguments, hessians, masks
from .elimination import eliminate_blocks
from .registry import BLOCK, DAMPING, SPARSITY, method
from .results import Compressed

if TYPE_CHECKING:
    import torch


@overload
def prune_blocks(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float,
    block: int,
    damping: float = ...,
    threads: int = ...,
) -> Compressed: ...
@overload
def prune_blocks(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: Sequence[float],
    block: int,
    damping: float = ...,
    threads: int = ...,
) -> list[Compressed]: ...


@method(
    "exact_obs_blocks", title="ExactOBS in blocks", kind="prune", settings=(SPARSITY, BLOCK, DAMPING), sweep="sparsity"
)
def prune_blocks(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | Sequence[float],
    block: int,
    damping: float = hessians.DEFAULT_DAMPING,
    threads: int = 1,
) -> Compressed | list[Compressed]:
    """Remove the share `sparsity` of blocks of `block` consecutive columns, and refit the kept weights.

    A block B of a row costs w_B ([H^-1]_BB)^-1 w_B (Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022, Eq. 5
    and its block form); the global mask takes the cheapest steps over all rows. Blocks of zeros go first, at no cost;
    single zeros stay zero, and count as such where the next block is chosen.

    Args:
        weight: (rows, cols) float32 or float64; its precision is that of the elimination.
        hessian: (cols, cols), any positive multiple of X X^T over the calibration inputs; (groups, cols, cols) where
            equal parts of the rows have inputs of their own.
        sparsity: share of blocks to remove, 0 to 1; a sequence gives a list of results from one pass.
        block: columns in a block; divides the columns.
        damping: added to the diagonal, as a share of its mean.
        threads: threads over rows.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: rows * cols^2 * (cols / 3 + block) operations, and rows * kept^3 / 3 more for each sparsity; cols^3 more for
    each row with zeros inside of blocks that are not all zero.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    sparsities, several = arguments.check_sparsities(sparsity)
    block = arguments.check_block(block, weight.shape[1])
    damped, threads = hessians.damp(exact, arguments.check_damping(damping)), arguments.check_threads(threads)
    elimination = eliminate_blocks(hessians.feed(weight, exact), damped, block, threads)
    removed = [masks.count_removed(elimination.order.numel(), share) for share in sparsities]
    found = masks.mask_cheapest(elimination.order, elimination.loss, removed)
    results = [
        hessians.refit_kept(weight, damped, mask.repeat_interleave(block, 1), threads, elimination.double)
        for mask in found
    ]
    return results if several else results[0]
