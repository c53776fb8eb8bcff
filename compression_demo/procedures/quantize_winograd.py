"""3x3 convolutions in 8 bits, directly or by Winograd's F(2x2, 3x3) with scales of its own (see `eight_bit.winograd`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms.registry import Setting
from compression_demo.errors import RunFailed
from compression_demo.testbeds import Metric

from .eight_bit import INTEGER_NETS
from .integer_inference import BITS, SIMULATED, check_choice
from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    import torch
    from torch import nn

    from compression_demo.testbeds import Testbed

    from .eight_bit.graph import FoldedNet

SCALES = ("direct", "positions", "shared", "spatial")
WINOGRAD = Setting(
    "winograd",
    "direct convolution, or Winograd with a scale for each of the 16 positions, one shared, or that of the spatial domain",
    partial(check_choice, "winograd", SCALES),
    required=True,
)
ERROR = Metric(
    "convolution_error", "squared error of 3x3 convolutions, mean over layers, relative to output", "", "lower"
)


def estimate_winograd(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds of calibration and of the layers on the held-out images."""
    return SIMULATED * testbed.seconds.evaluate


@procedure(
    "integer_convolution",
    title="3x3 convolutions in integers",
    source="Lavin & Gray, 2016, Eq. 8; Highly Efficient 8-bit Low Precision Inference (Shen et al., 2018), abstract",
    settings=(BITS, WINOGRAD),
    metrics=(ERROR,),
    seconds=estimate_winograd,
    evaluates=False,
    sources=(*INTEGER_NETS, "eight_bit/winograd.py", "integer_inference.py"),
)
def convolve_in_integers(work: Work, bits: int, winograd: str) -> Outcome:
    """The error of each 3x3 convolution of stride 1 in integers, on the held-out images' own inputs in the dense net.

    Raises:
        RunFailed: the net has no such convolution.
    """
    from .eight_bit.calibrate import calibrate, fold_trial
    from .eight_bit.integer_net import choose_grids
    from .eight_bit.winograd import CodedConv, choose_scales, fits_winograd

    net = fold_trial(work)
    layers = {name: layer for name, layer in net.layers.items() if fits_winograd(layer)}
    inputs = {step.name: step.inputs[0] for step in net.steps if step.name in layers}
    if not inputs:
        raise RunFailed("the net has no 3x3 convolution of stride 1, which F(2x2, 3x3) computes")
    grids = choose_grids(net, calibrate(work, net), bits=bits, symmetric=True, rule="minmax")
    seen, held_out = (
        record(net, images, set(inputs.values())) for images in (work.trial.calibration, work.trial.held_out)
    )
    errors = {}
    for name, value in inputs.items():
        layer, grid = layers[name], grids[value]
        scales = None if winograd == "direct" else choose_scales(winograd, layer, grid, seen[value], bits)
        coded = CodedConv(layer, grid, bits, scales)
        errors[name] = measure_error(coded, layer, held_out[value])
    lines = tuple({"layer": name, "error": error} for name, error in errors.items())
    return Outcome(None, {ERROR.name: sum(errors.values()) / len(errors)}, lines)


def record(net: FoldedNet, images: Any, names: set[str]) -> dict[str, torch.Tensor]:
    """The values of those names that a net has on images."""
    import torch

    found: dict[str, torch.Tensor] = {}

    def keep(name: str, values: torch.Tensor) -> torch.Tensor:
        if name in names:
            found[name] = values
        return values

    with torch.inference_mode():
        net(images, keep)
    return found


def measure_error(coded: nn.Module, layer: nn.Module, inputs: torch.Tensor) -> float:
    """The squared difference of two layers' outputs relative to the second's squared output, as a share."""
    import torch

    with torch.inference_mode():
        exact, found = layer(inputs).double(), coded(inputs).double()
    return float((found - exact).square().sum() / exact.square().sum())
