"""Which level each layer gets, so that the model stays within a budget at the least loss."""

from __future__ import annotations

import glob
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..errors import ExperimentError
from ..models.compress import CompressedModel, LayerReport
from ..models.copying import copy_model
from ..models.correction import correct_mean_variance, reestimate_batch_norm
from ..models.layers import find_layers, write_weight
from ..models.plan import Correction, Plan, Rule

if TYPE_CHECKING:
    from torch import nn

    from ..models.calls import Inputs
    from ..storage.accounting import LayerAccount, ModelAccount
    from .levels import LevelDatabase, Option

Metric = Literal["flops", "bops", "bytes"]
METRICS: tuple[Metric, ...] = get_args(Metric)
Loss = Literal["output", "relative"]
LOSSES: tuple[Loss, ...] = get_args(Loss)
BUCKETS = 10_000
"""Steps that a budget is divided into."""


@dataclass(frozen=True)
class Budget:
    """What a model may cost, and what it is to lose least of.

    metric: flops, bops, or bytes: those of the tensors of the saved file, without its header, which holds the plan. What
        is not compressible is counted in.
    target: up to 1, a share of the dense model's cost; above, the cost itself.
    loss: what is summed over layers: each layer's squared output error "relative" to its squared dense output; or
        "output", the squared change of the model's output that it leads to, relative to that output.

    Raises:
        ExperimentError: names the field and the rule it breaks.
    """

    metric: Metric
    target: float
    loss: Loss = "output"

    def __post_init__(self) -> None:
        for name, allowed in (("metric", METRICS), ("loss", LOSSES)):
            if (value := getattr(self, name)) not in allowed:
                raise ExperimentError(f"budget.{name}", f"must be one of {', '.join(allowed)}, not {value!r}")
        if not _is_number(self.target) or self.target <= 0:
            raise ExperimentError("budget.target", f"must be a number above 0, not {self.target!r}")


def allocate(database: LevelDatabase, budget: Budget, *, correction: Correction = "none") -> Plan:
    """The plan with one rule for each layer of the database, within the budget at the least sum of losses.

    Its notes record the budget, the dense and the planned cost, and the predicted loss.

    Raises:
        ExperimentError: the target is below what the database's levels can reach, or the loss is "output" and the
            database holds no sensitivities.
    """
    options = database.options
    dense = measure(database.dense, budget.metric)
    compressible = sum(measure(layer, budget.metric) for layer in database.dense.layers if layer.name in options)
    fixed = dense - compressible
    target = budget.target * dense if budget.target <= 1 else budget.target
    costs = [[measure(option.account, budget.metric) for option in row] for row in options.values()]
    losses = [[_weigh(database, name, option, budget.loss) for option in row] for name, row in options.items()]
    least = fixed + sum(min(row) for row in costs)
    if least > target:
        raise ExperimentError(
            "budget.target",
            f"of {target:,.0f} {budget.metric} cannot be reached: these levels need {least:,.0f} at least, "
            f"{least / dense:.4f} of the dense model's {dense:,.0f}",
        )
    chosen = choose_levels(losses, costs, target - fixed)
    picked = [row[index] for row, index in zip(options.values(), chosen, strict=True)]
    notes: dict[str, Any] = {
        "budget": asdict(budget),
        "dense_cost": dense,
        "target_cost": target,
        "planned_cost": fixed + sum(row[index] for row, index in zip(costs, chosen, strict=True)),
        "predicted_loss": math.fsum(row[index] for row, index in zip(losses, chosen, strict=True)),
    }
    # A layer's name is no pattern, even where it holds characters of one.
    rules = tuple(Rule(glob.escape(name), option.steps) for name, option in zip(options, picked, strict=True))
    return Plan(rules, correction=correction, notes=notes)


def stitch(model: nn.Module, database: LevelDatabase, plan: Plan, calibration: Inputs) -> CompressedModel:
    """A copy of the dense `model` with each layer at the level that the plan names, then corrected as the plan says.

    Args:
        model: the one that the database was built for; not changed.
        calibration: what a correction takes its statistics from.

    Raises:
        ExperimentError: the plan asks for a level that the database does not hold, or for a correction that does not
            suit the model.
    """
    stitched = copy_model(model)
    reports, results = [], {}
    for name, layer in find_layers(stitched).items():
        steps = plan.steps_for(name)
        report = LayerReport.of_dense(name, layer, database.skipped.get(name, ""))
        if steps:
            option, results[name] = database.find(name, steps)
            write_weight(layer, results[name].weight)
            report = report.after(steps, results[name].weight, option.relative_loss, database.seconds[name])
        reports.append(report)
    if plan.correction == "batchnorm" and results:
        reestimate_batch_norm(stitched, calibration)
    elif plan.correction == "mean_variance" and results:
        results = correct_mean_variance(stitched, model, calibration, results)
    return CompressedModel(stitched, plan, tuple(reports), results)


def choose_levels(
    losses: Sequence[Sequence[float]], costs: Sequence[Sequence[int]], target: float, *, buckets: int = BUCKETS
) -> list[int]:
    """The index of one option for each layer, the sum of losses least where the costs sum to at most `target`.

    Dynamic programming over the cost spent so far, as in Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022,
    and Frantar, Alistarh, "SPDY", 2022. What an option costs above its layer's cheapest is rounded up to whole
    buckets: the target is never exceeded, and the loss is at most the best that can be had for one bucket a layer less,
    and at most that of the same option for all layers.

    Args:
        losses, costs: of each option of each layer, finite.
        target: what the costs may sum to.
        buckets: parts of the room between the cheapest choice and the target; no more than make up whole costs.

    Raises:
        ExperimentError: the cheapest options exceed the target.

    Cost: layers * options * buckets operations; 2 * layers * buckets bytes.
    """
    import numpy as np

    floors = [min(row) for row in costs]
    room = math.floor(target) - sum(floors)
    if room < 0:
        raise ExperimentError("target", f"must be at least {sum(floors)}, the cost of the cheapest options")
    buckets = min(buckets, room)
    least = np.zeros(buckets + 1)  # the least loss of the layers so far, for at most that many buckets
    chosen = np.zeros((len(costs), buckets + 1), np.int16)
    steps = [
        [
            -(-(cost - floor) * buckets // room) if floor < cost <= floor + room else (cost > floor) * (buckets + 1)
            for cost in row
        ]
        for row, floor in zip(costs, floors, strict=True)
    ]
    for layer, row in enumerate(losses):
        best = np.full(buckets + 1, np.inf)
        for option, step in enumerate(steps[layer]):
            if step <= buckets:
                tried = least[: buckets + 1 - step] + row[option]
                better = tried < best[step:]
                best[step:][better] = tried[better]
                chosen[layer, step:][better] = option
        least = best
    left, found = buckets, []
    for layer in reversed(range(len(costs))):
        found.append(int(chosen[layer, left]))
        left -= steps[layer][found[-1]]
    alike = ([option] * len(costs) for option in range(min(map(len, costs), default=0)))
    within = [choice for choice in alike if _sum_chosen(costs, choice) <= target]
    spent = _spend_rest(losses, costs, math.floor(target), found[::-1])
    best = min((spent, *within), key=lambda choice: _sum_chosen(losses, choice))
    return _spend_rest(losses, costs, math.floor(target), best)


def _sum_chosen(values: Sequence[Sequence[float]], chosen: Sequence[int]) -> float:
    return math.fsum(row[index] for row, index in zip(values, chosen, strict=True))


def _spend_rest(
    losses: Sequence[Sequence[float]], costs: Sequence[Sequence[int]], target: int, chosen: list[int]
) -> list[int]:
    """The choice with what rounding up has left of the target spent, on the largest gain of one layer each time."""
    chosen = list(chosen)
    rest = target - sum(row[index] for row, index in zip(costs, chosen, strict=True))
    while True:
        gains = [
            (losses[layer][index] - losses[layer][option], layer, option)
            for layer, index in enumerate(chosen)
            for option, cost in enumerate(costs[layer])
            if cost - costs[layer][index] <= rest and losses[layer][option] < losses[layer][index]
        ]
        if not gains:
            return chosen
        _, layer, option = max(gains)
        rest -= costs[layer][option] - costs[layer][chosen[layer]]
        chosen[layer] = option


def measure(account: LayerAccount | ModelAccount, metric: Metric) -> int:
    """The cost of a layer or a model in a budget's metric."""
    return account.stored_bytes if metric == "bytes" else getattr(account, metric)


def _weigh(database: LevelDatabase, layer: str, option: Option, loss: Loss) -> float:
    if loss == "output" and layer not in database.sensitivity:
        raise ExperimentError(
            "budget.loss", 'of "output" needs a database with sensitivities: build it with probe=True'
        )
    if loss == "output":
        return option.relative_loss * database.sensitivity[layer]
    return option.relative_loss


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
