"""Layers found, their weights as matrices, and their input vectors, against what the layers compute."""

from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import parametrizations
from transformers.pytorch_utils import Conv1D

from compression_demo.models import layers
from compression_demo.rates import LayerShape

CONVOLUTIONS: list[tuple[Any, dict[str, Any], tuple[int, ...]]] = [
    (nn.Conv2d, {"kernel_size": 3}, (9, 8)),
    (nn.Conv2d, {"kernel_size": (3, 2), "padding": (2, 1), "stride": (1, 2)}, (9, 8)),
    (nn.Conv2d, {"kernel_size": (3, 2), "dilation": (2, 3), "padding": "same"}, (9, 8)),
    (nn.Conv2d, {"kernel_size": 3, "padding": "valid", "stride": 2, "groups": 2}, (9, 8)),
    (nn.Conv2d, {"kernel_size": 3, "padding": 1, "groups": 4, "padding_mode": "reflect"}, (9, 8)),
    (nn.Conv2d, {"kernel_size": (3, 2), "padding": (0, 2), "padding_mode": "circular", "dilation": (1, 2)}, (9, 8)),
    (nn.Conv1d, {"kernel_size": 4, "padding": "same"}, (11,)),
    (nn.Conv1d, {"kernel_size": 3, "padding": 2, "stride": 2, "dilation": 2, "groups": 2}, (11,)),
    (nn.Conv1d, {"kernel_size": 3, "padding": 1, "padding_mode": "replicate"}, (11,)),
]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize(("kind", "options", "size"), CONVOLUTIONS)
def test_the_matrix_times_the_input_vectors_is_the_output_of_a_convolution(kind, options, size) -> None:
    torch.manual_seed(0)
    layer, images = kind(4, 8, dtype=torch.float64, **options), torch.randn(3, 4, *size, dtype=torch.float64)
    groups = layers.count_groups(layer)
    matrix = layers.read_weight(layer).view(groups, 8 // groups, -1)
    vectors = list(layers.input_vectors(layer, images))
    assert len(vectors) == 3, "one image at a time"
    assert all(each.ndim == (3 if groups > 1 else 2) for each in vectors)
    output = torch.stack([(matrix @ each.view(groups, matrix.shape[2], -1)).flatten(0, 1) for each in vectors])
    torch.testing.assert_close(output + layer.bias[:, None], layer(images).flatten(2))
    alone = next(layers.input_vectors(layer, images[1]))
    assert torch.equal(alone, vectors[1]), "an image without a batch around it"


@pytest.mark.parametrize("layer", [nn.Linear(5, 3), Conv1D(3, 5)])
def test_the_matrix_times_the_input_vectors_is_the_output_of_a_linear_layer(layer, monkeypatch) -> None:
    monkeypatch.setattr(layers, "VECTORS_AT_ONCE", 4)
    torch.manual_seed(0)
    tokens = torch.randn(2, 3, 5)
    vectors = torch.cat(list(layers.input_vectors(layer, tokens)), dim=1)
    assert vectors.dtype == torch.float64
    output = layers.read_weight(layer).double() @ vectors
    torch.testing.assert_close(output.T.float() + layer.bias, layer(tokens).flatten(0, 1))


def test_tokens_that_the_mask_leaves_out_do_not_count() -> None:
    layer, tokens = nn.Linear(2, 2), torch.arange(12.0).view(2, 3, 2)
    mask = torch.tensor([[True, False, True], [False, False, True]])
    (vectors,) = layers.input_vectors(layer, tokens, mask)
    assert vectors.T.tolist() == [[0, 1], [4, 5], [10, 11]]
    (pooled,) = layers.input_vectors(layer, tokens[:, 0], mask)
    assert pooled.shape == (2, 2), "a pooled input has no tokens"
    (pooled,) = layers.input_vectors(layer, tokens[:, 0], mask[:, :2])
    assert pooled.shape == (2, 2), "as many features as there are tokens, and still none"


@pytest.mark.parametrize("layer", [nn.Conv2d(4, 6, 3, groups=2), nn.Conv1d(2, 3, 3), nn.Linear(4, 3), Conv1D(4, 3)])
def test_weights_survive_the_way_to_a_matrix_and_back(layer) -> None:
    original, matrix = layer.weight.detach().clone(), layers.read_weight(layer)
    matrix *= 2
    assert torch.equal(layer.weight, original), "read_weight copies"
    layers.write_weight(layer, matrix)
    assert torch.equal(layer.weight, 2 * original)


def test_half_precision_is_read_as_float32() -> None:
    layer = nn.Linear(3, 2, dtype=torch.bfloat16)
    matrix = layers.read_weight(layer)
    assert matrix.dtype == torch.float32
    layers.write_weight(layer, matrix + 1)
    assert torch.equal(layer.weight, (matrix + 1).bfloat16())


def test_columns_by_tap_run_over_the_channels_of_one_kernel_position() -> None:
    layer = nn.Conv2d(4, 2, (1, 3), groups=2)
    layer.weight.data = torch.tensor([[0.0, 1, 2], [10, 11, 12]]).view(1, 2, 1, 3).repeat(2, 1, 1, 1)
    ordered = layers.read_weight(layer)[:, layers.order_by_tap(layer)]
    assert ordered[0].tolist() == [0, 10, 1, 11, 2, 12]
    assert layers.order_by_tap(nn.Linear(3, 2)).tolist() == [0, 1, 2]


class Mixed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.plain, self.again = nn.Linear(4, 4), nn.Linear(4, 4)
        self.once_more = self.plain
        self.normed = parametrizations.weight_norm(nn.Linear(4, 4))
        self.up = nn.ConvTranspose2d(4, 4, 2)
        self.depthwise, self.gpt = nn.Conv2d(4, 4, 3, groups=4), Conv1D(3, 4)
        self.head = nn.Linear(4, 7)
        self.head.weight = self.embedding.weight


def test_layers_found_and_those_that_cannot_be_compressed() -> None:
    model = Mixed()
    assert list(layers.find_layers(model)) == ["plain", "again", "normed", "depthwise", "gpt", "head"]
    assert layers.find_unsupported(model) == {
        "normed": "its weight is computed from other parameters",
        "head": "its weight is shared with another module",
    }
    assert layers.find_unsupported(nn.MultiheadAttention(4, 2)) == {
        "out_proj": "its parent uses the weight without calling it"
    }


def test_shapes_are_those_of_the_matrices() -> None:
    shapes = [layers.describe_shape(layer) for layer in (nn.Conv2d(8, 6, 3, groups=2), nn.Linear(5, 3), Conv1D(3, 5))]
    assert shapes == [LayerShape(6, 36, 2), LayerShape(3, 5), LayerShape(3, 5)]


def test_relative_error() -> None:
    dense = {"a": torch.tensor([[3.0, 4.0]]), "b": torch.zeros(1, 2)}
    hessians = {name: torch.eye(2, dtype=torch.float64) for name in dense}
    weights = {"a": torch.tensor([[3.0, 0.0]]), "b": torch.zeros(1, 2)}
    assert layers.relative_error(weights, dense, hessians) == {"a": pytest.approx(16 / 25), "b": 0.0}
