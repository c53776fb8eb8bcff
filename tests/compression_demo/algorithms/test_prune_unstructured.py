"""ExactOBS against the float64 oracle, and the relations that hold for every layer."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms import prune_adaprune, prune_unstructured, refit
from compression_demo.algorithms.elimination import eliminate
from compression_demo.algorithms.hessians import damp
from compression_demo.algorithms.kernels.plain import PANEL
from compression_demo.algorithms.masks import count_removed
from tests.reference import obs as oracle


def layer(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64, inputs: int = 0):
    weight, hessian = oracle.random_layer(rows, cols, seed, inputs)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


def order_of(weight: torch.Tensor, hessian: torch.Tensor, damping: float = 0.01):
    return eliminate(weight, damp(hessian[None], damping))


@pytest.mark.parametrize("cols", [1, 2, 7, 40, PANEL + 1, PANEL + 37])
def test_order_and_losses_equal_the_oracle(cols: int) -> None:
    weight, hessian = layer(3, cols)
    found = order_of(weight, hessian)
    for row in range(3):
        order, losses, _ = oracle.remove_greedily(weight[row].numpy(), oracle.damp(hessian.numpy(), 0.01))
        assert found.order[row].tolist() == order
        np.testing.assert_allclose(found.loss[row] * found.unit, losses, rtol=1e-9)


def test_float32_masks_and_errors_equal_the_oracle_except_at_near_ties() -> None:
    weight, hessian = layer(12, 160, dtype=torch.float32)
    found, damped, excused = order_of(weight, hessian), oracle.damp(hessian.numpy(), 0.01), 0
    for row in range(12):
        order, losses, nearest = oracle.remove_greedily(weight[row].double().numpy(), damped)
        if found.order[row].tolist() != order:
            excused += 1
            assert nearest < 1e-4
        np.testing.assert_allclose(found.loss[row].sum() * found.unit, sum(losses), rtol=1e-4)
    assert excused <= 1


def test_mask_is_global_and_weights_are_the_least_squares_ones() -> None:
    weight, hessian = layer(5, 24)
    result = prune_unstructured(weight, hessian, sparsity=0.6)
    damped = oracle.damp(hessian.numpy(), 0.01)
    steps = [oracle.remove_greedily(row.numpy(), damped) for row in weight]
    every = sorted((loss, row) for row, (_, losses, _) in enumerate(steps) for loss in losses)
    taken = [row for _, row in every[: round(0.6 * 5 * 24)]]
    for row, (order, _, _) in enumerate(steps):
        kept = np.ones(24, bool)
        kept[order[: taken.count(row)]] = False
        assert result.mask[row].tolist() == kept.tolist()
        np.testing.assert_allclose(result.weight[row], oracle.solve_on(weight[row].numpy(), damped, kept), atol=1e-12)


def test_one_removal_is_the_best_of_all() -> None:
    weight, hessian = layer(1, 9)
    result = prune_unstructured(weight, hessian, sparsity=1 / 9, damping=0.0)
    row, exact = weight[0].numpy(), hessian.numpy()
    errors = []
    for gone in range(9):
        kept = np.arange(9) != gone
        errors.append(oracle.error_of(oracle.solve_on(row, exact, kept), row, exact))
    assert (~result.mask[0]).nonzero().item() == int(np.argmin(errors))
    assert float(result.loss[0]) == pytest.approx(min(errors), rel=1e-9)


def test_greedy_is_among_the_best_of_all_masks_of_its_size() -> None:
    """Greedy is not optimal; among all 252 masks it must be at least as good as all but 2 %."""
    weight, hessian = layer(1, 10)
    row, exact = weight[0].numpy(), hessian.numpy()
    ours = float(prune_unstructured(weight, hessian, sparsity=0.5, damping=0.0).loss[0])
    others = []
    for chosen in itertools.combinations(range(10), 5):
        kept = np.isin(np.arange(10), chosen)
        others.append(oracle.error_of(oracle.solve_on(row, exact, kept), row, exact))
    assert min(others) * (1 - 1e-9) <= ours <= np.quantile(others, 0.02)


def test_without_damping_the_steps_add_up_to_the_error() -> None:
    weight, hessian = layer(4, 30)
    found = order_of(weight, hessian, damping=0.0)
    result = prune_unstructured(weight, hessian, sparsity=0.7, damping=0.0)
    taken = (~result.mask).sum(1)
    for row in range(4):
        assert float(found.loss[row, : taken[row]].sum()) * found.unit == pytest.approx(
            float(result.loss[row]), rel=1e-8
        )


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 6),
    cols=st.integers(1, 12),
    sparsity=st.floats(0, 1),
    seed=st.integers(0, 10_000),
    zero_share=st.sampled_from([0.0, 0.3, 1.0]),
    dead=st.integers(0, 3),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)
def test_invariants(rows, cols, sparsity, seed, zero_share, dead, dtype) -> None:
    weight, hessian = layer(rows, cols, seed, dtype)
    generator = torch.Generator().manual_seed(seed)
    weight[torch.rand(weight.shape, generator=generator) < zero_share] = 0
    hessian[:dead] = 0
    hessian[:, :dead] = 0
    given_weight, given_hessian = weight.clone(), hessian.clone()
    result = prune_unstructured(weight, hessian, sparsity=sparsity)
    assert torch.equal(weight, given_weight) and torch.equal(hessian, given_hessian)
    assert int((~result.mask).sum()) == count_removed(rows * cols, sparsity)
    assert result.weight.dtype == dtype and bool(torch.isfinite(result.weight).all())
    assert not result.weight[~result.mask].any(), "removed weights are zero"
    assert not result.weight[weight == 0].any(), "zeros stay zero"
    difference = (result.weight.double() - weight.double()).numpy()
    expected = [float(row @ hessian.numpy() @ row) for row in difference]
    np.testing.assert_allclose(result.loss, expected, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(factor=st.sampled_from([1e-6, 0.5, 2.0, 1024.0, 1e6]), seed=st.integers(0, 100))
def test_a_multiple_of_the_hessian_changes_the_losses_only(factor: float, seed: int) -> None:
    weight, hessian = layer(3, 20, seed)
    one, other = (prune_unstructured(weight, h, sparsity=0.5) for h in (hessian, factor * hessian))
    assert torch.equal(one.mask, other.mask)
    torch.testing.assert_close(one.weight, other.weight)
    torch.testing.assert_close(one.loss * factor, other.loss)


def test_columns_may_be_permuted() -> None:
    weight, hessian = layer(4, 25)
    shuffle = torch.randperm(25, generator=torch.Generator().manual_seed(1))
    plain = prune_unstructured(weight, hessian, sparsity=0.5)
    moved = prune_unstructured(weight[:, shuffle], hessian[shuffle][:, shuffle], sparsity=0.5)
    assert torch.equal(plain.mask[:, shuffle], moved.mask)
    torch.testing.assert_close(plain.weight[:, shuffle], moved.weight)


def test_rows_are_eliminated_independently() -> None:
    weight, hessian = layer(4, 30)
    changed = weight.clone()
    changed[2] *= -3
    before, after = order_of(weight, hessian), order_of(changed, hessian)
    assert torch.equal(before.order[[0, 1, 3]], after.order[[0, 1, 3]])
    assert torch.equal(before.order[2], after.order[2]), "scaling a row scales all of its scores"


def test_equal_scores_go_in_the_order_of_their_columns_and_rows() -> None:
    weight, hessian = torch.ones(3, 2 * PANEL + 5), torch.eye(2 * PANEL + 5)
    assert torch.equal(order_of(weight, hessian).order, torch.arange(weight.shape[1]).expand_as(weight))
    result = prune_unstructured(weight, hessian, sparsity=0.5)
    assert torch.equal(
        result.mask.flatten().nonzero()[:, 0], torch.arange(count_removed(weight.numel(), 0.5), weight.numel())
    )


def test_all_kept_is_the_layer_itself_and_none_kept_is_zero() -> None:
    weight, hessian = layer(3, 17, dtype=torch.float32)
    nothing, everything = prune_unstructured(weight, hessian, sparsity=[0.0, 1.0])
    assert torch.equal(nothing.weight, weight) and bool(nothing.mask.all()) and not nothing.loss.any()
    assert not everything.weight.any() and not everything.mask.any()


def test_several_sparsities_from_one_pass_equal_those_of_their_own() -> None:
    weight, hessian = layer(4, 40, dtype=torch.float32)
    shares = [0.9, 0.1, 0.5]
    for share, result in zip(shares, prune_unstructured(weight, hessian, sparsity=shares), strict=True):
        alone = prune_unstructured(weight, hessian, sparsity=share)
        assert torch.equal(result.weight, alone.weight) and torch.equal(result.mask, alone.mask)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_threads_do_not_change_the_result(dtype: torch.dtype) -> None:
    weight, hessian = layer(7, 80, dtype=dtype)
    alone = prune_unstructured(weight, hessian, sparsity=0.5)
    for threads in (2, 3, 9):
        result = prune_unstructured(weight, hessian, sparsity=0.5, threads=threads)
        assert torch.equal(alone.mask, result.mask) and torch.equal(alone.weight, result.weight)


def test_dead_columns_cost_nothing_and_go_first() -> None:
    weight, hessian = layer(3, 12)
    hessian[[2, 7]] = 0
    hessian[:, [2, 7]] = 0
    result = prune_unstructured(weight, hessian, sparsity=2 / 12)
    assert result.mask.logical_not().nonzero()[:, 1].tolist() == [2, 7] * 3
    assert float(result.loss.sum()) == 0


def test_no_input_at_all_is_a_hessian_too() -> None:
    weight, _ = layer(2, 6)
    result = prune_unstructured(weight, torch.zeros(6, 6), sparsity=0.5)
    assert int(result.mask.sum()) == 6 and not result.loss.any()


def test_fewer_inputs_than_columns_are_damped() -> None:
    weight, hessian = layer(3, 40, inputs=10)
    result = prune_unstructured(weight, hessian, sparsity=0.7)
    magnitude = prune_adaprune(weight, hessian, sparsity=0.7)
    assert float(result.loss.sum()) < float(magnitude.loss.sum())


def test_refitting_its_own_mask_changes_nothing() -> None:
    weight, hessian = layer(5, 30)
    result = prune_unstructured(weight, hessian, sparsity=0.6)
    again = refit(weight, hessian, result.mask)
    torch.testing.assert_close(again.weight, result.weight)


def test_loses_less_than_magnitude_masks_on_correlated_inputs() -> None:
    for seed in range(5):
        weight, hessian = layer(8, 64, seed)
        for share in (0.5, 0.75, 0.9):
            ours = prune_unstructured(weight, hessian, sparsity=share)
            theirs = prune_adaprune(weight, hessian, sparsity=share)
            assert float(ours.loss.sum()) < float(theirs.loss.sum())
