"""How far the weights of a net lie from their codes, before anything is computed with them.

Shen et al., "Highly Efficient 8-bit Low Precision Inference of Convolutional Neural Networks", ICLR 2019 submission: one
scale for each output channel of a weight. Weights are those with batch normalisation folded, whose ranges differ most.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms.registry import PER_CHANNEL, SYMMETRIC
from compression_demo.testbeds import Metric

from .eight_bit import INTEGER_NETS
from .integer_inference import BITS, LAYERS, choose_codes
from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    from compression_demo.testbeds import Testbed

ERROR = Metric("weight_error", "squared error of coded weights, mean over layers, relative to weights", "", "lower")


def estimate_coding(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds: the net is read and its weights rounded once."""
    return 0.1


@procedure(
    "coded_weights",
    title="weights as codes",
    source="Highly Efficient 8-bit Low Precision Inference (Shen et al., 2018), abstract",
    settings=(BITS, PER_CHANNEL, SYMMETRIC, LAYERS),
    metrics=(ERROR,),
    seconds=estimate_coding,
    evaluates=False,
    sources=(*INTEGER_NETS, "integer_inference.py"),
)
def code_weights(
    work: Work, bits: int, per_channel: bool = True, symmetric: bool = True, layers: str = "all"
) -> Outcome:
    """The error of the weights of the layers asked for, all others left out.

    Raises:
        RunFailed: the net has no layer of that kind, or an operation without integer form.
    """
    from .eight_bit.calibrate import fold_trial
    from .eight_bit.integer_net import LayerCodes
    from .eight_bit.integers import encode_weight

    net, wanted = fold_trial(work), LayerCodes(bits, per_channel, symmetric)
    errors = {}
    for name, chosen in choose_codes(net, layers, wanted, LayerCodes()).items():
        if chosen is not wanted:
            continue
        weight = net.layers[name].get_parameter("weight").detach().double()
        codes, scales = encode_weight(weight, bits, per_channel, symmetric)
        rounded = codes.double() * scales.view(-1, *[1] * (weight.ndim - 1))
        errors[name] = float((rounded - weight).square().sum() / weight.square().sum())
    lines = tuple({"layer": name, "error": error} for name, error in errors.items())
    return Outcome(None, {ERROR.name: sum(errors.values()) / len(errors)}, lines)
