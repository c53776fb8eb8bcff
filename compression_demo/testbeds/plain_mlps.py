"""Fully connected nets with hidden layers of 300 and 100 units, as LeNet-300-100. Imports torch where a net is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registry import LayerShape

if TYPE_CHECKING:
    from torch import nn

HIDDEN = (300, 100)
CLASSES = 10


def build_plain_mlp(inputs: int, slope: float = 0.0) -> nn.Sequential:
    """Linear layers `inputs`-300-100-10 on flattened images; ReLU between them, or a leaky one with `slope` below 0."""
    from torch import nn

    widths = (inputs, *HIDDEN)
    parts: list[nn.Module] = [nn.Flatten()]
    for fan_in, units in zip(widths, HIDDEN, strict=False):
        parts += [nn.Linear(fan_in, units), nn.LeakyReLU(slope) if slope else nn.ReLU()]
    return nn.Sequential(*parts, nn.Linear(widths[-1], CLASSES))


def plain_mlp_layers(inputs: int) -> tuple[LayerShape, ...]:
    """The layers of `build_plain_mlp`."""
    return (LayerShape(300, inputs), LayerShape(100, 300), LayerShape(CLASSES, 100))
