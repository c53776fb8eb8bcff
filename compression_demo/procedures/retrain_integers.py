"""Retraining for integers: a few epochs with the rounding in the forward pass, then integer inference.

Jacob et al., CVPR 2018, Sec. 3; asked of Shen et al. (ICLR 2019 submission), who calibrate and do not retrain.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import PER_CHANNEL, Setting
from compression_demo.errors import RunFailed

from .eight_bit import INTEGER_NETS
from .integer_inference import ACTIVATION_BITS, BITS, SIMULATED
from .registry import Outcome, Work, procedure
from .training import fine_tune

if TYPE_CHECKING:
    from compression_demo.testbeds import Testbed

EPOCHS = Setting("epochs", "epochs of retraining", partial(arguments.check_count, "epochs"))
ROUNDED = Setting(
    "rounded", "whether training sees the rounding, else as many epochs in float", partial(arguments.check_flag, "rounded")
)  # fmt: skip
FEW = 3
LEARNING_RATE = 5e-4
"""A sixteenth of the rate at which the nets were first trained: weights settle on codes and do not wander."""
ROUNDING_COST = 2.5
"""How many times longer an epoch takes in which weights and activations are rounded."""


def estimate_retraining(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds of the epochs and of one evaluation in integers."""
    epochs = settings.get("epochs", FEW) * (ROUNDING_COST if settings.get("rounded", True) else 1.0)
    return epochs * (testbed.epoch_s or 0.0) + SIMULATED * testbed.seconds.evaluate


@procedure(
    "retrained_integer_net",
    title="integer inference after retraining",
    source="Jacob et al., 2018, Sec. 3 (the comparison asked of Shen et al., 2018)",
    settings=(BITS, PER_CHANNEL, ACTIVATION_BITS, EPOCHS, ROUNDED),
    seconds=estimate_retraining,
    retrains=True,
    sources=(*INTEGER_NETS, "eight_bit/fake_codes.py", "integer_inference.py", "training.py"),
)
def retrain_and_quantize(
    work: Work,
    bits: int,
    per_channel: bool = True,
    activation_bits: int = 8,
    epochs: int = FEW,
    rounded: bool = True,
) -> Outcome:
    """The net in integers after `epochs` of training from the dense net, batch normalisation folded before.

    With `rounded` weights and activations are rounded in the forward pass, ranges fixed by calibration beforehand; without
    it the same epochs are spent in float, and ranges calibrated afterwards: what more training does by itself.

    Raises:
        RunFailed: the testbed has no training inputs, or the net an operation without integer form.
    """
    import torch

    from .eight_bit.calibrate import BATCH, calibrate, fold_trial
    from .eight_bit.fake_codes import AwareNet
    from .eight_bit.integer_net import IntegerNet, LayerCodes, choose_grids
    from .eight_bit.ranges import measure_spreads

    if work.trial.training is None:
        raise RunFailed(f"{work.testbed.name} has no training inputs, so nothing can be retrained on it")
    net, codes, images = fold_trial(work), LayerCodes(bits, per_channel), work.trial.calibration
    assert isinstance(images, torch.Tensor)
    grids = choose_grids(net, calibrate(work, net), bits=activation_bits, symmetric=True, rule="minmax")
    fine_tune(
        AwareNet(net, grids, codes) if rounded else net,
        work.trial.training,
        epochs=epochs,
        stream=work.stream("retraining for integers"),
        tick=work.tick,
        learning_rate=LEARNING_RATE,
    )
    if not rounded:
        spreads = measure_spreads(net, images.split(BATCH))
        grids = choose_grids(net, spreads, bits=activation_bits, symmetric=True, rule="minmax")
    return Outcome(IntegerNet(net, grids, dict.fromkeys(net.layers, codes)))
