"""What is done to each layer of a model: methods with settings, by patterns of layer names. Plain data with a JSON form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

from ..errors import ArgumentError, ExperimentError

Calibration = Literal["independent", "sequential"]
"""independent: all layers see the dense model's activations; sequential: those of the model compressed so far."""
Correction = Literal["none", "batchnorm", "mean_variance"]
"""What is re-estimated after compression: batch-norm statistics, or each layer's output mean and variance."""
CALIBRATIONS: tuple[Calibration, ...] = ("independent", "sequential")
CORRECTIONS: tuple[Correction, ...] = ("none", "batchnorm", "mean_variance")


@dataclass(frozen=True)
class Step:
    """One method of the registry with its settings, as sorted (name, value) pairs."""

    method: str
    settings: tuple[tuple[str, float | int | bool | str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"method": self.method, **dict(self.settings)}


def weight_bits(steps: Sequence[Step]) -> int | None:
    """Bits a code after these steps; None where none of them quantizes."""
    found = [value for step in steps for name, value in step.settings if name == "bits"]
    return int(found[-1]) if found else None


@dataclass(frozen=True)
class Rule:
    """The steps for the layers whose names match `layers`, a shell pattern ("*", "features.*.conv").

    Steps run in order, each on the result of the one before: at most one that prunes, then at most one that
    quantizes the survivors. No steps: these layers stay dense.
    """

    layers: str
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        _check_tuple("steps", self.steps, "Rule(layers, (step,))")


@dataclass(frozen=True)
class Plan:
    """What is done to a model. The first rule that matches a layer's name holds; one that no rule matches stays dense.

    skip: patterns of layers that stay dense whatever the rules say.
    one_at_a_time: hold one layer's Hessian at a time, at the price of a pass over the calibration inputs for each.
    """

    rules: tuple[Rule, ...] = ()
    skip: tuple[str, ...] = ()
    calibration: Calibration = "independent"
    correction: Correction = "none"
    one_at_a_time: bool = False
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What else belongs on record, such as the budget that the rules were found for."""

    def __post_init__(self) -> None:
        _check_tuple("rules", self.rules, "Plan((rule,))")
        _check_tuple("skip", self.skip, 'Plan(skip=("*.head",))')

    def steps_for(self, layer: str) -> tuple[Step, ...]:
        """The steps for a layer of that name."""
        if any(fnmatchcase(layer, pattern) for pattern in self.skip):
            return ()
        return next((rule.steps for rule in self.rules if fnmatchcase(layer, rule.layers)), ())

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back to an equal plan."""
        found: dict[str, Any] = {
            "rules": [{"layers": rule.layers, "steps": [step.to_json() for step in rule.steps]} for rule in self.rules],
            "skip": list(self.skip),
            "calibration": self.calibration,
            "correction": self.correction,
            "one_at_a_time": self.one_at_a_time,
        }
        return found | ({"notes": dict(self.notes)} if self.notes else {})

    @staticmethod
    def from_json(data: Any) -> Plan:
        """The plan of a JSON object; absent fields take their defaults.

        Raises:
            ExperimentError: names the field and the rule it breaks.
        """
        known = {"rules", "skip", "calibration", "correction", "one_at_a_time", "notes"}
        _refuse_others("plan", data, known)
        rules = _list("rules", data.get("rules", []))
        plan = Plan(
            rules=tuple(_read_rule(f"rules[{index}]", rule) for index, rule in enumerate(rules)),
            skip=tuple(_list("skip", data.get("skip", []))),
            calibration=data.get("calibration", "independent"),
            correction=data.get("correction", "none"),
            one_at_a_time=data.get("one_at_a_time", False),
            notes=data.get("notes", {}),
        )
        if not all(isinstance(pattern, str) for pattern in plan.skip):
            raise ExperimentError("skip", "must be a list of patterns of layer names")
        for name, allowed in (("calibration", CALIBRATIONS), ("correction", CORRECTIONS)):
            if getattr(plan, name) not in allowed:
                raise ExperimentError(name, f"must be one of {', '.join(allowed)}, not {getattr(plan, name)!r}")
        if not isinstance(plan.one_at_a_time, bool):
            raise ExperimentError("one_at_a_time", f"must be true or false, not {plan.one_at_a_time!r}")
        if not isinstance(plan.notes, Mapping):
            raise ExperimentError("notes", f"must be an object, not {plan.notes!r}")
        return plan


def make_step(method: str, **settings: Any) -> Step:
    """A step with its settings checked.

    Raises:
        ExperimentError: the method is unknown, or a setting that it does not take, lacks, or that is out of range.
    """
    from ..algorithms import METHODS

    if method not in METHODS:
        raise ExperimentError("method", f"must be one of {', '.join(sorted(METHODS))}, not {method!r}")
    try:
        accepted = check_settings(method, settings)
    except ArgumentError as error:
        raise ExperimentError(f"{method}: {error.argument}", error.rule) from error
    return Step(method, tuple(sorted(accepted.items())))


def check_settings(method: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a method of the registry as accepted for plans and experiments, one by one and together.

    Raises:
        ArgumentError: as `Method.check`; n above m; or `channel`, which each layer's kernel decides.
    """
    from ..algorithms import METHODS, arguments

    if "channel" in settings and "channel" in METHODS[method].settings:
        raise ArgumentError("channel", "must be left out: it is taken from the kernel of each layer")
    accepted = METHODS[method].check(settings)
    if accepted.keys() >= {"n", "m"}:
        arguments.check_pattern(accepted["n"], accepted["m"])
    return accepted


def make_rule(layers: str, *steps: Step) -> Rule:
    """A rule whose steps prune at most once and quantize at most once, in that order.

    Raises:
        ExperimentError: other sequences of steps.
    """
    from ..algorithms import METHODS

    kinds = [METHODS[step.method].kind for step in steps]
    if kinds not in ([], ["prune"], ["quantize"], ["prune", "quantize"]):
        given = " then ".join(kinds)
        raise ExperimentError(
            "steps", f"must be one that prunes, one that quantizes, or both in that order, not {given}"
        )
    if sum("bits" in dict(step.settings) for step in steps) > 1:
        raise ExperimentError("steps", f"must quantize once; {steps[0].method} with bits does it already")
    return Rule(layers, tuple(steps))


def _read_rule(field: str, data: Any) -> Rule:
    _refuse_others(field, data, {"layers", "steps"})
    if not isinstance(data.get("layers"), str) or not data["layers"]:
        raise ExperimentError(f"{field}.layers", 'must be a pattern of layer names, such as "*"')
    try:
        return make_rule(data["layers"], *(_read_step(step) for step in _list("steps", data.get("steps", []))))
    except ExperimentError as error:
        raise ExperimentError(f"{field}.{error.field}", error.rule) from error


def _read_step(data: Any) -> Step:
    if not isinstance(data, dict) or not isinstance(data.get("method"), str):
        raise ExperimentError("steps", 'must be objects with a "method" and its settings')
    return make_step(data["method"], **{str(name): value for name, value in data.items() if name != "method"})


def _check_tuple(argument: str, value: Any, example: str) -> None:
    if not isinstance(value, (tuple, list)):
        raise ArgumentError(argument, f"must be a tuple, as in {example}, not a {type(value).__name__}")


def _list(field: str, data: Any) -> list[Any]:
    if not isinstance(data, list):
        raise ExperimentError(field, f"must be a list, not {data!r}")
    return data


def _refuse_others(field: str, data: Any, known: set[str]) -> None:
    if not isinstance(data, dict):
        raise ExperimentError(field, f"must be an object with {', '.join(sorted(known))}, not {data!r}")
    for name in data:
        if name not in known:
            raise ExperimentError(field, f"has no field {name!r}; it takes {', '.join(sorted(known))}")
