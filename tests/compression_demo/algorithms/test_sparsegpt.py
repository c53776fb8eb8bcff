"""SparseGPT against the float64 reference, exact counts, and its place between ExactOBS and magnitude pruning."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms.masks import count_removed
from compression_demo.algorithms.prune_magnitude import prune_magnitude
from compression_demo.algorithms.prune_sparsegpt import prune_sparsegpt
from compression_demo.algorithms.prune_unstructured import prune_unstructured
from compression_demo.algorithms.quantize_rtn import quantize_rtn
from compression_demo.algorithms.results import Quantized
from compression_demo.errors import ArgumentError
from tests.reference import obs, sparsegpt


def layer(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64, inputs: int = 0):
    weight, hessian = obs.random_layer(rows, cols, seed, inputs)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


def grid_of(result: Quantized, bits: int) -> sparsegpt.Grid:
    scale, zero = (np.broadcast_to(x.double().numpy(), result.weight.shape) for x in (result.scale, result.zero))
    return scale, zero, bits


@pytest.mark.parametrize("sparsity", [0.25, 0.5, 0.75])
def test_unstructured_equals_the_reference(sparsity: float) -> None:
    weight, hessian = layer(8, 160)  # blocks of 128 and 32 columns, whose shares are whole numbers
    result = prune_sparsegpt(weight, hessian, sparsity=sparsity)
    expected, kept = sparsegpt.prune_share(weight.numpy(), obs.damp(hessian.numpy(), 0.01), sparsity, 128)
    np.testing.assert_array_equal(result.mask, kept)
    np.testing.assert_allclose(result.weight, expected, atol=1e-12)


@pytest.mark.parametrize(("n", "m"), [(2, 4), (1, 4), (4, 8), (1, 1), (0, 2), (3, 10)])
def test_patterns_equal_the_reference(n: int, m: int) -> None:
    weight, hessian = layer(5, 160, seed=n)
    result = prune_sparsegpt(weight, hessian, n=n, m=m)
    assert bool(((~result.mask).view(5, -1, m).sum(2) == n).all())
    expected, kept = sparsegpt.prune_pattern(weight.numpy(), obs.damp(hessian.numpy(), 0.01), n, m)
    np.testing.assert_array_equal(result.mask, kept)
    np.testing.assert_allclose(result.weight, expected, atol=1e-12)


@pytest.mark.parametrize("amount", [{"sparsity": 0.5}, {"n": 2, "m": 4}])
@pytest.mark.parametrize("group_size", [None, 24])
def test_jointly_with_a_grid_equals_the_reference(amount: dict, group_size: int | None) -> None:
    weight, hessian = layer(8, 160)
    result = prune_sparsegpt(weight, hessian, bits=4, group_size=group_size, **amount)
    assert isinstance(result, Quantized)
    assert torch.equal(result.scale, quantize_rtn(weight, hessian, bits=4, group_size=group_size).scale)
    damped, grid = obs.damp(hessian.numpy(), 0.01), grid_of(result, 4)
    if "n" in amount:
        expected, kept = sparsegpt.prune_pattern(weight.numpy(), damped, 2, 4, grid)
    else:
        expected, kept = sparsegpt.prune_share(weight.numpy(), damped, 0.5, 128, grid)
    np.testing.assert_array_equal(result.mask, kept)
    np.testing.assert_allclose(result.weight, expected, atol=1e-12)
    assert torch.equal(result.weight, result.scale * (result.codes - result.zero))


@pytest.mark.parametrize("amount", [{"sparsity": 0.5}, {"n": 2, "m": 4}])
def test_float32_stays_near_the_reference(amount: dict) -> None:
    weight, hessian = layer(40, 160, dtype=torch.float32)
    single, double = (prune_sparsegpt(w, hessian, **amount) for w in (weight, weight.double()))
    assert float((single.mask == double.mask).double().mean()) > 0.999
    assert float(single.loss.sum()) == pytest.approx(float(double.loss.sum()), rel=1e-3)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(1, 6), cols=st.sampled_from([1, 3, 8, 12, 130, 300]), sparsity=st.floats(0, 1),
    zero_share=st.sampled_from([0.0, 0.4, 1.0]), dead=st.integers(0, 3), bits=st.sampled_from([None, 3]),
    dtype=st.sampled_from([torch.float32, torch.float64]), seed=st.integers(0, 1000),
)  # fmt: skip
def test_invariants_of_shares(rows, cols, sparsity, zero_share, dead, bits, dtype, seed) -> None:
    weight, hessian = layer(rows, cols, seed, dtype)
    weight[torch.rand(rows, cols, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    hessian[:dead] = 0
    hessian[:, :dead] = 0
    before, hessian_before = weight.clone(), hessian.clone()
    result = prune_sparsegpt(weight, hessian, sparsity=sparsity, bits=bits)
    assert torch.equal(weight, before) and torch.equal(hessian, hessian_before)
    removed = count_removed(rows * cols, sparsity)
    assert int((~result.mask).sum()) == removed
    assert result.weight.dtype == dtype and bool(torch.isfinite(result.weight).all())
    assert not result.weight[~result.mask].any() and not result.weight[weight == 0].any()
    free = weight == 0
    free[:, :dead] = True
    if removed <= int(free.sum()):
        assert bool(free[~result.mask].all()), "zeros and columns without input go first"
    else:
        assert not result.mask[free].any()
    if bits is None and dead:
        assert torch.equal(result.weight[:, :dead], (weight * result.mask)[:, :dead])
    difference = (result.weight.double() - weight.double()).numpy()
    np.testing.assert_allclose(result.loss, [row @ hessian.numpy() @ row for row in difference], atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 6), groups=st.integers(1, 40), pattern=st.sampled_from([(0, 1), (1, 2), (2, 4), (5, 8), (3, 3)]),
    zero_share=st.sampled_from([0.0, 0.6, 1.0]), dead=st.integers(0, 3), seed=st.integers(0, 1000),
)  # fmt: skip
def test_invariants_of_patterns(rows, groups, pattern, zero_share, dead, seed) -> None:
    n, m = pattern
    weight, hessian = layer(rows, groups * m, seed)
    weight[torch.rand(weight.shape, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    hessian[:dead] = 0
    hessian[:, :dead] = 0
    result = prune_sparsegpt(weight, hessian, n=n, m=m)
    assert bool(((~result.mask).view(rows, groups, m).sum(2) == n).all())
    assert not result.weight[~result.mask].any() and not result.weight[weight == 0].any()
    free = weight == 0
    free[:, :dead] = True
    of_group = free.view(rows, groups, m)
    gone = (~result.mask).view(rows, groups, m)
    assert torch.equal((gone & of_group).sum(2), of_group.sum(2).clamp_max(n)), "what costs nothing goes first"


def test_every_block_loses_the_same_share_to_within_one_weight() -> None:
    weight, hessian = layer(3, 300)
    mask = prune_sparsegpt(weight, hessian, sparsity=0.37).mask
    for start, stop in ((0, 128), (128, 256), (256, 300)):
        assert abs(int((~mask[:, start:stop]).sum()) - 0.37 * 3 * (stop - start)) <= 1


def test_equals_go_in_the_order_of_their_index() -> None:
    weight, hessian = torch.ones(2, 136), torch.eye(136)
    pattern = prune_sparsegpt(weight, hessian, n=3, m=4).mask
    assert pattern.view(-1, 4).tolist() == [[False, False, False, True]] * 68
    shares = prune_sparsegpt(weight, hessian, sparsity=0.75).mask
    for block in (shares[:, :128], shares[:, 128:]):
        assert block.flatten().nonzero()[:, 0].tolist() == list(range(block.numel() * 3 // 4, block.numel()))


def test_nothing_and_everything() -> None:
    weight, hessian = layer(3, 17, dtype=torch.float32)
    nothing, everything = prune_sparsegpt(weight, hessian, sparsity=[0.0, 1.0])
    assert torch.equal(nothing.weight, weight) and not nothing.loss.any()
    assert not everything.weight.any() and not everything.mask.any()
    assert prune_sparsegpt(weight, hessian, sparsity=[]) == []


def test_threads_and_several_sparsities_at_once_change_nothing() -> None:
    weight, hessian = layer(300, 140, dtype=torch.float32)
    for share, result in zip([0.9, 0.5], prune_sparsegpt(weight, hessian, sparsity=[0.9, 0.5], threads=2), strict=True):
        alone = prune_sparsegpt(weight, hessian, sparsity=share)
        assert torch.equal(result.mask, alone.mask) and torch.equal(result.weight, alone.weight)
    one, two = (prune_sparsegpt(weight, hessian, n=2, m=4, threads=threads) for threads in (1, 2))
    assert torch.equal(one.weight, two.weight)


def test_grouped_hessians_share_one_mask_but_nothing_else() -> None:
    weight, _ = layer(6, 20)
    grouped = torch.stack([layer(1, 20, seed)[1] * 4.0**seed for seed in range(3)])
    whole = prune_sparsegpt(weight, grouped, sparsity=0.5)
    counts = (~whole.mask).view(3, -1).sum(1).tolist()
    assert sum(counts) == 60 and counts[0] > counts[2], "the group with the largest inputs loses least"
    for group, count in enumerate(counts):
        rows = slice(2 * group, 2 * group + 2)
        alone = prune_sparsegpt(weight[rows], grouped[group], sparsity=count / 40)
        torch.testing.assert_close(whole.weight[rows], alone.weight)
    pattern = prune_sparsegpt(weight, grouped, n=2, m=4)
    for group in range(3):
        rows = slice(2 * group, 2 * group + 2)
        torch.testing.assert_close(pattern.weight[rows], prune_sparsegpt(weight[rows], grouped[group], n=2, m=4).weight)


@pytest.mark.parametrize(
    ("given_", "rule"),
    [
        ({}, "sparsity must be a number from 0 to 1, or n and m be given"),
        ({"sparsity": 0.5, "n": 2, "m": 4}, "sparsity must be left out where n and m are given"),
        ({"n": 3, "m": 2}, "n must be at most m"),
        ({"n": 2}, "m must be a whole number"),
        ({"n": 1, "m": 7}, "m must divide the 8 columns"),
        ({"sparsity": 1.2}, "sparsity must be a number"),
        ({"sparsity": 0.5, "bits": 0}, "bits must be"),
        ({"sparsity": 0.5, "threads": 0}, "threads must be"),
    ],
)
def test_impossible_settings(given_: dict, rule: str) -> None:
    weight, hessian = layer(2, 8)
    with pytest.raises(ArgumentError, match=rule):
        prune_sparsegpt(weight, hessian, **given_)


def test_fewer_inputs_than_columns_need_damping() -> None:
    weight, hessian = layer(3, 40, inputs=10)
    with pytest.raises(ArgumentError, match="damping must be larger"):
        prune_sparsegpt(weight, hessian, sparsity=0.5, damping=0.0)
    ours, magnitude = (prune(weight, hessian, sparsity=0.5) for prune in (prune_sparsegpt, prune_magnitude))
    assert float(ours.loss.sum()) < float(magnitude.loss.sum())


def test_errors_grow_from_exact_obs_to_sparsegpt_to_magnitude() -> None:
    for seed in range(5):
        weight, hessian = layer(24, 160, seed)
        for share in (0.5, 0.75, 0.9):
            exact, ours, magnitude = (
                float(prune(weight, hessian, sparsity=share).loss.sum())
                for prune in (prune_unstructured, prune_sparsegpt, prune_magnitude)
            )
            assert exact < ours < magnitude
