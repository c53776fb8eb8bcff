"""Compression to a budget: what a request says, the levels of the usual scenarios, and the walk from levels to model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ExperimentError
from ..models.plan import Correction, Plan, make_rule, make_step
from ..storage.accounting import UNQUANTIZED, ActivationBits
from .allocation import Budget, Metric, allocate, stitch
from .levels import build_levels
from .sweeps import Level

if TYPE_CHECKING:
    from torch import nn

    from ..models.calls import Inputs
    from ..models.compress import CompressedModel, Tick

FIELDS = ("metric", "target", "levels", "loss", "activation_bits")
KEPT_PER_STEP = 0.9
"""Each sparsity of a scenario keeps this share of what the one before keeps."""


@dataclass(frozen=True)
class Scenario:
    """A named set of levels, after a compound setting of Frantar, Singh, Alistarh, "Optimal Brain Compression", 2022.

    metric: what its budgets are usually stated in.
    """

    metric: Metric
    list_levels: Callable[[], tuple[Level, ...]]


@dataclass(frozen=True)
class BudgetRequest:
    """A model within a budget: what may be done to its layers, and what it may cost then.

    skip: patterns of layers that stay dense. activation_bits: what BOPs are counted with. notes: what else belongs on
        record; those of the plan that is found, beside what `allocate` notes.
    """

    budget: Budget
    levels: tuple[Level, ...]
    skip: tuple[str, ...] = ()
    correction: Correction = "none"
    activation_bits: ActivationBits = UNQUANTIZED
    notes: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> BudgetRequest:
        """The request of a plan with a `budget` table: metric and target, levels by the name of a scenario or one by
        one, and of the plan's own fields skip, correction and notes.

        Raises:
            ExperimentError: names the field and the rule it breaks.
        """
        plan = Plan.from_json({name: value for name, value in data.items() if name != "budget"})
        if plan.rules or plan.calibration != "independent" or plan.one_at_a_time:
            raise ExperimentError(
                "budget", "finds the rules itself, with independent calibration: leave these fields out"
            )
        table = data["budget"]
        if not isinstance(table, dict):
            raise ExperimentError("budget", f"must be an object with {', '.join(FIELDS)}, not {table!r}")
        for name in table:
            if name not in FIELDS:
                raise ExperimentError("budget", f"has no field {name!r}; it takes {', '.join(FIELDS)}")
        if "target" not in table or "levels" not in table:
            raise ExperimentError("budget", "needs a target and levels")
        levels, metric = _read_levels(table["levels"])
        asked = {name: table[name] for name in ("metric", "loss") if name in table}
        if not asked.setdefault("metric", metric):
            raise ExperimentError("budget.metric", "is needed where levels are listed one by one")
        bits = table.get("activation_bits", UNQUANTIZED)
        budget = Budget(target=table["target"], **asked)
        return BudgetRequest(budget, levels, plan.skip, plan.correction, bits, plan.notes)


def compress_to_budget(
    model: nn.Module,
    calibration: Inputs,
    request: BudgetRequest,
    *,
    folder: Path | None = None,
    threads: int | None = None,
    tick: Tick | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> CompressedModel:
    """Compress a copy of `model` to a budget: build the levels, allocate, stitch, correct.

    The arguments, and what else can be raised, are those of `levels.build_levels`.

    Raises:
        ExperimentError: the levels cannot reach the target.
    """
    database = build_levels(
        model, calibration, request.levels, skip=request.skip, activation_bits=request.activation_bits,
        probe=request.budget.loss == "output", folder=folder, threads=threads, tick=tick, cancelled=cancelled,
    )  # fmt: skip
    plan = allocate(database, request.budget, correction=request.correction)
    return stitch(model, database, replace(plan, notes={**request.notes, **plan.notes}), calibration)


def list_sparsities(most: float) -> list[float]:
    """Sparsities from 0 to `most`, each keeping 0.9 of what the one before keeps, as the authors of OBC have them."""
    found, kept = [], 1.0
    while 1 - kept < most:
        found.append(round(1 - kept, 6))
        kept *= KEPT_PER_STEP
    return [*found, most]


def _list_unstructured() -> tuple[Level, ...]:
    return ((), *((make_step("exact_obs", sparsity=sparsity),) for sparsity in list_sparsities(0.99)[1:]))


def _list_quantized() -> tuple[Level, ...]:
    return tuple((make_step("obq", bits=bits, grid="mse"),) for bits in (8, 4))


def _list_mixed() -> tuple[Level, ...]:
    pruned = make_step("exact_obs_nm", n=2, m=4)
    return (*_list_quantized(), *((pruned, *level) for level in _list_quantized()))


def _list_cpu() -> tuple[Level, ...]:
    coded = make_step("obq", bits=8, grid="mse")
    blocks = (make_step("exact_obs_blocks", sparsity=sparsity, block=4) for sparsity in list_sparsities(0.95)[1:])
    return ((coded,), *((step, coded) for step in blocks))


SCENARIOS: dict[str, Scenario] = {
    "unstructured": Scenario("flops", _list_unstructured),
    "quantized": Scenario("bytes", _list_quantized),
    "mixed": Scenario("bops", _list_mixed),
    "cpu": Scenario("bops", _list_cpu),
}


def _read_levels(data: Any) -> tuple[tuple[Level, ...], Metric | None]:
    """Levels with the metric that is usual for them; None where they are listed one by one."""
    if isinstance(data, str):
        if data not in SCENARIOS:
            raise ExperimentError("budget.levels", f"must be one of {', '.join(SCENARIOS)} or a list, not {data!r}")
        return SCENARIOS[data].list_levels(), SCENARIOS[data].metric
    if not isinstance(data, list) or not all(isinstance(level, list) for level in data):
        raise ExperimentError("budget.levels", "must be the name of a scenario, or a list of lists of steps")
    return tuple(
        level for index, steps in enumerate(data) for level in _read_level(f"budget.levels[{index}]", steps)
    ), None


def _read_level(field: str, steps: list[Any]) -> list[Level]:
    """The level that a list of steps states, or several where settings are lists: one for each of their values."""
    choices = []
    for step in steps:
        if not isinstance(step, dict) or not isinstance(step.get("method"), str):
            raise ExperimentError(field, 'must be a list of objects with a "method" and its settings')
        values = [value if isinstance(value, list) else [value] for value in step.values()]
        choices.append([dict(zip(step, chosen, strict=True)) for chosen in product(*values)])
    try:
        return [make_rule("*", *(make_step(**step) for step in chosen)).steps for chosen in product(*choices)]
    except ExperimentError as error:
        raise ExperimentError(f"{field}.{error.field}", error.rule) from error
