"""N:M pruning against the float64 oracle."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms import elimination, prune_nm, prune_unstructured
from tests.reference import obs


def layer(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64):
    weight, hessian = obs.random_layer(rows, cols, seed)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


@pytest.mark.parametrize(("n", "m", "cols"), [(2, 4, 4), (2, 4, 24), (1, 2, 10), (3, 4, 16), (4, 8, 80), (1, 5, 40)])
def test_masks_and_weights_equal_the_oracle(n: int, m: int, cols: int) -> None:
    weight, hessian = layer(3, cols)
    damped = obs.damp(hessian.numpy(), 0.01)
    result = prune_nm(weight, hessian, n=n, m=m)
    for row in range(3):
        order, _, _ = obs.remove_greedily(weight[row].numpy(), damped, n, m)
        kept = np.ones(cols, bool)
        kept[order] = False
        assert result.mask[row].tolist() == kept.tolist()
        np.testing.assert_allclose(result.weight[row], obs.solve_on(weight[row].numpy(), damped, kept), atol=1e-12)


def test_float32_masks_equal_the_oracle_except_at_near_ties() -> None:
    weight, hessian = layer(12, 160, dtype=torch.float32)
    result, damped, excused = prune_nm(weight, hessian, n=2, m=4), obs.damp(hessian.numpy(), 0.01), 0
    for row in range(12):
        order, _, nearest = obs.remove_greedily(weight[row].double().numpy(), damped, 2, 4)
        if set((~result.mask[row]).nonzero().flatten().tolist()) != set(order):
            excused += 1
            assert nearest < 1e-4
    assert excused <= 1


@pytest.mark.parametrize("damping", [1e-2, 1e-4, 1e-7])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_kept_weights_are_the_best_for_their_mask_also_where_inputs_are_nearly_dependent(damping, dtype) -> None:
    generator = torch.Generator().manual_seed(5)
    inputs = torch.randn(96, 12, generator=generator).double() @ torch.randn(12, 500, generator=generator).double()
    inputs += 1e-3 * torch.randn(96, 500, generator=generator)
    weight, hessian = torch.randn(9, 96, generator=generator).to(dtype), inputs @ inputs.T
    result, damped = prune_nm(weight, hessian, n=2, m=4, damping=damping), obs.damp(hessian.numpy(), damping)
    for row, kept in enumerate(result.mask.numpy()):
        best = obs.solve_on(weight[row].double().numpy(), damped, kept)
        got, least = (x - weight[row].double().numpy() for x in (result.weight[row].double().numpy(), best))
        assert got @ damped @ got <= (least @ damped @ least) * (1 + 1e-4)


def test_a_refit_that_misses_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    weight, hessian = layer(4, 32, dtype=torch.float32)
    taken = prune_nm(weight, hessian, n=2, m=4)
    monkeypatch.setattr(elimination, "MISSED", -1.0)
    solved = prune_nm(weight, hessian, n=2, m=4)
    assert torch.equal(taken.mask, solved.mask) and not torch.equal(taken.weight, solved.weight)
    assert torch.allclose(taken.weight, solved.weight, atol=1e-5)


def test_one_of_one_removes_all_and_none_of_four_nothing() -> None:
    weight, hessian = layer(2, 8)
    assert not prune_nm(weight, hessian, n=1, m=1).weight.any()
    untouched = prune_nm(weight, hessian, n=0, m=4)
    assert torch.equal(untouched.weight, weight) and not untouched.loss.any()


@settings(max_examples=40, deadline=None)
@given(
    pattern=st.sampled_from([(1, 2), (2, 4), (1, 4), (3, 4), (2, 3), (4, 4)]),
    groups=st.integers(1, 40),
    rows=st.integers(1, 4),
    seed=st.integers(0, 1000),
    zero_share=st.sampled_from([0.0, 0.4, 0.8, 1.0]),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)
def test_invariants(pattern, groups, rows, seed, zero_share, dtype) -> None:
    n, m = pattern
    weight, hessian = layer(rows, groups * m, seed, dtype)
    weight[torch.rand(weight.shape, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    result = prune_nm(weight, hessian, n=n, m=m)
    assert bool(((~result.mask).view(rows, groups, m).sum(2) == n).all()), "n of each m, exactly"
    assert not result.weight[~result.mask].any() and not result.weight[weight == 0].any()
    full = (weight == 0).view(rows, groups, m).sum(2) >= n
    if bool(full.all()):
        assert torch.allclose(result.weight, weight, atol=1e-6), "groups with n zeros need nothing removed"
    difference = (result.weight.double() - weight.double()).numpy()
    np.testing.assert_allclose(result.loss, [row @ hessian.numpy() @ row for row in difference], atol=1e-12)


def test_the_pattern_costs_more_than_free_choice_and_less_than_magnitudes() -> None:
    for seed in range(5):
        weight, hessian = layer(8, 64, seed)
        free = float(prune_unstructured(weight, hessian, sparsity=0.5).loss.sum())
        pattern = float(prune_nm(weight, hessian, n=2, m=4).loss.sum())
        kept = torch.ones(8, 16, 4, dtype=torch.bool).scatter_(
            2, weight.abs().view(8, 16, 4).argsort(2)[..., :2], False
        )
        difference = weight * ~kept.view(8, 64)
        magnitude = float(((difference @ hessian) * difference).sum())
        assert free < pattern < magnitude
