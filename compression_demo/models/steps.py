"""The methods of a plan on one layer: which layers they suit, the order of the columns they see, the time they take."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from ..algorithms import METHODS
from ..rates import estimate_compression
from .layers import count_groups, count_rows, count_taps, describe_shape, find_layers, find_unsupported, order_by_tap

if TYPE_CHECKING:
    import torch
    from torch import nn

    from ..algorithms import Compressed
    from .layers import Layer
    from .plan import Plan, Step


def find_obstacle(layer: Layer, steps: Sequence[Step]) -> str:
    """Why the steps cannot be taken on this layer; "" if they can."""
    for step in steps:
        settings = dict(step.settings)
        channels = read_channels(layer)
        for name in ("m", "block"):
            size = settings.get(name)
            if size and channels % int(size):
                return f"its {channels} input channels per row cannot be divided into groups of {size}"
        if "channel" in METHODS[step.method].settings and count_groups(layer) > 1:
            return "its groups of channels have no input channels that all rows share"
    return ""


def read_channels(layer: Layer) -> int:
    """Input channels that a row sees: in_channels / groups of a convolution."""
    return layer.weight.numel() // count_rows(layer) // count_taps(layer)


def run_steps(
    layer: Layer, weight: torch.Tensor, hessian: torch.Tensor, steps: Sequence[Step], *, threads: int = 1
) -> Compressed:
    """The result of a plan's steps, at least one, on a layer's weight (rows, cols); the layer itself is not changed.

    Each step starts from the weight that the one before left, and a quantizer keeps the pruner's mask. The loss is
    that of the last weight against the one given.

    Raises:
        ArgumentError: what a method raises.
    """
    from ..algorithms.results import output_error

    result = run_method(layer, weight, hessian, steps[0].method, dict(steps[0].settings), threads=threads)
    for step in steps[1:]:
        settings = dict(step.settings) | {"mask": result.mask}
        result = run_method(layer, result.weight, hessian, step.method, settings, threads=threads)
        result = replace(result, loss=output_error(result.weight, weight, hessian))
    return result


def run_method(
    layer: Layer,
    weight: torch.Tensor,
    hessian: torch.Tensor,
    name: str,
    settings: Mapping[str, Any],
    *,
    threads: int = 1,
) -> Any:
    """A method of the registry on a layer's weight (rows, cols): its result, or a list for a list of sparsities.

    Groups of columns (N:M patterns, blocks) run over the input channels at one kernel position: for these methods the
    columns are reordered, and their results put back into the layer's order. Methods that remove whole channels are
    told how many columns a channel has.
    """
    method, given = METHODS[name], dict(settings)
    if "channel" in method.settings:
        given["channel"] = count_taps(layer)
    if "threads" in inspect.signature(method.run).parameters:
        given["threads"] = threads
    if count_taps(layer) == 1 or not given.keys() & {"m", "block"}:
        return method.run(weight, hessian, **given)
    order = order_by_tap(layer)
    if "mask" in given:
        given["mask"] = given["mask"][:, order]
    found = method.run(weight[:, order], hessian[..., order[:, None], order], **given)
    back = order.argsort()
    return [_reorder(each, back) for each in found] if isinstance(found, list) else _reorder(found, back)


def estimate_seconds(model: nn.Module, plan: Plan) -> dict[str, float]:
    """What each layer that the plan compresses will take on one thread, without calibration, from its shape alone."""
    unsupported = find_unsupported(model)
    seconds = {}
    for name, layer in find_layers(model).items():
        steps = plan.steps_for(name)
        if steps and name not in unsupported and not find_obstacle(layer, steps):
            shape = describe_shape(layer)
            seconds[name] = sum(
                estimate_compression(step.method, [shape], int(dict(step.settings).get("rounds", 1))) for step in steps
            )
    return seconds


def _reorder(result: Compressed, columns: torch.Tensor) -> Compressed:
    """The result with the columns of all that has columns taken in this order."""
    cols = result.weight.shape[1]
    values = {field.name: getattr(result, field.name) for field in fields(result)}
    # Losses are one a row; scales and zeros too, unless groups of columns have their own.
    wide = {name: value for name, value in values.items() if value.ndim == 2 and value.shape[1] == cols}
    return replace(result, **{name: value[:, columns].contiguous() for name, value in wide.items()})
