"""What is measured of a classifier beside its accuracy: training loss, dense activations, useful multiplications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .registry import Metric

if TYPE_CHECKING:
    import torch
    from torch import nn

TRAINING_LOSS = Metric("training_loss", "cross-entropy on the training images", "nats", "lower")
ACTIVATION_DENSITY = Metric("activation_density", "non-zero activations", "%", "lower")
EFFECTIVE_MACS = Metric("effective_macs", "multiplications with both operands non-zero", "%", "lower")


def measure_loss(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, batch: int = 500) -> float:
    """Mean cross-entropy in nats over images (samples, ...) and labels (samples,)."""
    import torch
    from torch.nn import functional

    with torch.inference_mode():
        parts = zip(images.split(batch), labels.split(batch), strict=True)
        total = sum(float(functional.cross_entropy(model(x), y, reduction="sum")) for x, y in parts)
    return total / len(labels)


def measure_activity(model: nn.Module, images: torch.Tensor) -> dict[str, float]:
    """For images (samples, ...), in percent: the non-zero values among the inputs of all convolutions and linear layers
    but the first; and the multiplications of all of them whose operands are both non-zero, among those of a dense net.

    Activations are counted where a layer takes them in, so that a mask between two layers counts.
    """
    import torch

    density, macs = [0, 0], [0.0, 0.0]

    def observe(layer: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        values = inputs[0]
        if layer is not counted[0]:
            density[0] += int(torch.count_nonzero(values))
            density[1] += values.numel()
        weight = layer.get_parameter("weight").detach()
        macs[0] += _count_products(layer, torch.ne(values, 0).float(), torch.ne(weight, 0).float())
        macs[1] += _count_products(layer, torch.ones_like(values), torch.ones_like(weight))

    counted = [m for m in model.modules() if isinstance(m, (torch.nn.Linear, torch.nn.Conv2d))]
    hooks = [layer.register_forward_pre_hook(observe) for layer in counted]
    try:
        with torch.inference_mode():
            model(images)
    finally:
        for hook in hooks:
            hook.remove()
    return {
        ACTIVATION_DENSITY.name: 100.0 * density[0] / density[1] if density[1] else 100.0,
        EFFECTIVE_MACS.name: 100.0 * macs[0] / macs[1] if macs[1] else 100.0,
    }


def _count_products(layer: nn.Module, inputs: torch.Tensor, weight: torch.Tensor) -> float:
    """How many products of a layer have two non-zero operands, both given as 0 and 1; what pads counts as zero."""
    import torch
    from torch.nn import functional

    if isinstance(layer, torch.nn.Conv2d):
        out = functional.conv2d(inputs, weight, None, layer.stride, layer.padding, layer.dilation, layer.groups)
    else:
        out = functional.linear(inputs, weight)
    return float(out.sum(dtype=torch.float64))
