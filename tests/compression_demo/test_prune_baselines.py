"""Magnitude pruning and the refit of a mask."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms import prune_adaprune, prune_magnitude, refit
from compression_demo.algorithms.masks import count_removed
from tests.compression_demo import oracle


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 6), cols=st.integers(1, 12), sparsity=st.floats(0, 1), seed=st.integers(0, 1000),
    levels=st.integers(1, 5),
)  # fmt: skip
def test_magnitude_removes_exactly_the_smallest(rows, cols, sparsity, seed, levels) -> None:
    random = np.random.default_rng(seed)
    weight = torch.tensor(random.integers(-levels, levels + 1, size=(rows, cols)) / levels)
    hessian = torch.eye(cols)
    before = weight.clone()
    result = prune_magnitude(weight, hessian, sparsity=sparsity)
    assert torch.equal(weight, before)
    size, gone = weight.abs().flatten(), ~result.mask.flatten()
    assert int(gone.sum()) == count_removed(rows * cols, sparsity)
    if gone.any() and not gone.all():
        assert size[gone].max() <= size[~gone].min()
        edge = size[gone].max()
        ties_gone, ties_kept = (size == edge) & gone, (size == edge) & ~gone
        if ties_kept.any():
            assert ties_gone.nonzero().max() < ties_kept.nonzero().min()
    assert torch.equal(result.weight, weight * result.mask)
    assert torch.allclose(result.loss, (weight * ~result.mask).square().sum(1).double())


def test_refit_is_the_least_squares_solution() -> None:
    weight, hessian = (torch.tensor(array) for array in oracle.random_layer(4, 20, seed=3))
    mask = torch.rand(4, 20, generator=torch.Generator().manual_seed(0)) < 0.4
    result = refit(weight, hessian, mask, damping=0.05)
    damped = oracle.damp(hessian.numpy(), 0.05)
    for row in range(4):
        expected = oracle.solve_on(weight[row].numpy(), damped, mask[row].numpy())
        np.testing.assert_allclose(result.weight[row], expected, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(1, 5), cols=st.integers(1, 16), sparsity=st.floats(0, 1), seed=st.integers(0, 1000))
def test_refit_never_loses_to_its_mask_alone(rows, cols, sparsity, seed) -> None:
    weight, hessian = (torch.tensor(array) for array in oracle.random_layer(rows, cols, seed))
    plain = prune_magnitude(weight, hessian, sparsity=sparsity)
    fitted = prune_adaprune(weight, hessian, sparsity=sparsity, damping=0.0)
    assert torch.equal(plain.mask, fitted.mask)
    assert bool((fitted.loss <= plain.loss + 1e-12).all()), "row by row: least squares is the least"


def test_refit_with_one_kept_weight_and_with_none() -> None:
    weight, hessian = (torch.tensor(array) for array in oracle.random_layer(2, 5))
    mask = torch.zeros(2, 5, dtype=torch.bool)
    mask[0, 3] = True
    result = refit(weight, hessian, mask, damping=0.0)
    expected = (hessian[3] @ weight[0]) / hessian[3, 3]
    assert torch.allclose(result.weight[0, 3], expected)
    assert int((result.weight != 0).sum()) == 1
