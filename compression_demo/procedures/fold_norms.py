"""Batch normalisation folded into convolutions, and nothing else (Jacob et al., CVPR 2018, Eq. 14)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from compression_demo.testbeds import Metric

from .eight_bit import INTEGER_NETS
from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    from compression_demo.testbeds import Testbed

DIFFERENCE = Metric("score_difference", "largest change of a score, relative to the largest score", "", "lower")


def estimate_folding(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds: the held-out images twice."""
    return testbed.seconds.evaluate


@procedure(
    "fold_batch_norm",
    title="batch normalisation folded",
    source="Highly Efficient 8-bit Low Precision Inference (Shen et al., 2018); Jacob et al., 2018, Eq. 14",
    metrics=(DIFFERENCE,),
    seconds=estimate_folding,
    sources=INTEGER_NETS,
)
def fold_net(work: Work) -> Outcome:
    """The net with its batch normalisations folded, in float; how much its scores on the held-out images change."""
    import torch

    from .eight_bit.calibrate import fold_trial

    net, images = fold_trial(work), work.trial.held_out
    assert isinstance(images, torch.Tensor)
    with torch.inference_mode():
        dense, folded = work.trial.model(images), net(images)
    return Outcome(net, {DIFFERENCE.name: float((folded - dense).abs().max() / dense.abs().max())})
