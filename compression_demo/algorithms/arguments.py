"""The rules that arguments of the algorithms keep; each check returns the accepted value or names the broken rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from compression_demo.errors import ArgumentError

if TYPE_CHECKING:
    import torch

GRIDS = ("minmax", "mse")
MAX_BITS = 16


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
    """Threads over chunks of rows: a whole number of 1 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ArgumentError("threads", f"must be a whole number of 1 or more, not {value!r}")
    return value


def check_weight(weight: torch.Tensor) -> torch.Tensor:
    """A float32 or float64 matrix (rows, cols) of at least one row and column, all values finite."""
    import torch

    if not isinstance(weight, torch.Tensor) or weight.dtype not in (torch.float32, torch.float64):
        raise ArgumentError("weight", "must be a torch tensor of float32 or float64")
    if weight.ndim != 2 or 0 in weight.shape:
        raise ArgumentError("weight", f"must be a non-empty matrix (rows, cols), not of shape {tuple(weight.shape)}")
    if not bool(torch.isfinite(weight).all()):
        raise ArgumentError("weight", "must hold finite values only, it has NaN or infinity")
    return weight.detach()


def check_hessian(hessian: torch.Tensor, cols: int) -> torch.Tensor:
    """A symmetric positive semi-definite matrix (cols, cols), returned in float64.

    Rounding is allowed for: an asymmetry up to 1e-5 of the largest entry, and negative eigenvalues up to 1e-6 of the
    trace, which is what sums of outer products in float32 leave behind.
    """
    import torch

    if not isinstance(hessian, torch.Tensor) or not hessian.is_floating_point():
        raise ArgumentError("hessian", "must be a torch tensor of a floating-point type")
    if hessian.shape != (cols, cols):
        raise ArgumentError("hessian", f"must be of shape ({cols}, {cols}) to fit weight, not {tuple(hessian.shape)}")
    matrix = hessian.detach().double()
    if not bool(torch.isfinite(matrix).all()):
        raise ArgumentError("hessian", "must hold finite values only, it has NaN or infinity")
    largest = float(matrix.abs().max())
    if float((matrix - matrix.T).abs().max()) > 1e-5 * largest:
        raise ArgumentError("hessian", "must be symmetric")
    matrix = (matrix + matrix.T) / 2
    if largest > 0:
        tolerance = 1e-6 * float(matrix.trace().abs()) + 1e-12 * largest
        _, broken = torch.linalg.cholesky_ex(matrix + tolerance * torch.eye(cols, dtype=matrix.dtype))
        if int(broken):
            raise ArgumentError("hessian", "must be positive semi-definite (it is the sum of x x^T over inputs x)")
    return matrix


def check_mask(mask: torch.Tensor | None, weight: torch.Tensor) -> torch.Tensor:
    """Which weights are kept: booleans of weight's shape; None keeps the weights that are not zero."""
    import torch

    if mask is None:
        return weight != 0
    if not isinstance(mask, torch.Tensor) or mask.dtype != torch.bool or mask.shape != weight.shape:
        raise ArgumentError("mask", f"must be a boolean tensor of weight's shape {tuple(weight.shape)}")
    return mask


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
