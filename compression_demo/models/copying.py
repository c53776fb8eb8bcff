"""Copies of models, and what to call first where torch cannot make one."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from ..errors import CompressionError, UnsupportedLayer

if TYPE_CHECKING:
    from torch import nn


def copy_model(model: nn.Module) -> nn.Module:
    """A deep copy of a model.

    Raises:
        UnsupportedLayer: a module keeps a tensor computed from its parameters, as `torch.nn.utils.prune` and the old
            `weight_norm` leave it; the reason says what to call first.
        CompressionError: the model holds something else that cannot be copied.
    """
    try:
        return copy.deepcopy(model)
    except RuntimeError as error:
        for name, module in model.named_modules():
            for kept, advice in _find_computed(module):
                reason = f"cannot be copied: its {kept} is computed from other parameters; {advice} first"
                raise UnsupportedLayer(name, reason) from error
        raise CompressionError(f"the model cannot be copied: {error}") from error


def _find_computed(module: nn.Module) -> list[tuple[str, str]]:
    """The tensors that a module computed with gradients and kept, by name, each with what to do about it."""
    import torch

    computed = [name for name, value in vars(module).items() if isinstance(value, torch.Tensor) and not value.is_leaf]
    return [(name, _advise(module, name)) for name in computed]


def _advise(module: nn.Module, tensor: str) -> str:
    if hasattr(module, f"{tensor}_mask"):
        return f"call torch.nn.utils.prune.remove(layer, {tensor!r})"
    if hasattr(module, f"{tensor}_g"):
        return f"call torch.nn.utils.remove_weight_norm(layer, {tensor!r})"
    if hasattr(module, f"{tensor}_orig"):
        return f"call torch.nn.utils.remove_spectral_norm(layer, {tensor!r})"
    return "detach it"
