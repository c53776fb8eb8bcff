"""Winner rates from the sensitivity of each layer (Yang et al., integral pruning, Sec. 3.2 and Fig. 5).

Each layer is masked alone at falling rates, and its accuracy on training images told. A layer gets the smallest rate at
which it loses no more than a tolerance; the tolerance is the largest at which all layers together, before any
fine-tuning, lose no more than they may.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING

from compression_demo.testbeds.classification import measure_accuracy

if TYPE_CHECKING:
    from torch import nn

    from compression_demo.testbeds import Labelled

RATES = (0.8, 0.6, 0.5, 0.4, 0.35, 0.3, 0.25, 0.2, 0.16, 0.12, 0.09, 0.06, 0.04, 0.02)
SHARES = (1.0, 0.7, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05, 0.02, 0.0)
"""Of the tolerated loss, what each layer alone may lose: tried in turn."""

Curves = Mapping[str, Mapping[float, float]]
"""By name of the layer, the accuracy lost (in points) at each rate."""


def sweep_rates(model: nn.Module, images: Labelled) -> dict[str, dict[float, float]]:
    """How much accuracy each layer of activations loses alone at each of `RATES`, in points, without fine-tuning."""
    from .winners import find_activations

    dense = measure_accuracy(model, images.inputs, images.labels)
    return {
        name: {rate: dense - _masked_accuracy(model, {name: rate}, images) for rate in RATES}
        for name in find_activations(model)
    }


def pick_rates(curves: Curves, tolerated: float) -> dict[str, float]:
    """The smallest rate of each layer down to which it loses no more than `tolerated` points at any; 1 for none."""
    picked = {}
    for name, losses in curves.items():
        picked[name] = 1.0
        for rate in sorted(losses, reverse=True):
            if losses[rate] > tolerated:
                break
            picked[name] = rate
    return picked


def choose_rates(model: nn.Module, images: Labelled, tolerated: float) -> dict[str, float]:
    """The winner rates of all layers at which they lose together no more than `tolerated` points of accuracy on
    `images` before fine-tuning. Costs a pass over them for each layer and rate."""
    curves, dense = sweep_rates(model, images), measure_accuracy(model, images.inputs, images.labels)
    for share in SHARES:
        rates = pick_rates(curves, share * tolerated)
        if dense - _masked_accuracy(model, rates, images) <= tolerated:
            return rates
    return dict.fromkeys(curves, 1.0)


def _masked_accuracy(model: nn.Module, rates: Mapping[str, float], images: Labelled) -> float:
    from .winners import dynamic, mask_activations

    masked = mask_activations(copy.deepcopy(model), rates, images.inputs[:1], dynamic)
    return measure_accuracy(masked, images.inputs, images.labels)
