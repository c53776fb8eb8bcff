"""Layouts, scales and degenerate layers: what the algorithms are given on the way to float32."""

from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from compression_demo.algorithms import METHODS
from compression_demo.algorithms.elimination import eliminate, eliminate_blocks
from compression_demo.algorithms.hessians import damp
from compression_demo.errors import ArgumentError
from tests.reference import obs

SETTINGS: dict[str, dict[str, Any]] = {
    name: {"bits": 3} if entry.kind == "quantize" else {"sparsity": 0.5} for name, entry in METHODS.items()
} | {
    "exact_obs_nm": {"n": 2, "m": 4}, "magnitude_nm": {"n": 2, "m": 4}, "magnitude_refit_nm": {"n": 2, "m": 4},
    "sparsegpt_nm": {"n": 2, "m": 4}, "exact_obs_blocks": {"sparsity": 0.5, "block": 4},
}  # fmt: skip
GREEDY = ["exact_obs", "exact_obs_nm", "exact_obs_blocks", "obq"]


def layer(rows: int, cols: int, dtype: torch.dtype = torch.float32) -> tuple[torch.Tensor, torch.Tensor]:
    weight, hessian = obs.random_layer(rows, cols)
    return torch.tensor(weight, dtype=dtype), torch.tensor(hessian)


def run(name: str, weight: torch.Tensor, hessian: torch.Tensor, **more: Any) -> Any:
    return METHODS[name].run(weight, hessian, **SETTINGS[name], **more)


@pytest.mark.parametrize("name", METHODS)
def test_the_layout_in_memory_does_not_matter(name: str) -> None:
    weight, hessian = layer(4, 40)
    plain = run(name, weight, hessian)
    turned = run(name, weight.T.contiguous().T.requires_grad_(), hessian.T.contiguous().T)
    spread = run(name, weight, torch.stack([hessian, hessian], 2)[:, :, 0])
    for other in (turned, spread):
        assert torch.equal(plain.weight, other.weight) and torch.equal(plain.mask, other.mask)
        assert not other.weight.requires_grad and other.weight.is_contiguous()


@pytest.mark.parametrize("name", METHODS)
def test_a_hessian_in_float32_is_worked_on_in_float64_and_left_alone(name: str) -> None:
    weight, hessian = layer(4, 160)
    single = hessian.float()
    before = single.clone()
    one, other = run(name, weight, single), run(name, weight, single.double())
    assert torch.equal(single, before)
    assert torch.equal(one.mask, other.mask)
    torch.testing.assert_close(one.weight, other.weight)
    torch.testing.assert_close(one.loss, other.loss, rtol=1e-5, atol=1e-12)


@pytest.mark.parametrize("name", GREEDY)
@pytest.mark.parametrize(
    ("weights", "inputs"), [(2.0**60, 2.0**100), (2.0**-70, 1.0), (1.0, 2.0**-130), (1.0, 2.0**126)]
)
def test_scales_far_from_one(name: str, weights: float, inputs: float) -> None:
    """Costs of 1e38 and more, or below 1e-38, and inverses that float32 cannot hold."""
    weight, hessian = layer(4, 160)
    expected = run(name, weight, hessian)
    found = run(name, weight * weights, hessian * inputs)
    assert torch.equal(expected.mask, found.mask)
    torch.testing.assert_close(found.weight / weights, expected.weight)


@pytest.mark.parametrize("name", GREEDY)
@pytest.mark.parametrize("damping", [1e-6, 1e-8])
def test_layers_that_float32_cannot_hold_run_in_float64(name: str, damping: float) -> None:
    weight, _ = layer(8, 160)
    inputs = torch.randn(160, 39, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    single, double = (run(name, w, inputs @ inputs.T, damping=damping) for w in (weight, weight.double()))
    assert bool(torch.isfinite(single.weight).all())
    assert float(single.loss.sum()) == pytest.approx(float(double.loss.sum()), rel=0.01, abs=1e-6)


@pytest.mark.parametrize("name", ["exact_obs_nm", "obq"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_groups_of_rows_are_layers_of_their_own(name: str, dtype: torch.dtype) -> None:
    weight, first = layer(4, 40, dtype)
    second = torch.tensor(obs.random_layer(1, 40, seed=5)[1])
    together = run(name, weight, torch.stack([first, second]))
    for rows, hessian in ((slice(0, 2), first), (slice(2, 4), second)):
        alone = run(name, weight[rows], hessian)
        assert torch.equal(together.mask[rows], alone.mask)
        torch.testing.assert_close(together.weight[rows], alone.weight)
        torch.testing.assert_close(together.loss[rows], alone.loss)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_rows_of_all_groups_compete_for_the_mask(dtype: torch.dtype) -> None:
    weight, first = layer(4, 40, dtype)
    second = torch.tensor(obs.random_layer(1, 40, seed=5)[1]) * 3
    damped = damp(torch.stack([first, second]), 0.01)
    for together, single in (
        (eliminate(weight, damped), eliminate),
        (eliminate_blocks(weight, damped, 4), partial(eliminate_blocks, block=4)),
    ):
        for rows, hessian in ((slice(0, 2), first), (slice(2, 4), second)):
            alone = single(weight[rows], damp(hessian[None], 0.01))
            assert torch.equal(together.order[rows], alone.order)
            torch.testing.assert_close(together.loss[rows] * together.unit, alone.loss * alone.unit)
    result = METHODS["exact_obs"].run(weight, torch.stack([first, second]), sparsity=0.5)
    assert int((~result.mask).sum()) == 80
    assert int((~result.mask[:2]).sum()) > int((~result.mask[2:]).sum()), "errors count threefold in the second group"


def test_groups_too_far_apart_for_one_precision_are_refused() -> None:
    weight, hessian = layer(4, 40)
    with pytest.raises(ArgumentError, match="hessian must be of one order of size for all groups"):
        run("exact_obs", weight, torch.stack([hessian, hessian * 2.0**-160]))


@pytest.mark.parametrize("name", ["exact_obs_nm", "exact_obs_blocks"])
def test_columns_without_input_go_first(name: str) -> None:
    weight, hessian = layer(3, 16)
    weight[:, 4:10] *= 1e3  # so that damping alone would keep them
    hessian[4:8], hessian[:, 4:8] = 0, 0
    if name == "exact_obs_blocks":
        result = METHODS[name].run(weight, hessian, sparsity=0.25, block=4)
        assert not result.mask[:, 4:8].any() and not result.loss.any()
    else:
        hessian[9], hessian[:, 9] = 0, 0
        assert not METHODS[name].run(weight, hessian, n=1, m=4).mask[:, 9].any()


def test_a_mask_over_weights_that_are_not_zero_is_made_good() -> None:
    """OBQ rounds what is left after the others have taken up the loss of those dropped."""
    weight, hessian = layer(8, 80)
    mask = torch.rand(8, 80, generator=torch.Generator().manual_seed(0)) < 0.5
    obq, gptq = (METHODS[name].run(weight, hessian, bits=4, mask=mask) for name in ("obq", "gptq"))
    assert float(obq.loss.sum()) < float(gptq.loss.sum())
    assert not obq.weight[~mask].any()
    obq.mask.fill_(True)
    assert not mask.all(), "the result has a mask of its own"


def test_zeros_that_the_mask_keeps_may_move() -> None:
    """They are on the grid, so they go first of all but the outliers, and take up what these have left."""
    weight, hessian = layer(4, 60)
    weight[:, ::3], weight[:, 1::12] = 0, weight[:, 1::12] * 6
    given = {"bits": 2, "grid": "mse"}
    result = METHODS["obq"].run(weight, hessian, **given, mask=torch.ones(4, 60, dtype=torch.bool))
    damped = obs.damp(hessian.numpy(), 0.01)
    for row in range(4):
        scale, zero = result.scale[row].double().numpy(), result.zero[row].numpy()
        reference = weight[row].double().numpy()
        expected = obs.quantize_greedily(reference, damped, np.ones(60, bool), scale, zero, 2)
        np.testing.assert_allclose(result.weight[row], expected, atol=1e-6)
    assert result.weight[:, ::3].any()
    assert not METHODS["obq"].run(weight, hessian, **given).weight[:, ::3].any(), "without a mask zeros stay zero"
