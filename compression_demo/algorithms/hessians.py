"""The damped Hessian and its inverse, and least squares on a set of kept weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compression_demo.errors import ArgumentError

from .results import ROWS_AT_ONCE, Compressed, multiply, output_error, split_rows

if TYPE_CHECKING:
    import torch

DEFAULT_DAMPING = 0.01
"""Default share of the mean diagonal that is added to the diagonal, as is usual in the field."""
STRIDE = 32
"""Rows of padded matrices are a multiple of this many entries."""


@dataclass(frozen=True)
class Damped:
    """Damped Hessians, H + shift * I, without a copy of H.

    hessian: (groups, cols, cols) float32 or float64. shift: (groups,) float64.
    """

    hessian: torch.Tensor
    shift: torch.Tensor

    def matrix(self, group: int | None = None) -> torch.Tensor:
        """H + shift * I, (groups, cols, cols) float64, the caller's own; of one group (1, cols, cols) if named."""
        import torch

        chosen = slice(None) if group is None else slice(group, group + 1)
        return add_diagonal(self.hessian[chosen].to(torch.float64, copy=True), self.shift[chosen])

    def diagonal(self) -> torch.Tensor:
        """(groups, cols) float64."""
        return self.hessian.diagonal(dim1=1, dim2=2).double() + self.shift[:, None]


def damp(hessian: torch.Tensor, damping: float) -> Damped:
    """H + damping * mean(diag H) * I: relative to the data's scale, so that any multiple of H acts alike.

    Args:
        hessian: (groups, cols, cols) float32 or float64.
        damping: the share; where no input came at all (H = 0) every weight is free, and the identity says so.
    """
    import torch

    mean = hessian.diagonal(dim1=1, dim2=2).double().mean(1)
    return Damped(hessian, torch.where(mean > 0, damping * mean, 1.0))


def add_diagonal(matrices: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    """Add shift (groups,) to the diagonals of (groups, cols, >= cols), in place."""
    matrices.diagonal(dim1=1, dim2=2).add_(shift[:, None].to(matrices.dtype))
    return matrices


def invert(matrices: torch.Tensor) -> torch.Tensor:
    """The inverses (groups, cols, cols) of definite matrices, contiguous, in their place.

    Raises:
        ArgumentError: one has no full rank.
    """
    import torch

    if not factorize(matrices):
        raise not_of_full_rank()
    turned = matrices.mT
    torch.cholesky_inverse(turned, upper=True, out=turned)
    return matrices


def is_definite(own: torch.Tensor, tolerance: torch.Tensor) -> bool:
    """Whether all matrices (groups, cols, cols) are positive definite with `tolerance` (groups,) on the diagonal.

    They are overwritten. A matrix of zeros is an input that never came: any positive number on its diagonal will do.
    """
    import torch

    return factorize(add_diagonal(own, torch.where(tolerance > 0, tolerance, 1.0)))


def factorize(matrices: torch.Tensor) -> bool:
    """Put the lower Cholesky factors in place of contiguous (groups, cols, cols); False where one has none."""
    import torch

    if not matrices.is_contiguous():
        raise ValueError("LAPACK works in place on contiguous matrices only")
    # The transposed view is in the order that LAPACK works on without a copy; being symmetric, it is the same matrix.
    turned, broken = matrices.mT, torch.empty(len(matrices), dtype=torch.int32)
    torch.linalg.cholesky_ex(turned, upper=True, out=(turned, broken))
    return not bool(broken.any())


def solve_kept(
    weight: torch.Tensor, damped: Damped, kept: torch.Tensor, threads: int = 1, double: bool = False
) -> torch.Tensor:
    """The weights on `kept` that least change each row's output; zero elsewhere.

    Minimises (w - w0) H (w - w0)^T over w with support in `kept`: w_K = w0_K + H_KK^-1 H_KR w0_R, R the removed.

    Args:
        weight: (rows, cols) float32 or float64, the precision of the factorisations.
        damped: the damped Hessians H.
        kept: (rows, cols) bool.
        threads: threads over rows.
        double: factorise in float64, whatever the weight's precision; done anyway where float32 breaks down.

    Cost: k^3 / 3 operations a row for k kept weights.
    """
    import torch

    from .elimination import run_in_threads, select_kernels

    if double and weight.dtype != torch.float64:
        return solve_kept(weight.double(), damped, kept, threads).to(weight.dtype)
    # Powers of two: exact, and far from the ends of float32.
    size, unit = power_of_two(damped.diagonal()), power_of_two(weight)
    solved = torch.empty_like(weight)
    for rows, hessian in split_rows(len(weight), damped.hessian):
        removed = weight[rows].masked_fill(kept[rows], 0).double()
        # The damping pulls at no column that is kept: its entries are those of the removed columns themselves.
        solved[rows] = multiply(removed, hessian).div_(size * unit).to(weight.dtype)
    matrices = add_diagonal(pad(damped.hessian, weight.dtype, size), damped.shift / size).numpy()
    solve = select_kernels(weight).solve_rows
    target, inside = solved.numpy(), kept.numpy()
    run_in_threads(lambda start, stop: solve(start, stop, inside, matrices, target, target), len(weight), threads)
    solved.mul_(unit).add_(weight).mul_(kept)
    if weight.dtype != torch.float64 and not bool(torch.isfinite(solved).all()):
        return solve_kept(weight, damped, kept, threads, double=True)
    return solved


def refit_kept(
    weight: torch.Tensor, damped: Damped, mask: torch.Tensor, threads: int = 1, double: bool = False
) -> Compressed:
    """The layer with the weights under `mask` (rows, cols bool) solved for as by `solve_kept`; zeros stay zero."""
    solved = solve_kept(weight, damped, mask & (weight != 0), threads, double)
    return Compressed(solved, mask, output_error(solved, weight, damped.hessian))


def feed(weight: torch.Tensor, hessian: torch.Tensor) -> torch.Tensor:
    """A copy of `weight` with zeros in the columns that no input reaches.

    Damping would put a price on these columns; they touch no other, so zeros make them free.
    """
    fed = hessian.diagonal(dim1=1, dim2=2) > 0
    return weight * fed.repeat_interleave(len(weight) // len(hessian), 0)


def power_of_two(values: torch.Tensor) -> float:
    """The power of two next above the largest magnitude; 1 where all are zero."""
    return 2.0 ** math.frexp(float(values.abs().max()))[1]


def pad(matrices: torch.Tensor, dtype: torch.dtype, unit: float = 1.0) -> torch.Tensor:
    """(groups, cols, stride) copies in `dtype`, divided by `unit`, the stride filled with zeros up to whole vectors."""
    groups, cols, _ = matrices.shape
    padded = matrices.new_zeros((groups, cols, (cols + STRIDE - 1) // STRIDE * STRIDE), dtype=dtype)
    for own, matrix in zip(padded, matrices, strict=True):
        for start in range(0, cols, ROWS_AT_ONCE):
            rows = slice(start, start + ROWS_AT_ONCE)
            own[rows, :cols] = matrix[rows] if unit == 1 else matrix[rows] / unit
    return padded


def not_of_full_rank() -> ArgumentError:
    """What to say of a damped Hessian that has no Cholesky factor."""
    return ArgumentError("damping", "must be larger for a Hessian that is not of full rank")
