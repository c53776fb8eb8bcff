"""Greedy elimination of the columns of each row: the pivoted Cholesky factorisation behind ExactOBS and OBQ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .hessians import rows_per_chunk

if TYPE_CHECKING:
    import torch

    from .grids import Grid

PANEL = 128
"""Steps between two rounds of applying the pending updates and dropping the eliminated columns."""


@dataclass(frozen=True)
class Elimination:
    """The greedy order of each row, run to the end.

    order: (rows, cols) int64, the column eliminated at each step.
    loss: (rows, cols), the squared output error that each step adds, in the order of the steps.
    value: (rows, cols), what each column's weight had become when its turn came, in the order of the columns.
    """

    order: torch.Tensor
    loss: torch.Tensor
    value: torch.Tensor


def eliminate(
    weight: torch.Tensor, damped: torch.Tensor, inverse: torch.Tensor, grid: Grid | None = None, threads: int = 1
) -> Elimination:
    """Move one column after the other of each row to its target (zero, or the grid), the cheapest first.

    Cost of column p is e_p^2 / [H^-1]_pp with e_p its distance to the target; the columns still free take up
    -e_p / [H^-1]_pp H^-1[:, p]; then p leaves the inverse (Frantar, Singh, Alistarh, "Optimal Brain Compression",
    2022, Eqs. 3 and 4, and 7 for grids). Leaving is one step of a pivoted Cholesky factorisation of H^-1, so the
    pivot's column is H^-1[:, p] - L L[p, :]^T and no matrix is updated at each step. Ties go to the lowest column.

    Args:
        weight: (rows, cols), float32 or float64, the precision of the elimination.
        damped: (cols, cols) float64, the damped Hessian.
        inverse: (cols, cols) float64, its inverse; cast once to weight's precision.
        grid: where the columns go; None is zero.
        threads: threads over chunks of rows; results do not depend on it.

    Cost: rows * cols^3 operations; memory a chunk of rows, about 100 MB a thread.
    """
    import torch

    rows, cols = weight.shape
    shared = inverse.to(weight.dtype)
    # No remaining variance falls below this, [(H_SS)^-1]_pp >= 1 / H_pp, whatever rounding does.
    floor = (1 / damped.diagonal()).to(weight.dtype)
    out = Elimination(torch.empty(rows, cols, dtype=torch.int64), torch.empty_like(weight), torch.empty_like(weight))

    def run(part: slice) -> None:
        _eliminate_chunk(weight[part], shared, floor, grid[part] if grid else None, _rows_of(out, part))

    step = rows_per_chunk(cols, weight.element_size())
    parts = [slice(start, min(start + step, rows)) for start in range(0, rows, step)]
    for _ in _map(run, parts, threads):
        pass
    return out


def _rows_of(whole: Elimination, part: slice) -> Elimination:
    return Elimination(whole.order[part], whole.loss[part], whole.value[part])


def _map(run: Callable[[slice], None], parts: list[slice], threads: int) -> Iterator[None]:
    if threads == 1:
        yield from map(run, parts)
    else:
        with ThreadPoolExecutor(threads) as pool:
            yield from pool.map(run, parts)


@dataclass
class _Slots:
    """The columns of a chunk of rows that are still free, in their order; all (rows, slots).

    weight: as the eliminations so far have left it. variance: the diagonal of the inverse. lowest: what the variance
    cannot fall below. column: the column a slot stands for.
    """

    weight: torch.Tensor
    variance: torch.Tensor
    lowest: torch.Tensor
    column: torch.Tensor

    def take(self, kept: torch.Tensor) -> _Slots:
        return _Slots(*(x.gather(1, kept) for x in (self.weight, self.variance, self.lowest, self.column)))


def _eliminate_chunk(
    weight: torch.Tensor, inverse: torch.Tensor, floor: torch.Tensor, grid: Grid | None, out: Elimination
) -> None:
    """Fill `out` for a chunk of rows, a panel of steps at a time."""
    import torch

    rows, cols = weight.shape
    variance = inverse.diagonal().expand(rows, cols).clone()
    slots = _Slots(weight.clone(), variance, floor.expand(rows, cols), torch.arange(cols).expand(rows, cols))
    free = inverse.expand(rows, cols, cols)
    for done in range(0, cols, PANEL):
        steps = min(PANEL, cols - done)
        panel, gone = _eliminate_panel(slots, free, grid, out, done, steps)
        left = cols - done - steps
        if left:
            kept = (~gone).nonzero()[:, 1].view(rows, left)
            factor = panel.gather(2, kept[:, None, :].expand(rows, steps, left))
            row = torch.arange(rows)[:, None, None]
            free = torch.baddbmm(free[row, kept[:, :, None], kept[:, None, :]], factor.mT, factor, alpha=-1)
            slots = slots.take(kept)


def _eliminate_panel(
    slots: _Slots, free: torch.Tensor, grid: Grid | None, out: Elimination, done: int, steps: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Take `steps` steps, updating `slots` in place and filling `out` from step `done` on.

    `free` (rows, slots, slots) is the inverse as it was before the first of these steps. Returns the panel L
    (rows, steps, slots) of pivot columns, and which slots are gone.
    """
    import torch

    w, d = slots.weight, slots.variance
    rows, count = w.shape
    row = torch.arange(rows)
    panel = w.new_empty(rows, steps, count)
    picked = torch.empty(rows, steps, dtype=torch.int64)
    loss, value = w.new_empty(rows, steps), w.new_empty(rows, steps)
    gone = torch.zeros(rows, count, dtype=torch.bool)
    for t in range(steps):
        error = w if grid is None else w - grid.round(w)
        score = (error.square() / d).masked_fill_(gone, torch.inf)
        if grid is not None:
            score = _put_outliers_first(score, (error.abs() > grid.half_step) & ~gone)
        p = score.argmin(1, keepdim=True)  # the first of equal minima, as torch documents
        picked[:, t : t + 1] = p
        value[:, t : t + 1] = w.gather(1, p)
        pivot = free[row, p[:, 0]]
        if t:
            earlier = panel[:, :t]
            factor = earlier.gather(2, p[:, :, None].expand(rows, t, 1)).mT
            pivot = torch.baddbmm(pivot[:, None], factor, earlier, alpha=-1)[:, 0]
        root = d.gather(1, p).rsqrt_()
        scaled = error.gather(1, p).mul_(root)
        loss[:, t : t + 1] = scaled.square()
        column = torch.mul(pivot, root, out=panel[:, t])
        w.addcmul_(column, scaled, value=-1)
        torch.maximum(d.addcmul_(column, column, value=-1), slots.lowest, out=d)
        gone.scatter_(1, p, True)
    columns = slots.column.gather(1, picked)
    out.order[:, done : done + steps] = columns
    out.loss[:, done : done + steps] = loss
    out.value.scatter_(1, columns, value)
    return panel, gone


def _put_outliers_first(score: torch.Tensor, outlier: torch.Tensor) -> torch.Tensor:
    """Only outliers compete in rows that have one: waiting would let their error grow as others are fixed."""
    return score.masked_fill(outlier.any(1, keepdim=True) & ~outlier, float("inf"))
