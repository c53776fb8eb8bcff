"""The Hessian of a net small enough for all pairs of its weights, shared by the procedures that ask what it adds."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

from compression_demo.algorithms.registry import Setting
from compression_demo.errors import RunFailed

from .curvature import flatten, measure_hessian, penalised_loss, unflatten
from .prune_iteratively import find_weights
from .registry import Part, Work
from .sharing_settings import COUNT, check_one_of

if TYPE_CHECKING:
    import torch
    from torch import nn

    from compression_demo.testbeds import Labelled, Testbed

Kind = Literal["diagonal", "full"]
MOST_WEIGHTS = 2000
HESSIAN_S = 5.0
"""Seconds of the Hessian of a net of about that many weights."""
USE_S = 0.3
"""Seconds of what an arm does with it."""


CLUSTERS = Setting("clusters", "shared values", COUNT, required=True)
HESSIAN = Setting(
    "hessian",
    "what is kept of the Hessian: diagonal or full",
    partial(check_one_of, "hessian", get_args(Kind)),
    required=True,
)
SOURCES = (
    "coding.py", "curvature.py", "full_hessian.py", "prune_iteratively.py", "scalar_kernels.py", "scalar_quantizers.py",
    "shared_values.py", "sharing_settings.py", "training.py",
)  # fmt: skip


@dataclass(frozen=True)
class Valley:
    """A net near a minimum of its loss: its weights by name, and the Hessian (weights, weights) float64 there.

    The loss is the one that the net was trained on: its cross-entropy, with the L2 penalty of its testbed.
    """

    model: nn.Module
    weights: Mapping[str, torch.Tensor]
    hessian: torch.Tensor
    training: Labelled
    penalty: float

    def flat(self) -> torch.Tensor:
        """All weights (weights,) float64, one after another."""
        return flatten(self.weights).double()

    def measure_loss(self, flat: torch.Tensor) -> float:
        """The loss with all weights (weights,) float64 replaced, biases as trained."""
        import torch

        model = copy.deepcopy(self.model).double()
        with torch.no_grad():
            return float(penalised_loss(model, self.weights, self.training, self.penalty)(flat))

    def measure_slope(self, step: torch.Tensor) -> float:
        """The loss's gradient along a step (weights,) float64: zero at a minimum."""
        import torch

        loss = penalised_loss(copy.deepcopy(self.model).double(), self.weights, self.training, self.penalty)
        return float((torch.func.grad(loss)(self.flat()) @ step).detach())

    def rebuild(self, flat: torch.Tensor) -> nn.Module:
        """The net with all weights (weights,) replaced."""
        model = copy.deepcopy(self.model)
        model.load_state_dict(model.state_dict() | unflatten(flat.float(), self.weights))
        return model


def find_valley(work: Work) -> Valley:
    """The dense net of a seed with its Hessian.

    Raises:
        RunFailed: the net has too many weights, or its testbed no training inputs.
    """
    model, training = copy.deepcopy(work.trial.model), work.trial.training
    weights = find_weights(model)
    count = sum(weight.numel() for weight in weights.values())
    if count > MOST_WEIGHTS:
        raise RunFailed(
            f"the full Hessian needs a net of at most {MOST_WEIGHTS:,} weights; {work.testbed.name} has {count:,}"
        )
    if training is None:
        raise RunFailed(f"{work.testbed.name} has no training inputs, from which the Hessian comes")
    penalty: float = getattr(work.testbed, "penalty", 0.0)
    work.tick(0.1, "measuring the full Hessian")
    part = work.part(measure_hessian, {}, lambda: {"hessian": measure_hessian(model, weights, training, penalty)})
    return Valley(model, weights, part["hessian"].double(), training, penalty)


def name_hessian(testbed: Testbed, settings: Mapping[str, Any]) -> tuple[Part, ...]:
    """The Hessian, which serves all arms of a seed."""
    return (Part(measure_hessian, {}, HESSIAN_S),)
