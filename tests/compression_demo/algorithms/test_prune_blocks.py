"""Block pruning against the float64 oracle."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from compression_demo.algorithms import prune_blocks, prune_unstructured
from compression_demo.algorithms.elimination import eliminate_blocks
from compression_demo.algorithms.hessians import damp
from compression_demo.algorithms.masks import count_removed
from tests.reference import obs


def layer(rows: int, cols: int, seed: int = 0, dtype: torch.dtype = torch.float64):
    weight, hessian = obs.random_layer(rows, cols, seed)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize(("cols", "block"), [(4, 4), (12, 3), (40, 4), (80, 8), (96, 1), (132, 4), (140, 70)])
def test_order_and_losses_equal_the_oracle(cols: int, block: int, dtype: torch.dtype) -> None:
    weight, hessian = layer(3, cols, dtype=dtype)
    found = eliminate_blocks(weight, damp(hessian[None], 0.01), block)
    for row in range(3):
        order, losses = obs.remove_blocks_greedily(weight[row].double().numpy(), obs.damp(hessian.numpy(), 0.01), block)
        assert found.order[row].tolist() == order
        np.testing.assert_allclose(found.loss[row] * found.unit, losses, rtol=1e-9 if dtype == torch.float64 else 1e-4)


def test_one_removal_is_the_best_of_all() -> None:
    weight, hessian = layer(1, 12)
    result = prune_blocks(weight, hessian, sparsity=1 / 4, block=3, damping=0.0)
    row, exact = weight[0].numpy(), hessian.numpy()
    errors = []
    for gone in range(4):
        kept = np.arange(12) // 3 != gone
        errors.append(obs.error_of(obs.solve_on(row, exact, kept), row, exact))
    assert (~result.mask[0]).nonzero()[0].item() == 3 * int(np.argmin(errors))
    assert float(result.loss[0]) == pytest.approx(min(errors), rel=1e-9)


def test_blocks_of_one_are_unstructured_pruning() -> None:
    for dtype in (torch.float32, torch.float64):
        weight, hessian = layer(4, 90, dtype=dtype)
        single = prune_unstructured(weight, hessian, sparsity=0.6)
        assert torch.equal(prune_blocks(weight, hessian, sparsity=0.6, block=1).mask, single.mask)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_zeros_inside_of_blocks_stay_zero_while_blocks_are_chosen(dtype: torch.dtype) -> None:
    weight, hessian = layer(4, 40, dtype=dtype)
    weight[:3, ::3], weight[2, 8:12] = 0, 0
    both = torch.stack([hessian, torch.tensor(obs.random_layer(1, 40, seed=5)[1])])
    found = eliminate_blocks(weight, damp(both, 0.01), 4)
    for row in range(4):
        exact = obs.damp(both[row // 2].numpy(), 0.01)
        order, losses = obs.remove_blocks_greedily(weight[row].double().numpy(), exact, 4)
        assert found.order[row].tolist() == order
        rtol = 1e-9 if dtype == torch.float64 else 1e-4
        np.testing.assert_allclose(found.loss[row].double() * found.unit, losses, rtol=rtol)


def test_without_damping_the_steps_add_up_to_the_error() -> None:
    weight, hessian = layer(4, 30)
    found = eliminate_blocks(weight, damp(hessian[None], 0.0), 3)
    result = prune_blocks(weight, hessian, sparsity=0.7, block=3, damping=0.0)
    taken = (~result.mask).sum(1) // 3
    for row in range(4):
        assert float(found.loss[row, : taken[row]].sum()) * found.unit == pytest.approx(
            float(result.loss[row]), rel=1e-8
        )


@settings(max_examples=30, deadline=None)
@given(
    rows=st.integers(1, 5), blocks=st.integers(1, 40), block=st.integers(1, 6), sparsity=st.floats(0, 1),
    seed=st.integers(0, 1000), zero_share=st.sampled_from([0.0, 0.5, 1.0]),
    dtype=st.sampled_from([torch.float32, torch.float64]),
)  # fmt: skip
def test_invariants(rows, blocks, block, sparsity, seed, zero_share, dtype) -> None:
    weight, hessian = layer(rows, blocks * block, seed, dtype)
    weight[torch.rand(weight.shape, generator=torch.Generator().manual_seed(seed)) < zero_share] = 0
    result = prune_blocks(weight, hessian, sparsity=sparsity, block=block)
    whole = result.mask.view(rows, blocks, block)
    assert bool((whole.all(2) | ~whole.any(2)).all()), "blocks go whole"
    assert int((~whole.all(2)).sum()) == count_removed(rows * blocks, sparsity)
    assert not result.weight[~result.mask].any() and not result.weight[weight == 0].any()


def test_threads_and_levels_do_not_change_the_result() -> None:
    weight, hessian = layer(7, 64, dtype=torch.float32)
    alone = [prune_blocks(weight, hessian, sparsity=share, block=4) for share in (0.3, 0.8)]
    together = prune_blocks(weight, hessian, sparsity=[0.3, 0.8], block=4, threads=3)
    for one, other in zip(alone, together, strict=True):
        assert torch.equal(one.mask, other.mask) and torch.equal(one.weight, other.weight)
