"""Columns fixed in one order for all rows, the errors taken up by the columns still free: behind GPTQ and SparseGPT."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from . import hessians

if TYPE_CHECKING:
    import numpy as np
    import torch

    from .grids import Grid

BLOCK = 128
"""Columns whose errors are fed back one by one; to the columns after them they go all at once."""
ROWS = 128
"""Rows that are worked on at the same time: a block of them fits into a core's cache."""


@dataclass(frozen=True)
class Block:
    """The columns start .. stop - 1 of the order, and how errors reach them; `groups` Hessians.

    own: (groups, columns, columns), the diagonal block of the upper triangular U with H^-1 = U^T U.
    earlier: (groups, columns, start), what a unit error of each earlier column adds to each of these weights.
    """

    start: int
    stop: int
    own: torch.Tensor
    earlier: torch.Tensor


@dataclass(frozen=True)
class Rows:
    """Rows start .. stop - 1, all of them under the Hessian of the same group."""

    group: int
    start: int
    stop: int


def order_columns(hessian: torch.Tensor, act_order: bool) -> torch.Tensor:
    """(groups, cols) int64: the columns as they come, or by decreasing diagonal of H (groups, cols, cols)."""
    import torch

    if act_order:
        return hessian.diagonal(dim1=1, dim2=2).argsort(dim=1, descending=True, stable=True)
    return torch.arange(hessian.shape[1]).expand(len(hessian), -1)


def split_columns(cols: int, unit: int) -> list[tuple[int, int]]:
    """The blocks (start, stop) of `cols` columns: about BLOCK columns each, and whole units of `unit` columns."""
    step = max(1, BLOCK // unit) * unit
    return [(start, min(start + step, cols)) for start in range(0, cols, step)]


def factorise(
    hessian: torch.Tensor, damping: float, order: torch.Tensor, parts: list[tuple[int, int]], dtype: torch.dtype
) -> list[Block]:
    """The blocks of the factorised damped Hessian, for columns in `order`.

    With H = R R^T, R upper triangular, U = R^-1, and the weights W_B of a block, at the least error for the errors E
    of the columns before it, are W_B + E R_<B (R_BB)^-1. So one Cholesky factorisation, of H with its columns in
    reverse, takes the place of H^-1 and its own; the weights are those of GPTQ (Frantar et al., 2022, Eqs. 2 and 3),
    as Chee et al., "QuIP", 2023, Theorem 6, shows.

    Args:
        hessian: (groups, cols, cols) float32 or float64.
        damping: added to the diagonal, as a share of its mean.
        order: (groups, cols) int64.
        parts: (start, stop) of each block.
        dtype: of the blocks, float32 or float64.

    Raises:
        ArgumentError: the damped Hessian has no full rank.

    Cost: cols^3 / 3 operations a group, memory 2 matrices (cols, cols) in float64.
    """
    import torch

    groups, cols = order.shape
    group, last_first = torch.arange(groups)[:, None, None], order.flip(1)
    backwards = hessian[group, last_first[:, :, None], last_first[:, None, :]].double()
    lower = hessians.add_diagonal(backwards, hessians.damp(backwards, damping).shift)
    if not hessians.factorize(lower):
        raise hessians.not_of_full_rank()
    blocks = []
    for start, stop in parts:
        mine, after = slice(cols - stop, cols - start), slice(cols - start, cols)
        identity = torch.eye(stop - start, dtype=torch.float64).expand(groups, -1, -1)
        own = torch.linalg.solve_triangular(lower[:, mine, mine], identity, upper=False)
        earlier = (lower[:, after, mine] @ own).mT
        blocks.append(Block(start, stop, *(x.flip(1, 2).to(dtype).contiguous() for x in (own, earlier))))
    return blocks


def arrange(matrix: torch.Tensor, order: torch.Tensor) -> torch.Tensor:
    """A matrix (rows, cols) as (cols, rows), contiguous, each group of rows with its columns in its `order`."""
    rows, cols = matrix.shape
    size = rows // len(order)
    parts = matrix.reshape(len(order), size, cols).mT
    return parts.gather(1, order[:, :, None].expand(-1, -1, size)).permute(1, 0, 2).reshape(cols, rows)


def restore(arranged: torch.Tensor, order: torch.Tensor) -> torch.Tensor:
    """The matrix (rows, cols), contiguous, that `arrange` has made (cols, rows) of."""
    cols, rows = arranged.shape
    size = rows // len(order)
    parts = arranged.view(cols, len(order), size).permute(1, 0, 2)
    places = order[:, :, None].expand(-1, -1, size)
    return parts.new_empty(parts.shape).scatter_(1, places, parts).mT.reshape(rows, cols)


class Targets:
    """Where the weights go, laid out for the kernels: columns in their order, then rows.

    held: (cols, rows) bool, to zero.
    scale, zero: (groups of columns, rows), the others to the nearest value of this grid; if top is -1 they stay.
    """

    def __init__(self, held: torch.Tensor, levels: Grid | None, order: torch.Tensor, dtype: torch.dtype) -> None:
        """From held (rows, cols) and the grid of the columns as they come; shares no memory with them."""
        import torch

        size = order.shape[1]
        self.held = arrange(held, order)
        if levels is not None:
            grid, self.top = (levels.scale_of_groups, levels.zero_of_groups), levels.top
            size = levels.group_size or size
        else:
            grid, self.top = (torch.zeros(1, 1, dtype=dtype), torch.zeros(1, 1, dtype=dtype)), -1
        self.scale, self.zero = (x.T.clone(memory_format=torch.contiguous_format) for x in grid)
        self._group = (order // size).numpy()

    def fix(self, block: Block, current: torch.Tensor, rows: Rows, first: int = 0, last: int | None = None) -> None:
        """Move columns first .. last - 1 of some rows of a block, `current` (columns, rows), to their targets, in place."""
        from .kernels.columns import fix_columns

        last = len(current) if last is None else last
        fix_columns(rows.start, rows.stop, first, last, *self._of_block(block, current, rows))

    def fix_pattern(
        self, removed: torch.Tensor, n: int, m: int, block: Block, current: torch.Tensor, rows: Rows
    ) -> None:
        """Choose n of each m columns of some rows of a block, mark them in `removed` (cols, rows), then fix them all."""
        from .kernels.columns import prune_pattern

        chosen = removed[block.start : block.stop].numpy()
        prune_pattern(rows.start, rows.stop, n, m, chosen, *self._of_block(block, current, rows))

    def _of_block(self, block: Block, current: torch.Tensor, rows: Rows) -> tuple[np.ndarray | int, ...]:
        """The last arguments of both kernels, sharing memory with the tensors."""
        here = slice(block.start, block.stop)
        tensors = current, block.own[rows.group], self.held[here], self.scale, self.zero
        return *(x.numpy() for x in tensors), self._group[rows.group, here], self.top


def sweep(
    weight: torch.Tensor,
    order: torch.Tensor,
    blocks: list[Block],
    fix: Callable[[Block, torch.Tensor, Rows], None],
    choose: Callable[[Block, torch.Tensor], None] | None = None,
    threads: int = 1,
) -> torch.Tensor:
    """The weights (rows, cols) after all blocks went to their targets, each taking up the errors of those before it.

    For every block, `choose(block, current)` sees its weights (columns, rows) as the errors so far have left them, for
    all rows at once; then `fix(block, current, rows)` puts the targets in their place, for some rows at a time, in
    threads. Results do not depend on the number of threads.

    Cost: rows * cols^2 operations; memory two weights.
    """
    import torch

    chunks = _split_rows(len(weight), len(order))
    error = arrange(weight, order)  # of the columns fixed; of those still free, their weights
    fixed = torch.empty_like(error)
    with ThreadPoolExecutor(threads) as pool:
        each = map if threads == 1 else pool.map
        for block in blocks:
            here = slice(block.start, block.stop)
            current = error[here].clone()
            if block.start:
                list(each(partial(_feed_back, block, error, current), chunks))
            if choose:
                choose(block, current)
            list(each(partial(fix, block, current), chunks))
            fixed[here] = current
            error[here] -= current
    return restore(fixed, order)


def _feed_back(block: Block, error: torch.Tensor, current: torch.Tensor, rows: Rows) -> None:
    """Let some rows of a block, `current` (columns, rows), take up the errors (cols, rows) of the columns before it."""
    some = slice(rows.start, rows.stop)
    current[:, some].addmm_(block.earlier[rows.group], error[: block.start, some])


def _split_rows(rows: int, groups: int) -> list[Rows]:
    """Chunks of at most ROWS rows, none across two groups; the same for any number of threads."""
    size = rows // groups
    return [
        Rows(group, start, min(start + ROWS, (group + 1) * size))
        for group in range(groups)
        for start in range(group * size, (group + 1) * size, ROWS)
    ]
