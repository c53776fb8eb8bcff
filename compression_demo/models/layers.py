"""A model's compressible layers: their weights as matrices, and the vectors that these matrices are multiplied with."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from ..rates import LayerShape

if TYPE_CHECKING:
    import torch
    from torch import nn
    from transformers.pytorch_utils import Conv1D
    from typing_extensions import TypeIs

    Convolution: TypeAlias = nn.Conv1d | nn.Conv2d
    Layer: TypeAlias = nn.Linear | nn.Conv1d | nn.Conv2d | Conv1D

VECTORS_AT_ONCE = 4096
"""Input vectors of a linear layer that are held in float64 at the same time."""


def find_layers(model: nn.Module) -> dict[str, Layer]:
    """All layers of the kinds that can be compressed, by name, in the order of the model: Linear, Conv1d, Conv2d and
    transformers' Conv1D. First, last and tied layers are included; a module with two names comes once."""
    kinds = _kinds()
    return {name: module for name, module in model.named_modules() if isinstance(module, kinds)}


def find_unsupported(model: nn.Module) -> dict[str, str]:
    """The layers found by `find_layers` whose weights cannot be replaced, each with the reason."""
    from torch.nn.modules.linear import NonDynamicallyQuantizableLinear

    owners = Counter(id(weight) for module in model.modules() for weight in module._parameters.values())
    reasons = {}
    for name, layer in find_layers(model).items():
        if layer._parameters.get("weight") is None:
            reasons[name] = "its weight is computed from other parameters"
        elif not layer.weight.is_floating_point():
            reasons[name] = f"its weight is of type {layer.weight.dtype}"
        elif owners[id(layer.weight)] > 1:
            reasons[name] = "its weight is shared with another module"
        elif isinstance(layer, NonDynamicallyQuantizableLinear):  # the output projection of MultiheadAttention
            reasons[name] = "its parent uses the weight without calling it"
    return reasons


def read_weight(layer: Layer) -> torch.Tensor:
    """A copy of the weight as (rows, cols) on the CPU: one row an output channel, columns ordered (channel, *kernel).

    Channels are those that a row sees: in_channels / groups of a convolution. float32, or float64 if the layer is.
    """
    import torch

    weight = layer.weight.detach()
    matrix = weight.T if _is_transposed(layer) else weight.flatten(1)
    dtype = torch.float64 if weight.dtype == torch.float64 else torch.float32
    return matrix.to("cpu", dtype, copy=True).contiguous()


def write_weight(layer: Layer, matrix: torch.Tensor) -> None:
    """Replace the layer's weight in place by `matrix` (rows, cols), the inverse of `read_weight`."""
    weight = layer.weight.data
    weight.copy_(matrix.T if _is_transposed(layer) else matrix.view_as(weight))


def count_groups(layer: Layer) -> int:
    """Groups of a convolution, 1 for a linear layer."""
    return layer.groups if is_convolution(layer) else 1


def count_taps(layer: Layer) -> int:
    """Kernel positions, the consecutive columns of one input channel: 1 for a linear layer."""
    return layer.weight[0, 0].numel() if is_convolution(layer) else 1


def order_by_tap(layer: Layer) -> torch.Tensor:
    """The columns (cols,) int64 in the order (*kernel, channel), as indices into the order (channel, *kernel).

    Consecutive columns are then the input channels at one kernel position, which is how hardware groups N:M patterns
    and blocks.
    """
    import torch

    taps = count_taps(layer)
    cols = layer.weight.numel() // count_rows(layer)
    return torch.arange(cols).view(-1, taps).T.flatten()


def count_rows(layer: Layer) -> int:
    """Output channels."""
    return layer.weight.shape[1] if _is_transposed(layer) else layer.weight.shape[0]


def describe_shape(layer: Layer) -> LayerShape:
    """The shape of the layer's weight as a matrix, for what it costs to compress."""
    rows = count_rows(layer)
    return LayerShape(rows, layer.weight.numel() // rows, count_groups(layer))


def describe_unfolding(layer: Layer) -> tuple[object, ...]:
    """Layers with equal descriptions have the same input vectors wherever they get the same input."""
    if not is_convolution(layer):
        return ()
    return layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.padding_mode, layer.groups


def input_vectors(layer: Layer, inputs: torch.Tensor, mask: torch.Tensor | None = None) -> Iterator[torch.Tensor]:
    """The input vectors of a layer as matrices (cols, vectors) float64, or (groups, cols, vectors) for groups > 1.

    A convolution's vectors are its patches, an image at a time, so that memory doesn't grow with the batch.

    Args:
        inputs: what the layer is called with.
        mask: (samples, tokens) bool; where a linear layer's input starts with this shape, only tokens at True count.
    """
    if is_convolution(layer):
        images = inputs if inputs.ndim > len(layer.kernel_size) + 1 else inputs[None]
        for image in images:
            patches = _unfold(layer, image)
            yield patches if layer.groups > 1 else patches[0]
    else:
        for rows in select_tokens(inputs, mask).split(VECTORS_AT_ONCE):
            yield rows.double().mT


def select_tokens(values: torch.Tensor, mask: torch.Tensor | None) -> torch.Tensor:
    """The vectors (vectors, features) along the last dimension; without those that `mask` leaves out, if it fits."""
    if mask is not None and values.ndim > mask.ndim and values.shape[: mask.ndim] == mask.shape:
        values = values[mask]
    return values.reshape(-1, values.shape[-1])


def relative_error(
    weights: Mapping[str, torch.Tensor], dense: Mapping[str, torch.Tensor], hessians: Mapping[str, torch.Tensor]
) -> dict[str, float]:
    """Each layer's squared output error as a share of its squared dense output (biases left out), under `hessians`.

    A layer whose dense output is zero has error 0: every weight that matters there is zero already.
    """
    from ..algorithms.results import output_error

    shares = {}
    for name, weight in weights.items():
        output = float(output_error(dense[name] * 0, dense[name], hessians[name]).sum())
        shares[name] = float(output_error(weight, dense[name], hessians[name]).sum()) / output if output else 0.0
    return shares


def is_convolution(layer: nn.Module) -> TypeIs[Convolution]:
    """Whether the layer is a Conv1d or Conv2d."""
    from torch import nn

    return isinstance(layer, (nn.Conv1d, nn.Conv2d))


def _kinds() -> tuple[type[Layer], ...]:
    from torch import nn

    # A model that holds transformers' Conv1D has loaded its module.
    loaded = sys.modules.get("transformers.pytorch_utils")
    return (nn.Linear, nn.Conv1d, nn.Conv2d, *((loaded.Conv1D,) if loaded else ()))


def _is_transposed(layer: Layer) -> bool:
    """Whether the weight is (inputs, outputs), as transformers' Conv1D has it."""
    from torch import nn

    return not isinstance(layer, (nn.Linear, nn.Conv1d, nn.Conv2d))


def _unfold(layer: Convolution, image: torch.Tensor) -> torch.Tensor:
    """The patches (groups, cols, positions) float64 of one image (channels, *size)."""
    from torch.nn import functional

    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    windows = functional.pad(image[None], _list_padding(layer), mode=mode)[0].double()
    for axis, (size, stride, dilation) in enumerate(
        zip(layer.kernel_size, layer.stride, layer.dilation, strict=True), start=1
    ):
        windows = windows.unfold(axis, dilation * (size - 1) + 1, stride)[..., ::dilation]
    axes = len(layer.kernel_size)  # now (channels, *positions, *kernel)
    patches = windows.permute(0, *range(axes + 1, 2 * axes + 1), *range(1, axes + 1))
    cols = layer.in_channels // layer.groups * count_taps(layer)
    return patches.reshape(layer.groups, cols, -1)


def _list_padding(layer: Convolution) -> list[int]:
    """Before and after, the last axis first, as `torch.nn.functional.pad` wants them."""
    sides: list[int] = []
    for axis in reversed(range(len(layer.kernel_size))):
        if isinstance(layer.padding, str):
            total = layer.dilation[axis] * (layer.kernel_size[axis] - 1) if layer.padding == "same" else 0
            sides += [total // 2, total - total // 2]
        else:
            sides += 2 * [layer.padding[axis]]
    return sides
