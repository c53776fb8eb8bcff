"""OBQ against the float64 oracle, round-to-nearest, and their grids."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms import METHODS, prune_unstructured, quantize_obq, quantize_rtn
from compression_demo.algorithms.grids import fit_grid
from compression_demo.algorithms.kernels.plain import PANEL
from tests.reference import obs as oracle


def layer(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64):
    weight, hessian = oracle.random_layer(rows, cols, seed)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


@pytest.mark.parametrize("bits", [2, 3, 4])
@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("cols", [1, 8, PANEL + 9])
def test_obq_equals_the_oracle(bits: int, symmetric: bool, cols: int) -> None:
    weight, hessian = layer(2, cols, seed=bits)
    result = quantize_obq(weight, hessian, bits=bits, symmetric=symmetric)
    damped = oracle.damp(hessian.numpy(), 0.01)
    for row in range(2):
        scale, zero = result.scale[row].double().numpy(), result.zero[row].numpy()
        expected = oracle.quantize_greedily(weight[row].numpy(), damped, np.ones(cols, bool), scale, zero, bits)
        np.testing.assert_allclose(result.weight[row], expected, atol=1e-12)


def test_obq_with_a_tight_grid_takes_outliers_first_like_the_oracle() -> None:
    """The MSE grid clips the largest weights, so that outliers really occur."""
    weight, hessian = layer(4, 60, seed=5)
    weight[:, ::13] *= 6
    result = quantize_obq(weight, hessian, bits=3, grid="mse")
    clipped = (weight.abs() > 0.51 * result.scale + (result.weight).abs()).any()
    assert bool(clipped)
    damped = oracle.damp(hessian.numpy(), 0.01)
    for row in range(4):
        scale, zero = result.scale[row].double().numpy(), result.zero[row].numpy()
        expected = oracle.quantize_greedily(weight[row].numpy(), damped, np.ones(60, bool), scale, zero, 3)
        np.testing.assert_allclose(result.weight[row], expected, atol=1e-12)


def test_obq_on_the_survivors_of_a_mask_equals_the_oracle() -> None:
    weight, hessian = layer(3, 40)
    pruned = prune_unstructured(weight, hessian, sparsity=0.5)
    result = quantize_obq(pruned.weight, hessian, bits=3, mask=pruned.mask)
    assert torch.equal(result.mask, pruned.mask)
    damped = oracle.damp(hessian.numpy(), 0.01)
    for row in range(3):
        scale, zero = result.scale[row].double().numpy(), result.zero[row].numpy()
        kept = pruned.mask[row].numpy()
        expected = oracle.quantize_greedily(pruned.weight[row].numpy(), damped, kept, scale, zero, 3)
        np.testing.assert_allclose(result.weight[row], expected, atol=1e-12)


def test_obq_in_float32_stays_within_a_percent_of_the_oracle() -> None:
    weight, hessian = layer(16, 150, dtype=torch.float32)
    result = quantize_obq(weight, hessian, bits=3)
    damped, expected = oracle.damp(hessian.numpy(), 0.01), 0.0
    for row in range(16):
        scale, zero = result.scale[row].double().numpy(), result.zero[row].numpy()
        reference = weight[row].double().numpy()
        rounded = oracle.quantize_greedily(reference, damped, np.ones(150, bool), scale, zero, 3)
        expected += oracle.error_of(rounded, reference, hessian.numpy())
    assert float(result.loss.sum()) == pytest.approx(expected, rel=0.01)


def test_obq_with_independent_inputs_is_round_to_nearest() -> None:
    weight, _ = layer(4, 30)
    hessian = torch.diag(torch.linspace(0.1, 3, 30))
    greedy, nearest = (METHODS[name].run(weight, hessian, bits=3) for name in ("obq", "rtn"))
    assert torch.equal(greedy.codes, nearest.codes)


def test_obq_loses_less_than_round_to_nearest_on_correlated_inputs() -> None:
    for seed in range(4):
        weight, hessian = layer(8, 100, seed)
        for bits in (2, 3, 4):
            greedy, nearest = (METHODS[name].run(weight, hessian, bits=bits) for name in ("obq", "rtn"))
            assert float(greedy.loss.sum()) < float(nearest.loss.sum())


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["obq", "rtn"]),
    rows=st.integers(1, 5),
    cols=st.integers(1, 12),
    bits=st.integers(1, 8),
    symmetric=st.booleans(),
    per_channel=st.booleans(),
    grid=st.sampled_from(["minmax", "mse"]),
    zero_share=st.sampled_from([0.0, 0.4, 1.0]),
    dtype=st.sampled_from([torch.float32, torch.float64]),
    seed=st.integers(0, 1000),
)
def test_invariants(name, rows, cols, bits, symmetric, per_channel, grid, zero_share, dtype, seed) -> None:
    weight, hessian = layer(rows, cols, seed, dtype)
    weight[torch.rand(rows, cols, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    before, hessian_before = weight.clone(), hessian.clone()
    result = METHODS[name].run(weight, hessian, bits=bits, symmetric=symmetric, per_channel=per_channel, grid=grid)
    assert torch.equal(weight, before) and torch.equal(hessian, hessian_before)
    assert result.codes.dtype == torch.int32 and result.zero.dtype == torch.int32
    assert int(result.codes.min()) >= 0 and int(result.codes.max()) < 2**bits
    assert bool(((result.zero >= 0) & (result.zero < 2**bits)).all())
    assert bool((result.scale > 0).all()) and result.scale.shape == result.zero.shape == (rows, 1)
    assert torch.equal(result.weight, result.scale * (result.codes - result.zero))
    assert not result.weight[weight == 0].any(), "zeros stay zero on every grid"
    if not per_channel:
        assert len(result.scale.unique()) == len(result.zero.unique()) == 1
    difference = (result.weight.double() - weight.double()).numpy()
    np.testing.assert_allclose(result.loss, [row @ hessian.numpy() @ row for row in difference], atol=1e-12)


def test_round_to_nearest_is_within_half_a_step_and_keeps_the_ends() -> None:
    weight, hessian = layer(6, 50)
    result = quantize_rtn(weight, hessian, bits=4)
    # The zero point is rounded to a code, so an end may lie up to half a step outside of the grid.
    assert bool(((result.weight - weight).abs() <= result.scale * 1.0001).all())
    inside = (result.codes > 0) & (result.codes < 15)
    assert bool(((result.weight - weight).abs() <= 0.5001 * result.scale)[inside].all())


def test_a_known_row() -> None:
    weight = torch.tensor([[-1.0, -0.4, 0.1, 2.0]])
    result = quantize_rtn(weight, torch.eye(4), bits=2)
    assert result.scale.item() == 1.0 and result.zero.item() == 1
    assert result.codes.tolist() == [[0, 1, 1, 3]] and result.weight.tolist() == [[-1.0, 0.0, 0.0, 2.0]]
    symmetric = quantize_rtn(weight, torch.eye(4), bits=3, symmetric=True)
    assert symmetric.zero.item() == 4 and symmetric.scale.item() == pytest.approx(4 / 7)
    assert symmetric.codes.tolist() == [[2, 3, 4, 7]]


def test_the_searched_grid_never_rounds_worse_than_min_max() -> None:
    weight, _ = layer(20, 64)
    weight[:, 0] *= 8
    settings_ = {"bits": 3, "symmetric": False, "per_channel": True}
    plain, searched = (fit_grid(weight, grid=grid, **settings_) for grid in ("minmax", "mse"))
    before, after = ((grid.round(weight) - weight).square().sum(1) for grid in (plain, searched))
    assert bool((after <= before).all()) and bool((after < 0.9 * before).any())


def test_threads_do_not_change_the_result() -> None:
    weight, hessian = layer(8, 40)
    whole = quantize_obq(weight, hessian, bits=3)
    assert torch.equal(whole.codes, quantize_obq(weight, hessian, bits=3, threads=3).codes)
