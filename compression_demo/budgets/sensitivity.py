"""How much of a layer's error reaches the model's output: what makes the losses of different layers comparable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..errors import ExperimentError
from ..models.calls import observing, split_calls
from ..models.layers import find_layers, select_tokens, write_weight
from ..storage.accounting import take_samples

if TYPE_CHECKING:
    import torch
    from torch import nn

    from ..models.calls import Call, Inputs
    from ..models.layers import Layer

SAMPLES = 16
"""The most inputs that outputs are compared on."""
VALUES = 2**25
"""The most output values that are held, 128 MB: a language model's scores of all tokens are many."""


class OutputMeter:
    """Measures what another weight in one layer does to the model's output, on the first few of the inputs.

    Raises:
        ExperimentError: the model's output holds no floating-point tensor.
    """

    def __init__(self, model: nn.Module, inputs: Inputs) -> None:
        self._model, self._layers = model, find_layers(model)
        self._calls = self._choose(inputs)
        with observing(model):
            self._dense = [_read_output(call) for call in self._calls]
        self._energy = sum(_sum_squares(output) for output in self._dense)

    def measure(self, name: str, weight: torch.Tensor) -> float:
        """The squared change of the output, as a share of the squared output, with `weight` (rows, cols) in that layer.

        The model has its own weight again afterwards.
        """
        with observing(self._model), _replaced(self._layers[name], weight):
            changes = [
                _sum_squares(_read_output(call) - dense) for call, dense in zip(self._calls, self._dense, strict=True)
            ]
        return sum(changes) / self._energy if self._energy else 0.0

    def _choose(self, inputs: Inputs) -> list[Call]:
        """The calls for as many inputs as are to be compared."""
        with observing(self._model):
            values = _read_output(split_calls(self._model, take_samples(inputs, 1))[0]).numel()
        return split_calls(self._model, take_samples(inputs, min(SAMPLES, max(1, VALUES // values))))


@contextmanager
def _replaced(layer: Layer, weight: torch.Tensor) -> Iterator[None]:
    own = layer.weight.detach().clone()
    try:
        write_weight(layer, weight)
        yield
    finally:
        layer.weight.data.copy_(own)


def _read_output(call: Call) -> torch.Tensor:
    """The first floating-point tensor that the model returns; of tokens, those that count."""
    import torch

    found: Any = call.run()
    values = found.values() if isinstance(found, Mapping) else found if isinstance(found, (tuple, list)) else [found]
    for value in values:
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            return select_tokens(value, call.mask) if call.mask is not None else value
    rule = 'cannot be "output", as no floating-point tensor is among what the model returns: set loss = "relative"'
    raise ExperimentError("budget.loss", rule)


def _sum_squares(values: torch.Tensor) -> float:
    return float(values.float().square().sum())
