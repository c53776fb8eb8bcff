"""The algorithms as their papers formulate them for GPUs, in torch: what the engine's speed is measured against.

Optimal Brain Compression (Frantar, Singh, Alistarh, 2022), Algorithms 1 and 3 and Section 4: all rows of a batch at
once, each with a copy of the inverse Hessian of its own, which every step downdates whole; the weights after each step
are kept, for the masks to come. All steps cost the same, so a number of them can be timed and scaled.
GPTQ (Frantar et al., 2022), Algorithm 1: columns in order, in blocks of 128.
"""

import torch

BATCH = 32
"""Rows in a batch."""


class Elimination:
    """The state that the greedy algorithms share: weights, inverses, what is gone, and the traces."""

    def __init__(self, weight: torch.Tensor, inverse: torch.Tensor, steps: int) -> None:
        rows, cols = weight.shape
        self.every = torch.arange(rows)
        self.weights = weight.clone()
        self.inverses = inverse.expand(rows, cols, cols).clone()
        self.gone = torch.zeros(rows, cols, dtype=torch.bool)
        self.losses = torch.zeros(rows, steps)
        self.traces = torch.zeros(steps + 1, rows, cols)

    def remove(self, p: torch.Tensor, error: torch.Tensor, target: torch.Tensor) -> None:
        """Take column p (rows,) out of the inverses, its error (rows,) taken up by the columns that are left."""
        variance, column = self.inverses[self.every, p, p], self.inverses[self.every, p]
        self.weights -= column * (error / variance)[:, None]
        self.weights[self.every, p] = target
        scaled = column / variance.sqrt()[:, None]
        self.inverses -= torch.bmm(scaled[:, :, None], scaled[:, None, :])
        self.gone[self.every, p] = True


def prune(weight: torch.Tensor, inverse: torch.Tensor, steps: int) -> None:
    """`steps` steps of ExactOBS on (rows, cols)."""
    state = Elimination(weight, inverse, steps)
    zero = torch.zeros(len(weight))
    for step in range(steps):
        scores = state.weights.square() / state.inverses.diagonal(dim1=1, dim2=2)
        scores[state.gone] = torch.inf
        state.losses[:, step], p = scores.min(1)
        state.remove(p, state.weights[state.every, p], zero)
        state.traces[step + 1] = state.weights


def prune_2_of_4(weight: torch.Tensor, inverse: torch.Tensor, steps: int) -> None:
    """`steps` steps of ExactOBS for 2:4 sparsity; cols / 2 of them do the whole."""
    rows, cols = weight.shape
    state = Elimination(weight, inverse, steps)
    taken, zero = torch.zeros(rows, cols // 4, dtype=torch.int64), torch.zeros(rows)
    for step in range(steps):
        scores = state.weights.square() / state.inverses.diagonal(dim1=1, dim2=2)
        scores[state.gone | (taken == 2).repeat_interleave(4, 1)] = torch.inf
        state.losses[:, step], p = scores.min(1)
        taken[state.every, p // 4] += 1
        state.remove(p, state.weights[state.every, p], zero)
        state.traces[step + 1] = state.weights


def quantize(weight: torch.Tensor, inverse: torch.Tensor, steps: int, bits: int = 4) -> None:
    """`steps` steps of OBQ on the min-max grid of each row."""
    low, high = weight.amin(1, keepdim=True), weight.amax(1, keepdim=True)
    scale = (high - low) / (2**bits - 1)
    zero = (-low / scale).round()
    state = Elimination(weight, inverse, steps)
    for step in range(steps):
        rounded = ((state.weights / scale).round() + zero).clamp(0, 2**bits - 1).sub(zero).mul(scale)
        error = state.weights - rounded
        scores = error.square() / state.inverses.diagonal(dim1=1, dim2=2)
        scores[state.gone] = torch.inf
        far = error.abs().masked_fill(state.gone, 0)
        outlier = (far > scale / 2 * 1.0001).any(1)
        state.losses[:, step], p = scores.min(1)
        p = torch.where(outlier, far.argmax(1), p)
        state.remove(p, error[state.every, p], rounded[state.every, p])
        state.traces[step + 1] = state.weights


def prune_blocks(weight: torch.Tensor, inverse: torch.Tensor, steps: int, block: int = 4) -> None:
    """`steps` steps of group-OBS on blocks of consecutive columns; cols / block of them do the whole."""
    rows, cols = weight.shape
    state = Elimination(weight, inverse, steps)
    blocks = cols // block
    member = torch.arange(cols).view(blocks, block)
    gone = torch.zeros(rows, blocks, dtype=torch.bool)
    for step in range(steps):
        # The c x c blocks on the diagonals; those gone are filled so that they can be inverted, and left out below.
        own = state.inverses[:, member[:, :, None], member[:, None, :]]
        own = torch.where(gone[:, :, None, None], torch.eye(block), own)
        values = state.weights.view(rows, blocks, block)
        solved = torch.linalg.solve(own, values)
        scores = (values * solved).sum(2).masked_fill(gone, torch.inf)
        state.losses[:, step], p = scores.min(1)
        columns = member[p]
        crossing = state.inverses.gather(1, columns[:, :, None].expand(-1, -1, cols))
        state.weights -= (solved[state.every, p][:, None, :] @ crossing)[:, 0]
        state.weights.scatter_(1, columns, 0)
        state.inverses -= torch.bmm(crossing.mT, torch.linalg.solve(own[state.every, p], crossing))
        gone[state.every, p] = True
        state.traces[step + 1] = state.weights


def quantize_in_order(
    weight: torch.Tensor, hessian: torch.Tensor, bits: int = 4, damping: float = 0.01
) -> torch.Tensor:
    """GPTQ on all rows (rows, cols) from the Hessian (cols, cols): the rounded weights."""
    weight, hessian = weight.clone(), hessian.to(weight.dtype, copy=True)
    cols = weight.shape[1]
    low, high = weight.amin(1).clamp_max(0), weight.amax(1).clamp_min(0)
    scale = (high - low) / (2**bits - 1)
    zero = (-low / scale).round()
    hessian.diagonal().add_(damping * hessian.diagonal().mean())
    inverse = torch.linalg.cholesky(torch.cholesky_inverse(torch.linalg.cholesky(hessian)), upper=True)
    rounded = torch.zeros_like(weight)
    for first in range(0, cols, 128):
        last = min(first + 128, cols)
        part, errors = weight[:, first:last].clone(), torch.zeros(len(weight), last - first)
        own = inverse[first:last, first:last]
        for i in range(last - first):
            column = part[:, i]
            value = ((column / scale).round() + zero).clamp(0, 2**bits - 1).sub(zero).mul(scale)
            rounded[:, first + i] = value
            errors[:, i] = (column - value) / own[i, i]
            part[:, i:] -= errors[:, i : i + 1] @ own[i : i + 1, i:]
        weight[:, last:] -= errors @ inverse[first:last, last:]
    return rounded
