"""From measured rows to a verdict: paired t intervals over seeds, looks at fixed numbers of seeds. No language model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean, stdev
from typing import Any

from .methods import find_metric, find_missing, is_local, keep_metrics, restore_metric, retrains
from .testbeds import Metric, get
from .types import Direction, Expectation, Experiment, Outcome, RunResult, Verdict

LOOKS = {3: 0.01, 5: 0.02, 10: 0.02}
"""How the error rate of 0.05 is split between the looks: seeds added after a look are another look."""
OTHER_LOOK = min(LOOKS.values())
FEWEST_SEEDS = min(LOOKS)
TOLERATED_POINTS = 1.0
"""Tolerated difference of `equivalent` and `not_worse` where the claim states none, for metrics in percent."""
TOLERATED_SHARE = 0.1
"""The same for every other metric, which has no natural unit: a share of the baseline's mean."""

STRENGTH: tuple[Outcome, ...] = ("contradicted", "inconclusive", "supported")
"""An order holds as far as its weakest step does."""

JUDGED_WITH = "judged_with"
"""Where the provenance of a result keeps the definitions of its metrics and its scope."""
NO_DEFINITIONS = "This result was made by an older version of the program and does not say how it is to be judged; it has to be run anew."

Interval = tuple[float, float]


@dataclass(frozen=True)
class Finding:
    """What the rows say of one expectation: as in a `Verdict`, without the scope."""

    outcome: Outcome
    effect: float | None
    interval: Interval | None
    confidence: float | None
    reason: str


def judge(experiment: Experiment, result: RunResult, bears_on: str = "") -> Verdict:
    """The verdict on an experiment's expectation from the rows of its run; `bears_on` is passed through.

    The effect is the mean over seeds of treatment minus baseline, its sign turned for metrics where lower is better; of
    an ordered claim that of the weakest step. Missing or non-finite values give "failed"; too few seeds, or no spread
    at all in a metric that should have some, "inconclusive".
    """
    found = find(experiment, experiment.expectation, result)
    kept = result.provenance.get(JUDGED_WITH)
    scope = kept["scope"] if kept else describe_scope(experiment, result)
    return Verdict(
        found.outcome,
        found.effect,
        found.interval,
        add_missing(scope, experiment),
        bears_on,
        experiment.digest,
        found.reason,
        found.confidence,
    )


def judge_around(experiment: Experiment, result: RunResult) -> list[tuple[Expectation, Finding]]:
    """What the rows say at the neighbouring settings: told beside the verdict, which they do not change."""
    return [(expectation, find(experiment, expectation, result)) for expectation in experiment.around]


def judge_failure(experiment: Experiment, reason: str, bears_on: str = "") -> Verdict:
    """The verdict on a run that ended without a result."""
    missing = find_missing(experiment)
    scope = add_missing("", experiment) if missing else describe_scope(experiment, RunResult(experiment.digest, (), {}))
    return Verdict("failed", None, None, scope, bears_on, experiment.digest, f"The run failed: {reason}")


def refuse(experiment: Experiment, bears_on: str = "") -> Verdict:
    """The verdict on a result of older sources that did not keep what it is to be judged with: none."""
    return Verdict("failed", None, None, "", bears_on, experiment.digest, NO_DEFINITIONS)


def keep_definitions(experiment: Experiment, result: RunResult) -> dict[str, Any]:
    """What a result has to keep (as `JUDGED_WITH`) so that later versions judge it by what it was measured as."""
    return {"metrics": keep_metrics(experiment), "scope": describe_scope(experiment, result)}


def find_metric_of(experiment: Experiment, expectation: Expectation, result: RunResult) -> Metric:
    """The metric of an expectation, as the result keeps it or, where it keeps none, as it is measured today.

    Raises:
        ExperimentError: an arm does not measure it.
    """
    kept = result.provenance.get(JUDGED_WITH)
    if kept:
        return restore_metric(kept["metrics"], expectation.metric, expectation.names)
    return find_metric(experiment, expectation.metric, expectation.names)


def find(experiment: Experiment, expectation: Expectation, result: RunResult) -> Finding:
    """What the rows of a run say of an expectation about its arms."""
    metric = find_metric_of(experiment, expectation, result)
    try:
        steps = [pair(experiment, step, result, metric) for step in list_steps(expectation)]
    except ValueError as missing:
        return Finding("failed", None, None, None, f"The run did not measure what the claim is about: {missing}.")
    means = _means(experiment, expectation, result, metric)
    effect = min(fmean(step) for step in steps)
    doubt = next(filter(None, (_doubt(step, metric) for step in steps)), "")
    if doubt:
        return Finding("inconclusive", effect, None, None, f"{doubt} {means}")
    # The steps of an order share the error rate, so that a long order is not contradicted more easily than a short one.
    level = 1 - LOOKS.get(len(experiment.seeds), OTHER_LOOK) / len(steps)
    margin = margin_of(expectation, result, metric)
    intervals = [paired_interval(step, level) for step in steps]
    outcomes: list[Outcome] = [decide(expectation.direction, margin, interval) for interval in intervals]
    outcome: Outcome = next(one for one in STRENGTH if one in outcomes)
    weakest = min(range(len(steps)), key=lambda k: fmean(steps[k]))
    told = outcomes.index("contradicted") if outcome == "contradicted" else weakest
    effect, interval = fmean(steps[told]), intervals[told]
    subject = "the difference in the claim's direction"
    if expectation.minus:
        subject = "the difference of these differences in the claim's direction"
    if expectation.order:
        subject = f"the weakest step of this order, {' over '.join(expectation.order[told : told + 2])},"
    low, high = (_signed(end, metric) for end in interval)
    reason = (
        f"{means[:-1]}: {subject} is {_signed(effect, metric)}{_unit(metric)}, and its {level * 100:.4g} % interval "
        f"({low} to {high}) {_place(expectation, outcomes[told], metric, margin)}."
    )
    return Finding(outcome, effect, interval, level, reason)


def list_steps(expectation: Expectation) -> list[Expectation]:
    """The comparisons of two that make up an expectation: itself, or each arm of its order against the next."""
    order = expectation.order
    if not order:
        return [expectation]
    return [replace(expectation, treatment=above, baseline=below, order=()) for above, below in pairwise(order)]


def pair(experiment: Experiment, expectation: Expectation, result: RunResult, metric: Metric) -> list[float]:
    """Per seed, treatment minus baseline in the claim's direction; less the same of the second pair where there is one.

    Raises:
        ValueError: a value is missing or not finite; says which.
    """
    values = {(row.arm, row.seed): row.value for row in result.rows if row.metric == metric.name}
    sign = 1 if metric.better == "higher" else -1
    minus = expectation.minus or ()
    differences = []
    for seed in experiment.seeds:
        for arm in (expectation.treatment, expectation.baseline, *minus):
            if not math.isfinite(values.get((arm, seed), math.nan)):
                raise ValueError(f"{metric.title} of {arm} on seed {seed} is missing or not a number")
        first = values[expectation.treatment, seed] - values[expectation.baseline, seed]
        second = values[minus[0], seed] - values[minus[1], seed] if minus else 0.0
        differences.append(sign * (first - second))
    return differences


def paired_interval(differences: Sequence[float], confidence: float) -> Interval:
    """The two-sided t interval of the mean of at least two paired differences."""
    from scipy.special import stdtrit

    count = len(differences)
    reach = float(stdtrit(count - 1, 0.5 + confidence / 2)) * stdev(differences) / math.sqrt(count)
    return fmean(differences) - reach, fmean(differences) + reach


def decide(direction: Direction, margin: float, interval: Interval) -> Outcome:
    """Supported or contradicted where the whole interval says so, else inconclusive."""
    low, high = interval
    if direction in ("greater", "ordered"):
        supported, contradicted = low > margin, high < margin
    elif direction == "not_worse":
        supported, contradicted = low > -margin, high < -margin
    else:
        supported, contradicted = -margin < low and high < margin, low > margin or high < -margin
    return "supported" if supported else "contradicted" if contradicted else "inconclusive"


def margin_of(expectation: Expectation, result: RunResult, metric: Metric) -> float:
    """The margin that applies, in the metric's units: as stated; else 0 for "greater" and "ordered", and for the other
    two one point of a metric in percent or a tenth of the baseline's mean of any other."""
    if expectation.margin or expectation.direction in ("greater", "ordered"):
        return expectation.margin
    if metric.unit == "%":
        return TOLERATED_POINTS
    return TOLERATED_SHARE * abs(_mean(expectation.baseline, result, metric))


def add_missing(scope: str, experiment: Experiment) -> str:
    """A scope that says what of the experiment is no longer part of the program, where something is not: such a run can
    be shown, since it keeps what it is judged with, and not repeated."""
    missing = find_missing(experiment)
    if not missing:
        return scope
    verb = "is" if len(missing) == 1 else "are"
    told = f"The {' and the '.join(missing)} {verb} no longer part of the program: this run is shown as it was kept and cannot be repeated."
    return scope if told in scope else f"{scope} {told}".strip()


def describe_scope(experiment: Experiment, result: RunResult) -> str:
    """What the run speaks for, and what it does not."""
    testbed = get(experiment.testbed)
    first = testbed.metrics[0]
    dense = list(result.provenance.get("dense", {}).get(first.name, {}).values())
    digits = 1 if first.unit == "%" else 3
    accuracy = f" (dense net: {first.title} {fmean(dense):.{digits}f} {first.unit}".rstrip() + ")" if dense else ""
    if testbed.own_net:
        nets, bound = "each with its own net and", "a small network and is no statement about ImageNet-scale networks"
    else:
        nets, bound = (
            "all with the same pretrained net, each with",
            "this network alone and is no statement about others",
        )
    return (
        f"{testbed.title[0].upper()}{testbed.title[1:]}{accuracy}, {_count(len(experiment.seeds), 'seed')}, {nets} "
        f"{_count(experiment.calibration, 'calibration input')}; {_describe_training(experiment)}. This tests the "
        f"direction of the claim on {bound}.{_describe_machine(experiment, result)}"
    )


def _describe_machine(experiment: Experiment, result: RunResult) -> str:
    """What measured times are true of; empty where none are measured."""
    if not is_local(experiment.arms):
        return ""
    cpu = result.provenance.get("machine", {}).get("cpu", "")
    return (
        f" Times are those of one core of this machine{f' ({cpu})' if cpu else ''} and say nothing of other hardware."
    )


def _describe_training(experiment: Experiment) -> str:
    """Whether weights were trained after or while they were compressed, and by which arms."""
    trained = [arm.name for arm in experiment.arms if retrains([arm])]
    if not trained:
        return "no retraining"
    return f"retrained on the training inputs: {', '.join(trained)}"


def _doubt(differences: Sequence[float], metric: Metric) -> str:
    """Why no interval can be trusted; empty if one can."""
    if len(differences) < FEWEST_SEEDS:
        return f"{_count(len(differences), 'seed')} cannot show a spread; at least {FEWEST_SEEDS} are needed."
    spread = max(differences) - min(differences)
    if spread <= 1e-12 * max(1.0, *map(abs, differences)) and not metric.deterministic:
        return f"All {len(differences)} seeds gave exactly the same difference, which leaves no spread to judge by."
    return ""


def _means(experiment: Experiment, expectation: Expectation, result: RunResult, metric: Metric) -> str:
    """The arms with their means over seeds: "ExactOBS 93.2 % against magnitude 61.0 % (mean of 5 seeds)."""
    unit = f" {metric.unit}" if metric.unit else ""

    def told(names: Sequence[str]) -> list[str]:
        return [f"{name} {_number(_mean(name, result, metric), metric)}{unit}" for name in names]

    text = " against ".join(told(expectation.order or (expectation.treatment, expectation.baseline)))
    if expectation.minus:
        text += f"; beside it {' against '.join(told(expectation.minus))}"
    return f"{metric.title[0].upper()}{metric.title[1:]}: {text} (mean of {_count(len(experiment.seeds), 'seed')})."


def _mean(arm: str, result: RunResult, metric: Metric) -> float:
    return fmean(row.value for row in result.rows if row.arm == arm and row.metric == metric.name)


def _place(expectation: Expectation, outcome: Outcome, metric: Metric, size: float) -> str:
    """Where the interval lies against a margin of that size, in words."""
    margin = f"{size:.3g}{_unit(metric)}"
    if metric.unit != "%" and size and not expectation.margin:
        margin += f" ({TOLERATED_SHARE * 100:g} % of the baseline's mean)"
    if expectation.direction == "equivalent":
        return {
            "supported": f"lies wholly within {margin} of zero",
            "contradicted": f"lies wholly more than {margin} from zero",
            "inconclusive": f"reaches to both sides of the margin of {margin}",
        }[outcome]
    sign = "-" if expectation.direction == "not_worse" else "+"
    edge = f"{sign}{margin}" if size else "zero"
    return {
        "supported": f"lies wholly above {edge}",
        "contradicted": f"lies wholly below {edge}",
        "inconclusive": f"reaches to both sides of {edge}",
    }[outcome]


def _unit(metric: Metric) -> str:
    return f" {'points' if metric.unit == '%' else metric.unit}" if metric.unit else ""


def _signed(value: float, metric: Metric) -> str:
    return f"{'+' if value > 0 else ''}{_number(value, metric)}"


def _number(value: float, metric: Metric) -> str:
    return f"{value:.2f}" if metric.unit == "%" else f"{value:.3g}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
