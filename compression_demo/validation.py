"""The rules that an experiment keeps before anything is run."""

from __future__ import annotations

import math
from collections import Counter

from .errors import ArgumentError, ExperimentError
from .methods import check_arm, find_metric, retrains
from .testbeds import get
from .types import Arm, Expectation, Experiment

DIRECTIONS = ("greater", "equivalent", "not_worse", "ordered")


def validate(experiment: Experiment) -> None:
    """Accept an experiment that can be run and judged.

    Raises:
        ExperimentError: names the field and the rule it breaks.
    """
    testbed = get(experiment.testbed)
    available, reason = testbed.available()
    if not available:
        raise ExperimentError("testbed", f"cannot run here: {reason}")
    _check_seeds(experiment.seeds)
    limit = testbed.calibration_limit
    if not _is_whole(experiment.calibration) or not 1 <= experiment.calibration <= limit:
        raise ExperimentError(
            "calibration", f"must be a whole number from 1 to {limit}, not {experiment.calibration!r}"
        )
    if not experiment.arms:
        raise ExperimentError("arms", "must have at least one entry")
    _refuse_repeats("arms", [arm.name for arm in experiment.arms])
    for arm in experiment.arms:
        _check_arm(arm)
    if testbed.epoch_s is None and retrains(experiment.arms):
        raise ExperimentError("testbed", f"must be one whose net can be retrained here; {testbed.name} is not")
    for expectation in (experiment.expectation, *experiment.around):
        _check_expectation(experiment, expectation)


def _check_seeds(seeds: tuple[int, ...]) -> None:
    if not seeds:
        raise ExperimentError("seeds", "must have at least one entry")
    for seed in seeds:
        if not _is_whole(seed) or seed < 0:
            raise ExperimentError("seeds", f"must be whole numbers of 0 or more, not {seed!r}")
    _refuse_repeats("seeds", seeds)


def _check_arm(arm: Arm) -> None:
    field = f"arm {arm.name!r}"
    if not arm.name:
        raise ExperimentError("arms", "must have names")
    names = [name for name, _ in arm.settings]
    if names != sorted(set(names)):
        raise ExperimentError(field, "must have its settings sorted by name, each of them once")
    if arm.method == "dense":
        if arm.settings:
            raise ExperimentError(field, "is the dense net, which takes no settings")
        return
    try:
        check_arm(arm.method, dict(arm.settings))
    except ArgumentError as error:
        raise ExperimentError(f"{field}: {error.argument}", error.rule) from error
    except ExperimentError as error:
        raise ExperimentError(f"{field}: {error.field}", error.rule) from error


def _check_expectation(experiment: Experiment, expectation: Expectation) -> None:
    names = [arm.name for arm in experiment.arms]
    for role, named in (
        ("treatment", (expectation.treatment,)),
        ("baseline", (expectation.baseline,)),
        ("minus", expectation.minus or ()),
        ("order", expectation.order),
    ):
        for name in named:
            if name not in names:
                rule = f"must be one of the arms ({', '.join(names)}), not {name!r}"
                raise ExperimentError(f"expectation.{role}", rule)
    if expectation.treatment == expectation.baseline:
        raise ExperimentError("expectation.baseline", "must be another arm than the treatment")
    if expectation.direction not in DIRECTIONS:
        raise ExperimentError(
            "expectation.direction", f"must be one of {', '.join(DIRECTIONS)}, not {expectation.direction!r}"
        )
    _check_form(expectation)
    find_metric(experiment, expectation.metric, expectation.names)
    margin = expectation.margin
    if isinstance(margin, bool) or not isinstance(margin, (int, float)) or not math.isfinite(margin) or margin < 0:
        raise ExperimentError("expectation.margin", f"must be a finite number of 0 or more, not {margin!r}")


def _check_form(expectation: Expectation) -> None:
    """Accept an expectation whose optional fields fit its direction."""
    order = expectation.order
    if (expectation.direction == "ordered") != bool(order):
        raise ExperimentError("expectation.order", "must be given for the direction 'ordered' and for no other")
    if order and (len(order) < 3 or (order[0], order[-1]) != (expectation.treatment, expectation.baseline)):
        raise ExperimentError(
            "expectation.order", "must name three arms or more, from the treatment down to the baseline"
        )
    _refuse_repeats("expectation.order", order)
    if expectation.minus and (order or expectation.minus[0] == expectation.minus[1]):
        raise ExperimentError("expectation.minus", "must be two different arms, and goes with no order")


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refuse_repeats(field: str, values: tuple | list) -> None:
    repeated = [value for value, count in Counter(values).items() if count > 1]
    if repeated:
        raise ExperimentError(field, f"must differ from one another; {repeated[0]!r} comes more than once")
