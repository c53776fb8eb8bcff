"""Hessians of layers from calibration inputs."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError, UnsupportedLayer
from .calls import Call, first_tensor, observing, read_version, split_calls
from .layers import count_groups, count_rows, describe_unfolding, find_layers, find_unsupported, input_vectors
from .token_masks import TokenMasks

if TYPE_CHECKING:
    import torch
    from torch import nn

    from .calls import Inputs
    from .layers import Layer

STRIPE = 256
"""Rows of a sum of outer products that are computed together; what lies above the diagonal is mirrored."""


def calibrate(model: nn.Module, inputs: Inputs, names: Iterable[str] | None = None) -> dict[str, torch.Tensor]:
    """The Hessian (cols, cols) float64 of each layer: the mean of x x^T over all its input vectors x.

    Grouped convolutions have (groups, cols, cols). All tokens and positions of all inputs weigh the same, except for
    tokens that an `attention_mask` among the inputs leaves out (in a decoder that has an encoder, those that a
    `decoder_attention_mask` does); a layer called several times sees all its calls. All layers see this model's activations. The model is unchanged; it runs in evaluation mode without gradients.

    Args:
        inputs: (samples, ...), or a mapping of such tensors by the name of the model's argument.
        names: the layers wanted; None: all that can be compressed. One name is one pass with one Hessian in memory.

    Raises:
        UnsupportedLayer: a layer that no input reached.
        ArgumentError: inputs that are empty or of different lengths, or a name that is no layer's.

    Cost: vectors * cols^2 multiply-adds a layer in float64; layers next to each other with the same input share them.
    """
    layers = find_layers(model)
    if names is None:
        unsupported = find_unsupported(model)
        names = [name for name in layers if name not in unsupported]
    names = list(names)
    for name in names:
        if name not in layers:
            raise ArgumentError("names", f"must be names of layers; {name!r} is none")
    with observing(model):
        hessians = measure_hessians({name: layers[name] for name in names}, split_calls(model, inputs))
    for name in names:
        if name not in hessians:
            raise UnsupportedLayer(name, "was reached by no calibration input")
    return hessians


def measure_hessians(
    layers: Mapping[str, Layer], calls: Iterable[Call], between: Callable[[], None] = lambda: None
) -> dict[str, torch.Tensor]:
    """The Hessian of each layer that the calls reach, as `calibrate` defines it; no hook stays behind.

    `between` is called before each batch. The caller sees to the model's mode (`observing`).
    """
    meter = _Meter()
    with ExitStack() as hooks:
        for name, layer in layers.items():
            hooks.callback(layer.register_forward_pre_hook(meter.watch(name), with_kwargs=True).remove)
        for call in calls:
            between()
            meter.masks = call.masks
            call.run()
    return {name: meter.finish(name) for name in layers if meter.counts.get(name)}


class _Meter:
    """Sums of outer products by layer, on the device of the layer's inputs; of each, only the lower triangle."""

    def __init__(self) -> None:
        self.masks = TokenMasks()
        self.sums: dict[str, torch.Tensor] = {}
        self.counts: dict[str, int] = {}
        self._latest: _Latest | None = None

    def watch(self, name: str) -> Callable[[Any, tuple[Any, ...], dict[str, Any]], None]:
        """A pre-hook that adds what the layer is called with."""
        import torch

        def add(layer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            inputs, mask = first_tensor(args, kwargs), self.masks.choose(name)
            # Not in the inference mode that a model may run in: the sums are changed after the pass.
            with torch.inference_mode(False), torch.no_grad():
                if self._latest is None or not self._latest.serves(layer, inputs, mask):
                    self._latest = _Latest.sum(layer, inputs, mask)
                if name in self.sums:
                    self.sums[name].add_(self._latest.total)
                else:
                    self.sums[name] = self._latest.total.clone()
                self.counts[name] = self.counts.get(name, 0) + self._latest.count

        return add

    def finish(self, name: str) -> torch.Tensor:
        """The mean over all vectors, on the CPU."""
        self._latest = None
        mean = self.sums.pop(name).div_(self.counts[name])
        below = mean.tril(-1)
        return mean.tril_().add_(below.mT).cpu()


@dataclass(frozen=True)
class _Latest:
    """The sum over one input, kept for the next layer in case that it gets the same (query, key and value do)."""

    inputs: Callable[[], torch.Tensor | None]
    version: float
    mask: torch.Tensor | None
    unfolding: tuple[object, ...]
    total: torch.Tensor
    count: int

    @staticmethod
    def sum(layer: Layer, inputs: torch.Tensor, mask: torch.Tensor | None) -> _Latest:
        total, count = _sum_outer(layer, inputs, mask)
        return _Latest(weakref.ref(inputs), read_version(inputs), mask, describe_unfolding(layer), total, count)

    def serves(self, layer: Layer, inputs: torch.Tensor, mask: torch.Tensor | None) -> bool:
        """Whether this is the same tensor, not changed in place since, for a layer that unfolds and masks it alike."""
        same = self.inputs() is inputs and self.version == read_version(inputs)
        return same and self.mask is mask and self.unfolding == describe_unfolding(layer)


def _sum_outer(layer: Layer, inputs: torch.Tensor, mask: torch.Tensor | None) -> tuple[torch.Tensor, int]:
    """The lower triangle of the sum of x x^T over the input vectors x, and their number."""
    import torch

    groups, cols = count_groups(layer), layer.weight.numel() // count_rows(layer)
    total = torch.zeros(groups, cols, cols, dtype=torch.float64, device=inputs.device)
    count = 0
    for vectors in input_vectors(layer, inputs, mask):
        batched = vectors.view(groups, cols, -1)
        for start in range(0, cols, STRIPE):
            rows = slice(start, start + STRIPE)
            total[:, rows, : rows.stop].baddbmm_(batched[:, rows], batched[:, : rows.stop].mT)
        count += batched.shape[2]
    return (total if groups > 1 else total[0]), count
