"""From measured rows to a verdict: paired t intervals over seeds, looks at fixed numbers of seeds. No language model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean, stdev

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

Interval = tuple[float, float]


def judge(experiment: Experiment, result: RunResult, bears_on: str = "") -> Verdict:
    """The verdict on an experiment's expectation from the rows of its run; `bears_on` is passed through.

    The effect is the mean over seeds of treatment minus baseline, its sign turned for metrics where lower is better.
    Missing or non-finite values give "failed"; too few seeds, or no spread at all in a metric that should have some,
    "inconclusive".
    """
    metric = get(experiment.testbed).metric(experiment.expectation.metric)
    effect: float | None = None
    interval: Interval | None = None
    confidence: float | None = None
    try:
        differences = pair(experiment, result, metric)
    except ValueError as missing:
        outcome, reason = "failed", f"The run did not measure what the claim is about: {missing}."
    else:
        effect = fmean(differences)
        level = 1 - LOOKS.get(len(differences), OTHER_LOOK)
        doubt = _doubt(differences, metric)
        if doubt:
            outcome, reason = "inconclusive", f"{doubt} {_means(experiment, result, metric)}"
        else:
            interval, confidence = paired_interval(differences, level), level
            margin = margin_of(experiment, result, metric)
            outcome = decide(experiment.expectation.direction, margin, interval)
            reason = _reason(experiment, result, metric, effect, interval, level, outcome, margin)
    scope = describe_scope(experiment, result)
    return Verdict(outcome, effect, interval, scope, bears_on, experiment.digest, reason, confidence)


def judge_failure(experiment: Experiment, reason: str, bears_on: str = "") -> Verdict:
    """The verdict on a run that ended without a result."""
    scope = describe_scope(experiment, RunResult(experiment.digest, (), {}))
    return Verdict("failed", None, None, scope, bears_on, experiment.digest, f"The run failed: {reason}")


def pair(experiment: Experiment, result: RunResult, metric: Metric) -> list[float]:
    """Per seed, treatment minus baseline in the claim's direction.

    Raises:
        ValueError: a value is missing or not finite; says which.
    """
    values = {(row.arm, row.seed): row.value for row in result.rows if row.metric == metric.name}
    expectation, sign = experiment.expectation, 1 if metric.better == "higher" else -1
    differences = []
    for seed in experiment.seeds:
        for arm in (expectation.treatment, expectation.baseline):
            if not math.isfinite(values.get((arm, seed), math.nan)):
                raise ValueError(f"{metric.title} of {arm} on seed {seed} is missing or not a number")
        differences.append(sign * (values[expectation.treatment, seed] - values[expectation.baseline, seed]))
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
    if direction == "greater":
        supported, contradicted = low > margin, high < margin
    elif direction == "not_worse":
        supported, contradicted = low > -margin, high < -margin
    else:
        supported, contradicted = -margin < low and high < margin, low > margin or high < -margin
    return "supported" if supported else "contradicted" if contradicted else "inconclusive"


def margin_of(experiment: Experiment, result: RunResult, metric: Metric) -> float:
    """The margin that applies, in the metric's units: as stated; else 0 for "greater", and for the other two one
    point of a metric in percent or a tenth of the baseline's mean of any other."""
    expectation = experiment.expectation
    if expectation.margin or expectation.direction == "greater":
        return expectation.margin
    if metric.unit == "%":
        return TOLERATED_POINTS
    return TOLERATED_SHARE * abs(_mean(expectation.baseline, result, metric))


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
        f"{_count(experiment.calibration, 'calibration input')}; weights only, no retraining. This tests the direction "
        f"of the claim on {bound}."
    )


def _doubt(differences: Sequence[float], metric: Metric) -> str:
    """Why no interval can be trusted; empty if one can."""
    if len(differences) < FEWEST_SEEDS:
        return f"{_count(len(differences), 'seed')} cannot show a spread; at least {FEWEST_SEEDS} are needed."
    spread = max(differences) - min(differences)
    if spread <= 1e-12 * max(1.0, *map(abs, differences)) and not metric.deterministic:
        return f"All {len(differences)} seeds gave exactly the same difference, which leaves no spread to judge by."
    return ""


def _means(experiment: Experiment, result: RunResult, metric: Metric) -> str:
    """Both arms with their means over seeds: "ExactOBS 93.2 % against magnitude 61.0 % (mean of 5 seeds)."""
    expectation = experiment.expectation
    text = [
        f"{name} {_number(_mean(name, result, metric), metric)}{' ' + metric.unit if metric.unit else ''}"
        for name in (expectation.treatment, expectation.baseline)
    ]
    return f"{metric.title[0].upper()}{metric.title[1:]}: {text[0]} against {text[1]} (mean of {_count(len(experiment.seeds), 'seed')})."


def _mean(arm: str, result: RunResult, metric: Metric) -> float:
    return fmean(row.value for row in result.rows if row.arm == arm and row.metric == metric.name)


def _reason(
    experiment: Experiment,
    result: RunResult,
    metric: Metric,
    effect: float,
    interval: Interval,
    confidence: float,
    outcome: Outcome,
    margin: float,
) -> str:
    low, high = (_signed(end, metric) for end in interval)
    return (
        f"{_means(experiment, result, metric)[:-1]}: the difference in the claim's direction is "
        f"{_signed(effect, metric)}{_unit(metric)}, and its {confidence * 100:g} % interval ({low} to {high}) "
        f"{_place(experiment.expectation, outcome, metric, margin)}."
    )


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
    sign = "+" if expectation.direction == "greater" else "-"
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
