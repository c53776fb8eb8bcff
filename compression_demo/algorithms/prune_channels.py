"""Group OBS on whole input channels: structured removal, the same columns for all rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from compression_demo.errors import ArgumentError

from . import arguments, hessians, masks
from .registry import CHANNEL, DAMPING, SPARSITY, method
from .results import Compressed, output_error

if TYPE_CHECKING:
    import torch

PANEL = 128
"""Columns removed between two rounds of applying the pending updates and dropping what is gone."""


@overload
def prune_channels(
    weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: float, channel: int = ..., damping: float = ...
) -> Compressed: ...
@overload
def prune_channels(
    weight: torch.Tensor, hessian: torch.Tensor, *, sparsity: Sequence[float], channel: int = ..., damping: float = ...
) -> list[Compressed]: ...


@method("channels", title="whole input channels", kind="prune", settings=(SPARSITY, CHANNEL, DAMPING), sweep="sparsity")
def prune_channels(
    weight: torch.Tensor,
    hessian: torch.Tensor,
    *,
    sparsity: float | Sequence[float],
    channel: int = 1,
    damping: float = hessians.DEFAULT_DAMPING,
) -> Compressed | list[Compressed]:
    """Remove the share `sparsity` of a layer's input channels at the least growth of its output error, refit the rest.

    Group Optimal Brain Surgeon (Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022, Eq. 5) with all rows
    removing the same columns B: the next channel is the one with the least sum over rows of w_B [H^-1_BB]^-1 w_B^T.
    In float64. Channels without input or without weights go first; single weights that are zero stay zero.

    Args:
        weight: (rows, cols) float32 or float64.
        hessian: (cols, cols), any positive multiple of X X^T over the calibration inputs. Grouped convolutions are
            refused: without one of its input channels, a group would have another shape than the others.
        sparsity: share of channels to remove, 0 to 1; a sequence gives a list of results from one pass.
        channel: consecutive columns of a channel, such as the taps of a kernel.
        damping: added to the diagonal, as a share of its mean.

    Raises:
        ArgumentError: names the argument and the rule it breaks.

    Cost: about cols^3 + min(rows, cols) * cols^2 operations, and cols^3 / 3 for each sparsity.
    """
    import torch

    weight = arguments.check_weight(weight)
    exact = arguments.check_hessian(hessian, weight)
    if len(exact) > 1:
        raise ArgumentError("hessian", "must be one matrix (cols, cols): channels of grouped layers cannot be removed")
    cols = weight.shape[1]
    if cols % arguments.check_count("channel", channel):
        raise ArgumentError("channel", f"must divide the {cols} columns, {channel} does not")
    sparsities, several = arguments.check_sparsities(sparsity)
    damped = hessians.damp(exact, arguments.check_damping(damping))
    order = _eliminate(hessians.feed(weight, exact).double(), damped, channel)
    results = []
    for share in sparsities:
        kept = order.new_ones(len(order), dtype=torch.bool)
        kept[order[: masks.count_removed(len(order), share)]] = False
        columns = kept.repeat_interleave(channel)
        solved = _solve(weight, damped, columns)
        mask = columns.expand_as(weight).contiguous()
        results.append(Compressed(solved, mask, output_error(solved, weight, exact)))
    return results if several else results[0]


def _eliminate(weight: torch.Tensor, damped: hessians.Damped, channel: int) -> torch.Tensor:
    """The order (channels,) in which channels go, from weight (rows, cols) float64 and the damped Hessian.

    Removing B takes V^T V off the inverse G and Y V off the weights W, with V = L^-1 G_B and Y = W_B L^-T, L L^T = G_BB.
    Both are applied a panel at a time, as matrix products; the scores need no more than the diagonal blocks of G and of
    W^T W, which follow every removal. Equal scores go in the order of the channels.
    """
    import torch

    inverse = hessians.invert(damped.matrix())[0]  # held here only, so that each smaller one takes its place
    if len(weight) > weight.shape[1]:
        weight = torch.linalg.qr(weight, mode="r").R  # the scores depend on W^T W = R^T R alone
    alive = torch.arange(weight.shape[1] // channel)
    order = []
    while len(alive):
        steps = min(max(1, PANEL // channel), len(alive))
        picked, factor, taken = _eliminate_panel(weight, inverse, channel, steps)
        order.append(alive[picked])
        left = torch.ones(len(alive), dtype=torch.bool)
        left[picked] = False
        columns = left.repeat_interleave(channel).nonzero()[:, 0]
        factor = factor[:, columns]
        inverse = inverse[columns[:, None], columns].addmm_(factor.T, factor, alpha=-1)
        weight = weight[:, columns].addmm_(taken.T, factor, alpha=-1)
        alive = alive[left]
    return torch.cat(order)


def _eliminate_panel(
    weight: torch.Tensor, inverse: torch.Tensor, channel: int, steps: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The next `steps` channels to go (steps,), and V (columns gone, cols) and Y^T (columns gone, rows) of their removal."""
    import torch

    rows, cols = weight.shape
    count = cols // channel
    by_channel = weight.view(rows, count, channel).permute(1, 2, 0)
    power = by_channel @ by_channel.mT  # (channels, channel, channel): the diagonal blocks of W^T W
    variance = inverse.view(count, channel, count, channel).diagonal(dim1=0, dim2=2).permute(2, 0, 1).clone()
    factor, taken = weight.new_zeros(steps * channel, cols), weight.new_zeros(steps * channel, rows)
    gone, picked = torch.zeros(count, dtype=torch.bool), torch.empty(steps, dtype=torch.int64)
    for step in range(steps):
        best = _score(power, variance).masked_fill_(gone, torch.inf).argmin()  # the first of equal minima
        here, mine = slice(best * channel, (best + 1) * channel), slice(step * channel, (step + 1) * channel)
        v, y = factor[: mine.start], taken[: mine.start]
        pivot = inverse[here] - v[:, here].T @ v
        root = torch.linalg.cholesky(pivot[:, here])
        factor[mine] = torch.linalg.solve_triangular(root, pivot, upper=False)
        taken[mine] = torch.linalg.solve_triangular(root, weight[:, here].T - v[:, here].T @ y, upper=False)
        pull = taken[mine] @ weight - (taken[mine] @ y.T) @ v  # Y^T W
        new, cross = (x.view(channel, count, channel).transpose(0, 1) for x in (factor[mine], pull))
        variance -= new.mT @ new
        power -= new.mT @ cross + cross.mT @ new - new.mT @ (taken[mine] @ taken[mine].T) @ new
        picked[step], gone[best] = best, True
        variance[best] = torch.eye(channel, dtype=variance.dtype)  # gone: what is left of it is rounding
    return picked, factor, taken


def _score(power: torch.Tensor, variance: torch.Tensor) -> torch.Tensor:
    """The trace of variance^-1 power of each channel (channels,): what its removal adds to the output error."""
    import torch

    if power.shape[1] == 1:
        return (power / variance).flatten()
    return torch.linalg.solve(variance, power).diagonal(dim1=1, dim2=2).sum(1)


def _solve(weight: torch.Tensor, damped: hessians.Damped, kept: torch.Tensor) -> torch.Tensor:
    """The weights (rows, cols) on the columns `kept` (cols,) that least change the output; zero elsewhere.

    One factorisation serves all rows, unless single weights are zero and have to stay so.
    """
    import torch

    if not bool(weight[:, kept].all()):
        return hessians.solve_kept(weight, damped, kept & (weight != 0))
    solved = torch.zeros_like(weight)
    inside, outside = kept.nonzero()[:, 0], (~kept).nonzero()[:, 0]
    pull = damped.hessian[0, inside[:, None], outside].double() @ weight[:, outside].double().T
    left = hessians.add_diagonal(damped.hessian[:, inside[:, None], inside].double(), damped.shift)
    if not hessians.factorize(left):
        raise hessians.not_of_full_rank()
    # Two triangular solves: torch.cholesky_solve would take a copy of the factor.
    change = torch.linalg.solve_triangular(left[0], pull, upper=False)
    change = torch.linalg.solve_triangular(left[0].mT, change, upper=True)
    solved[:, kept] = (weight[:, kept].double() + change.T).to(weight.dtype)
    return solved
