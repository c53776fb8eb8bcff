"""The rules that arguments of the algorithms keep; each check returns the accepted value or names the broken rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

from compression_demo.errors import ArgumentError

if TYPE_CHECKING:
    import torch

GRIDS = ("minmax", "mse")
MAX_BITS = 16
STRIPE = 128
"""Rows of a Hessian that are compared with their transposes at the same time."""


def check_sparsity(value: Any) -> float:
    """A share of weights to remove: a number from 0 to 1."""
    if not _is_number(value) or not 0 <= value <= 1:
        raise ArgumentError("sparsity", f"must be a number from 0 to 1, not {value!r}")
    return float(value)


def check_sparsities(value: float | Sequence[float]) -> tuple[list[float], bool]:
    """One sparsity or a sequence of them: the list, and whether a sequence was given."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [check_sparsity(item) for item in value], True
    return [check_sparsity(value)], False


def check_bits(value: Any) -> int:
    """Bits per weight: a whole number from 1 to 16."""
    if isinstance(value, bool) or not _is_number(value) or value != int(value) or not 1 <= value <= MAX_BITS:
        raise ArgumentError("bits", f"must be a whole number from 1 to {MAX_BITS}, not {value!r}")
    return int(value)


def check_damping(value: Any) -> float:
    """What is added to the Hessian's diagonal, as a share of its mean: a number of 0 or more."""
    if not _is_number(value) or value < 0:
        raise ArgumentError("damping", f"must be a finite number of 0 or more, not {value!r}")
    return float(value)


def check_pattern(n: Any, m: Any, cols: int | None = None) -> tuple[int, int]:
    """n of each m consecutive columns are removed: whole numbers with 0 <= n <= m, m dividing the columns if given."""
    for name, value, least in (("n", n, 0), ("m", m, 1)):
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise ArgumentError(name, f"must be a whole number of {least} or more, not {value!r}")
    if n > m:
        raise ArgumentError("n", f"must be at most m, the size of a group: {n} of {m} columns cannot be removed")
    if cols is not None and cols % m:
        raise ArgumentError("m", f"must divide the {cols} columns, {m} does not")
    return int(n), int(m)


def check_count(name: str, value: Any) -> int:
    """A whole number of 1 or more."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ArgumentError(name, f"must be a whole number of 1 or more, not {value!r}")
    return int(value)


def check_block(block: Any, cols: int | None = None) -> int:
    """Columns in a block: a whole number of 1 or more that divides the columns if given."""
    check_count("block", block)
    if cols is not None and cols % block:
        raise ArgumentError("block", f"must divide the {cols} columns, {block} does not")
    return block


def check_group_size(value: Any) -> int | None:
    """Columns that share a scale: a whole number of 1 or more, or None for one scale a row or layer."""
    return None if value is None else check_count("group_size", value)


def check_flag(name: str, value: Any) -> bool:
    """True or False."""
    if not isinstance(value, bool):
        raise ArgumentError(name, f"must be true or false, not {value!r}")
    return value


def check_symmetric(value: Any) -> bool:
    """Whether the grid is symmetric around zero: true or false."""
    return check_flag("symmetric", value)


def check_per_channel(value: Any) -> bool:
    """Whether each row has a scale of its own: true or false."""
    return check_flag("per_channel", value)


def check_grid(value: Any) -> str:
    """How the range of a grid is found: "minmax" or "mse"."""
    if value not in GRIDS:
        raise ArgumentError("grid", f"must be one of {', '.join(GRIDS)}, not {value!r}")
    return value


def check_threads(value: Any) -> int:
    """Threads over rows: a whole number of 1 or more."""
    return check_count("threads", value)


def check_weight(weight: torch.Tensor) -> torch.Tensor:
    """A float32 or float64 matrix (rows, cols) of at least one row and column, all values finite."""
    import torch

    if not isinstance(weight, torch.Tensor) or weight.dtype not in (torch.float32, torch.float64):
        raise ArgumentError("weight", "must be a torch tensor of float32 or float64")
    if weight.ndim != 2 or 0 in weight.shape:
        raise ArgumentError("weight", f"must be a non-empty matrix (rows, cols), not of shape {tuple(weight.shape)}")
    if not bool(torch.isfinite(weight).all()):
        raise ArgumentError("weight", "must hold finite values only, it has NaN or infinity")
    return weight.detach().contiguous()


def check_hessian(hessian: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """A symmetric positive semi-definite matrix (cols, cols), or (groups, cols, cols) of them, for `weight` (rows, cols).

    Returns (groups, cols, cols) float32 or float64, sharing memory with a Hessian given in these types. Rounding is allowed for: an
    asymmetry up to 1e-5 of the largest entry, and negative eigenvalues up to 1e-6 of the trace, which is what sums of
    outer products in float32 leave behind.
    """
    import torch

    from .hessians import is_definite

    rows, cols = weight.shape
    if not isinstance(hessian, torch.Tensor) or not hessian.is_floating_point():
        raise ArgumentError("hessian", "must be a torch tensor of a floating-point type")
    if hessian.ndim not in (2, 3) or hessian.shape[-2:] != (cols, cols) or (hessian.ndim == 3 and not len(hessian)):
        shape = f"({cols}, {cols}) or (groups, {cols}, {cols})"
        raise ArgumentError("hessian", f"must be of shape {shape} to fit weight, not {tuple(hessian.shape)}")
    matrices = hessian.detach().reshape(-1, cols, cols)
    if matrices.dtype not in (torch.float32, torch.float64):
        matrices = matrices.float()
    if not matrices.is_contiguous():  # a symmetric matrix in the order of columns is its own transpose
        matrices = matrices.mT if matrices.mT.is_contiguous() else matrices.contiguous()
    if rows % len(matrices):
        raise ArgumentError(
            "hessian", f"must have a number of groups that divides the {rows} rows, not {len(matrices)}"
        )
    if not bool(torch.isfinite(matrices.sum())) and not bool(torch.isfinite(matrices).all()):
        raise ArgumentError("hessian", "must hold finite values only, it has NaN or infinity")
    smallest, largest = matrices.amin((1, 2)), matrices.amax((1, 2))
    largest = torch.maximum(largest, -smallest)
    if bool((_asymmetry(matrices) > 1e-5 * largest).any()):
        raise ArgumentError("hessian", "must be symmetric")
    tolerance = 1e-6 * matrices.diagonal(dim1=1, dim2=2).double().sum(1).abs() + 1e-12 * largest
    # In float32 first, which takes half the time; what fails there by rounding may still pass in float64.
    if not any(is_definite(matrices.to(kind, copy=True), tolerance) for kind in (torch.float32, torch.float64)):
        raise ArgumentError("hessian", "must be positive semi-definite (it is the sum of x x^T over inputs x)")
    return matrices


def _asymmetry(matrices: torch.Tensor) -> torch.Tensor:
    """The largest |a_ij - a_ji| of each matrix (groups,), a stripe at a time to save memory."""
    import torch

    stripes = range(0, matrices.shape[1], STRIPE)
    differences = (matrices[:, i : i + STRIPE, i:] - matrices[:, i:, i : i + STRIPE].mT for i in stripes)
    return torch.stack([difference.abs().amax((1, 2)) for difference in differences]).amax(0)


def check_mask(mask: torch.Tensor | None, weight: torch.Tensor) -> torch.Tensor:
    """Which weights are kept: booleans of weight's shape; None keeps the weights that are not zero."""
    import torch

    if mask is None:
        return weight != 0
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool or mask.shape != weight.shape:
        raise ArgumentError("mask", f"must be a boolean tensor of weight's shape {tuple(weight.shape)}")
    return mask.clone()  # the result's own: the caller may go on with theirs


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
