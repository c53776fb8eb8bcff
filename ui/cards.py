"""Runs in words: a RunView -> what the card of a run says; pure but for the plot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any

from agent.verdict_words import tell_meaning
from compression_demo.judge import add_missing
from compression_demo.types import Arm, Experiment
from ui.plots import describe, draw
from ui.view import RunView

AS_PUT = "the claim as you put it"
"""What a run bears on where nobody's concern is named, which the head of the card says already."""
LATE = "late"
"""The place of a card whose verdict came after the answer."""
WORDS = {
    "supported": "SUPPORTED",
    "contradicted": "CONTRADICTED",
    "inconclusive": "INCONCLUSIVE",
    "failed": "FAILED",
}


@dataclass(frozen=True)
class Names:
    """Titles of testbeds, methods and metrics by id, and units of metrics; an id without a title is shown as it is."""

    testbeds: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def metric(self, name: str) -> str:
        """What is measured, in words."""
        return self.metrics.get(name, name.replace("_", " "))

    def quantity(self, value: str, metric: str) -> str:
        """A difference in the metric's units: differences of percentages are points."""
        unit = self.units.get(metric, "")
        return f"{value} {'points' if unit == '%' else unit}".strip()


def card(run: RunView, names: Names | None = None, place: str = "chat") -> dict[str, Any]:
    """Everything that `templates/run.html` shows. `place` keeps ids of two cards of one run apart."""
    shown: dict[str, Any] = {
        "digest": run.digest,
        "key": f"{place}-{run.turn}-{run.digest[:16]}",
        "claim": run.claim,
        "state": run.state,
        "experiment": run.experiment,
        "cached": run.cached,
        "changes": run.changes,
        "around": run.around,
        "stated": run.stated,
        "estimate": "at once, from the run store" if run.cached else words_of_seconds(run.estimate_s),
        "percent": round(100 * min(1.0, max(0.0, run.progress.fraction))),
        "message": run.progress.message,
        "left": f"{words_of_seconds(run.progress.left_s)} left" if run.progress.left_s is not None else "",
        "metric": "value",
    }
    names = names or Names()
    experiment = Experiment.from_json(run.experiment) if run.experiment else None
    if experiment is not None:
        shown |= _plan(experiment, names)
    if run.verdict is not None:
        shown |= _verdict(run, experiment, names, place)
    shown["meaning"] = _meaning(run, shown) if place == LATE and run.verdict and run.experiment else ()
    return shown


def _meaning(run: RunView, shown: Mapping[str, Any]) -> list[str]:
    """What a verdict that came after its answer means: the answer would have said it."""
    told = {
        "verdict": run.verdict, "claim": run.claim, "hypothesis": run.hypothesis, "changes": run.changes,
        "around": run.around, "rows": run.rows, "experiment": run.experiment, "testbed_title": shown["testbed"],
    }  # fmt: skip
    return tell_meaning(told)


def words_of_seconds(seconds: float | None) -> str:
    """A duration as a person says it: "about 40 s", "about 3 min"; empty when unknown."""
    if seconds is None:
        return ""
    if seconds < 1:
        return "under 1 s"
    if seconds < 90:
        return f"about {round(seconds)} s"
    return f"about {round(seconds / 60)} min"


def signed(value: float) -> str:
    """A difference with its sign: one decimal above 1, two below, two digits where those would be zeros; the minus is a
    true minus."""
    if value and abs(value) < 0.1:
        return f"{value:+.2g}".replace("-", "−")
    digits = 2 if abs(value) < 1 else 1
    return f"{value:+.{digits}f}".replace("-", "−")


def _plan(experiment: Experiment, names: Names) -> dict[str, Any]:
    seeds = len(experiment.seeds)
    return {
        "testbed": names.testbeds.get(experiment.testbed, experiment.testbed),
        "arms": [{"name": arm.name, "setting": _setting(arm, names)} for arm in experiment.arms],
        "expectation": _expectation(experiment, names),
        "seeds": str(seeds),
        "calibration": experiment.calibration,
        "metric": names.metric(experiment.expectation.metric),
    }


def _setting(arm: Arm, names: Names) -> str:
    method = names.methods.get(arm.method, arm.method)
    return ", ".join(part for part in (method if method != arm.name else "", arm.setting_text()) if part)


def _expectation(experiment: Experiment, names: Names) -> str:
    expected = experiment.expectation
    margin = names.quantity(f"{expected.margin:g}", expected.metric) if expected.margin else "the usual margin"
    more = f" by more than {margin}" if expected.margin else ""
    if expected.order:
        return f"{' better than '.join(expected.order)}, each{more}"
    treatment, baseline = expected.treatment, expected.baseline
    if expected.minus:
        treatment, baseline = f"{treatment} over {baseline}", " over ".join(expected.minus)
    return {
        "greater": f"{treatment} does better than {baseline}{more}",
        "equivalent": f"{treatment} and {baseline} are within {margin} of each other",
        "not_worse": f"{treatment} is not below {baseline} by more than {margin}",
    }[expected.direction]


def _verdict(run: RunView, experiment: Experiment | None, names: Names, place: str) -> dict[str, Any]:
    verdict = run.verdict or {}
    metric = experiment.expectation.metric if experiment else (run.rows[0]["metric"] if run.rows else "value")
    title = names.metric(metric)
    effect, interval, level = verdict.get("effect"), verdict.get("interval"), verdict.get("confidence")
    shown: dict[str, Any] = {
        "outcome": verdict["outcome"],
        "word": WORDS[verdict["outcome"]],
        "effect": names.quantity(signed(effect), metric) if effect is not None else "",
        "interval": "",
        "reason": verdict.get("reason", ""),
        "scope": add_missing(verdict.get("scope", ""), experiment) if experiment else verdict.get("scope", ""),
        "bears_on": bears_on if (bears_on := verdict.get("bears_on", "")) != AS_PUT else "",
        "table": table([row for row in run.rows if row["metric"] == metric]),
        "metric": title,
        "plot": "",
    }
    if interval:
        share = f"{100 * level:g} % interval " if level else "interval "
        shown["interval"] = f"{share}[{signed(interval[0])}, {signed(interval[1])}]"
    if experiment is not None and run.rows:
        label = f"{title} ({names.units[metric]})" if names.units.get(metric) else title
        shown["plot"] = draw(experiment, run.rows, verdict, label, f"{place}-{run.digest[:12]}")
        shown["plot_alt"] = describe(experiment, run.rows, verdict, title)
        shown["caption"] = (
            f"Left: {title} of each arm, one point a seed, lines join the same seed, the bar is the mean. "
            "Right: the difference per seed, its mean and interval."
        )
    return shown


def table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Rows of one metric as arms by seeds, in the order in which they were measured, with means over seeds."""
    if not rows:
        return None
    seeds = sorted({row["seed"] for row in rows})
    arms: dict[tuple[str, str], dict[int, float]] = {}
    for row in rows:
        arms.setdefault((row["arm"], row["setting"]), {})[row["seed"]] = row["value"]
    return {
        "seeds": seeds,
        "rows": [
            {
                "arm": arm,
                "setting": setting if setting != arm else "",
                "cells": [_number(values.get(seed)) for seed in seeds],
                "mean": _number(fmean(values.values())),
            }
            for (arm, setting), values in arms.items()
        ],
    }


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f}" if abs(value) >= 0.01 or value == 0 else f"{value:.2g}"
