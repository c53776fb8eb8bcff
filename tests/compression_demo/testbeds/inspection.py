"""What the tests of testbeds look at: the shapes of a model's layers, counted from the model itself, and inputs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import torch
from torch import nn

from compression_demo.models.layers import count_groups, find_layers, read_weight
from compression_demo.testbeds import LayerShape

if TYPE_CHECKING:
    from compression_demo.models.calls import Inputs

Shape = tuple[int, int, int]


def count_found(model: nn.Module) -> "Counter[Shape]":
    """(rows, cols, groups) -> how many layers of the model have it."""
    counts: Counter[Shape] = Counter()
    for layer in find_layers(model).values():
        rows, cols = read_weight(layer).shape
        counts[rows, cols, count_groups(layer)] += 1
    return counts


def count_declared(layers: Iterable[LayerShape]) -> "Counter[Shape]":
    """The same of what a testbed declares."""
    counts: Counter[Shape] = Counter()
    for shape in layers:
        counts[shape.rows, shape.cols, shape.groups] += shape.count
    return counts


def count_weights(model: nn.Module) -> int:
    """Weights of all layers that can be compressed, biases left out."""
    return sum(rows * cols * count for (rows, cols, _), count in count_found(model).items())


def as_tensor(inputs: "Inputs") -> torch.Tensor:
    """Inputs that are one tensor."""
    assert isinstance(inputs, torch.Tensor)
    return inputs


def as_mapping(inputs: "Inputs") -> Mapping[str, torch.Tensor]:
    """Inputs that are several tensors by name."""
    assert isinstance(inputs, Mapping)
    return inputs
