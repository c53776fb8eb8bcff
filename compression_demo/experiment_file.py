"""An experiment written by a person, as TOML or JSON: read, checked, and refused with the field and the rule it breaks."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from .errors import CompressionError, ExperimentError
from .types import Arm, Expectation, Experiment
from .validation import validate

FIELDS = ("testbed", "arms", "expectation", "seeds", "calibration", "around", "claim", "bears_on")
ARM_FIELDS = ("name", "method", "settings")
SEEDS = (0, 1, 2, 3, 4)
CALIBRATION = 256


class BadExperimentFile(CompressionError):
    """An experiment's file cannot be used: which file, which field, which rule."""


@dataclass(frozen=True)
class Written:
    """An experiment from a file, with the claim that it tests and the concern that it bears on, where it names them."""

    experiment: Experiment
    claim: str = ""
    bears_on: str = ""


def read_experiment(file: Path) -> Written:
    """The experiment of a file: `testbed`, `arms` (each with `name`, `method`, and `settings` as a table), `expectation`
    (the fields of `Expectation`), and, where they are wanted, `seeds`, `calibration`, `around`, `claim`, `bears_on`.

    Raises:
        BadExperimentFile: names the file, the field and the rule it breaks.
    """
    try:
        written = _build(_load(file))
        validate(written.experiment)
    except ExperimentError as error:
        raise BadExperimentFile(f"{file}: {error}") from error
    return written


def _load(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadExperimentFile(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadExperimentFile(f"{file} is not text in UTF-8") from error
    try:
        data = tomllib.loads(text) if file.suffix.lower() == ".toml" else json.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadExperimentFile(f"{file} is not TOML: {error}") from error
    except json.JSONDecodeError as error:
        hint = "" if file.suffix.lower() == ".json" else " (only files that end in .toml are read as TOML)"
        raise BadExperimentFile(f"{file} is not JSON: {error}{hint}") from error
    return _table("experiment", data)


def _build(data: dict[str, Any]) -> Written:
    _refuse_others("experiment", data, FIELDS)
    for name in ("testbed", "arms", "expectation"):
        if name not in data:
            raise ExperimentError(name, "is missing")
    experiment = Experiment(
        testbed=_text("testbed", data["testbed"]),
        arms=tuple(_arm(index, arm) for index, arm in enumerate(_list("arms", data["arms"]))),
        expectation=_expectation("expectation", data["expectation"]),
        seeds=tuple(_list("seeds", data.get("seeds", list(SEEDS)))),
        calibration=data.get("calibration", CALIBRATION),
        around=tuple(_expectation(f"around[{i}]", e) for i, e in enumerate(_list("around", data.get("around", [])))),
    )
    return Written(experiment, _text("claim", data.get("claim", "")), _text("bears_on", data.get("bears_on", "")))


def _arm(index: int, data: Any) -> Arm:
    field = f"arms[{index}]"
    arm = _table(field, data)
    _refuse_others(field, arm, ARM_FIELDS)
    for name in ("name", "method"):
        _text(f"{field}.{name}", arm.get(name))
    settings = arm.get("settings", {})
    if isinstance(settings, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in settings):
        settings = {str(name): value for name, value in settings}  # as in the experiment.json of a run
    settings = _table(f"{field}.settings", settings)
    for name, value in settings.items():
        if not isinstance(value, (str, int, float, bool)):
            raise ExperimentError(f"{field}.settings.{name}", "must be a number, a text or true or false")
    return Arm(arm["name"], arm["method"], tuple(sorted(settings.items())))


def _expectation(field: str, data: Any) -> Expectation:
    given = _table(field, data)
    _refuse_others(field, given, tuple(f.name for f in fields(Expectation)))
    for name in ("treatment", "baseline"):
        _text(f"{field}.{name}", given.get(name))
    for name in ("metric", "direction"):
        _text(f"{field}.{name}", given.get(name, ""))
    for name in ("minus", "order"):
        if given.get(name) is not None:
            for arm in _list(f"{field}.{name}", given[name]):
                _text(f"{field}.{name}", arm)
    if given.get("minus") is not None and len(given["minus"]) != 2:
        raise ExperimentError(f"{field}.minus", "must be two arms, a treatment and a baseline")
    return Expectation.from_json(given)


def _refuse_others(field: str, data: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for name in data:
        if name not in known:
            raise ExperimentError(f"{field}.{name}", f"is no field; there are {', '.join(known)}")


def _table(field: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ExperimentError(field, "must be a table of names and values")
    return value


def _list(field: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ExperimentError(field, "must be a list")
    return value


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ExperimentError(field, "is missing" if value is None else f"must be a text, not {value!r}")
    return value
