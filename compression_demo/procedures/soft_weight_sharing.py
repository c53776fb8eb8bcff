"""Soft weight-sharing: pruning and quantization in one retraining under a learned mixture prior.

Ullrich, Meeds and Welling, "Soft Weight-Sharing for Neural Network Compression" (ICLR 2017): retraining (Sec. 4),
merging of components, assignment of each weight to its most responsible component (Sec. 4.3), and the storage of Deep
Compression: gaps between kept weights and the values' codes, both by Huffman codes, with the values themselves.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from numbers import Real
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import Setting
from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.testbeds import Metric

from .prior_plan import PriorPlan
from .prune_iteratively import find_weights
from .registry import PROCEDURES, Outcome, Part, Work, procedure
from .sharing_settings import METRICS, SOURCES

if TYPE_CHECKING:
    import torch

    from compression_demo.testbeds import Testbed

    from .mixture import Mixture

LAYERS = ("all", "largest", "smallest", "last")
RETRAINING = 120
MERGED_BELOW = 0.05
"""Nats of divergence below which two components are one."""
NONZERO = Metric("nonzero_weights", "weights that are not zero", "%", "lower")
PRUNED = Metric("pruned_weights", "weights that became zero", "%", "higher")
IN_USE = Metric("components", "components that are left with weights of their own", "", "lower", deterministic=True)
NARROWEST = Metric("least_deviation", "standard deviation of the narrowest component", "", "higher")
SHIFT = Metric("assignment_loss", "accuracy lost from the retrained net to that of shared values", "%", "lower")


def check_number(name: str, low: float, high: float, value: Any) -> float:
    """A number above `low` and below `high`."""
    if isinstance(value, bool) or not isinstance(value, Real) or not low < float(value) < high:
        raise ArgumentError(name, f"must be a number above {low:g} and below {high:g}, not {value!r}")
    return float(value)


def check_whole(name: str, low: int, high: int, value: Any) -> int:
    """A whole number from `low` to `high`."""
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ArgumentError(name, f"must be a whole number from {low} to {high}, not {value!r}")
    return value


def check_layers(value: Any) -> str:
    """In which layers zero weights are counted: all, the largest, the smallest or the last."""
    if value not in LAYERS:
        raise ArgumentError("zeros_of", f"must be one of {', '.join(LAYERS)}, not {value!r}")
    return value


SETTINGS = (
    Setting("components", "components of the mixture", partial(check_whole, "components", 3, 64)),
    Setting("zero_weight", "mixing weight of the zero component", partial(check_number, "zero_weight", 0, 1)),
    Setting("tau", "how much the prior counts", partial(check_number, "tau", 0, 1000)),
    Setting("retraining", "epochs of retraining under the prior", partial(check_whole, "retraining", 0, 1000)),
    Setting("rate", "learning rate of the mixture", partial(check_number, "rate", 0, 1)),
    Setting("hyper_priors", "Gamma densities on the precisions", partial(arguments.check_flag, "hyper_priors")),
    Setting("annealed", "components held to ever smaller variances", partial(arguments.check_flag, "annealed")),
    Setting(
        "sampled", "share of the weights that the prior's gradient is from", partial(check_number, "sampled", 0, 1)
    ),
    Setting("epochs", "epochs of fine-tuning of the shared values", partial(check_whole, "epochs", 0, 1000)),
    Setting("zeros_of", "where zeros are counted: all layers, or the largest, smallest or last", check_layers),
)


@dataclass(frozen=True)
class Found:
    """What retraining left: the net's state, its weights one after another, and the mixture."""

    state: dict[str, torch.Tensor]
    weights: torch.Tensor
    mixture: Mixture


def estimate_sharing(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds of merging, assignment and coding, and of the epochs of fine-tuning."""
    return 1.0 + 1.5 * settings.get("epochs", 0) * (testbed.epoch_s or 0.0)


def name_retraining(testbed: Testbed, settings: Mapping[str, Any]) -> tuple[Part, ...]:
    """The retrained net, with the declared seconds of its epochs, in each step of which all weights meet all components."""
    plan = PriorPlan.of(settings)
    weights = sum(shape.rows * shape.cols * shape.count for shape in testbed.layers)
    kernel_s = 7e-9 * weights * plan.components * 18
    return (Part(retrain_softly, describe_retraining(plan), plan.epochs * ((testbed.epoch_s or 0.0) + kernel_s)),)


def describe_retraining(plan: PriorPlan) -> dict[str, Any]:
    """What the retrained net depends on."""
    return plan.to_json() | {"sources": PROCEDURES["soft_weight_sharing"].source_hash}


@procedure(
    "soft_weight_sharing",
    title="soft weight-sharing",
    source="Soft Weight-Sharing for Neural Network Compression (Ullrich et al., ICLR 2017), Sec. 4",
    settings=SETTINGS,
    metrics=(*METRICS, NONZERO, PRUNED, IN_USE, NARROWEST, SHIFT),
    seconds=estimate_sharing,
    parts=name_retraining,
    retrains=lambda settings: bool(settings.get("retraining", RETRAINING) or settings.get("epochs")),
    sources=(*SOURCES, "mixture.py", "mixture_kernels.py", "prior_plan.py", "retrain_under_prior.py"),
)
def share_softly(work: Work, epochs: int = 0, zeros_of: str = "all", **prior: Any) -> Outcome:
    """The net retrained under its prior, every weight set to the mean of its component, read back from its bits.

    Args:
        epochs: of fine-tuning of the shared values afterwards, which the paper has not.
        zeros_of: in which layers `pruned_weights` are counted.
        prior: the settings of `PriorPlan`, its epochs under the name `retraining`.

    Raises:
        RunFailed: the testbed has no training inputs, or retraining diverged.
    """
    from .mixture import assign, merge, share_out
    from .sharing import Start, finish

    found = retrain_softly(work, PriorPlan.of(prior))
    mixture = merge(found.mixture, MERGED_BELOW)
    numbers = assign(found.weights, mixture)
    model = copy.deepcopy(work.trial.model)
    model.load_state_dict(found.state)
    weights = find_weights(model)
    retrained = work.trial.evaluate(model.eval())
    outcome = finish(
        work, Start(model, weights, {}, pruned=True), _write_book(weights, mixture, numbers), "huffman", epochs
    )
    assert outcome.model is not None
    assigned = work.trial.evaluate(outcome.model.eval())
    zeros = {name: float((part == 0).double().mean()) for name, part in find_weights(outcome.model).items()}
    kept = sum(int(part.count_nonzero()) for part in find_weights(outcome.model).values())
    metrics = {
        NONZERO.name: 100.0 * kept / len(numbers),
        PRUNED.name: 100.0 * _count_zeros(find_weights(outcome.model), zeros_of),
        IN_USE.name: float((share_out(found.weights, mixture)[0].sum(0) >= 1).sum()),
        NARROWEST.name: float(found.mixture.deviations.min()),
    }
    if "accuracy" in retrained:
        metrics[SHIFT.name] = retrained["accuracy"] - assigned["accuracy"]
    table = [{"layer": name, "weights": weights[name].numel(), "zero_share": share} for name, share in zeros.items()]
    table += _describe(mixture, numbers)
    return Outcome(outcome.model, {**outcome.metrics, **metrics}, (*outcome.layers, *table))


def retrain_softly(work: Work, plan: PriorPlan) -> Found:
    """The retrained net and its mixture, shared by all arms of a seed that differ only in what follows."""
    import torch

    from .retrain_under_prior import keep_mixture, restore_mixture, retrain

    training = work.trial.training
    if training is None:
        raise RunFailed(f"{work.testbed.name} has no training inputs, so it cannot be retrained under a prior")

    def make() -> dict[str, torch.Tensor]:
        model = copy.deepcopy(work.trial.model)
        mixture = retrain(model, training, plan, work.stream("retraining under a prior"), work.tick)
        return keep_mixture(model.state_dict(), mixture)

    tensors = work.part(retrain_softly, describe_retraining(plan), make)
    state, mixture = restore_mixture(tensors, plan.zero_weight)
    return Found(state, torch.cat([state[name].flatten() for name in find_weights(work.trial.model)]), mixture)


def _write_book(weights: Mapping[str, torch.Tensor], mixture: Mixture, numbers: torch.Tensor) -> Any:
    """All weights as shared values: those of the pinned component zero, the others the mean of theirs."""
    import numpy as np

    from .shared_values import INDEX_BITS, Book, SharedValues

    used = [number for number in numbers.unique().tolist() if number]
    codes = np.zeros(len(numbers), dtype=np.int64)
    for place, number in enumerate(used, start=1):
        codes[numbers.numpy() == number] = place
    book = Book(mixture.means[used].double().numpy(), codes, INDEX_BITS)
    return SharedValues({name: weight.shape for name, weight in weights.items()}, (book,))


def _count_zeros(weights: Mapping[str, torch.Tensor], layers: str) -> float:
    """The share of zeros in all layers, or in the largest, the smallest or the last."""
    by_size = sorted(weights.values(), key=lambda weight: weight.numel())
    chosen = {"all": by_size, "largest": by_size[-1:], "smallest": by_size[:1], "last": list(weights.values())[-1:]}[
        layers
    ]
    return sum(int((part == 0).sum()) for part in chosen) / sum(part.numel() for part in chosen)


def _describe(mixture: Mixture, numbers: torch.Tensor) -> list[dict[str, float | str]]:
    """A line for each component that is left: where it lies, how wide it is, how many weights are its own."""
    columns = (
        mixture.means.tolist(),
        mixture.deviations.tolist(),
        numbers.bincount(minlength=len(mixture.means)).tolist(),
    )
    return [
        {"component": number, "mean": mean, "deviation": deviation, "weights": count}
        for number, (mean, deviation, count) in enumerate(zip(*columns, strict=True))
    ]
