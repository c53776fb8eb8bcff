"""The float32 engine against the float64 oracle on layers of real width: masks, near-ties, layer errors."""

import numpy as np
import pytest
import torch

from compression_demo.algorithms import prune_nm, prune_unstructured, quantize_obq
from compression_demo.algorithms.elimination import eliminate
from compression_demo.algorithms.hessians import damp
from tests.reference import obs

ROWS, COLS = 6, 384
NEAR = 1e-4
"""Two best scores closer than this, relative, are a near-tie: rounding decides, and the rest of the row with it."""


@pytest.fixture(scope="module")
def layer() -> tuple[torch.Tensor, torch.Tensor]:
    weight, hessian = obs.random_layer(ROWS, COLS, seed=1, inputs=1024)
    return torch.tensor(weight, dtype=torch.float32), torch.tensor(hessian)


@pytest.mark.parametrize("damping", [1e-2, 1e-4])
def test_orders_are_the_oracles_but_for_near_ties(layer: tuple[torch.Tensor, torch.Tensor], damping: float) -> None:
    weight, hessian = layer
    found = eliminate(weight, damp(hessian[None], damping))
    inverse, excused = np.linalg.inv(obs.damp(hessian.numpy(), damping)), 0
    for row in range(ROWS):
        order, losses, nearest = obs.downdate(weight[row].double().numpy(), inverse)
        if found.order[row].tolist() != order.tolist():
            excused += 1
            assert nearest < NEAR, f"row {row} leaves the oracle's order without a near-tie"
        np.testing.assert_allclose(float(found.loss[row].sum()) * found.unit, losses.sum(), rtol=1e-4)
    assert excused <= 1


def test_patterns_are_the_oracles(layer: tuple[torch.Tensor, torch.Tensor]) -> None:
    weight, hessian = layer
    result = prune_nm(weight, hessian, n=2, m=4)
    damped = obs.damp(hessian.numpy(), 0.01)
    inverse, expected, excused = np.linalg.inv(damped), 0.0, 0
    for row in range(ROWS):
        reference = weight[row].double().numpy()
        order, _, nearest = obs.downdate(reference, inverse, 2, 4)
        kept = np.ones(COLS, bool)
        kept[order] = False
        if result.mask[row].tolist() != kept.tolist():
            excused += 1
            assert nearest < NEAR
        expected += obs.error_of(obs.solve_on(reference, damped, kept), reference, hessian.numpy())
    assert excused <= 1
    assert float(result.loss.sum()) == pytest.approx(expected, rel=1e-4)


def test_layer_errors_are_those_of_float64(layer: tuple[torch.Tensor, torch.Tensor]) -> None:
    weight, hessian = layer
    shares = [0.5, 0.75, 0.9]
    pairs = zip(
        prune_unstructured(weight, hessian, sparsity=shares, damping=1e-4),
        prune_unstructured(weight.double(), hessian, sparsity=shares, damping=1e-4),
        strict=True,
    )
    for single, double in pairs:
        assert float(single.loss.sum()) == pytest.approx(float(double.loss.sum()), rel=1e-4)


def test_obq_is_within_a_percent_of_the_oracle(layer: tuple[torch.Tensor, torch.Tensor]) -> None:
    """OBQ is chaotic: one near-tie sends a row another way, to an error much the same."""
    weight, hessian = layer
    result = quantize_obq(weight, hessian, bits=4)
    inverse, expected, same = np.linalg.inv(obs.damp(hessian.numpy(), 0.01)), 0.0, 0
    for row in range(ROWS):
        reference = weight[row].double().numpy()
        rounded = obs.downdate_to_grid(reference, inverse, float(result.scale[row]), float(result.zero[row]), 4)
        same += bool(np.allclose(rounded, result.weight[row]))
        expected += obs.error_of(rounded, reference, hessian.numpy())
    assert float(result.loss.sum()) == pytest.approx(expected, rel=0.01)
    assert same >= ROWS - 1
