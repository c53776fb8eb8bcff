"""How exact it is to take a column out of an inverse Hessian instead of inverting anew.

Frantar, Singh and Alistarh, "Optimal Brain Compression", NeurIPS 2022, Lemma 1: the inverse without row and column p is
H^-1 - H^-1[:, p] H^-1[p, :] / [H^-1]_pp, row and column p dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.hessians import damp
from compression_demo.algorithms.registry import Setting
from compression_demo.errors import ArgumentError
from compression_demo.models.calibration import calibrate
from compression_demo.testbeds import Metric

from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

    from compression_demo.testbeds import Testbed

RESIDUAL = Metric("inverse_residual", "largest entry of H H^-1 - I", "", "lower", True)
DAMPING = 0.01
RATE = 2e-9
"""Seconds for one entry of one downdate, measured on one core."""


def _check_way(value: Any) -> str:
    if value not in ("downdate", "anew"):
        raise ArgumentError("way", f"must be downdate or anew, not {value!r}")
    return value


def estimate_inverses(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds for the inverses of all layers."""
    return RATE * sum(layer.cols**3 for layer in testbed.layers)


@procedure(
    "inverse_after_removal",
    title="inverse Hessian after columns are removed",
    source="Optimal Brain Compression (Frantar et al., NeurIPS 2022), Lemma 1",
    settings=(
        Setting("way", "downdate or anew", _check_way, required=True),
        Setting("sparsity", "share of the columns removed", arguments.check_sparsity, required=True),
    ),
    metrics=(RESIDUAL,),
    sources=("../algorithms/hessians.py", "../models/calibration.py"),
    seconds=estimate_inverses,
    evaluates=False,
)
def measure_inverses(work: Work, way: str, sparsity: float) -> Outcome:
    """How far the inverses of the layers' Hessians are from inverses once a random share of the columns is removed, by
    downdates one after the other or by an inversion of what is left; float64 throughout."""
    lines = []
    for name, hessian in calibrate(work.trial.model, work.trial.calibration).items():
        grouped = hessian if hessian.ndim == 3 else hessian[None]
        matrix = damp(grouped, DAMPING).matrix(0)[0]
        gone = choose_columns(len(matrix), sparsity, work.stream(f"columns of {name}"))
        left, inverse = invert_rest(matrix, gone, way)
        lines.append({"layer": name, "removed": len(gone), "residual": find_residual(left, inverse)})
    return Outcome(None, {RESIDUAL.name: max(line["residual"] for line in lines)}, tuple(lines))


def choose_columns(cols: int, share: float, stream: torch.Generator) -> torch.Tensor:
    """round(share * cols) columns in random order, at most all but one."""
    import torch

    return torch.randperm(cols, generator=stream)[: min(cols - 1, round(share * cols))]


def invert_rest(matrix: torch.Tensor, gone: torch.Tensor, way: str) -> tuple[torch.Tensor, torch.Tensor]:
    """What is left of a matrix (cols, cols) float64 without the columns `gone`, and its inverse, both (left, left)."""
    import torch

    kept = torch.ones(len(matrix), dtype=torch.bool)
    kept[gone] = False
    left = matrix[kept][:, kept]
    if way == "anew":
        return left, torch.linalg.inv(left)
    inverse = torch.linalg.inv(matrix)
    for p in gone.tolist():
        inverse -= torch.outer(inverse[:, p], inverse[p]) / inverse[p, p]
    return left, inverse[kept][:, kept]


def find_residual(matrix: torch.Tensor, inverse: torch.Tensor) -> float:
    """The largest entry of matrix @ inverse - I, by amount."""
    import torch

    return float((matrix @ inverse - torch.eye(len(matrix), dtype=matrix.dtype)).abs().max())
