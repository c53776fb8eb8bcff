"""Masks on activations: modules behind the activation functions of a net that let only its winners through.

Yang et al., "Integral Pruning on Activations and Weights for Efficient Neural Networks" (ICLR 2019 submission),
Sec. 3.1: an activation survives where |a| > theta; the winner rate of a layer is the share that survives. Imports torch:
import it where a net is masked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import nn

ACTIVATIONS = (nn.ReLU, nn.LeakyReLU, nn.Sigmoid, nn.Tanh, nn.GELU, nn.SiLU, nn.ReLU6)


class DynamicWinners(nn.Module):
    """Keeps the share `rate` of largest magnitude of each input's activations (samples, ...), at least one: theta is
    found anew for every input. Ties at theta are all kept."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        sizes = values.detach().abs().flatten(1)
        return values * (sizes >= find_thresholds(sizes, self.rate)).view_as(values)


class SampledWinners(nn.Module):
    """As `DynamicWinners`, but theta is found from the activations at `places` alone (Sec. 5, Fig. 6): of a share alpha
    of them, those of the wanted rank. More or fewer than the winner rate may survive."""

    places: torch.Tensor

    def __init__(self, rate: float, places: torch.Tensor) -> None:
        super().__init__()
        self.rate = rate
        self.register_buffer("places", places, persistent=False)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        sizes = values.detach().abs().flatten(1)
        return values * (sizes >= find_thresholds(sizes[:, self.places], self.rate)).view_as(values)


class StaticThreshold(nn.Module):
    """Keeps the activations (samples, ...) whose magnitude is at least `theta`, the same for every input."""

    def __init__(self, theta: float) -> None:
        super().__init__()
        self.theta = theta

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        return values * (values.detach().abs() >= self.theta)


MakeMask = Callable[[str, float, torch.Tensor], nn.Module]
"""(name of the layer, its winner rate, its activations (samples, ...) without a mask) -> the mask."""


def count_winners(rate: float, activations: int) -> int:
    """How many of a layer's activations survive: the winner rate of them, rounded, at least one."""
    return min(activations, max(1, round(rate * activations)))


def find_thresholds(sizes: torch.Tensor, rate: float) -> torch.Tensor:
    """Per input (samples, activations) the magnitude (samples, 1) of the least of its winners. Linear in the
    activations."""
    rank = sizes.shape[1] - count_winners(rate, sizes.shape[1]) + 1
    return sizes.kthvalue(rank, dim=1, keepdim=True).values


def dynamic(name: str, rate: float, activations: torch.Tensor) -> nn.Module:
    """A threshold of each input's own."""
    return DynamicWinners(rate)


def static(name: str, rate: float, activations: torch.Tensor) -> nn.Module:
    """The one threshold that lets the same share of all these activations through."""
    sizes = activations.abs().flatten()
    return StaticThreshold(float(find_thresholds(sizes[None], rate)))


def sampled(alpha: float, stream: torch.Generator) -> MakeMask:
    """Thresholds of each input's own from a share `alpha` of a layer's activations, at places drawn once."""

    def make(name: str, rate: float, activations: torch.Tensor) -> nn.Module:
        count = activations[0].numel()
        places = torch.randperm(count, generator=stream)[: count_winners(alpha, count)]
        return SampledWinners(rate, places)

    return make


def find_activations(model: nn.Module) -> dict[str, nn.Module]:
    """The activation functions of a net that are modules of it, by name, in their order."""
    return {name: module for name, module in model.named_modules() if isinstance(module, ACTIVATIONS)}


def record_output(model: nn.Module, module: nn.Module, inputs: torch.Tensor) -> torch.Tensor:
    """What one module of a net returns (samples, ...) for inputs (samples, ...) of the net."""
    found: list[torch.Tensor] = []

    def keep(module: nn.Module, args: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
        found.append(output)

    hook = module.register_forward_hook(keep)
    try:
        with torch.no_grad():
            model(inputs)
    finally:
        hook.remove()
    return torch.cat(found)


def spread_rates(model: nn.Module, rates: Sequence[float]) -> dict[str, float]:
    """The winner rate of each activation function: one for all of them, or one each.

    Raises:
        ValueError: their number fits neither.
    """
    names = list(find_activations(model))
    if len(rates) not in (1, len(names)):
        raise ValueError(f"the net has {len(names)} layers of activations, not {len(rates)}")
    return dict(zip(names, rates if len(rates) > 1 else list(rates) * len(names), strict=True))


def find_site(model: nn.Module, name: str) -> str:
    """The module behind which the activations of that name are masked: the activation function itself or, in a sequence, the
    max-pool right behind it, so that the winners are those that the next layer takes in."""
    parent, _, own = name.rpartition(".")
    sequence = model.get_submodule(parent)
    if isinstance(sequence, nn.Sequential):
        names = [child for child, _ in sequence.named_children()]
        following = names[names.index(own) + 1 : names.index(own) + 2]
        if following and isinstance(sequence.get_submodule(following[0]), nn.MaxPool2d):
            return f"{parent}.{following[0]}" if parent else following[0]
    return name


def mask_activations(model: nn.Module, rates: Mapping[str, float], inputs: torch.Tensor, make: MakeMask) -> nn.Module:
    """Put a mask behind each activation function named in `rates` whose rate is below 1, in place. Returns the model.

    On feature maps (samples, channels, height, width) all values of an input's maps compete with one another.
    `inputs` (samples, ...) are those from which fixed thresholds are taken, each with the masks before it in place, so
    that it lets its share of what it really gets through.
    """
    for name in find_activations(model):
        if rates.get(name, 1.0) < 1:
            site = find_site(model, name)
            masked, (parent, _, own) = model.get_submodule(site), site.rpartition(".")
            mask = make(name, rates[name], record_output(model, masked, inputs))
            setattr(model.get_submodule(parent), own, nn.Sequential(masked, mask))
    return model
