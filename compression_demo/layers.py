"""A model's compressible layers, their weights as matrices, and the Hessians of their inputs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from .errors import UnsupportedLayer

if TYPE_CHECKING:
    import torch
    from torch import nn

BATCH = 64
"""Calibration inputs per forward pass."""


def find_layers(model: nn.Module) -> dict[str, nn.Linear | nn.Conv2d]:
    """All Linear and Conv2d layers by name, in the order of the model, first and last layer included.

    Raises:
        UnsupportedLayer: a convolution with groups.
    """
    from torch import nn

    layers = {name: module for name, module in model.named_modules() if isinstance(module, (nn.Linear, nn.Conv2d))}
    for name, module in layers.items():
        if isinstance(module, nn.Conv2d) and module.groups != 1:
            raise UnsupportedLayer(name, f"is a convolution with {module.groups} groups; only 1 is supported")
    return layers


def read_weight(layer: nn.Linear | nn.Conv2d) -> torch.Tensor:
    """A copy of the weight as (rows, cols): one row an output channel, columns ordered (channel, height, width)."""
    return layer.weight.detach().reshape(layer.weight.shape[0], -1).clone()


def write_weight(layer: nn.Linear | nn.Conv2d, matrix: torch.Tensor) -> None:
    """Replace the layer's weight in place by `matrix` (rows, cols), the inverse of `read_weight`."""
    layer.weight.data.copy_(matrix.view_as(layer.weight))


def calibrate(model: nn.Module, inputs: torch.Tensor) -> dict[str, torch.Tensor]:
    """The Hessian (cols, cols) float64 of each layer: the mean of x x^T over all its input vectors x.

    A convolution's input vectors are its patches, all positions of all inputs weighing the same. Images are unfolded
    one at a time, so memory doesn't grow with the batch. All layers see the dense model's activations (independent
    calibration). The model is unchanged, its mode included; it runs in eval mode without gradients.

    Args:
        model: the dense model.
        inputs: (samples, ...) what the model takes.

    Raises:
        UnsupportedLayer: a layer that cannot be compressed, or one that no input reached.
    """
    import torch

    sums: dict[str, torch.Tensor] = {}
    counts: dict[str, int] = {}
    was_training = model.training
    with ExitStack() as hooks, torch.inference_mode():
        for name, layer in find_layers(model).items():
            sums[name], counts[name] = torch.zeros(2 * (read_weight(layer).shape[1],), dtype=torch.float64), 0

            def add(module: nn.Module, arguments: tuple[torch.Tensor, ...], name: str = name) -> None:
                for vectors in input_vectors(module, arguments[0]):
                    sums[name].addmm_(vectors, vectors.mT)
                    counts[name] += vectors.shape[1]

            hooks.callback(layer.register_forward_pre_hook(add).remove)
        model.eval()
        try:
            for batch in inputs.split(BATCH):
                model(batch)
        finally:
            model.train(was_training)
    for name, count in counts.items():
        if not count:
            raise UnsupportedLayer(name, "was reached by no calibration input")
    return {name: total / counts[name] for name, total in sums.items()}


def input_vectors(layer: nn.Module, batch: torch.Tensor) -> list[torch.Tensor] | map[torch.Tensor]:
    """The input vectors of a layer as matrices (cols, vectors) float64: one for a Linear, one an image for a Conv2d."""
    from torch import nn
    from torch.nn import functional

    if not isinstance(layer, nn.Conv2d):
        return [batch.reshape(-1, batch.shape[-1]).mT.double()]
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    padding = _padding(layer)

    def unfold(image: torch.Tensor) -> torch.Tensor:
        padded = functional.pad(image[None], padding, mode=mode)
        return functional.unfold(padded, layer.kernel_size, layer.dilation, 0, layer.stride)[0].double()  # type: ignore[arg-type]

    return map(unfold, batch)


def relative_error(
    weights: Mapping[str, torch.Tensor], dense: Mapping[str, torch.Tensor], hessians: Mapping[str, torch.Tensor]
) -> dict[str, float]:
    """Each layer's squared output error as a share of its squared dense output (biases left out), under `hessians`.

    A layer whose dense output is zero has error 0: every weight that matters there is zero already.
    """
    from .algorithms.results import output_error

    shares = {}
    for name, weight in weights.items():
        output = float(output_error(dense[name] * 0, dense[name], hessians[name]).sum())
        shares[name] = float(output_error(weight, dense[name], hessians[name]).sum()) / output if output else 0.0
    return shares


def _padding(layer: nn.Conv2d) -> list[int]:
    """Left, right, top, bottom, as `torch.nn.functional.pad` wants them."""
    if layer.padding == "valid":
        return [0, 0, 0, 0]
    if layer.padding == "same":
        total = [d * (k - 1) for d, k in zip(layer.dilation, layer.kernel_size, strict=True)]
        return [side for extra in reversed(total) for side in (extra // 2, extra - extra // 2)]
    height, width = layer.padding
    return [int(width), int(width), int(height), int(height)]
