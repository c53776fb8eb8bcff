"""What a testbed is, and the registry of those that an experiment can name."""

from __future__ import annotations

import hashlib
import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from compression_demo.errors import DuplicateName, ExperimentError
from compression_demo.provenance import hash_sources
from compression_demo.rates import LayerShape

from .packages import find_missing

if TYPE_CHECKING:
    import torch
    from torch import nn

    from compression_demo.models.calls import Inputs

Tick = Callable[[float, str], None]
"""Told after each step: the share done, 0 to 1, and what is being done, in words."""


@dataclass(frozen=True)
class Metric:
    """A measured quantity. `deterministic`: two seeds may give the very same value without that being suspicious."""

    name: str
    title: str
    unit: str
    better: Literal["higher", "lower"]
    deterministic: bool = False


@dataclass(frozen=True)
class Labelled:
    """Inputs (samples, ...) with their classes (samples,) int64."""

    inputs: torch.Tensor
    labels: torch.Tensor


@dataclass(frozen=True)
class Trial:
    """One seed of a testbed: what all arms of that seed share.

    model: the dense net, in eval mode.
    calibration: (samples, ...) inputs from which Hessians are taken, or a mapping of such tensors.
    held_out: (samples, ...) inputs that neither training nor calibration saw, for layer errors; or a mapping.
    evaluate: a net of the same shape -> the value of each metric but `layer_error`.
    training: what the net was trained on, for procedures that retrain it; None where that is not at hand.
    """

    model: nn.Module
    calibration: Inputs
    held_out: Inputs
    evaluate: Callable[[nn.Module], dict[str, float]]
    training: Labelled | None = None


@dataclass(frozen=True)
class Seconds:
    """Measured seconds on one core, without the compression itself.

    start: imports and data, once a process.
    net: the net of a seed where it is not kept yet; 0 where it comes in a package.
    calibrate: all Hessians from one calibration input.
    held_out: all Hessians from the held-out inputs.
    evaluate: the metrics of one arm, layer errors included.
    prepare: what else a seed needs before its Hessians, such as the dense net's predictions.
    """

    start: float
    net: float
    calibrate: float
    held_out: float
    evaluate: float
    prepare: float = 0.0


LAYER_ERROR = Metric("layer_error", "relative layer output error, summed over layers", "", "lower")
"""Measured by the engine for every testbed, on the trial's held-out inputs."""


class Testbed(ABC):
    """A model, its data and its metrics.

    A seed is a draw of its own of calibration and evaluation inputs; where `own_net`, an independently trained net too.
    """

    name: str
    title: str
    description: str
    metrics: tuple[Metric, ...]
    own_net: bool = False
    """Whether each seed trains a net of its own; else all seeds share one pretrained net."""
    memory_gb: float = 1.0
    """Resident memory that a worker takes at its peak, measured; as many seeds run side by side as fit."""
    calibration_limit: int
    """The most calibration inputs that can be drawn."""
    seconds: Seconds
    layers: tuple[LayerShape, ...]
    """The layers that are compressed, by which the seconds of a method are estimated."""
    requires: ClassVar[Mapping[str, str]]
    """Modules without which it cannot run, each with what to give to `pip install` for it."""
    libraries: ClassVar[tuple[str, ...]] = ()
    """Distributions whose version changes the nets or the data."""
    sources: ClassVar[tuple[str, ...]] = ()
    """Files of this folder, beside those of the testbed's own classes, that its nets or data depend on."""

    def available(self) -> tuple[bool, str]:
        """Whether the testbed can run here, and else what to install or to name."""
        missing = find_missing(self.requires)
        return (False, f"{self.name} needs {missing}") if missing else (True, "")

    @abstractmethod
    def prepare(self, seed: int, calibration: int, nets: Path, tick: Tick) -> Trial:
        """The trial of `seed` with `calibration` inputs; its net is read from a package or the folder `nets`, or
        made and kept there."""

    @property
    def epoch_s(self) -> float | None:
        """Seconds of one pass over the training inputs, forward and back; None where the net cannot be retrained here."""
        return None

    def net_file(self, seed: int, nets: Path) -> Path | None:
        """Where a net that is made here is kept under the folder `nets`; None where a package or the user brings it."""
        return None

    @property
    def source_hash(self) -> str:
        """The hash of the files that define this testbed and of the libraries under it: new code, new nets."""
        kinds = [kind for kind in type(self).__mro__ if issubclass(kind, Testbed)]
        files = {Path(inspect.getfile(kind)) for kind in kinds}
        files |= {Path(__file__).parent / source for kind in kinds for source in vars(kind).get("sources", ())}
        return hash_sources(files, ("torch", "numpy", *self.libraries))

    def stream(self, seed: int, purpose: str) -> torch.Generator:
        """Independent random numbers for each testbed, seed and purpose."""
        import torch

        text = f"{self.name}/{seed}/{purpose}".encode()
        return torch.Generator().manual_seed(int.from_bytes(hashlib.sha256(text).digest()[:7], "big"))


class NamedTestbed(Testbed):
    """A testbed made for a name that the user gives, such as "timm:resnet18": the family's prefix, then `argument`."""

    prefix: ClassVar[str]
    pattern: ClassVar[str]
    """What a name of the family looks like."""
    family_title: ClassVar[str]
    family_description: ClassVar[str]

    @abstractmethod
    def __init__(self, argument: str) -> None:
        """The testbed of that name; nothing is read before it is asked for something."""


@dataclass(frozen=True)
class Entry:
    """A line of the list of testbeds: a testbed, or a family of them under its pattern."""

    name: str
    title: str
    description: str
    available: bool
    reason: str
    """What to install or to name where it is not available; empty where it is."""


TESTBEDS: dict[str, Testbed] = {}
FAMILIES: dict[str, type[NamedTestbed]] = {}
Kind = TypeVar("Kind", bound=Testbed)
Family = TypeVar("Family", bound=NamedTestbed)


def testbed(kind: type[Kind]) -> type[Kind]:
    """Register the decorated class under its `name`; the class itself is left as it is.

    Raises:
        DuplicateName: the name is taken.
    """
    if kind.name in TESTBEDS:
        raise DuplicateName(f"a testbed named {kind.name!r} is registered already")
    TESTBEDS[kind.name] = kind()
    return kind


def testbed_family(kind: type[Family]) -> type[Family]:
    """Register the decorated class for all names that begin with its `prefix` and a colon.

    Raises:
        DuplicateName: the prefix is taken.
    """
    if kind.prefix in FAMILIES:
        raise DuplicateName(f"a family of testbeds named {kind.prefix!r} is registered already")
    FAMILIES[kind.prefix] = kind
    return kind


def names() -> list[str]:
    """The names of all testbeds, available or not; those of families, which have no end, left out."""
    return list(TESTBEDS)


def overview() -> list[Entry]:
    """All testbeds and families, each with whether it can run here and else what to install or to name."""
    entries = []
    for name, found in TESTBEDS.items():
        entries.append(Entry(name, found.title, found.description, *found.available()))
    for family in FAMILIES.values():
        missing = find_missing(family.requires)
        reason = f"{family.pattern} needs {missing}" if missing else ""
        entries.append(Entry(family.pattern, family.family_title, family.family_description, not missing, reason))
    return entries


def get(name: str) -> Testbed:
    """The testbed of that name, or one made for it where the name belongs to a family.

    Raises:
        ExperimentError: there is none.
    """
    if name in TESTBEDS:
        return TESTBEDS[name]
    prefix, colon, argument = name.partition(":")
    if colon and prefix in FAMILIES and argument:
        return FAMILIES[prefix](argument)
    patterns = " or ".join(family.pattern for family in FAMILIES.values())
    raise ExperimentError("testbed", f"must be one of {', '.join(TESTBEDS)}, {patterns}, not {name!r}")
