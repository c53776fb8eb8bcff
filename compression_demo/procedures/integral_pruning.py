"""Integral pruning: few weights and, for each input, few activations (Yang et al., "Integral Pruning on Activations and
Weights for Efficient Neural Networks", ICLR 2019 submission HyevnsCqtQ, Sec. 3).

Stage 1 prunes weights in rounds with fine-tuning. Stage 2 puts a mask behind each activation function and fine-tunes
through the masks, once. Two things differ from the paper: Adam at a tenth of the training's rate fine-tunes in the place
of Adadelta, and there is no dropout for Eq. 3 to weaken, since the nets here have none.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import partial
from numbers import Real
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms.registry import SPARSITY, Setting
from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.testbeds import Labelled

from .prune_iteratively import find_weights, name_rounds, prune_in_rounds
from .registry import PROCEDURES, Outcome, Part, Work, procedure
from .training import fine_tune
from .winner_sensitivity import choose_rates

if TYPE_CHECKING:
    import torch
    from torch import nn

    from compression_demo.testbeds import Testbed

THRESHOLDS = ("dynamic", "static", "sampled")
EPOCHS = 30
ALPHA = 0.1
LEARNING_RATE = 8e-4
MASKING_S = 0.1
State = dict[str, "torch.Tensor"]
SWEPT = 500
"""Training images on which the sensitivity of the layers is measured."""


def check_share(name: str, value: Any) -> float:
    """A share that is more than none: a number above 0, up to 1."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 < float(value) <= 1:
        raise ArgumentError(name, f"must be a number above 0 and up to 1, not {value!r}")
    return float(value)


def check_rates(value: Any) -> float | str:
    """A winner rate for all layers, or one for each from the first on, as "0.12/0.24"."""
    if not isinstance(value, str):
        return check_share("winners", value)
    try:
        for rate in split_rates(value):
            check_share("winners", rate)
    except ValueError as error:
        raise ArgumentError("winners", f'must be a share or several as "0.12/0.24", not {value!r}') from error
    return value


def split_rates(winners: float | str) -> list[float]:
    """The rates that a setting names, one or one a layer."""
    return [float(part) for part in winners.split("/")] if isinstance(winners, str) else [winners]


def check_threshold(value: Any) -> str:
    """How thresholds are found: dynamic, static or sampled."""
    if value not in THRESHOLDS:
        raise ArgumentError("threshold", f"must be one of {', '.join(THRESHOLDS)}, not {value!r}")
    return value


def check_whole(name: str, value: Any) -> int:
    """A whole number of 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ArgumentError(name, f"must be a whole number of 0 or more, not {value!r}")
    return value


def check_points(name: str, value: Any) -> float:
    """Points of accuracy: a number from 0 to 100."""
    if isinstance(value, bool) or not isinstance(value, Real) or not 0 <= float(value) <= 100:
        raise ArgumentError(name, f"must be a number from 0 to 100, not {value!r}")
    return float(value)


WINNERS = Setting("winners", 'share of activations kept, one or one a layer ("0.12/0.24")', check_rates, required=True)
TOLERATED = Setting(
    "tolerated", "points of accuracy that the masks may cost before fine-tuning", partial(check_points, "tolerated"),
    required=True,
)  # fmt: skip
THRESHOLD = Setting("threshold", "dynamic, static or sampled", check_threshold)
SAMPLE = Setting("alpha", "share of the activations from which a threshold is found", partial(check_share, "alpha"))
AFTER = Setting("epochs", "epochs of fine-tuning through the masks", partial(check_whole, "epochs"))


def estimate_masks(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds of the epochs through the masks, which take about twice as long as others."""
    return 2 * settings.get("epochs", EPOCHS) * (testbed.epoch_s or 0.0)


def name_pruned(testbed: Testbed, settings: Mapping[str, Any]) -> tuple[Part, ...]:
    """The net with its weights pruned in rounds, where there are any."""
    return name_rounds(testbed, {"sparsity": settings.get("sparsity", 0.0)})


def name_masked(testbed: Testbed, settings: Mapping[str, Any]) -> tuple[Part, ...]:
    """The net with its weights pruned and, from it, the one fine-tuned through its masks, as far as there are epochs."""
    pruned, seconds = name_pruned(testbed, settings), estimate_masks(testbed, settings)
    return (*pruned, Part(prune_integrally, describe_masked(settings), seconds)) if seconds else pruned


def describe_masked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a net that was fine-tuned through its masks depends on."""
    usual = {"threshold": "dynamic", "alpha": ALPHA, "epochs": EPOCHS}
    given = {name: settings.get(name, usual.get(name)) for name in ("sparsity", "winners", *usual)}
    return given | {"sources": PROCEDURES["integral_pruning"].source_hash}


def trains(settings: Mapping[str, Any]) -> bool:
    """Whether weights are trained: in rounds of pruning or through the masks."""
    return bool(settings.get("sparsity") or settings.get("epochs", EPOCHS))


SOURCES = (
    "prune_iteratively.py", "training.py", "winner_sensitivity.py", "winners.py",
)  # fmt: skip


@procedure(
    "integral_pruning",
    title="integral pruning",
    source="Integral Pruning on Activations and Weights (HyevnsCqtQ), Sec. 3.1",
    settings=(SPARSITY, WINNERS, THRESHOLD, SAMPLE, AFTER),
    seconds=lambda testbed, settings: MASKING_S,
    parts=name_masked,
    retrains=trains,
    sources=SOURCES,
)
def prune_integrally(
    work: Work,
    sparsity: float,
    winners: float | str,
    threshold: str = "dynamic",
    alpha: float = ALPHA,
    epochs: int = EPOCHS,
) -> Outcome:
    """The net with `sparsity` of its weights zero and, behind each activation function, the share `winners` of each
    input's activations let through; fine-tuned through the masks for `epochs`, once for all arms of a seed.

    Raises:
        RunFailed: the net has no activation functions that are modules, or not as many as there are rates.
    """
    from .winners import find_activations, spread_rates

    model = start_pruned(work, sparsity)
    if not find_activations(model):
        raise RunFailed(f"no activation function of {work.testbed.name} is a module of its own, so none can be masked")
    try:
        rates = spread_rates(model, split_rates(winners))
    except ValueError as error:
        raise RunFailed(str(error)) from error
    of = describe_masked(
        {"sparsity": sparsity, "winners": winners, "threshold": threshold, "alpha": alpha, "epochs": epochs}
    )
    return finish_masked(
        work, model, rates, threshold, alpha, epochs, keep=lambda tune: work.part(prune_integrally, of, tune)
    )


@procedure(
    "integral_pruning_swept",
    title="integral pruning at winner rates from a sensitivity sweep",
    source="Integral Pruning on Activations and Weights (HyevnsCqtQ), Sec. 3.2",
    settings=(SPARSITY, TOLERATED, AFTER),
    seconds=estimate_masks,
    parts=name_pruned,
    retrains=trains,
    sources=SOURCES,
)
def prune_by_sensitivity(work: Work, sparsity: float, tolerated: float, epochs: int = EPOCHS) -> Outcome:
    """As `prune_integrally`, each layer at the winner rate that a sweep over training images allows it."""
    model, training = start_pruned(work, sparsity), require_training(work)
    work.tick(0.0, "measuring how sensitive each layer is")
    rows = draw_rows(len(training.labels), work)
    rates = choose_rates(model, Labelled(training.inputs[rows], training.labels[rows]), tolerated)
    return finish_masked(work, model, rates, "dynamic", ALPHA, epochs)


def start_pruned(work: Work, sparsity: float) -> nn.Module:
    """A copy of the dense net, its weights pruned in rounds and fine-tuned where `sparsity` is above 0."""
    model = copy.deepcopy(work.trial.model)
    if sparsity:
        model.load_state_dict(prune_in_rounds(work, sparsity))
    return model


def require_training(work: Work) -> Labelled:
    """The training inputs.

    Raises:
        RunFailed: there are none.
    """
    if work.trial.training is None:
        raise RunFailed(f"{work.testbed.name} has no training inputs, so nothing can be fine-tuned on it")
    return work.trial.training


def draw_rows(count: int, work: Work) -> torch.Tensor:
    """Up to `SWEPT` of the training inputs, drawn for the seed."""
    import torch

    return torch.randperm(count, generator=work.stream("sensitivity sweep"))[:SWEPT]


def finish_masked(
    work: Work,
    model: nn.Module,
    rates: Mapping[str, float],
    threshold: str,
    alpha: float,
    epochs: int,
    keep: Callable[[Callable[[], State]], State] = lambda tune: tune(),
) -> Outcome:
    """Mask a net in place at its winner rates, and fine-tune it through the masks; `keep` is given what does that, and
    gives back the state of the net."""
    from .winners import dynamic, mask_activations, sampled, static

    training = require_training(work)
    kept = {name: weight != 0 for name, weight in find_weights(model).items()}
    make = {"dynamic": dynamic, "static": static, "sampled": sampled(alpha, work.stream(f"sample {alpha}"))}[threshold]
    mask_activations(model, rates, training.inputs, make)

    def tune() -> State:
        stream = work.stream("fine-tuning through masks")
        fine_tune(
            model, training, epochs=epochs, stream=stream, tick=work.tick, learning_rate=LEARNING_RATE, masks=kept
        )
        return model.state_dict()

    if epochs:
        model.load_state_dict(keep(tune))
    table = [{"layer": name, "kept_share": float(mask.double().mean())} for name, mask in kept.items()]
    table += [{"layer": name, "winner_rate": rate} for name, rate in rates.items()]
    return Outcome(model, {}, tuple(table))
