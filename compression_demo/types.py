"""The types that flow out of `compression_demo`: experiments, results, verdicts.

Everything here is plain data with a JSON form (`to_json` / `from_json`), so that it can cross a process, a
checkpoint or a terminal. `Experiment.digest` is the SHA-256 of the canonical JSON.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

from .phrases import describe_settings

Outcome = Literal["supported", "contradicted", "inconclusive", "failed"]
Direction = Literal["greater", "equivalent", "not_worse", "ordered"]
"""`greater`: treatment better than baseline; `equivalent`: within the margin either way; `not_worse`: not below
the baseline by more than the margin; `ordered`: each arm of `order` better than the next. Better = higher for accuracy,
lower for an error metric."""
Setting = float | int | bool | str


@dataclass(frozen=True)
class Arm:
    """One way of compressing: a method of the registries with its settings.

    `method` is one of `compression_demo.algorithms.METHODS` (each layer by itself) or of
    `compression_demo.procedures.PROCEDURES` (the whole net, perhaps retrained), or "dense"; `settings` are sorted
    (name, value) pairs, e.g. (("sparsity", 0.9),) or (("bits", 3), ("per_channel", True)).
    """

    name: str
    method: str
    settings: tuple[tuple[str, Setting], ...] = ()

    def setting_text(self) -> str:
        """The settings in words: "90 % sparsity", "3 bits, one scale per channel"."""
        return describe_settings(dict(self.settings)) or "as trained"


@dataclass(frozen=True)
class Expectation:
    """What the claim says will happen: `treatment` against `baseline` (arm names) in `metric`.

    `margin` is in the metric's units (percentage points for accuracy); for `greater` and `ordered` it is the least gain
    claimed (0: any), for the other two the tolerated difference.
    """

    treatment: str
    baseline: str
    metric: str = "accuracy"
    direction: Direction = "greater"
    margin: float = 0.0
    minus: tuple[str, str] | None = None
    """A second treatment and baseline, whose difference is taken off the first: "matters more for A than for B"."""
    order: tuple[str, ...] = ()
    """For `ordered`: the arms from best to worst, the treatment first and the baseline last."""

    def to_json(self) -> dict[str, Any]:
        """Without the fields that a plain comparison leaves empty, so that its digest is that of older versions."""
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Expectation":
        minus = data.get("minus")
        named = {"minus": (minus[0], minus[1]) if minus else None, "order": tuple(data.get("order", ()))}
        return Expectation(**{**data, **named})

    @property
    def names(self) -> tuple[str, ...]:
        """The arms that it speaks of, each once."""
        return tuple(dict.fromkeys((self.treatment, self.baseline, *(self.minus or ()), *self.order)))


@dataclass(frozen=True)
class Experiment:
    """A claim made testable. Seeds are independent nets, calibration draws and paired evaluations."""

    testbed: str
    arms: tuple[Arm, ...]
    expectation: Expectation
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    calibration: int = 256
    """Number of calibration inputs drawn per seed."""
    around: tuple[Expectation, ...] = ()
    """The same question at neighbouring settings: told beside the verdict, no part of it."""

    def to_json(self) -> dict[str, Any]:
        data = {**asdict(self), "expectation": self.expectation.to_json()}
        data["around"] = [other.to_json() for other in self.around]
        if not self.around:
            del data["around"]
        return data

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Experiment":
        arms = tuple(
            Arm(a["name"], a["method"], tuple(sorted((str(k), v) for k, v in a.get("settings", ()))))
            for a in data["arms"]
        )
        return Experiment(
            testbed=data["testbed"],
            arms=arms,
            expectation=Expectation.from_json(data["expectation"]),
            seeds=tuple(int(s) for s in data["seeds"]),
            calibration=int(data["calibration"]),
            around=tuple(Expectation.from_json(other) for other in data.get("around", ())),
        )

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical JSON of this experiment."""
        return hashlib.sha256(canonical(self.to_json()).encode()).hexdigest()


@dataclass(frozen=True)
class Row:
    """One measured value: an arm at its setting, on one seed."""

    arm: str
    setting: str
    seed: int
    metric: str
    value: float


@dataclass(frozen=True)
class RunResult:
    """All rows of a finished run with its provenance (versions, machine, source hash, seconds, from_store)."""

    digest: str
    rows: tuple[Row, ...]
    provenance: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "RunResult":
        return RunResult(data["digest"], tuple(Row(**row) for row in data["rows"]), data["provenance"])


@dataclass(frozen=True)
class Verdict:
    """What the run says of the claim. Computed by `judge`, never by a language model.

    `effect` is the mean over seeds of treatment minus baseline in the metric's units, signed so that positive is the
    claim's direction; `interval` its paired-t confidence interval (None where it cannot be computed); `scope` names
    the testbed; `reason` says in one sentence why the outcome is what it is.
    """

    outcome: Outcome
    effect: float | None
    interval: tuple[float, float] | None
    scope: str
    bears_on: str
    digest: str
    reason: str = ""
    confidence: float | None = None
    """Confidence level of the interval, e.g. 0.98."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Verdict":
        interval = data.get("interval")
        return Verdict(**{**data, "interval": tuple(interval) if interval else None})


@dataclass(frozen=True)
class Estimate:
    """What a run is expected to cost, from measured rates: seconds, cells (arm x seed) with those found in the store, and
    resident memory at most of all its workers in gigabytes."""

    seconds: float
    cells: int
    cached: int
    memory_gb: float = 0.0

    def in_words(self) -> str:
        """ "41 s, up to 2 GB of memory"."""
        return f"{self.seconds:.0f} s" + (f", up to {self.memory_gb:g} GB of memory" if self.memory_gb else "")


def canonical(data: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
