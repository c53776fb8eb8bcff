"""A net in 8 bits or fewer after calibration alone, computed in integers.

Shen et al., "Highly Efficient 8-bit Low Precision Inference of Convolutional Neural Networks", ICLR 2019 submission: one
scale for each output channel of a weight, above all for depthwise convolutions; activations scaled by a calibration pass;
no retraining. The arithmetic is that of Jacob et al., CVPR 2018, Sec. 2 (see `eight_bit.integers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import PER_CHANNEL, SYMMETRIC, Setting
from compression_demo.errors import ArgumentError, RunFailed

from .eight_bit import INTEGER_NETS
from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    from compression_demo.testbeds import Testbed

    from .eight_bit.graph import FoldedNet
    from .eight_bit.integer_net import LayerCodes

RULES = ("minmax", "percentile", "kl")
CODED = ("all", "depthwise", "others")


def check_integer_bits(name: str, value: Any) -> int:
    """Bits of codes: a whole number from 2 to 8."""
    if not 2 <= arguments.check_count(name, value) <= 8:
        raise ArgumentError(name, f"must be from 2 to 8, not {value!r}")
    return value


def check_choice(name: str, choices: tuple[str, ...], value: Any) -> str:
    """One of the choices."""
    if value not in choices:
        raise ArgumentError(name, f"must be one of {', '.join(choices)}, not {value!r}")
    return value


BITS = Setting("bits", "bits of a weight, 2 to 8", partial(check_integer_bits, "bits"), required=True)
ACTIVATION_BITS = Setting(
    "activation_bits", "bits of an activation, 2 to 8", partial(check_integer_bits, "activation_bits")
)
RANGES = Setting(
    "ranges", "how activations' ranges are calibrated: minmax, percentile or kl", partial(check_choice, "ranges", RULES)
)
LAYERS = Setting(
    "layers",
    "which layers take the bits and scales; the rest has 8 bits and a scale per channel: all, depthwise or others",
    partial(check_choice, "layers", CODED),
)
FUSED = Setting(
    "fused", "additions are made in the sums of a convolution, before these are rounded", partial(arguments.check_flag, "fused")
)  # fmt: skip
SIMULATED = 6.0
"""How many times longer than the dense net's an evaluation in simulated integers takes."""


def estimate_integers(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds of calibration."""
    return SIMULATED * testbed.seconds.evaluate


@procedure(
    "integer_net",
    title="integer inference",
    source="Highly Efficient 8-bit Low Precision Inference (Shen et al., 2018), abstract; Jacob et al., 2018, Sec. 2",
    settings=(BITS, PER_CHANNEL, SYMMETRIC, RANGES, ACTIVATION_BITS, LAYERS, FUSED),
    seconds=estimate_integers,
    sources=INTEGER_NETS,
)
def quantize_net(
    work: Work,
    bits: int,
    per_channel: bool = True,
    symmetric: bool = True,
    ranges: str = "minmax",
    activation_bits: int = 8,
    layers: str = "all",
    fused: bool = True,
) -> Outcome:
    """The net in integers: batch normalisation folded, weights coded, activations calibrated; nothing retrained.

    Raises:
        RunFailed: the net has an operation without integer form, or no layer of the kind asked for.
    """
    from .eight_bit.calibrate import calibrate, fold_trial
    from .eight_bit.integer_net import IntegerNet, LayerCodes, choose_grids

    net = fold_trial(work, fused)
    work.tick(0.1, "calibrating the ranges of activations")
    grids = choose_grids(net, calibrate(work, net, fused), bits=activation_bits, symmetric=symmetric, rule=ranges)
    codes = choose_codes(net, layers, LayerCodes(bits, per_channel, symmetric), LayerCodes(symmetric=symmetric))
    work.tick(0.5, "evaluating in integers")
    lines = tuple({"layer": name, "bits": one.bits, "per_channel": one.per_channel} for name, one in codes.items())
    return Outcome(IntegerNet(net, grids, codes), {}, lines)


def choose_codes(net: FoldedNet, layers: str, chosen: LayerCodes, rest: LayerCodes) -> dict[str, LayerCodes]:
    """How each layer is coded: those of the kind `layers` as `chosen`, the others as `rest`.

    Raises:
        RunFailed: no layer is of that kind.
    """
    depthwise = {name for name, layer in net.layers.items() if is_depthwise(layer)}
    takes = {name: layers == "all" or (name in depthwise) == (layers == "depthwise") for name in net.layers}
    if not any(takes.values()):
        raise RunFailed(
            "the net has no depthwise convolution" if layers == "depthwise" else "the net has no other layer"
        )
    return {name: chosen if takes[name] else rest for name in net.layers}


def is_depthwise(layer: Any) -> bool:
    """Whether a layer is a convolution that filters each channel by itself."""
    groups = getattr(layer, "groups", 1)
    return groups > 1 and groups == layer.in_channels
