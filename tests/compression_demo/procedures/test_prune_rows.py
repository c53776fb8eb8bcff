"""Rows pruned one by one: the same as together, against the textbook's elimination of each row."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from compression_demo.errors import ArgumentError
from compression_demo.models.calibration import calibrate
from compression_demo.procedures import PROCEDURES, PartStore, Work
from compression_demo.procedures.prune_rows import measure_output, prune_one_by_one
from compression_demo.testbeds import Trial, get

RUN = PROCEDURES["rows_of_layers"].run


def make_work(folder: Path) -> Work:
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(2, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 3, groups=2), nn.ReLU(), nn.Flatten(), nn.Linear(16, 5)
    )
    trial = Trial(net.eval(), torch.randn(40, 2, 6, 6), torch.randn(4, 2, 6, 6), lambda net: {})
    return Work(get("digits-cnn"), trial, 0, lambda share, words: None, PartStore(folder))


@pytest.mark.parametrize("sparsity", [0.0, 0.5, 0.9, 1.0])
def test_errors_of_rows_add_up_to_those_at_the_outputs(tmp_path: Path, sparsity: float) -> None:
    together, apart = (RUN(make_work(tmp_path), rows=way, sparsity=sparsity).metrics for way in ("together", "apart"))
    assert together["rows_error"] == pytest.approx(apart["rows_error"], rel=1e-9, abs=1e-12)
    assert (together["rows_error"] > 0) == (sparsity > 0)
    assert together["rows_distance"] == 0 and apart["rows_distance"] < 1e-9


def eliminate_by_the_book(row: np.ndarray, matrix: np.ndarray, count: int) -> np.ndarray:
    """Optimal Brain Surgeon on one row: the weight of least w^2 / [H^-1]_pp goes, the rest make up for it."""
    row, inverse, left = row.copy(), np.linalg.inv(matrix), list(range(len(row)))
    for _ in range(count):
        p = min(left, key=lambda k: row[k] ** 2 / inverse[k, k])
        row -= inverse[:, p] * row[p] / inverse[p, p]
        inverse -= np.outer(inverse[:, p], inverse[p]) / inverse[p, p]
        left.remove(p)
        row[p] = 0.0
    row[[k for k in range(len(row)) if k not in left]] = 0.0
    return row


def test_rows_one_by_one_are_those_of_the_book() -> None:
    stream = torch.Generator().manual_seed(3)
    weight = torch.randn(5, 8, generator=stream, dtype=torch.float64)
    inputs = torch.randn(60, 8, generator=stream, dtype=torch.float64)
    hessian = inputs.T @ inputs / 60
    counts = [0, 2, 4, 7, 8]
    found, error = prune_one_by_one(weight, hessian, counts)
    damped = (hessian + 0.01 * hessian.diagonal().mean() * torch.eye(8)).numpy()
    book = np.stack([eliminate_by_the_book(r, damped, k) for r, k in zip(weight.numpy(), counts, strict=True)])
    assert np.allclose(found.numpy(), book, atol=1e-10)
    real = float(((weight - found) @ inputs.T).square().sum() / 60)
    assert error == pytest.approx(real)


def test_the_length_of_outputs_is_that_of_a_plain_forward_pass(tmp_path: Path) -> None:
    work = make_work(tmp_path)
    inputs, conv = work.trial.calibration, work.trial.model.get_submodule("0")
    assert isinstance(inputs, torch.Tensor) and isinstance(conv, nn.Conv2d)
    outputs = nn.functional.conv2d(inputs.double(), conv.weight.double()).movedim(1, -1).reshape(-1, 4)
    found = measure_output(work.trial.model, "0", conv.weight.detach().flatten(1).double(), inputs)
    assert found == pytest.approx(float(outputs.square().sum(1).mean().detach()))
    assert conv.bias is not None and conv.weight.dtype == torch.float32, "the layer is left as it was"
    assert calibrate(work.trial.model, inputs)["2"].ndim == 3, "each group has a Hessian of its own"


def test_other_ways_are_refused() -> None:
    with pytest.raises(ArgumentError):
        PROCEDURES["rows_of_layers"].check({"rows": "both", "sparsity": 0.5})
