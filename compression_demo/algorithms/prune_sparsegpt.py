"""SparseGPT: masks chosen block by block of columns, the error taken up by the columns still free; jointly with a grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, overload

from . import arguments, column_sweep, hessians, masks
from .quantize_rtn import fit_survivors, pack
from .registry import BITS, DAMPING, GRID, GROUP_SIZE, PER_CHANNEL, SPARSITY, SYMMETRIC, M, N, method
from .results import Compressed, output_error

if TYPE_CHECKING:
    import torch

    from .grids import Grid

JOINT = (replace(BITS, required=False), SYMMETRIC, PER_CHANNEL, GRID, GROUP_SIZE)
"""Settings of the grid that the kept weights go to in the same pass."""


@overload
def prune_sparsegpt(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | None = ...,
    n: int | None = ...,
    m: int | None = ...,
    bits: int | None = ...,
    symmetric: bool = ...,
    per_channel: bool = ...,
    grid: str = ...,
    group_size: int | None = ...,
    damping: float = ...,
    threads: int = ...,
) -> Compressed: ...
@overload
def prune_sparsegpt(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: Sequence[float],
    bits: int | None = ...,
    symmetric: bool = ...,
    per_channel: bool = ...,
    grid: str = ...,
    group_size: int | None = ...,
    damping: float = ...,
    threads: int = ...,
) -> list[Compressed]: ...


@method("sparsegpt_nm", title="N:M SparseGPT", kind="prune", settings=(N, M, DAMPING, *JOINT))
@method("sparsegpt", title="SparseGPT", kind="prune", settings=(SPARSITY, DAMPING, *JOINT), sweep="sparsity")
def prune_sparsegpt(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | Sequence[float] | None = None,
    n: int | None = None,
    m: int | None = None,
    bits: int | None = None,
    symmetric: bool = False,
    per_channel: bool = True,
    grid: str = "minmax",
    group_size: int | None = None,
    damping: float = hessians.DEFAULT_DAMPING,
    threads: int = 1,
) -> Compressed | list[Compressed]:
    """Remove weights column by column, and with `bits` round those kept, each error fed to the columns after it.

    Frantar and Alistarh, "SparseGPT", 2023, Algorithm 1: the mask of a block of 128 columns is chosen when the block is
    reached, over all rows, by w_j^2 / [H^-1]_jj with the inverse of the columns not passed yet; every block removes the
    same share. With n and m, each row chooses n of each m consecutive columns when they are reached. Weights that are
    zero, or in a column without input, go first; zeros stay zero.

    Args:
        weight: (rows, cols) float32 or float64; its precision is that of the sweep, not of the factorisation.
        hessian: (cols, cols) or (groups, cols, cols), any positive multiple of X X^T over the calibration inputs.
        sparsity: share to remove, 0 to 1; a sequence gives a list of results.
        n, m: in its place, n of each m consecutive columns are removed.
        bits: 1 to 16, the kept weights are rounded in the same pass and the result is `Quantized`; None leaves them.
        symmetric, per_channel, grid, group_size: of the grid, as for GPTQ; it is fitted to the weights given.
        damping: added to the diagonal, as a share of its mean.
        threads: threads over chunks of rows.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: cols^3 / 3 operations, and rows * cols^2 for each sparsity.
    """
    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    amounts, several = masks.read_amounts(sparsity, n, m, weight.shape[1])
    levels = None
    if bits is not None:
        levels = fit_survivors(weight, None, bits, symmetric, per_channel, grid, group_size)[2]
    sweep = _Sweep(weight, exact, levels, arguments.check_damping(damping), amounts[0].m if amounts else 0)
    results = [sweep.prune(amount, arguments.check_threads(threads)) for amount in amounts]
    return results if several else results[0]


class _Sweep:
    """A layer with its factorised Hessian, ready for any amount."""

    def __init__(self, weight: torch.Tensor, exact: torch.Tensor, levels: Grid | None, damping: float, m: int) -> None:
        self._weight, self._exact, self._levels = weight, exact, levels
        self._fed = hessians.feed(weight, exact)
        self._order = column_sweep.order_columns(exact, act_order=False)
        self._parts = column_sweep.split_columns(weight.shape[1], m or 1)
        self._blocks = column_sweep.factorise(exact, damping, self._order, self._parts, weight.dtype)

    def prune(self, amount: masks.Amount, threads: int) -> Compressed:
        """The layer without that amount; `Quantized` where there is a grid."""
        import torch

        targets = column_sweep.Targets(self._fed == 0, self._levels, self._order, self._fed.dtype)
        removed = torch.zeros(self._fed.T.shape, dtype=torch.bool)
        choose, fix = None, targets.fix
        if amount.m:
            fix = partial(targets.fix_pattern, removed, amount.n, amount.m)
        else:
            counts = _count_by_block(self._fed, amount.share, self._parts)
            choose = partial(_choose, targets, removed, dict(zip(self._parts, counts, strict=True)))
        fixed = column_sweep.sweep(self._fed, self._order, self._blocks, fix, choose, threads)
        mask = ~removed.T.contiguous()
        # Columns without input passed as zeros; what is kept of them stays as it is.
        fixed = torch.where(mask & (self._fed == 0), self._weight, fixed)
        if self._levels is not None:
            return pack(self._levels.encode(fixed), self._levels, mask, self._weight, self._exact)
        return Compressed(fixed, mask, output_error(fixed, self._weight, self._exact))


def _choose(
    targets: column_sweep.Targets,
    removed: torch.Tensor,
    counts: dict[tuple[int, int], int],
    block: column_sweep.Block,
    current: torch.Tensor,
) -> None:
    """Fill `removed` (cols, rows) for a block `current` (columns, rows): the lowest w_j^2 / U_jj^2 of all its rows."""
    here = slice(block.start, block.stop)
    held = targets.held[here]
    pivots = block.own.diagonal(dim1=1, dim2=2).T
    pivots = pivots.repeat_interleave(current.shape[1] // pivots.shape[1], 1)
    score = (current / pivots).square_().masked_fill_(held, -1)
    removed[here] = masks.smallest(score.T.contiguous(), counts[block.start, block.stop]).T
    held |= removed[here]


def _count_by_block(weight: torch.Tensor, sparsity: float, parts: list[tuple[int, int]]) -> list[int]:
    """How many weights each block of columns loses: all zeros, then the same share of the others, exact in the sum."""
    removed, zeros = masks.count_removed(weight.numel(), sparsity), int((weight == 0).sum())
    if removed <= zeros:
        gone = masks.smallest(weight.abs(), removed)
        return [int(gone[:, start:stop].sum()) for start, stop in parts]
    counts, passed, rest, others = [], 0, removed - zeros, weight.numel() - zeros
    for start, stop in parts:
        alive = int((weight[:, start:stop] != 0).sum())
        before, after = ((2 * rest * count + others) // (2 * others) for count in (passed, passed + alive))
        counts.append(len(weight) * (stop - start) - alive + after - before)
        passed += alive
    return counts
