"""Experiments in words: what is tested, in which metric, at which settings. Pure."""

import re

from compression_demo import testbeds
from compression_demo.judge import TOLERATED_POINTS, TOLERATED_SHARE, Finding, find_metric_of, judge_around
from compression_demo.methods import find_metric
from compression_demo.phrases import describe_settings
from compression_demo.testbeds import Metric
from compression_demo.types import Arm, Expectation, Experiment, RunResult


def state_hypothesis(
    experiment: Experiment, expectation: Expectation | None = None, metric: Metric | None = None
) -> str:
    """What is tested, in one sentence: "ExactOBS is higher in test accuracy than magnitude pruning at 90 % sparsity.".

    `metric` is that of the expectation as a result keeps it; by default as it is measured today.
    """
    e = expectation or experiment.expectation
    metric = metric or find_metric(experiment, e.metric, e.names)
    arms = {arm.name: arm for arm in experiment.arms}
    common, own = _share_settings([arms[name] for name in e.names])
    at = f" at {common}" if common[:1].isdecimal() else f" ({common})" if common else ""
    told = {name: _name(name) + (f" ({own[name]})" if own[name] else "") for name in e.names}
    treatment, baseline, words = told[e.treatment], told[e.baseline], title(metric)
    if e.baseline == "dense":
        treatment, at = treatment + at, ""
    more = "higher" if metric.better == "higher" else "lower"
    amount, least = tolerance(e, metric), f", by at least {say_amount(e.margin, metric)}" if e.margin else ""
    if e.minus:
        other = " over ".join(told[name] for name in e.minus)
        gain = f"the gain of {treatment} over {baseline} in {words}"
        sentence = {
            "greater": f"{gain} is larger than that of {other}{at}{least}",
            "not_worse": f"{gain} is at most {amount} smaller than that of {other}{at}",
            "equivalent": f"{gain} is within {amount} of that of {other}{at}",
        }[e.direction]
    elif e.order:
        *first, last = (told[name] for name in e.order)
        sentence = f"{', '.join(first)} and {last} come in this order in {words}, the {more} first{at}{least}"
    else:
        sentence = {
            "greater": f"{treatment} is {more} in {words} than {baseline}{at}{least}",
            "not_worse": f"{treatment} is at most {amount} worse in {words} than {baseline}{at}",
            "equivalent": f"{treatment} is within {amount} of {baseline} in {words}{at}",
        }[e.direction]
    return f"{sentence[0].upper()}{sentence[1:]}."


def plan_text(experiment: Experiment) -> str:
    """An experiment in one line without a full stop: what is tested, on which testbed, with how many seeds."""
    tested, net = state_hypothesis(experiment)[:-1], testbeds.get(experiment.testbed).title
    return f"{tested}, on the {net}, {len(experiment.seeds)} seeds"


def title(metric: Metric) -> str:
    """A metric's title inside a sentence: up to its first comma (that of a number aside)."""
    return metric.title.partition(", ")[0]


def tolerance(expectation: Expectation, metric: Metric) -> str:
    """The difference that an expectation tolerates, the judge's own where it states none."""
    if expectation.margin:
        return say_amount(expectation.margin, metric)
    if metric.unit == "%":
        return say_amount(TOLERATED_POINTS, metric)
    return f"{TOLERATED_SHARE * 100:g} %"


def say_amount(value: float, metric: Metric) -> str:
    """A difference in the metric's units: of percentages, in points."""
    unit = f"point{'' if value == 1 else 's'}" if metric.unit == "%" else metric.unit
    return f"{value:g} {unit}".strip()


def tell_around(experiment: Experiment, result: RunResult) -> list[str]:
    """The same question at neighbouring settings, one sentence each: what was tested, the outcome and its difference."""
    return [
        _tell_finding(experiment, expectation, found, find_metric_of(experiment, expectation, result))
        for expectation, found in judge_around(experiment, result)
    ]


def _tell_finding(experiment: Experiment, expectation: Expectation, found: Finding, metric: Metric) -> str:
    text = f"{found.outcome.capitalize()}: {state_hypothesis(experiment, expectation, metric)}"
    if found.effect is None or found.interval is None:
        return f"{text} {found.reason}"
    low, high = (_signed(end, metric) for end in found.interval)
    unit = " points" if metric.unit == "%" else f" {metric.unit}" if metric.unit else ""
    return f"{text[:-1]}; the difference is {_signed(found.effect, metric)}{unit} ({low} to {high})."


def _signed(value: float, metric: Metric) -> str:
    return f"{value:+.2f}" if metric.unit == "%" else f"{value:+.3g}"


def _name(arm: str) -> str:
    return "the dense net" if arm == "dense" else arm


def _share_settings(arms: list[Arm]) -> tuple[str, dict[str, str]]:
    """The settings in words that all compressed arms have in common, and those of each arm that are its own; what an
    arm's name says already is left out."""
    phrases = {arm.name: _phrases(arm) for arm in arms}
    compressed = [phrases[arm.name] for arm in arms if arm.method != "dense"]
    common = [phrase for phrase in compressed[0] if all(phrase in other for other in compressed)] if compressed else []
    own = {
        arm.name: ", ".join(p for p in phrases[arm.name] if p not in common and not _says(arm.name, p)) for arm in arms
    }
    named = [arm.name for arm in arms if arm.method != "dense"]
    return ", ".join(p for p in common if not any(_says(name, p) for name in named)), own


def _phrases(arm: Arm) -> list[str]:
    """Each setting in words; the two numbers of an N:M pattern are one."""
    given = dict(arm.settings)
    groups = [{"n": given["n"], "m": given["m"]}] if {"n", "m"} <= given.keys() else []
    names = [name for name in given if not groups or name not in ("n", "m")]
    return [describe_settings(group) for group in (*groups, *({name: given[name]} for name in names))]


def _says(name: str, phrase: str) -> bool:
    """Whether a name holds the number of a setting, or the kind of its scale, already."""
    scale = re.search(r"per (channel|tensor)$", phrase)
    if scale:
        return scale.group() in name
    numbers = re.findall(r"\d+(?:\.\d+)?", phrase)
    if not numbers:
        return any(word.lower() in name.lower() for word in re.findall(r"\w{5,}", phrase))
    return all(re.search(rf"(?<![\d.]){re.escape(n)}(?![\d.]*\d)", name) for n in numbers)
