"""Statistics correction: batch-norm statistics taken anew, or the output moments of compressed layers put right."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..algorithms import Quantized
from ..errors import ArgumentError, ExperimentError
from .calls import Call, observing, split_calls
from .execution import walk
from .layers import find_layers, is_convolution, select_tokens, write_weight
from .token_masks import TokenMasks

if TYPE_CHECKING:
    import torch
    from torch import nn

    from ..algorithms import Compressed
    from .calls import Inputs
    from .layers import Layer

LEAST_SPREAD = 1e-6
"""A channel whose standard deviation is below this share of the dense one's has nothing left that could be scaled."""


def reestimate_batch_norm(model: nn.Module, inputs: Inputs) -> None:
    """Replace the running statistics of the model's batch normalisations, in place, by those of the inputs.

    Means and variances are averaged over batches, each batch normalised by its own, as in training (Frantar, Singh,
    Alistarh, "Optimal Brain Compression", 2022, reset them so after compression). All else runs as in evaluation.
    Normalisations that no input reaches keep theirs; all do on an error.

    Raises:
        ExperimentError: the model has no batch normalisation with running statistics.
        ArgumentError: fewer than two inputs.
    """
    from torch.nn.modules.batchnorm import _BatchNorm

    norms = [module for module in model.modules() if isinstance(module, _BatchNorm) and module.running_mean is not None]
    if not norms:
        raise ExperimentError("correction", "cannot be batchnorm: the model has no batch-norm statistics")
    calls = split_calls(model, inputs)
    if len(next(iter(inputs.values())) if isinstance(inputs, Mapping) else inputs) < 2:
        raise ArgumentError("calibration", "must be two inputs or more to take batch-norm statistics from")
    before = [(norm, copy.deepcopy(norm.state_dict()), norm.momentum) for norm in norms]
    finished = False
    with observing(model):
        try:
            for norm in norms:
                norm.reset_running_stats()
                norm.momentum = None  # the average over all batches
                norm.training = True
            for call in calls:
                call.run()
            finished = True
        finally:
            for norm, state, momentum in before:
                norm.momentum = momentum
                if not finished or not norm.num_batches_tracked:
                    norm.load_state_dict(state)


def correct_mean_variance(
    model: nn.Module, dense: nn.Module, inputs: Inputs, results: Mapping[str, Compressed]
) -> dict[str, Compressed]:
    """Give each compressed layer of `model`, in place, the output mean and variance per channel of the dense model.

    For y with mean m and deviation s, and m', s' in the dense model: y' = (y - m) s'/s + m'. The factor goes into the
    rows of the weight, or into the scales of a quantized one, so zeros stay zero and codes stay as they are; the rest
    goes into the bias. Layers are corrected in the order of execution, each with corrected inputs.

    Left as they are: the factor of a layer with one scale for all rows; of a channel without spread on either side;
    and, in layers without a bias, of channels whose mean would get further from the dense one.

    Args:
        inputs: as for `compress`.
        results: of the compressed layers, by name.

    Returns:
        the results with the weights, and scales, that the model has now; losses are those of before.
    """
    layers, originals = find_layers(model), find_layers(dense)
    with observing(dense):
        wanted = measure_moments({name: originals[name] for name in results}, split_calls(dense, inputs))
    corrected = dict(results)

    def correct(names: list[str], calls: list[Call]) -> None:
        for name, moments in measure_moments({name: layers[name] for name in names}, calls).items():
            if name in wanted:
                corrected[name] = _match_moments(layers[name], corrected[name], moments, wanted[name])

    with observing(model):
        walk(split_calls(model, inputs), {name: layers[name] for name in results}, correct)
    return corrected


@dataclass(frozen=True)
class Moments:
    """Mean and standard deviation of each output channel, (rows,) float64, over all positions or tokens."""

    mean: torch.Tensor
    deviation: torch.Tensor


def measure_moments(layers: Mapping[str, Layer], calls: Iterable[Call]) -> dict[str, Moments]:
    """The output moments of each layer that the calls reach; no hook stays behind."""
    meter = _Meter()
    with ExitStack() as hooks:
        for name, layer in layers.items():
            hooks.callback(layer.register_forward_hook(meter.watch(name), prepend=True).remove)
        for call in calls:
            meter.masks = call.masks
            call.run()
    return {name: meter.finish(name) for name in layers if meter.counts.get(name)}


class _Meter:
    """Sums and sums of squares by layer, (rows,) float64."""

    def __init__(self) -> None:
        self.masks = TokenMasks()
        self.counts: dict[str, int] = {}
        self._sums: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}

    def watch(self, name: str) -> Callable[[Any, Any, torch.Tensor], None]:
        """A hook that adds what the layer returns."""

        def add(layer: Any, _: Any, output: torch.Tensor) -> None:
            if is_convolution(layer):
                vectors = output.movedim(-1 - len(layer.kernel_size), -1).reshape(-1, layer.out_channels)
            else:
                vectors = select_tokens(output, self.masks.choose(name))
            vectors = vectors.double()
            sums = vectors.sum(0).cpu(), vectors.square().sum(0).cpu()
            if name in self._sums:
                sums = self._sums[name][0] + sums[0], self._sums[name][1] + sums[1]
            self._sums[name] = sums
            self.counts[name] = self.counts.get(name, 0) + len(vectors)

        return add

    def finish(self, name: str) -> Moments:
        mean, square = (total / self.counts[name] for total in self._sums[name])
        return Moments(mean, (square - mean.square()).clamp_min(0).sqrt())


def _match_moments(layer: Layer, result: Compressed, found: Moments, wanted: Moments) -> Compressed:
    """Fold what takes the output from the found to the wanted moments into the layer, in place, and into its result."""
    import torch

    scalable = (found.deviation > LEAST_SPREAD * wanted.deviation) & (wanted.deviation > 0)
    if isinstance(result, Quantized) and bool((result.scale == result.scale[0, 0]).all()):
        scalable &= len(result.scale) == 1
    factor = torch.where(scalable, wanted.deviation / found.deviation, 1.0).to(result.weight.dtype)
    if layer.bias is None:
        nearer = (factor * found.mean - wanted.mean).abs() <= (found.mean - wanted.mean).abs()
        factor = torch.where(nearer, factor, 1.0)
    else:
        bias = layer.bias.data
        bias.copy_(wanted.mean - factor * (found.mean - bias.to("cpu", torch.float64)))
    if isinstance(result, Quantized):
        scale = result.scale * factor[:, None]
        result = replace(result, scale=scale, weight=(result.codes - result.zero) * scale)
    else:
        result = replace(result, weight=result.weight * factor[:, None])
    write_weight(layer, result.weight)
    return result
