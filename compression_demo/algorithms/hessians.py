"""The damped Hessian and its inverse, and least squares on a set of kept weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compression_demo.errors import ArgumentError

if TYPE_CHECKING:
    import torch

DEFAULT_DAMPING = 0.01
"""Default share of the mean diagonal that is added to the diagonal, as is usual in the field."""
CHUNK_BYTES = 48 * 2**20
"""Working memory of one chunk of rows: about an L3 cache, larger was slower."""


def damp(hessian: torch.Tensor, damping: float) -> torch.Tensor:
    """H + damping * mean(diag H) * I in float64: relative to the data's scale, so that any multiple of H acts alike."""
    import torch

    mean = float(hessian.diagonal().mean())
    identity = torch.eye(len(hessian), dtype=torch.float64)
    # No input at all: every weight is free, and any multiple of the identity says so.
    return hessian.double() + damping * mean * identity if mean > 0 else identity


def invert(damped: torch.Tensor) -> torch.Tensor:
    """The inverse (cols, cols) of a damped Hessian in float64.

    Raises:
        ArgumentError: it has no full rank.
    """
    import torch

    factor, broken = torch.linalg.cholesky_ex(damped)
    if int(broken):
        raise ArgumentError("damping", "must be above 0 for a Hessian that is not of full rank")
    return torch.cholesky_inverse(factor)


def rows_per_chunk(cols: int, bytes_per_entry: int) -> int:
    """How many rows, each with a (cols, cols) matrix of its own, fit into the working memory."""
    return max(1, CHUNK_BYTES // (cols * cols * bytes_per_entry))


def solve_kept(weight: torch.Tensor, damped: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    """The weights on `kept` (rows, cols bool) that least change each row's output; zero elsewhere.

    Minimises (w - w0) H (w - w0)^T over w with support in `kept`: w_K = w0_K + H_KK^-1 H_KR w0_R, R the removed.
    Returns (rows, cols) float64. One Cholesky factorisation a row: k^3 / 3 operations for k kept weights.
    """
    import torch

    solved = torch.where(kept, weight.double(), 0.0)
    pull = (weight.double() - solved) @ damped
    step = rows_per_chunk(max(1, int(kept.sum(1).max())), 16)
    for start in range(0, len(weight), step):
        rows = slice(start, start + step)
        most = int(kept[rows].sum(1).max())
        # The kept columns of each row first; rows with fewer than the most are filled up with rows of the identity.
        columns = kept[rows].byte().argsort(dim=1, descending=True, stable=True)[:, :most]
        inside = kept[rows].gather(1, columns).double()
        system = damped[columns[:, :, None], columns[:, None, :]] * inside[:, :, None] * inside[:, None, :]
        factor = torch.linalg.cholesky(system + torch.diag_embed(1 - inside))
        right = (pull[rows].gather(1, columns) * inside)[:, :, None]
        solved[rows].scatter_add_(1, columns, torch.cholesky_solve(right, factor)[:, :, 0])
    return solved
