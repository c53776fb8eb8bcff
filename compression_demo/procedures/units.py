"""Whole units of plain sequences of layers: which there are, what each is worth, the net without some of them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from compression_demo.errors import RunFailed

if TYPE_CHECKING:
    import torch
    from torch import nn

Kept = Mapping[str, "torch.Tensor"]
"""By name of a hidden layer, True for each unit (units,) that stays."""


def find_layers(model: nn.Module) -> dict[str, nn.Module]:
    """The convolutions and linear layers of a plain sequence, in order, by name.

    Raises:
        RunFailed: the model is no sequence of such layers, pools, flattening and activation functions.
    """
    from torch import nn

    from .winners import ACTIVATIONS

    layers = (nn.Linear, nn.Conv2d)
    between = (*ACTIVATIONS, nn.Flatten, nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.Identity)
    children = list(model.named_children())
    plain = isinstance(model, nn.Sequential) and all(isinstance(part, (*layers, *between)) for _, part in children)
    if not plain or any(getattr(part, "groups", 1) != 1 for _, part in children):
        raise RunFailed("whole units are removed from plain sequences of layers only, and this net is none")
    return {name: part for name, part in children if isinstance(part, layers)}


def find_hidden(model: nn.Module) -> dict[str, nn.Module]:
    """All layers but the last, whose units are the classes."""
    return dict(list(find_layers(model).items())[:-1])


def score_units(model: nn.Module) -> dict[str, torch.Tensor]:
    """By hidden layer, the norm of each unit's incoming weights times that of its outgoing ones (units,)."""
    layers = list(find_layers(model).items())
    scores = {}
    for (name, layer), (_, after) in pairwise(layers):
        incoming = layer.get_parameter("weight").detach().flatten(1)
        outgoing = _by_unit(after.get_parameter("weight").detach(), len(incoming))
        scores[name] = incoming.norm(dim=1) * outgoing.norm(dim=(0, 2))
    return scores


def choose_units(model: nn.Module, kept: Kept, cost: Callable[[Kept], float], goal: float) -> dict[str, torch.Tensor]:
    """The largest share of every hidden layer's units, the best first and among those in `kept`, whose cost is no more
    than `goal`; at least one of each layer. Tries about ten shares."""
    scores = score_units(model)
    most = max(len(units) for units in kept.values())
    low, high = 1, most
    while low < high:
        middle = (low + high + 1) // 2
        if cost(_best(scores, kept, middle / most)) <= goal:
            low = middle
        else:
            high = middle - 1
    return _best(scores, kept, low / most)


def remove_units(model: nn.Module, kept: Kept) -> nn.Module:
    """Set all weights and biases of the units that are not kept to zero, in place. Returns the model."""
    import torch

    named = dict(model.named_parameters())
    with torch.no_grad():
        for name, mask in mask_parameters(model, kept).items():
            named[name].mul_(mask)
    return model


def mask_parameters(model: nn.Module, kept: Kept) -> dict[str, torch.Tensor]:
    """By name of a parameter, True where it belongs to kept units on both of its sides."""
    import torch

    layers, masks = list(find_layers(model).items()), {}
    before: torch.Tensor | None = None
    for name, layer in layers:
        weight = layer.get_parameter("weight")
        units = kept.get(name, torch.ones(len(weight), dtype=torch.bool))
        mask = units.view(-1, *(1 for _ in weight.shape[1:])).expand(weight.shape).clone()
        if before is not None:
            inside = _by_unit(mask, len(before))  # a view: what is written there is written into the mask
            inside &= before[None, :, None]
        masks[f"{name}.weight"] = mask
        if layer.bias is not None:
            masks[f"{name}.bias"] = units
        before = units
    return masks


def shrink(model: nn.Module, kept: Kept) -> nn.Module:
    """The net without the units that are not kept: the same outputs from smaller layers. The model is not changed."""
    from torch import nn

    smaller, before = copy.deepcopy(model), None
    for name, layer in find_layers(smaller).items():
        weight, units = layer.get_parameter("weight").data, kept.get(name)
        if before is not None:
            weight = _by_unit(weight, len(before))[:, before].reshape(len(weight), -1, *weight.shape[2:])
        if units is not None:
            weight = weight[units]
            if layer.bias is not None:
                layer.bias = nn.Parameter(layer.get_parameter("bias").data[units])
        layer.weight = nn.Parameter(weight.contiguous())
        if isinstance(layer, nn.Conv2d):
            layer.out_channels, layer.in_channels = weight.shape[:2]
        elif isinstance(layer, nn.Linear):
            layer.out_features, layer.in_features = weight.shape
        before = units
    return smaller


def count_products(model: nn.Module, inputs: torch.Tensor) -> int:
    """The multiplications of all layers of a plain sequence for inputs (samples, ...), zeros included."""
    import torch

    total, values = 0, inputs
    with torch.inference_mode():
        for part in model.children():
            values = part(values)
            if isinstance(part, (torch.nn.Linear, torch.nn.Conv2d)):
                total += part.weight[0].numel() * values.numel()
    return total


def _by_unit(weight: torch.Tensor, units: int) -> torch.Tensor:
    """A weight (rows, ...) as (rows, units of the layer before, weights of each)."""
    return weight.view(len(weight), units, -1)


def _best(scores: Mapping[str, torch.Tensor], kept: Kept, share: float) -> dict[str, torch.Tensor]:
    import torch

    chosen = {}
    for name, score in scores.items():
        order = torch.argsort(score.masked_fill(~kept[name], -1.0), descending=True, stable=True)
        count = min(max(1, round(share * len(score))), int(kept[name].sum()))
        chosen[name] = torch.zeros_like(kept[name])
        chosen[name][order[:count]] = True
    return chosen
