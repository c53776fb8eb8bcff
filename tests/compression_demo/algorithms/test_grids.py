"""Grids of quantizers: range, zero, groups of columns, and the search for the least squared error."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms import grids
from compression_demo.algorithms.grids import fit_grid
from compression_demo.algorithms.quantize_rtn import quantize_rtn
from compression_demo.errors import ArgumentError

SETTINGS: dict[str, Any] = {"bits": 3, "symmetric": False, "per_channel": True}


def gaussian(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64) -> torch.Tensor:
    return torch.randn(rows, cols, generator=torch.Generator().manual_seed(seed), dtype=dtype)


def reference(part: list[float], bits: int, symmetric: bool, shrink: float = 1.0) -> tuple[float, float, float]:
    """Scale, zero and squared error of one part's grid over `shrink` of its range, value by value."""
    low, high = min(0.0, *part) * shrink, max(0.0, *part) * shrink
    if symmetric:
        high = max(high, -low)
        low = -high
    scale = (high - low) / (2**bits - 1) or 1.0
    zero = 2 ** (bits - 1) if symmetric else round(-low / scale)
    error = 0.0
    for value in part:
        code = min(max(round(value / scale) + zero, 0), 2**bits - 1)
        error += (scale * (code - zero) - value) ** 2
    return scale, zero, error


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("group_size", [None, 1, 5, 7, 12])
def test_ranges_and_searches_equal_the_reference(symmetric: bool, group_size: int | None, monkeypatch) -> None:
    monkeypatch.setattr(grids, "SEARCHED_AT_ONCE", 20)  # several chunks
    weight = gaussian(4, 12)
    weight[:, 3] *= 5
    for search in ("minmax", "mse"):
        found = fit_grid(weight, bits=3, symmetric=symmetric, per_channel=True, grid=search, group_size=group_size)
        for row in range(4):
            for column in range(12):
                start = column - column % (group_size or 12)
                part = weight[row, start : start + (group_size or 12)].tolist()
                tried = [reference(part, 3, symmetric, s) for s in (grids.SHRINKS if search == "mse" else (1.0,))]
                scale, zero, error = min(tried, key=lambda one: one[2])
                place = (row, column if found.scale.shape[1] > 1 else 0)
                if search == "minmax":
                    assert float(found.scale[place]) == pytest.approx(scale) and int(found.zero[place]) == zero
                inside = slice(start, start + (group_size or 12))
                rounded = found.round(weight)[row, inside] - weight[row, inside]
                assert float(rounded.square().sum()) == pytest.approx(error, abs=1e-12)


def test_one_grid_for_the_layer_is_that_of_all_weights_in_a_row() -> None:
    weight = gaussian(5, 8)
    for search in ("minmax", "mse"):
        whole = fit_grid(weight, bits=4, symmetric=False, per_channel=False, grid=search)
        row = fit_grid(weight.view(1, -1), bits=4, symmetric=False, per_channel=True, grid=search)
        assert torch.equal(whole.scale, row.scale.expand(5, 1)) and torch.equal(whole.zero, row.zero.expand(5, 1))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.integers(1, 4), cols=st.integers(1, 10), bits=st.integers(1, 8), symmetric=st.booleans(),
    group_size=st.sampled_from([None, 1, 3, 20]), grid=st.sampled_from(["minmax", "mse"]),
    shift=st.sampled_from([-3.0, 0.0, 3.0]), zero_share=st.sampled_from([0.0, 0.5, 1.0]), seed=st.integers(0, 1000),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)  # fmt: skip
def test_invariants(rows, cols, bits, symmetric, group_size, grid, shift, zero_share, seed, dtype) -> None:
    weight = gaussian(rows, cols, seed, dtype) + shift
    weight[torch.rand(rows, cols, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    found = fit_grid(weight, bits=bits, symmetric=symmetric, per_channel=True, grid=grid, group_size=group_size)
    several = group_size is not None and group_size < cols
    assert found.scale.shape == found.zero.shape == ((rows, cols) if several else (rows, 1))
    assert found.scale.dtype == dtype and bool((found.scale > 0).all())
    assert bool(((found.zero >= 0) & (found.zero <= found.top) & (found.zero == found.zero.round())).all())
    codes = found.encode(weight)
    assert bool(((codes >= 0) & (codes <= found.top)).all())
    rounded = found.round(weight)
    assert not rounded[weight == 0].any(), "zero is on every grid"
    assert torch.equal(found.round(rounded), rounded), "values of the grid stay"
    if symmetric:
        assert bool((found.zero == 2 ** (bits - 1)).all())
    assert torch.equal(found[:1].round(weight[:1]), rounded[:1])
    if several:
        size = found.group_size or 0
        assert torch.equal(found.scale_of_groups.repeat_interleave(size, 1)[:, :cols], found.scale)
        assert torch.equal(found.zero_of_groups.repeat_interleave(size, 1)[:, :cols], found.zero)
    else:
        assert torch.equal(found.scale_of_groups, found.scale)


def test_zeros_of_pruned_weights_change_no_grid() -> None:
    weight = gaussian(3, 16) + 1
    wide = torch.cat([weight, torch.zeros(3, 16, dtype=weight.dtype)], 1)
    for search in ("minmax", "mse"):
        plain, padded = (fit_grid(w, grid=search, **SETTINGS) for w in (weight, wide))
        assert torch.equal(plain.scale, padded.scale) and torch.equal(plain.zero, padded.zero)


def test_smaller_groups_and_searches_round_better() -> None:
    weight = gaussian(20, 64)
    weight[:, 0] *= 8
    for search in ("minmax", "mse"):
        errors = []
        for group_size in (None, 16, 4):
            found = fit_grid(weight, grid=search, group_size=group_size, **SETTINGS)
            errors.append((found.round(weight) - weight).square().sum())
        assert errors[0] > errors[1] > errors[2]
    plain, searched = (fit_grid(weight, grid=search, **SETTINGS) for search in ("minmax", "mse"))
    before, after = ((found.round(weight) - weight).square().sum(1) for found in (plain, searched))
    assert bool((after <= before).all()) and bool((after < 0.9 * before).any())


def test_round_to_nearest_with_groups() -> None:
    weight = torch.tensor([[-1.0, 2.0, 0.5, 0.0, 3.0]])
    result = quantize_rtn(weight, torch.eye(5), bits=2, group_size=2)
    torch.testing.assert_close(result.scale, torch.tensor([[1.0, 1.0, 0.5 / 3, 0.5 / 3, 1.0]]))
    assert result.zero.tolist() == [[1, 1, 0, 0, 0]] and result.codes.tolist() == [[0, 3, 3, 0, 3]]
    torch.testing.assert_close(result.weight, weight)
    assert torch.equal(result.weight, result.scale * (result.codes - result.zero))
    assert quantize_rtn(weight, torch.eye(5), bits=2, group_size=5).scale.shape == (1, 1)


def test_round_to_nearest_of_grouped_hessians_reports_the_loss_of_each_group() -> None:
    weight, hessian = gaussian(4, 6), torch.stack([torch.eye(6), 3 * torch.eye(6)])
    result = quantize_rtn(weight, hessian, bits=2)
    error = (result.weight - weight).square().sum(1)
    torch.testing.assert_close(result.loss, error * torch.tensor([1.0, 1.0, 3.0, 3.0]))


def test_groups_need_a_scale_for_each_row() -> None:
    with pytest.raises(ArgumentError, match="group_size needs per_channel=True"):
        quantize_rtn(torch.ones(2, 4), torch.eye(4), bits=3, per_channel=False, group_size=2)
    for value in (0, -1, 2.0, True):
        with pytest.raises(ArgumentError, match="group_size must be a whole number"):
            quantize_rtn(torch.ones(2, 4), torch.eye(4), bits=3, group_size=value)  # pyright: ignore[reportArgumentType]
