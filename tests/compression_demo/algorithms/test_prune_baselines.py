"""Magnitude pruning: exactly the smallest, of the layer or of each group of columns."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms.masks import count_removed
from compression_demo.algorithms.prune_magnitude import prune_magnitude
from compression_demo.errors import ArgumentError


def few_values(rows: int, cols: int, levels: int, seed: int) -> torch.Tensor:
    """A weight with many equal magnitudes."""
    random = np.random.default_rng(seed)
    return torch.tensor(random.integers(-levels, levels + 1, size=(rows, cols)) / levels)


def assert_smallest(size: torch.Tensor, gone: torch.Tensor) -> None:
    """What is gone is no larger than what is kept; of equals, the first ones are gone."""
    if gone.any() and not gone.all():
        edge = size[gone].max()
        assert edge <= size[~gone].min()
        ties_gone, ties_kept = (size == edge) & gone, (size == edge) & ~gone
        if ties_kept.any():
            assert ties_gone.nonzero().max() < ties_kept.nonzero().min()


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 6), cols=st.integers(1, 12), sparsity=st.floats(0, 1), seed=st.integers(0, 1000),
    levels=st.integers(1, 5),
)  # fmt: skip
def test_removes_exactly_the_smallest(rows, cols, sparsity, seed, levels) -> None:
    weight = few_values(rows, cols, levels, seed)
    before = weight.clone()
    result = prune_magnitude(weight, torch.eye(cols), sparsity=sparsity)
    assert torch.equal(weight, before)
    assert int((~result.mask).sum()) == count_removed(rows * cols, sparsity)
    assert_smallest(weight.abs().flatten(), ~result.mask.flatten())
    assert torch.equal(result.weight, weight * result.mask)
    assert torch.allclose(result.loss, (weight * ~result.mask).square().sum(1).double())


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 4), groups=st.integers(1, 4), m=st.integers(1, 6), data=st.data(), seed=st.integers(0, 1000),
    levels=st.integers(1, 5),
)  # fmt: skip
def test_removes_exactly_the_smallest_n_of_each_m(rows, groups, m, data, seed, levels) -> None:
    n = data.draw(st.integers(0, m))
    weight = few_values(rows, groups * m, levels, seed)
    result = prune_magnitude(weight, torch.eye(groups * m), n=n, m=m)
    for size, gone in zip(weight.abs().view(-1, m), ~result.mask.view(-1, m), strict=True):
        assert int(gone.sum()) == n
        assert_smallest(size, gone)


def test_several_sparsities() -> None:
    weight = few_values(4, 9, 3, 0)
    for share, result in zip([0.8, 0.0], prune_magnitude(weight, torch.eye(9), sparsity=[0.8, 0.0]), strict=True):
        assert torch.equal(result.mask, prune_magnitude(weight, torch.eye(9), sparsity=share).mask)


def test_impossible_settings() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "sparsity must be a number from 0 to 1, or n and m"),
        ({"sparsity": 0.5, "m": 2}, "sparsity must be left out"),
        ({"n": 1}, "m must be a whole number"),
        ({"n": 2, "m": 3}, "m must divide the 4 columns"),
        ({"n": 5, "m": 4}, "n must be at most m"),
    ]
    for given_, rule in cases:
        with pytest.raises(ArgumentError, match=rule):
            prune_magnitude(torch.ones(2, 4), torch.eye(4), **given_)
