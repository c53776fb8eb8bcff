"""One view of what an arm can name: methods that act on a layer, procedures that act on a whole net."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from .algorithms import METHODS
from .errors import ExperimentError
from .models.plan import check_settings
from .procedures import PROCEDURES
from .provenance import engine_hash
from .testbeds import LAYER_ERROR, Metric, Testbed, get
from .types import Arm, Experiment


def title_of(method: str) -> str:
    """A method or procedure as people call it; "dense net" for none."""
    if method in PROCEDURES:
        return PROCEDURES[method].title
    return METHODS[method].title if method in METHODS else "dense net"


def hash_method(method: str) -> str:
    """The hash of the sources that determine what a method makes of a trial."""
    return PROCEDURES[method].source_hash if method in PROCEDURES else engine_hash()


def hash_methods(arms: Iterable[Arm]) -> dict[str, str]:
    """The hash of each method that the arms name, as stored with a result."""
    return {arm.method: hash_method(arm.method) for arm in arms}


def find_missing(experiment: Experiment) -> tuple[str, ...]:
    """What of an experiment the program does not have, or no longer has: "testbed x", "method y", "metric z"."""
    known = {"dense", *METHODS, *PROCEDURES}
    named = dict.fromkeys(arm.method for arm in experiment.arms)
    missing = [f"method {method}" for method in named if method not in known]
    try:
        get(experiment.testbed)
    except ExperimentError:
        missing.insert(0, f"testbed {experiment.testbed}")
    if not missing:
        try:
            find_metric(experiment, experiment.expectation.metric, experiment.expectation.names)
        except ExperimentError:
            missing.append(f"metric {experiment.expectation.metric}")
    return tuple(missing)


def check_arm(method: str, settings: Mapping[str, Any]) -> None:
    """Accept the settings of a method or procedure.

    Raises:
        ExperimentError: there is no such method.
        ArgumentError: names the setting and the rule it breaks.
    """
    if method in PROCEDURES:
        PROCEDURES[method].check(settings)
    elif method in METHODS:
        check_settings(method, settings)
    else:
        known = ", ".join(sorted([*METHODS, *PROCEDURES]))
        raise ExperimentError("method", f"must be one of dense, {known}, not {method!r}")


def measured(testbed: Testbed, method: str) -> tuple[Metric, ...]:
    """The metrics of a method on a testbed: the testbed's, where it makes a net, and the procedure's own."""
    if method not in PROCEDURES:
        return testbed.metrics
    found = PROCEDURES[method]
    of_net = tuple(m for m in testbed.metrics if m is not LAYER_ERROR) if found.evaluates else ()
    return (*of_net, *found.metrics)


def find_metric(experiment: Experiment, name: str, names: Iterable[str] = ()) -> Metric:
    """The metric of that name, as the arms of an experiment (all, or those of `names`) measure it.

    Raises:
        ExperimentError: an arm does not measure it.
    """
    testbed, wanted = get(experiment.testbed), set(names)
    arms = [arm for arm in experiment.arms if not wanted or arm.name in wanted]
    found: Metric | None = None
    for arm in arms:
        metrics = {metric.name: metric for metric in measured(testbed, arm.method)}
        if name not in metrics:
            rule = f"must be one that {arm.name} measures on {testbed.name} ({', '.join(metrics)}), not {name!r}"
            raise ExperimentError("expectation.metric", rule)
        found = metrics[name]
    if found is None:
        raise ExperimentError("arms", "must have at least one entry")
    return found


def keep_metrics(experiment: Experiment) -> dict[str, dict[str, dict[str, Any]]]:
    """What each arm measures, by its name and the metric's, as plain data: kept with a result, which is judged by it."""
    testbed = get(experiment.testbed)
    return {
        arm.name: {metric.name: asdict(metric) for metric in measured(testbed, arm.method)} for arm in experiment.arms
    }


def restore_metric(kept: Mapping[str, Mapping[str, Mapping[str, Any]]], name: str, arms: Iterable[str]) -> Metric:
    """The metric of that name as those arms measured it, from what `keep_metrics` told.

    Raises:
        ExperimentError: none of them did.
    """
    found = [kept[arm][name] for arm in arms if name in kept.get(arm, {})]
    if not found:
        raise ExperimentError("expectation.metric", f"must be one that was measured, not {name!r}")
    return Metric(**found[-1])


def retrains(arms: Iterable[Arm]) -> bool:
    """Whether an arm trains weights on the testbed's training inputs."""
    return any(PROCEDURES[arm.method].retrains(dict(arm.settings)) for arm in arms if arm.method in PROCEDURES)


def is_local(arms: Iterable[Arm]) -> bool:
    """Whether what an arm measures is true of the machine alone that ran it."""
    return any(PROCEDURES[arm.method].local for arm in arms if arm.method in PROCEDURES)
