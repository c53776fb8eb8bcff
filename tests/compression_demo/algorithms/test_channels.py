"""Structured removal against a reference that refits and measures every candidate anew."""

import sys
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms.masks import count_removed
from compression_demo.algorithms.prune_channels import prune_channels
from compression_demo.errors import ArgumentError
from tests.reference import channels, obs


def layer(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64):
    weight, hessian = obs.random_layer(rows, cols, seed)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


def removed(result, channel: int) -> list[int]:
    gone = ~result.mask
    assert bool((gone == gone[0]).all()), "all rows lose the same columns"
    by_channel = gone[0].view(-1, channel)
    assert bool((by_channel == by_channel[:, :1]).all()), "channels go as a whole"
    return by_channel[:, 0].nonzero()[:, 0].tolist()


@pytest.mark.parametrize(
    ("rows", "cols", "channel"), [(3, 24, 1), (3, 30, 3), (40, 24, 1), (40, 27, 9), (1, 5, 1), (2, 4, 4)]
)
@pytest.mark.parametrize("panel", [128, 6])
def test_order_weights_and_losses_equal_the_reference(rows, cols, channel, panel, monkeypatch) -> None:
    monkeypatch.setattr(sys.modules[prune_channels.__module__], "PANEL", panel)
    weight, hessian = layer(rows, cols)
    damped, count = obs.damp(hessian.numpy(), 0.01), cols // channel
    order, _ = channels.remove_greedily(weight.numpy(), damped, channel)
    results = prune_channels(weight, hessian, sparsity=[gone / count for gone in range(count + 1)], channel=channel)
    for gone, result in enumerate(results):
        assert removed(result, channel) == sorted(order[:gone])
        kept = ~np.isin(np.arange(cols) // channel, order[:gone])
        np.testing.assert_allclose(result.weight, channels.solve_on(weight.numpy(), damped, kept), atol=1e-11)


def test_without_damping_each_removal_adds_what_the_reference_measures() -> None:
    weight, hessian = layer(4, 20)
    _, errors = channels.remove_greedily(weight.numpy(), hessian.numpy(), 2)
    results = prune_channels(weight, hessian, sparsity=[gone / 10 for gone in range(1, 11)], channel=2, damping=0.0)
    np.testing.assert_allclose([float(result.loss.sum()) for result in results], errors, rtol=1e-8)


@settings(max_examples=50, deadline=None)
@given(
    rows=st.integers(1, 8), count=st.integers(1, 9), channel=st.integers(1, 4), sparsity=st.floats(0, 1),
    zero_share=st.sampled_from([0.0, 0.3, 1.0]), dead=st.integers(0, 2), seed=st.integers(0, 1000),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)  # fmt: skip
def test_invariants(rows, count, channel, sparsity, zero_share, dead, seed, dtype) -> None:
    cols = count * channel
    weight, hessian = layer(rows, cols, seed, dtype)
    weight[torch.rand(rows, cols, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    hessian[: dead * channel] = 0
    hessian[:, : dead * channel] = 0
    before, hessian_before = weight.clone(), hessian.clone()
    result = prune_channels(weight, hessian, sparsity=sparsity, channel=channel)
    assert torch.equal(weight, before) and torch.equal(hessian, hessian_before)
    assert len(removed(result, channel)) == count_removed(count, sparsity)
    assert result.weight.dtype == dtype and bool(torch.isfinite(result.weight).all())
    assert not result.weight[~result.mask].any() and not result.weight[weight == 0].any()
    difference = (result.weight.double() - weight.double()).numpy()
    np.testing.assert_allclose(result.loss, [row @ hessian.numpy() @ row for row in difference], atol=1e-12)


def test_channels_without_weights_or_input_go_first_and_cost_nothing() -> None:
    weight, hessian = layer(5, 24)
    weight[:, 6:9] = 0
    hessian[15:18] = 0
    hessian[:, 15:18] = 0
    result = prune_channels(weight, hessian, sparsity=2 / 8, channel=3)
    assert removed(result, 3) == [2, 5] and float(result.loss.sum()) == pytest.approx(0, abs=1e-20)


def test_nothing_and_everything() -> None:
    weight, hessian = layer(3, 16, dtype=torch.float32)
    nothing, everything = prune_channels(weight, hessian, sparsity=[0.0, 1.0])
    assert torch.equal(nothing.weight, weight) and not nothing.loss.any()
    assert not everything.weight.any() and not everything.mask.any()


def test_a_multiple_of_the_hessian_changes_the_losses_only() -> None:
    weight, hessian = layer(6, 30)
    one, other = (prune_channels(weight, factor * hessian, sparsity=0.5) for factor in (1.0, 1e6))
    assert torch.equal(one.mask, other.mask)
    torch.testing.assert_close(one.loss * 1e6, other.loss)


def test_channels_of_least_norm_are_a_worse_choice() -> None:
    for seed in range(4):
        weight, hessian = layer(12, 60, seed)
        result = prune_channels(weight, hessian, sparsity=0.5)
        kept = np.ones(60, bool)
        kept[weight.square().sum(0).argsort()[:30]] = False
        change = channels.solve_on(weight.numpy(), obs.damp(hessian.numpy(), 0.01), kept) - weight.numpy()
        assert float(result.loss.sum()) < float(((change @ hessian.numpy()) * change).sum())


def test_impossible_settings() -> None:
    weight, hessian = layer(4, 8)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"channel": 3}, "channel must divide the 8 columns, 3 does not"),
        ({"channel": 0}, "channel must be a whole number"),
        ({"sparsity": 2}, "sparsity must be a number"),
        ({"hessian": torch.stack([hessian, hessian])}, "hessian must be one matrix"),
        ({"hessian": torch.ones(8, 8), "damping": 0.0}, "damping must be larger"),
    ]
    for changed, rule in cases:
        with pytest.raises(ArgumentError, match=rule):
            prune_channels(weight, **({"hessian": hessian, "sparsity": 0.5} | changed))
