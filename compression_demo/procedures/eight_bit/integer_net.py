"""A net that computes in integers alone: 8-bit operands, 32-bit sums, fixed-point rescaling between layers.

Shen et al., "Highly Efficient 8-bit Low Precision Inference of Convolutional Neural Networks", ICLR 2019 submission:
a scale for each output channel of a weight, scales of activations from calibration, and pooling, concatenation and the
addition of a shortcut in integers too; the arithmetic is that of Jacob et al. (see `integers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import torch
from torch import nn

from compression_demo.errors import RunFailed

from .folding import Layer
from .graph import INPUT, LAYERS, FoldedNet, Step, list_spent
from .integers import Grid, encode_weight, multiply, rescale, span_grid
from .ranges import Spread

LARGEST_BIAS = 2**29
"""Codes of a bias stay below it, which leaves the rest of the 32 bits to the products."""
PART = 50
"""Images at a time, so that 64-bit values stay near the cache."""


@dataclass(frozen=True)
class LayerCodes:
    """How the weights of a layer are coded."""

    bits: int = 8
    per_channel: bool = True
    symmetric: bool = True


class _Counted:
    """A layer whose weight are codes; its inputs are codes too, and its outputs exact sums of products."""

    weight: torch.Tensor

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return multiply(cast(Layer, self), inputs, self.weight)


class IntegerConv(_Counted, nn.Conv2d):
    """A convolution of codes."""


class IntegerLinear(_Counted, nn.Linear):
    """A linear layer of codes."""


class IntegerNet(nn.Module):
    """A folded net in integers; images -> float32 scores.

    grids: of each value but the scores, by its name; shaping steps hand the grid of their input on.
    codes: of each layer, by the name of its step.

    Raises:
        RunFailed: the net does not end in a layer.
    """

    def __init__(self, net: FoldedNet, grids: Mapping[str, Grid], codes: Mapping[str, LayerCodes]) -> None:
        super().__init__()
        last = net.steps[-1]
        if last.kind not in LAYERS or last.ceiling is not None or len(last.inputs) > 1:
            raise RunFailed(f"the net ends in {last.name}, not in a layer whose sums are its scores")
        self.steps, self.grids = net.steps, dict(grids)
        self.layers = nn.ModuleDict()
        self.scales: dict[str, torch.Tensor] = {}
        self.biases: dict[str, torch.Tensor] = {}
        for step in net.steps:
            if step.kind in LAYERS:
                self._encode(step, net.layer(step), codes[step.name])

    def _encode(self, step: Step, layer: Layer, codes: LayerCodes) -> None:
        """Keep the integer form of a layer: codes of its weight, and of its bias in units of its sums."""
        bias = layer.get_parameter("bias").detach().double()
        before = self.grids[step.inputs[0]].scale
        least = bias.abs() / (before * LARGEST_BIAS)
        weight, scales = encode_weight(layer.weight, codes.bits, codes.per_channel, codes.symmetric, least)
        self.layers[step.name] = coded = _like(layer)
        coded.weight = nn.Parameter(weight, requires_grad=False)
        self.scales[step.name] = before * scales
        self.biases[step.name] = (bias / self.scales[step.name]).round().to(torch.int64)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return torch.cat([self._score(part) for part in images.split(PART)])

    def _score(self, images: torch.Tensor) -> torch.Tensor:
        last = self.steps[-1]
        known = {INPUT: self.grids[INPUT].encode(images)}
        for step, spent in zip(self.steps, list_spent(self.steps), strict=True):
            inputs = [known[name] for name in step.inputs]
            if step is last:
                return (self._sum(step, inputs[0]) * self.scales[step.name]).float()
            known[step.name] = self._take(step, inputs)
            for name in spent:
                del known[name]
        raise AssertionError("a net has at least one step")

    def _sum(self, step: Step, inputs: torch.Tensor) -> torch.Tensor:
        sums = self.layers[step.name](inputs)
        return sums + self.biases[step.name].view(1, -1, *[1] * (sums.ndim - 2))

    def _take(self, step: Step, inputs: list[torch.Tensor]) -> torch.Tensor:
        """The codes of a step's value."""
        if step.kind == "shape":
            return cast(nn.Module, step.shaper)(inputs[0])
        grid, before = self.grids[step.name], [self.grids[name].scale for name in step.inputs]
        ratios = [scale / grid.scale for scale in before]
        if step.kind in LAYERS:
            added = list(zip(inputs[1:], ratios[1:], strict=True))
            return _clamp(
                rescale([(self._sum(step, inputs[0]), self.scales[step.name] / grid.scale), *added]), grid, step
            )
        if step.kind == "mean":
            total = inputs[0].to(torch.int64).sum((2, 3), keepdim=step.keepdim)
            return _clamp(rescale([(total, ratios[0] / inputs[0][0, 0].numel())]), grid, step)
        if step.kind == "add":
            return _clamp(rescale(list(zip(inputs, ratios, strict=True))), grid, step)
        return torch.cat([_clamp(rescale([part]), grid, step) for part in zip(inputs, ratios, strict=True)], 1)


def choose_grids(
    net: FoldedNet, spreads: Mapping[str, Spread], *, bits: int, symmetric: bool, rule: str
) -> dict[str, Grid]:
    """The grid of each value but the scores, by its calibrated range; shaping steps keep that of their input."""
    grids: dict[str, Grid] = {}
    for name in (INPUT, *(step.name for step in net.steps[:-1])):
        grids[name] = span_grid(*spreads[name].clip(rule, bits), bits, symmetric)
    for step in net.steps:
        if step.kind == "shape":
            grids[step.name] = grids[step.inputs[0]]
    return grids


def _clamp(codes: torch.Tensor, grid: Grid, step: Step) -> torch.Tensor:
    """Codes within their grid and, where the step has a ReLU, from zero to its ceiling; float32 whole numbers."""
    low, high = grid.low, float(grid.high)
    if step.ceiling is not None:
        low, high = max(0, low), min(high, round(min(step.ceiling / grid.scale, high)))
    return codes.clamp_(low, int(high)).float()


def _like(layer: Layer) -> IntegerConv | IntegerLinear:
    if isinstance(layer, nn.Linear):
        return IntegerLinear(layer.in_features, layer.out_features, bias=False)
    return IntegerConv(
        layer.in_channels, layer.out_channels, cast(tuple[int, int], layer.kernel_size), cast(tuple[int, int], layer.stride),
        cast(tuple[int, int], layer.padding), cast(tuple[int, int], layer.dilation), layer.groups, bias=False,
    )  # fmt: skip
