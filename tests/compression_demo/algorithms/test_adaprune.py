"""AdaPrune: the refit of a magnitude mask, in one round and in several."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms.masks import count_removed
from compression_demo.algorithms.prune_adaprune import prune_adaprune, refit
from compression_demo.algorithms.prune_magnitude import prune_magnitude
from compression_demo.errors import ArgumentError
from tests.reference import obs


def layer(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64):
    weight, hessian = obs.random_layer(rows, cols, seed)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


def test_refit_is_the_least_squares_solution() -> None:
    weight, hessian = layer(4, 20, seed=3)
    mask = torch.rand(4, 20, generator=torch.Generator().manual_seed(0)) < 0.4
    result = refit(weight, hessian, mask, damping=0.05)
    damped = obs.damp(hessian.numpy(), 0.05)
    for row in range(4):
        expected = obs.solve_on(weight[row].numpy(), damped, mask[row].numpy())
        np.testing.assert_allclose(result.weight[row], expected, atol=1e-12)


def test_refit_of_grouped_hessians_is_that_of_each_group() -> None:
    weight, _ = layer(4, 12)
    grouped = torch.stack([layer(1, 12, seed)[1] for seed in range(2)])
    mask = torch.rand(4, 12, generator=torch.Generator().manual_seed(0)) < 0.5
    whole = refit(weight, grouped, mask)
    for group in range(2):
        rows = slice(2 * group, 2 * group + 2)
        torch.testing.assert_close(whole.weight[rows], refit(weight[rows], grouped[group], mask[rows]).weight)


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(1, 5), cols=st.integers(1, 16), sparsity=st.floats(0, 1), seed=st.integers(0, 1000))
def test_refit_never_loses_to_its_mask_alone(rows, cols, sparsity, seed) -> None:
    weight, hessian = layer(rows, cols, seed)
    plain = prune_magnitude(weight, hessian, sparsity=sparsity)
    fitted = prune_adaprune(weight, hessian, sparsity=sparsity, damping=0.0)
    assert torch.equal(plain.mask, fitted.mask)
    assert bool((fitted.loss <= plain.loss + 1e-12).all()), "row by row: least squares is the least"


def test_refit_with_one_kept_weight_and_with_none() -> None:
    weight, hessian = layer(2, 5)
    mask = torch.zeros(2, 5, dtype=torch.bool)
    mask[0, 3] = True
    result = refit(weight, hessian, mask, damping=0.0)
    assert torch.allclose(result.weight[0, 3], (hessian[3] @ weight[0]) / hessian[3, 3])
    assert int((result.weight != 0).sum()) == 1


def test_each_round_removes_the_smallest_refitted_weights() -> None:
    """Three rounds to 7/8: a half of what is left each time, refitted to the layer given."""
    weight, hessian = layer(4, 32)
    damped, current, kept = obs.damp(hessian.numpy(), 0.01), weight.numpy().copy(), np.ones((4, 32), bool)
    for left in (64, 32, 16):
        edge = np.sort(np.abs(current), axis=None)[-left]
        kept &= np.abs(current) >= edge
        current = np.stack([obs.solve_on(weight[row].numpy(), damped, kept[row]) for row in range(4)])
    result = prune_adaprune(weight, hessian, sparsity=7 / 8, rounds=3)
    np.testing.assert_array_equal(result.mask, kept)
    np.testing.assert_allclose(result.weight, current, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 5), cols=st.integers(1, 12), sparsity=st.floats(0, 1), rounds=st.integers(1, 5),
    zero_share=st.sampled_from([0.0, 0.4, 1.0]), seed=st.integers(0, 1000),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)  # fmt: skip
def test_invariants(rows, cols, sparsity, rounds, zero_share, seed, dtype) -> None:
    weight, hessian = layer(rows, cols, seed, dtype)
    weight[torch.rand(rows, cols, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    before = weight.clone()
    result = prune_adaprune(weight, hessian, sparsity=sparsity, rounds=rounds)
    assert torch.equal(weight, before)
    assert int((~result.mask).sum()) == count_removed(rows * cols, sparsity)
    assert not result.weight[~result.mask].any() and not result.weight[weight == 0].any()


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_patterns(rounds: int) -> None:
    weight, hessian = layer(5, 24)
    result = prune_adaprune(weight, hessian, n=2, m=4, rounds=rounds)
    assert bool(((~result.mask).view(-1, 4).sum(1) == 2).all())
    once = prune_adaprune(weight, hessian, n=2, m=4)
    assert torch.equal(result.mask, once.mask) == (rounds == 1), "the refit between the rounds changes the choice"
    assert torch.equal(once.mask, prune_magnitude(weight, hessian, n=2, m=4).mask)


def test_several_sparsities_equal_those_of_their_own() -> None:
    weight, hessian = layer(4, 20)
    for share, result in zip([0.9, 0.3], prune_adaprune(weight, hessian, sparsity=[0.9, 0.3], rounds=2), strict=True):
        alone = prune_adaprune(weight, hessian, sparsity=share, rounds=2, threads=2)
        assert torch.equal(result.mask, alone.mask) and torch.equal(result.weight, alone.weight)


def test_rounds_pay_at_high_sparsity() -> None:
    losses = {1: 0.0, 4: 0.0}
    for seed in range(5):
        weight, hessian = layer(16, 100, seed)
        for rounds in losses:
            losses[rounds] += float(prune_adaprune(weight, hessian, sparsity=0.9, rounds=rounds).loss.sum())
    assert losses[4] < losses[1]


def test_impossible_settings() -> None:
    weight, hessian = layer(2, 4)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"rounds": 0}, "rounds must be a whole number"),
        ({"threads": 0}, "threads must be a whole number"),
        ({"sparsity": None}, "sparsity must be a number from 0 to 1, or n and m"),
        ({"n": 2, "m": 4}, "sparsity must be left out"),
        ({"damping": -1}, "damping must be"),
    ]
    for changed, rule in cases:
        settings_: dict[str, Any] = {"sparsity": 0.5} | changed
        with pytest.raises(ArgumentError, match=rule):
            prune_adaprune(weight, hessian, **settings_)
    with pytest.raises(ArgumentError, match="damping must be larger"):
        prune_adaprune(weight, torch.ones(4, 4), sparsity=0.5, damping=0.0)
