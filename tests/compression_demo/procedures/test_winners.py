"""Masks on activations against sorting, and that they are counted where multiplications are."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from compression_demo.procedures import winners
from compression_demo.testbeds.net_metrics import measure_activity
from tests.reference.winners import convolve, count_useful, keep_winners, pool


def draw(seed: int, *shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@given(rate=st.floats(0.01, 1), seed=st.integers(0, 50), length=st.integers(1, 40))
def test_dynamic_masks_are_those_of_sorting(rate: float, seed: int, length: int) -> None:
    values = draw(seed, 3, length)
    found = winners.DynamicWinners(rate)(values)
    np.testing.assert_array_equal(found.numpy(), keep_winners(values.numpy(), rate))


@given(rate=st.floats(0.05, 0.95), seed=st.integers(0, 20))
def test_channels_of_an_image_compete_with_one_another(rate: float, seed: int) -> None:
    maps = draw(seed, 2, 4, 3, 3)
    found = winners.DynamicWinners(rate)(maps)
    assert [int(one.count_nonzero()) for one in found] == [winners.count_winners(rate, 36)] * 2


@given(rate=st.floats(0.05, 0.95), seed=st.integers(0, 20))
def test_a_static_threshold_lets_the_same_share_through_on_average(rate: float, seed: int) -> None:
    values = draw(seed, 20, 25) * torch.linspace(0.1, 2, 20)[:, None]
    mask = winners.static("", rate, values)
    kept = mask(values).count_nonzero(1)
    assert int(kept.sum()) == winners.count_winners(rate, 500)
    assert rate < 0.1 or rate > 0.9 or kept.max() > kept.min(), "inputs of larger activations keep more"


def test_a_threshold_from_a_sample_is_that_of_the_sample() -> None:
    values = draw(1, 50, 200)
    mask = winners.sampled(0.1, torch.Generator().manual_seed(0))("", 0.3, values)
    assert isinstance(mask, winners.SampledWinners) and len(set(mask.places.tolist())) == 20
    thetas = values[:, mask.places].abs().sort(1, descending=True).values[:, 5]  # 0.3 of 20 is the sixth largest
    assert torch.equal(mask(values) != 0, values.abs() >= thetas[:, None])
    share = float((mask(values) != 0).double().mean())
    assert abs(share - 0.3) < 0.06, "the share holds on average, not for each input"
    everything = winners.sampled(1.0, torch.Generator().manual_seed(0))("", 0.3, values)
    assert torch.equal(everything(values), winners.DynamicWinners(0.3)(values))


def test_gradients_pass_through_winners_alone() -> None:
    values = draw(2, 4, 10).requires_grad_()
    found = winners.DynamicWinners(0.3)(values)
    found.sum().backward()
    assert values.grad is not None and torch.equal(values.grad, (found != 0).float())


def build() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(5, 20), nn.LeakyReLU(0.1), nn.Linear(20, 10), nn.ReLU(), nn.Linear(10, 3))


def test_masked_nets_multiply_as_often_as_counted_by_hand() -> None:
    model, inputs = build(), draw(3, 7, 5)
    with torch.no_grad():
        for name in ("0.weight", "2.weight", "4.weight"):
            weight = model.get_parameter(name)
            weight.mul_(draw(4, *weight.shape) > 0)
    winners.mask_activations(model, {"1": 0.25, "3": 0.4}, inputs, winners.dynamic)
    values, total = inputs, 0
    for layer in model:
        if isinstance(layer, nn.Linear):
            total += count_useful(values.numpy(), layer.weight.detach().numpy())
        values = layer(values).detach()
    measured = measure_activity(model, inputs)
    assert measured["effective_macs"] == pytest.approx(100 * total / (7 * (100 + 200 + 30)))
    # 5 of 20 and 4 of 10 win; of the second layer's, which are cut off at zero, some winners may be zero.
    assert measured["activation_density"] <= 100 * (5 + 4) / 30


def build_cnn() -> nn.Sequential:
    torch.manual_seed(1)
    net = nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(),
        nn.Flatten(), nn.Linear(64, 5), nn.ReLU(), nn.Linear(5, 2),
    )  # fmt: skip
    with torch.no_grad():
        for layer in net:
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                layer.weight.mul_(draw(7, *layer.weight.shape) > 0)
    return net


def test_masked_convolutions_are_those_of_loops_over_all_products() -> None:
    """Masks on feature maps, pooling before them, and both-operands-non-zero counts, against plain numpy."""
    model, images = build_cnn(), draw(8, 3, 1, 8, 8)
    weights = {name: tensor.detach().numpy().astype(float) for name, tensor in model.state_dict().items()}
    winners.mask_activations(model, {"1": 0.4, "4": 0.3, "7": 0.6}, images, winners.dynamic)

    def masked(values: np.ndarray, rate: float) -> np.ndarray:
        return keep_winners(values.reshape(len(values), -1), rate).reshape(values.shape)

    maps, first = convolve(images.numpy().astype(float), weights["0.weight"], weights["0.bias"], 1)
    maps = masked(pool(np.maximum(maps, 0)), 0.4)
    assert [np.count_nonzero(one) for one in maps] == [winners.count_winners(0.4, 48)] * 3
    found = winners.record_output(model, model.get_submodule("2"), images).numpy()
    np.testing.assert_allclose(found, maps, atol=1e-5)
    maps, second = convolve(maps, weights["3.weight"], weights["3.bias"], 1)
    flat = masked(np.maximum(maps, 0), 0.3).reshape(3, -1)
    third = count_useful(flat, weights["6.weight"])
    hidden = masked(np.maximum(flat @ weights["6.weight"].T + weights["6.bias"], 0), 0.6)
    fourth = count_useful(hidden, weights["8.weight"])
    np.testing.assert_allclose(
        model(images).detach().numpy(), hidden @ weights["8.weight"].T + weights["8.bias"], atol=1e-5
    )
    ones = {name: np.ones_like(tensor) for name, tensor in weights.items()}
    whole = convolve(np.ones((3, 1, 8, 8)), ones["0.weight"], ones["0.bias"], 1)[1]
    whole += convolve(np.ones((3, 3, 4, 4)), ones["3.weight"], ones["3.bias"], 1)[1] + 3 * (64 * 5 + 5 * 2)
    assert measure_activity(model, images)["effective_macs"] == pytest.approx(
        100 * (first + second + third + fourth) / whole
    )


def test_masks_stand_behind_pools_of_sequences_alone() -> None:
    assert winners.find_site(build_cnn(), "1") == "2" and winners.find_site(build_cnn(), "4") == "4"
    nested = nn.Sequential(nn.Sequential(nn.ReLU(), nn.MaxPool2d(2)), nn.ReLU())
    assert [winners.find_site(nested, name) for name in ("0.0", "1")] == ["0.1", "1"]


@pytest.mark.parametrize("kind", ["dynamic", "static", "sampled"])
def test_each_kind_of_threshold_masks_feature_maps(kind: str) -> None:
    model, images = build_cnn(), draw(9, 60, 1, 8, 8)
    make = {"dynamic": winners.dynamic, "static": winners.static, "sampled": winners.sampled(0.5, torch.Generator())}[
        kind
    ]
    winners.mask_activations(model, {"1": 0.2}, images, make)
    kept = (winners.record_output(model, model.get_submodule("2"), images) != 0).flatten(1).double().mean(1)
    assert float(kept.mean()) == pytest.approx(0.2, abs=0.06)
    assert (float(kept.std()) < 1e-6) == (kind == "dynamic")


def test_masks_leave_parameters_and_unmasked_layers_alone() -> None:
    model = build()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    plain = model(draw(5, 4, 5))
    winners.mask_activations(model, {"1": 1.0, "3": 0.5}, draw(5, 4, 5), winners.dynamic)
    assert isinstance(model[1], nn.LeakyReLU) and isinstance(model[3], nn.Sequential)
    assert {name: tensor.tolist() for name, tensor in model.state_dict().items()} == {
        name: tensor.tolist() for name, tensor in before.items()
    }
    assert not torch.equal(model(draw(5, 4, 5)), plain)


def test_a_later_threshold_is_taken_behind_the_earlier_masks() -> None:
    model, inputs = build(), draw(6, 200, 5)
    model[3] = nn.LeakyReLU(0.1)
    winners.mask_activations(model, {"1": 0.1, "3": 0.5}, inputs, winners.static)
    kept = [(winners.record_output(model, model.get_submodule(name), inputs) != 0) for name in ("1", "3")]
    assert [float(part.double().mean()) for part in kept] == pytest.approx([0.1, 0.5], abs=1e-3)


def test_rates_are_one_for_all_or_one_each() -> None:
    assert winners.spread_rates(build(), [0.2]) == {"1": 0.2, "3": 0.2}
    assert winners.spread_rates(build(), [0.2, 0.4]) == {"1": 0.2, "3": 0.4}
    with pytest.raises(ValueError, match="2 layers of activations, not 3"):
        winners.spread_rates(build(), [0.2, 0.4, 0.1])
