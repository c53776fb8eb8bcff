"""Batch normalisation folded into the layer before it (Jacob et al., "Quantization and Training of Neural Networks for
Efficient Integer-Arithmetic-Only Inference", CVPR 2018, Sec. 3.2, Eq. 14)."""

from __future__ import annotations

from typing import cast

import torch
from torch import nn

Layer = nn.Conv2d | nn.Linear
Pair = tuple[int, int]


def fold_batch_norm(layer: nn.Conv2d, norm: nn.BatchNorm2d | None = None) -> nn.Conv2d:
    """A convolution with a bias that does what `layer` and `norm` do one after the other in eval mode.

    w' = gamma w / sqrt(var + eps) for each output channel, b' = beta + gamma (b - mean) / sqrt(var + eps); computed in
    float64. Neither argument is changed.
    """
    bias = layer.bias.detach().double() if layer.bias is not None else torch.zeros(layer.out_channels).double()
    weight = layer.weight.detach().double()
    if norm is not None:
        gain, mean, shift = _read_norm(norm)
        weight, bias = weight * gain.view(-1, 1, 1, 1), shift + gain * (bias - mean)
    size, stride, dilation = (cast(Pair, value) for value in (layer.kernel_size, layer.stride, layer.dilation))
    folded = nn.Conv2d(
        layer.in_channels, layer.out_channels, size, stride, cast(Pair, layer.padding), dilation, layer.groups
    )  # fmt: skip
    with torch.no_grad():
        folded.weight.copy_(weight)
        folded.get_parameter("bias").copy_(bias)
    return folded.eval()


def copy_linear(layer: nn.Linear) -> nn.Linear:
    """A copy of a linear layer that has a bias, zero where `layer` has none."""
    copied = nn.Linear(layer.in_features, layer.out_features)
    with torch.no_grad():
        copied.weight.copy_(layer.weight)
        copied.bias.copy_(layer.bias if layer.bias is not None else torch.zeros(layer.out_features))
    return copied.eval()


def _read_norm(norm: nn.BatchNorm2d) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Gain, mean and shift of each channel (channels,) float64."""
    mean, variance = norm.get_buffer("running_mean").double(), norm.get_buffer("running_var").double()
    gain = 1 / torch.sqrt(variance + norm.eps)
    if not norm.affine:
        return gain, mean, torch.zeros_like(mean)
    return gain * norm.weight.detach().double(), mean, norm.bias.detach().double()
