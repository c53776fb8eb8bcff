"""GPTQ against the float64 reference, its settings, and its place between OBQ and round-to-nearest."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms.quantize_gptq import quantize_gptq
from compression_demo.algorithms.quantize_obq import quantize_obq
from compression_demo.algorithms.quantize_rtn import quantize_rtn
from compression_demo.algorithms.results import Quantized
from compression_demo.errors import ArgumentError
from tests.reference import gptq, obs


def layer(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64, inputs: int = 0):
    weight, hessian = obs.random_layer(rows, cols, seed, inputs)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


def expected(weight: torch.Tensor, hessian: torch.Tensor, result: Quantized, bits: int, order=None, damping=0.01):
    """The reference on the grid of a result."""
    scale, zero = (np.broadcast_to(x.double().numpy(), weight.shape) for x in (result.scale, result.zero))
    damped = obs.damp(hessian.numpy(), damping)
    return gptq.round_columns(weight.double().numpy(), damped, scale, zero, bits, result.mask.numpy(), order)


@pytest.mark.parametrize("bits", [2, 4])
@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("cols", [1, 9, 150])
def test_equals_the_reference(bits: int, symmetric: bool, cols: int) -> None:
    weight, hessian = layer(4, cols, seed=bits)
    result = quantize_gptq(weight, hessian, bits=bits, symmetric=symmetric)
    np.testing.assert_allclose(result.weight, expected(weight, hessian, result, bits), atol=1e-12)


@pytest.mark.parametrize("group_size", [None, 32])
def test_act_order_takes_the_largest_inputs_first(group_size: int | None) -> None:
    weight, hessian = layer(3, 140)
    result = quantize_gptq(weight, hessian, bits=3, act_order=True, group_size=group_size)
    order = np.argsort(-np.diag(hessian.numpy()), kind="stable")
    np.testing.assert_allclose(result.weight, expected(weight, hessian, result, 3, order), atol=1e-12)
    nearest = quantize_rtn(weight, hessian, bits=3, group_size=group_size)
    assert torch.equal(result.scale, nearest.scale), "with act_order, grids are those of the weights given"


@pytest.mark.parametrize("group_size", [1, 5, 32, 100, 136])
@pytest.mark.parametrize("rows", [2, 140])
def test_grids_of_groups_are_fitted_when_the_groups_are_reached(group_size: int, rows: int) -> None:
    weight, hessian = layer(rows, 137)
    mask = torch.rand(rows, 137, generator=torch.Generator().manual_seed(0)) < 0.8
    result = quantize_gptq(weight, hessian, bits=3, group_size=group_size, mask=mask, threads=2)
    damped = obs.damp(hessian.numpy(), 0.01)
    rounded, scales = gptq.round_groups(weight.numpy(), damped, 3, group_size, mask.numpy())
    np.testing.assert_allclose(result.scale, scales, rtol=1e-9)
    np.testing.assert_allclose(result.weight, rounded, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_masked_weights_go_to_zero_and_what_they_were_is_an_error_like_any_other(dtype: torch.dtype) -> None:
    weight, hessian = layer(5, 140, dtype=dtype)
    mask = torch.rand(5, 140, generator=torch.Generator().manual_seed(1)) < 0.6
    result = quantize_gptq(weight, hessian, bits=4, mask=mask)
    assert torch.equal(result.mask, mask) and not result.weight[~mask].any()
    rounded = expected(weight, hessian, result, 4)
    change = torch.tensor(rounded) - weight
    assert float(result.loss.sum()) == pytest.approx(float(((change @ hessian) * change).sum()), rel=1e-3)
    alone = quantize_gptq(weight * mask, hessian, bits=4)
    dropped = alone.weight.double() - weight
    assert float(result.loss.sum()) < float(((dropped @ hessian) * dropped).sum()), "their errors are taken up"


def test_float32_stays_within_a_percent_of_the_reference() -> None:
    weight, hessian = layer(40, 200, dtype=torch.float32)
    result = quantize_gptq(weight, hessian, bits=4)
    difference = expected(weight, hessian, result, 4) - weight.double().numpy()
    assert float(result.loss.sum()) == pytest.approx(
        float(((difference @ hessian.numpy()) * difference).sum()), rel=0.01
    )


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 5), cols=st.integers(1, 12), bits=st.integers(1, 8), symmetric=st.booleans(),
    grid=st.sampled_from(["minmax", "mse"]), group_size=st.sampled_from([None, 1, 4, 40]), act_order=st.booleans(),
    zero_share=st.sampled_from([0.0, 0.4, 1.0]), dead=st.integers(0, 3),
    dtype=st.sampled_from([torch.float32, torch.float64]), seed=st.integers(0, 1000),
)  # fmt: skip
def test_invariants(rows, cols, bits, symmetric, grid, group_size, act_order, zero_share, dead, dtype, seed) -> None:
    weight, hessian = layer(rows, cols, seed, dtype)
    weight[torch.rand(rows, cols, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    hessian[:dead] = 0
    hessian[:, :dead] = 0
    before, hessian_before = weight.clone(), hessian.clone()
    result = quantize_gptq(
        weight, hessian, bits=bits, symmetric=symmetric, grid=grid, group_size=group_size, act_order=act_order
    )
    assert torch.equal(weight, before) and torch.equal(hessian, hessian_before)
    assert result.weight.dtype == result.scale.dtype == dtype
    assert result.codes.dtype == result.zero.dtype == torch.int32
    assert int(result.codes.min()) >= 0 and int(result.codes.max()) < 2**bits
    several = group_size is not None and group_size < cols
    assert result.scale.shape == result.zero.shape == ((rows, cols) if several else (rows, 1))
    assert bool((result.scale > 0).all())
    assert torch.equal(result.weight, result.scale * (result.codes - result.zero))
    assert torch.equal(result.mask, weight != 0) and not result.weight[weight == 0].any()
    difference = (result.weight.double() - weight.double()).numpy()
    np.testing.assert_allclose(result.loss, [row @ hessian.numpy() @ row for row in difference], atol=1e-12)


def test_a_multiple_of_the_hessian_changes_the_losses_only() -> None:
    weight, hessian = layer(4, 30)
    one, other = (quantize_gptq(weight, factor * hessian, bits=3) for factor in (1.0, 1024.0))
    assert torch.equal(one.codes, other.codes)
    torch.testing.assert_close(1024 * one.loss, other.loss)


def test_rows_are_rounded_independently_of_each_other_and_of_threads() -> None:
    weight, hessian = layer(300, 140, dtype=torch.float32)
    whole = quantize_gptq(weight, hessian, bits=3)
    assert torch.equal(whole.codes, quantize_gptq(weight, hessian, bits=3, threads=2).codes)
    alone = quantize_gptq(weight[7:8].double(), hessian, bits=3)
    assert torch.equal(whole.codes[7:8], alone.codes)


def test_grouped_hessians_act_as_layers_of_their_own() -> None:
    weight, _ = layer(6, 20)
    grouped = torch.stack([layer(1, 20, seed)[1] for seed in range(3)])
    cases: list[dict[str, Any]] = [{}, {"act_order": True}, {"group_size": 7}, {"act_order": True, "group_size": 7}]
    for changed in cases:
        whole = quantize_gptq(weight, grouped, bits=3, **changed)
        for group in range(3):
            rows = slice(2 * group, 2 * group + 2)
            alone = quantize_gptq(weight[rows], grouped[group], bits=3, **changed)
            assert torch.equal(whole.codes[rows], alone.codes)
            torch.testing.assert_close(whole.loss[rows], alone.loss)


def test_one_scale_for_the_layer() -> None:
    weight, hessian = layer(5, 20)
    result = quantize_gptq(weight, hessian, bits=4, per_channel=False)
    assert len(result.scale.unique()) == len(result.zero.unique()) == 1
    with pytest.raises(ArgumentError, match="group_size needs per_channel=True"):
        quantize_gptq(weight, hessian, bits=4, per_channel=False, group_size=5)


@pytest.mark.parametrize(
    ("argument", "value"),
    [("act_order", 1), ("group_size", 0), ("group_size", 2.0), ("threads", 0), ("damping", -1), ("bits", 0)],
)
def test_impossible_settings(argument: str, value: Any) -> None:
    weight, hessian = layer(2, 4)
    settings_: dict[str, Any] = {"bits": 3} | {argument: value}
    with pytest.raises(ArgumentError, match=f"^{argument} must be"):
        quantize_gptq(weight, hessian, **settings_)


def test_fewer_inputs_than_columns_need_damping() -> None:
    weight, hessian = layer(3, 40, inputs=10)
    with pytest.raises(ArgumentError, match="damping must be larger"):
        quantize_gptq(weight, hessian, bits=3, damping=0.0)
    assert float(quantize_gptq(weight, hessian, bits=3).loss.sum()) < float(
        quantize_rtn(weight, hessian, bits=3).loss.sum()
    )
    full, hessian = layer(3, 20)
    result = quantize_gptq(full, hessian, bits=3, damping=0.0)
    np.testing.assert_allclose(result.weight, expected(full, hessian, result, 3, damping=0.0), atol=1e-12)


def test_no_input_at_all_is_a_hessian_too() -> None:
    weight, _ = layer(2, 6)
    result = quantize_gptq(weight, torch.zeros(6, 6), bits=3)
    assert torch.equal(result.codes, quantize_rtn(weight, torch.zeros(6, 6), bits=3).codes) and not result.loss.any()


def test_errors_grow_from_obq_to_gptq_to_round_to_nearest() -> None:
    """Over six correlated layers; each of OBQ and act-order may lose a layer, not the average."""
    losses = {name: [] for name in ("obq", "gptq", "act_order", "rtn")}
    for seed in range(6):
        weight, hessian = layer(24, 160, seed, torch.float32)
        losses["obq"].append(float(quantize_obq(weight, hessian, bits=3).loss.sum()))
        losses["gptq"].append(float(quantize_gptq(weight, hessian, bits=3).loss.sum()))
        losses["act_order"].append(float(quantize_gptq(weight, hessian, bits=3, act_order=True).loss.sum()))
        losses["rtn"].append(float(quantize_rtn(weight, hessian, bits=3).loss.sum()))
    mean = {name: sum(values) / len(values) for name, values in losses.items()}
    assert mean["obq"] < mean["act_order"] <= mean["gptq"] < mean["rtn"], losses
