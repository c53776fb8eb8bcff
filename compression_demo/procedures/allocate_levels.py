"""The same cost spent evenly on all layers, or where it helps most: levels for each layer by dynamic programming.

Frantar, Singh and Alistarh, "Optimal Brain Compression", NeurIPS 2022, Sec. 6 (compound compression to a target), with the
dynamic programming of SPDY (Frantar and Alistarh, 2022). Each layer is compressed at several levels from one Hessian; the
levels of least summed loss are picked whose cost is no more than that of one level for all.
"""

from __future__ import annotations

import glob
from functools import partial
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import Setting
from compression_demo.budgets.allocation import LOSSES, METRICS, Budget, Loss, allocate, measure, stitch
from compression_demo.budgets.allocation import Metric as Priced
from compression_demo.budgets.levels import LevelDatabase, build_levels
from compression_demo.budgets.sweeps import Level
from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.models.plan import Plan, Rule, Step
from compression_demo.provenance import ENGINE_SOURCES, PACKAGE
from compression_demo.rates import estimate_compression
from compression_demo.testbeds import Metric

from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compression_demo.models.compress import CompressedModel
    from compression_demo.testbeds import Testbed

SPREAD = ("uniform", "allocated")
COST = Metric("cost", "cost of the compressed layers and the rest, of the dense net's", "%", "lower", True)
KEPT_PER_STEP, FEWEST_KEPT = 0.75, 0.02
"""Each sparsity keeps this share of what the one before keeps, down to the second."""
WIDEST, NARROWEST, REACH = 8, 1, 2
"""Bits that layers may get: from two fewer than the even width to two more, within these."""
REFIT = 0.3
"""What the refit at one sparsity takes, of the whole elimination: measured on the small convolutional nets."""
CALIBRATED = 256
"""Calibration inputs that an experiment has where it names no other number."""


def _check_among(name: str, known: tuple[str, ...], value: Any) -> str:
    if value not in known:
        raise ArgumentError(name, f"must be one of {', '.join(known)}, not {value!r}")
    return value


def check_even(given: Mapping[str, Any]) -> None:
    """Accept settings with one even level: a sparsity or a bit width."""
    if ("sparsity" in given) == ("bits" in given):
        raise ArgumentError("sparsity", "must be given, or bits: one of the two")


def estimate_levels(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds: the Hessians; a pass for each bit width, or one pass for all sparsities with a refit at each."""
    levels = list_levels(settings) if settings["levels"] == "allocated" else [even_level(settings)]
    method = "exact_obs" if "sparsity" in settings else "obq"
    passes = len(levels) if method == "obq" else 1 + REFIT * len(levels)
    return CALIBRATED * testbed.seconds.calibrate + passes * estimate_compression(method, testbed.layers)


@procedure(
    "budgeted_layers",
    title="levels of the layers at one cost",
    source="Optimal Brain Compression (Frantar et al., NeurIPS 2022), Sec. 6; SPDY (Frantar and Alistarh, 2022)",
    settings=(
        Setting("levels", "uniform or allocated", partial(_check_among, "levels", SPREAD), required=True),
        Setting("sparsity", "the even sparsity, whose cost is the budget", arguments.check_sparsity),
        Setting("bits", "the even bit width, whose cost is the budget", arguments.check_bits),
        Setting("cost", f"what is equal: {', '.join(METRICS)}", partial(_check_among, "cost", METRICS)),
        Setting("loss", f"what is summed over layers: {', '.join(LOSSES)}", partial(_check_among, "loss", LOSSES)),
    ),
    metrics=(COST,),
    seconds=estimate_levels,
    accepts=check_even,
    sources=(
        *map(str, ENGINE_SOURCES),
        *(str(file) for folder in ("budgets", "storage") for file in sorted((PACKAGE / folder).glob("*.py"))),
        *(
            str(PACKAGE / "models" / f"{name}.py")
            for name in ("compress", "copying", "correction", "execution", "plan")
        ),
    ),
)
def compress_at_cost(
    work: Work, levels: str, cost: Priced | None = None, loss: Loss = "output", **even: float
) -> Outcome:
    """The net with every layer at one level, or each at the level that costs the net least loss at no more than the cost
    of that. `cost` is FLOPs where a sparsity is given and stored bytes where a bit width is, unless it is named."""
    level, metric = even_level(even), cost or ("flops" if "sparsity" in even else "bytes")
    wanted = list_levels(even) if levels == "allocated" else [level]
    database = build_levels(
        work.trial.model, work.trial.calibration, wanted, probe=levels == "allocated" and loss == "output", threads=1,
        tick=work.tick,
    )  # fmt: skip
    # A layer's name is no pattern, even where it holds characters of one.
    plan = Plan(tuple(Rule(glob.escape(name), level) for name in database.options))
    spent = cost_of(database, plan, metric)
    if levels == "allocated":
        plan = allocate(database, Budget(metric, float(spent), loss))
        spent = plan.notes["planned_cost"]
    done = stitch(work.trial.model, database, plan, work.trial.calibration)
    share = 100.0 * spent / measure(database.dense, metric)
    return Outcome(done.model, {COST.name: share}, _table(done))


def even_level(even: Mapping[str, Any]) -> Level:
    """The one level of all layers."""
    if "sparsity" in even:
        return (Step("exact_obs", (("sparsity", even["sparsity"]),)),)
    return (Step("obq", (("bits", even["bits"]), ("grid", "mse"))),)


def list_levels(even: Mapping[str, Any]) -> list[Level]:
    """The levels that a layer may get, the even one and the dense one (for sparsity) among them."""
    if "sparsity" in even:
        kept, shares = KEPT_PER_STEP, {even["sparsity"]}
        while kept > FEWEST_KEPT:
            shares.add(round(1 - kept, 6))
            kept *= KEPT_PER_STEP
        return [(), *(even_level({"sparsity": share}) for share in sorted(shares))]
    bits = even["bits"]
    widths = range(max(NARROWEST, bits - REACH), min(WIDEST, bits + REACH) + 1)
    return [even_level({"bits": width}) for width in sorted({*widths, bits})]


def cost_of(database: LevelDatabase, plan: Plan, metric: Priced) -> int:
    """What a model costs with its layers at the levels of a plan, the rest as it is.

    Raises:
        RunFailed: a layer was not compressed at its level.
    """
    whole = measure(database.dense, metric)
    for account in database.dense.layers:
        if account.name in database.options:
            steps = plan.steps_for(account.name)
            found = next((o for o in database.options[account.name] if o.steps == steps), None)
            if found is None:
                raise RunFailed(f"layer {account.name} cannot be compressed at the level of all")
            whole += measure(found.account, metric) - measure(account, metric)
    return whole


def _table(done: CompressedModel) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"layer": r.name, "zero_share": r.zero_share, "bits": r.bits, "error": r.error, "skipped": r.skipped}
        for r in done.layers
    )
