"""The folded net of a trial and what calibration saw of its values, shared by all arms of a seed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from compression_demo.errors import RunFailed
from compression_demo.provenance import hash_sources

from .graph import FoldedNet, read_net
from .ranges import Spread, measure_spreads

if TYPE_CHECKING:
    from compression_demo.procedures.registry import Work

BATCH = 32


def fold_trial(work: Work, fused: bool = True) -> FoldedNet:
    """The dense net of a trial as folded steps.

    Raises:
        RunFailed: the net or its inputs have no such form.
    """
    if not isinstance(work.trial.calibration, torch.Tensor):
        raise RunFailed(f"{work.testbed.name} has no images, which integer nets take here")
    return read_net(work.trial.model, fused)


def calibrate(work: Work, net: FoldedNet, fused: bool = True) -> dict[str, Spread]:
    """The spread of each value of the folded dense net over the calibration images."""
    images: Any = work.trial.calibration
    of = {"fused": fused, "calibration": len(images), "eight_bit": hash_sources(Path(__file__).parent.glob("*.py"))}

    def make() -> dict[str, torch.Tensor]:
        found = measure_spreads(net, images.split(BATCH))
        ends = {f"ends {name}": torch.tensor([one.low, one.high]).double() for name, one in found.items()}
        return ends | {f"counts {name}": torch.as_tensor(one.counts) for name, one in found.items()}

    tensors = work.part(calibrate, of, make)
    names = [key.removeprefix("ends ") for key in tensors if key.startswith("ends ")]
    spreads = {}
    for name in names:
        low, high = tensors[f"ends {name}"].tolist()
        spreads[name] = Spread(low, high, tensors[f"counts {name}"].numpy())
    return spreads
