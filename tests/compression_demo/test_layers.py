"""Calibration: Hessians of Linear and Conv2d inputs against their definition."""

import pytest
import torch
from torch import nn

from compression_demo import layers
from compression_demo.errors import UnsupportedLayer


def brute_force_hessian(layer: nn.Conv2d, images: torch.Tensor) -> torch.Tensor:
    """The mean of x x^T, each patch x read off by probing: one output channel per kernel tap."""
    taps = layer.in_channels * layer.kernel_size[0] * layer.kernel_size[1]
    probe = nn.Conv2d(
        layer.in_channels, taps, layer.kernel_size, layer.stride, layer.padding, layer.dilation,  # type: ignore[arg-type]
        bias=False, padding_mode=layer.padding_mode, dtype=torch.float64,
    )  # fmt: skip
    probe.weight.data = torch.eye(taps, dtype=torch.float64).view(taps, layer.in_channels, *layer.kernel_size)
    patches = probe(images.double()).detach().movedim(1, 0).reshape(taps, -1)
    return patches @ patches.T / patches.shape[1]


@pytest.mark.parametrize(
    "options",
    [
        {}, {"padding": 1}, {"padding": (2, 1), "stride": (1, 2)}, {"dilation": 2, "padding": "same"},
        {"padding": "valid", "stride": 2}, {"padding": 1, "padding_mode": "reflect"},
        {"padding": (0, 2), "padding_mode": "circular", "dilation": (1, 2)},
    ],
)  # fmt: skip
def test_convolutions(options: dict) -> None:
    torch.manual_seed(0)
    layer = nn.Conv2d(3, 4, (3, 2), **options)
    images = torch.randn(5, 3, 9, 8)
    found = layers.calibrate(nn.Sequential(layer), images)["0"]
    assert found.dtype == torch.float64
    torch.testing.assert_close(found, brute_force_hessian(layer, images))


def test_the_output_of_a_layer_is_its_matrix_times_the_input_vectors() -> None:
    torch.manual_seed(0)
    layer, images = nn.Conv2d(2, 5, 3, padding=1, stride=2), torch.randn(3, 2, 7, 7)
    output = torch.stack([layers.read_weight(layer).double() @ x for x in layers.input_vectors(layer, images)])
    expected = layer(images).double() - layer.bias.double().view(1, -1, 1, 1)  # type: ignore[union-attr]
    torch.testing.assert_close(output, expected.flatten(2), atol=1e-6, rtol=1e-5)


def test_linear_layers_weigh_by_tokens() -> None:
    torch.manual_seed(0)
    tokens = torch.randn(4, 6, 8)
    found = layers.calibrate(nn.Sequential(nn.Linear(8, 3)), tokens)["0"]
    flat = tokens.double().reshape(-1, 8)
    torch.testing.assert_close(found, flat.T @ flat / 24)


def test_batches_do_not_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
    images = torch.randn(10, 1, 6, 6)
    whole = layers.calibrate(model, images)
    monkeypatch.setattr(layers, "BATCH", 3)
    for name, hessian in layers.calibrate(model, images).items():
        torch.testing.assert_close(hessian, whole[name])
    assert list(whole) == ["0", "3"]


def test_the_model_is_left_as_it_was() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5), nn.Linear(4, 2)).train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    inputs = torch.randn(6, 4)
    first, second = layers.calibrate(model, inputs), layers.calibrate(model, inputs)
    assert model.training and not any(module._forward_pre_hooks for module in model.modules())
    assert all(torch.equal(first[name], second[name]) for name in first), "dropout is off while calibrating"
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def test_weights_survive_the_way_to_a_matrix_and_back() -> None:
    layer = nn.Conv2d(2, 3, 3)
    original, matrix = layer.weight.detach().clone(), layers.read_weight(layer)
    matrix *= 2
    assert torch.equal(layer.weight, original), "read_weight copies"
    layers.write_weight(layer, matrix)
    assert torch.equal(layer.weight, 2 * original)


def test_layers_that_cannot_be_compressed_are_named() -> None:
    with pytest.raises(UnsupportedLayer, match="layer '0' is a convolution with 2 groups"):
        layers.find_layers(nn.Sequential(nn.Conv2d(4, 4, 3, groups=2)))

    class Unused(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.idle = nn.Linear(2, 2), nn.Linear(2, 2)

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            return self.used(inputs)

    with pytest.raises(UnsupportedLayer, match="layer 'idle' was reached by no calibration input"):
        layers.calibrate(Unused(), torch.ones(3, 2))


def test_relative_error() -> None:
    dense = {"a": torch.tensor([[3.0, 4.0]]), "b": torch.zeros(1, 2)}
    hessians = {name: torch.eye(2, dtype=torch.float64) for name in dense}
    weights = {"a": torch.tensor([[3.0, 0.0]]), "b": torch.zeros(1, 2)}
    assert layers.relative_error(weights, dense, hessians) == {"a": pytest.approx(16 / 25), "b": 0.0}
