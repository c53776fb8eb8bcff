"""Calibration inputs on their way through a model: batches, and the state a model is in while it is observed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import ArgumentError
from .token_masks import TokenMasks, is_two_sided, read_masks

if TYPE_CHECKING:
    import torch
    from torch import nn

    Inputs: TypeAlias = torch.Tensor | Mapping[str, torch.Tensor]
    """(samples, ...), or several of them by the name of the model's argument."""

SAMPLES = 64
"""The most samples in a batch."""
VALUES = 2**22
"""The most input values in a batch: 27 images of 224 x 224 pixels."""
TOKENS = 4096
"""The most tokens in a batch, where the inputs are tokens."""


class Reached(Exception):
    """Raised by a hook to end a forward pass that has come as far as it is needed."""


@dataclass(frozen=True)
class Call:
    """One batch on its way into a module; `masks` say which of its tokens count."""

    module: nn.Module
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    masks: TokenMasks = field(default_factory=TokenMasks)

    @property
    def mask(self) -> torch.Tensor | None:
        """(samples, tokens) bool, the tokens of the model's output that count; None: all do."""
        return self.masks.outputs

    def run(self) -> Any:
        """The module's output, or None where a hook ended the pass. The tensors given are safe from in-place layers."""
        try:
            return self.module(*map(_copy, self.args), **{name: _copy(value) for name, value in self.kwargs.items()})
        except Reached:
            return None


def split_calls(model: nn.Module, inputs: Inputs) -> list[Call]:
    """The model's calls for all inputs, in batches of nearly equal size: `model(x)`, or `model(**x)` for a mapping.

    Raises:
        ArgumentError: inputs of another type, none, or tensors of different lengths.
    """
    tensors = dict(inputs) if isinstance(inputs, Mapping) else {"": inputs}
    _check_tensors(tensors)
    lengths = {len(tensor) for tensor in tensors.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise ArgumentError("calibration", "must be a tensor of samples, or tensors with the same number of samples")
    parts = -(-lengths.pop() // min(map(_count_per_batch, tensors.values())))
    batches = [dict(zip(tensors, batch, strict=True)) for batch in zip(
        *(tensor.tensor_split(parts) for tensor in tensors.values()), strict=True
    )]  # fmt: skip
    if isinstance(inputs, Mapping):
        two_sided = is_two_sided(model)
        return [Call(model, (), batch, read_masks(batch, two_sided)) for batch in batches]
    return [Call(model, (batch[""],)) for batch in batches]


@contextmanager
def observing(model: nn.Module) -> Iterator[None]:
    """Evaluation mode for the whole model, no gradients, no cache of keys and values; all as before afterwards.

    Not inference mode: tensors that a model keeps from such a pass would be of no use for training.
    """
    import torch

    modes = {module: module.training for module in model.modules()}
    # A language model that keeps keys and values for the next token would hand its layers an object that grows.
    configs: list[Any] = [module.config for module in modes if hasattr(getattr(module, "config", None), "use_cache")]
    caching = [(config, config.use_cache) for config in configs]
    try:
        model.eval()
        for config, _ in caching:
            config.use_cache = False
        with torch.no_grad():
            yield
    finally:
        for module, training in modes.items():
            module.training = training
        for config, use_cache in caching:
            config.use_cache = use_cache


def first_tensor(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> torch.Tensor:
    """The input of a layer that takes one tensor, by position or by name."""
    return args[0] if args else next(iter(kwargs.values()))


def read_version(tensor: torch.Tensor) -> float:
    """A number that in-place changes count up; NaN, which equals nothing, for tensors of inference mode: they have none."""
    return float("nan") if tensor.is_inference() else tensor._version


def _copy(value: Any) -> Any:
    import torch

    return value.clone() if isinstance(value, torch.Tensor) else value


def _count_per_batch(tensor: torch.Tensor) -> int:
    """Samples of such a tensor in a batch."""
    limit = VALUES if tensor.is_floating_point() else TOKENS
    return min(SAMPLES, max(1, limit // max(1, tensor[0].numel())))


def _check_tensors(tensors: Mapping[str, Any]) -> None:
    import torch

    for name, value in tensors.items():
        if not isinstance(value, torch.Tensor) or not value.ndim:
            found = f"a {type(value).__name__}" + (f" as {name!r}" if name else "")
            rule = "must be a tensor of samples, or a mapping of such tensors by the name of the model's argument"
            raise ArgumentError("calibration", f"{rule}, not {found}; batches go together with torch.cat")
