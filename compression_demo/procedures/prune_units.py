"""Whole units and channels removed until a net does as few multiplications as integral pruning: the comparison that a
reviewer of HyevnsCqtQ asked for.

Units are ranked by the norm of what they take in times that of what they give out, within their layer; all hidden layers
keep the same share. Filters by their norm: Li et al., "Pruning Filters for Efficient ConvNets" (ICLR 2017), Sec. 3.1.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms.registry import SPARSITY, Setting
from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.testbeds import Metric
from compression_demo.testbeds.net_metrics import EFFECTIVE_MACS, measure_activity

from . import integral_pruning as integral
from .prune_iteratively import FINE_TUNING
from .registry import Outcome, Part, Work, procedure
from .training import fine_tune
from .units import choose_units, count_products, find_hidden, mask_parameters, remove_units, shrink

if TYPE_CHECKING:
    import torch
    from torch import nn

    from compression_demo.testbeds import Testbed

COUNTED = ("useful", "all")
DENSE_MACS = Metric("dense_macs", "multiplications that a dense library does", "%", "lower")


def check_counted(value: Any) -> str:
    """Which multiplications of the smaller net are counted: those with both operands non-zero, or all."""
    if value not in COUNTED:
        raise ArgumentError("counted", f"must be one of {', '.join(COUNTED)}, not {value!r}")
    return value


COUNTING = Setting("counted", "multiplications of the smaller net that are counted: useful or all", check_counted)


def estimate_units(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds of the epochs of its own."""
    own = FINE_TUNING["rounds"] * FINE_TUNING["epochs"] + settings.get("epochs", integral.EPOCHS)
    return own * (testbed.epoch_s or 0.0)


def name_goal(testbed: Testbed, settings: Mapping[str, Any]) -> tuple[Part, ...]:
    """The net of integral pruning, whose multiplications are the goal."""
    return integral.name_masked(testbed, {name: value for name, value in settings.items() if name != "counted"})


@procedure(
    "unit_pruning",
    title="pruning of whole units to the same multiplications",
    source="asked for in a review of HyevnsCqtQ; units by norm as in Pruning Filters for Efficient ConvNets, Sec. 3.1",
    settings=(SPARSITY, integral.WINNERS, COUNTING, integral.AFTER),
    metrics=(DENSE_MACS,),
    seconds=estimate_units,
    parts=name_goal,
    retrains=True,
    sources=(
        "integral_pruning.py", "prune_iteratively.py", "training.py", "units.py", "winner_sensitivity.py", "winners.py",
    ),
)  # fmt: skip
def prune_units(
    work: Work, sparsity: float, winners: float | str, counted: str = "useful", epochs: int = integral.EPOCHS
) -> Outcome:
    """The net without the units that it must lose to do no more multiplications than integral pruning at the same
    `sparsity` and `winners`; fine-tuned as long as that, in rounds and after them.

    The net evaluated holds zeros in the place of the units.

    Raises:
        RunFailed: the net is no plain sequence of layers.
    """
    import torch

    model, training = copy.deepcopy(work.trial.model), integral.require_training(work)
    hidden = find_hidden(model)
    masked = integral.prune_integrally(work, sparsity, winners, epochs=epochs).model
    assert masked is not None
    goal = measure_useful(work, masked)
    kept = {name: torch.ones(len(layer.get_parameter("weight")), dtype=torch.bool) for name, layer in hidden.items()}

    def cost(units: Mapping[str, torch.Tensor]) -> float:
        if counted == "all":
            return dense_macs(work, shrink(model, units))
        return measure_useful(work, remove_units(copy.deepcopy(model), units))

    start, rounds = cost(kept), FINE_TUNING["rounds"]
    for number in range(1, rounds + 1):
        kept = choose_units(model, kept, cost, start * (goal / start) ** (number / rounds))
        remove_units(model, kept)
        last = number == rounds
        fine_tune(
            model, training, epochs=FINE_TUNING["epochs"] + (epochs if last else 0), stream=work.stream(f"units {number}"),
            tick=work.tick, learning_rate=integral.LEARNING_RATE if last else 3e-3, masks=mask_parameters(model, kept),
        )  # fmt: skip
    table = tuple({"layer": name, "units": len(units), "kept": int(units.sum())} for name, units in kept.items())
    return Outcome(model, {DENSE_MACS.name: dense_macs(work, shrink(model, kept))}, table)


def measure_useful(work: Work, model: nn.Module) -> float:
    """The multiplications of a net whose operands are both non-zero, in percent, on the calibration inputs."""
    inputs = work.trial.calibration
    if isinstance(inputs, Mapping):
        raise RunFailed(f"multiplications are counted for plain inputs alone, which {work.testbed.name} has not")
    return measure_activity(model.eval(), inputs)[EFFECTIVE_MACS.name]


def dense_macs(work: Work, model: nn.Module) -> float:
    """All multiplications of a net in percent of those of the seed's dense net."""
    images = integral.require_training(work).inputs[:1]
    return 100.0 * count_products(model, images) / count_products(work.trial.model, images)
