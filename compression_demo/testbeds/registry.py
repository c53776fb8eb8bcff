"""What a testbed is, and the registry of those that an experiment can name."""

from __future__ import annotations

import inspect
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from compression_demo.errors import DuplicateName, ExperimentError
from compression_demo.provenance import hash_sources

if TYPE_CHECKING:
    import torch
    from torch import nn

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
class Trial:
    """One seed of a testbed: what all arms of that seed share.

    model: the dense net, in eval mode.
    calibration: (samples, ...) inputs from which Hessians are taken.
    held_out: (samples, ...) inputs that neither training nor calibration saw, for layer errors.
    evaluate: a net of the same shape -> the value of each metric but `layer_error`.
    """

    model: nn.Module
    calibration: torch.Tensor
    held_out: torch.Tensor
    evaluate: Callable[[nn.Module], dict[str, float]]


LAYER_ERROR = Metric("layer_error", "relative layer output error, summed over layers", "", "lower")
"""Measured by the engine for every testbed, on the trial's held-out inputs."""


class Testbed(ABC):
    """A model, its data and its metrics. A seed is an independently trained net with an independent calibration draw."""

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    metrics: ClassVar[tuple[Metric, ...]]
    calibration_limit: ClassVar[int]
    """The most calibration inputs that can be drawn."""
    seconds: ClassVar[Mapping[str, float]]
    """Measured seconds on one core: "start" (imports and data, once a process), "net", "calibrate" (for 256 inputs
    and the held-out ones), "evaluate" (an arm), and for each method the compression of all layers."""
    libraries: ClassVar[tuple[str, ...]] = ()
    """Distributions whose version changes the nets or the data."""

    @abstractmethod
    def available(self) -> tuple[bool, str]:
        """Whether the testbed can run here, and else what to install."""

    @abstractmethod
    def prepare(self, seed: int, calibration: int, nets: Path, tick: Tick) -> Trial:
        """The trial of `seed` with `calibration` inputs; its net is read from the folder `nets` or trained into it."""

    @abstractmethod
    def net_file(self, seed: int, nets: Path) -> Path:
        """Where the trained net of a seed is kept under the folder `nets`."""

    @property
    def source_hash(self) -> str:
        """The hash of the files that define this testbed and of the libraries under it: new code, new nets."""
        files = {Path(inspect.getfile(kind)) for kind in type(self).__mro__ if issubclass(kind, Testbed)}
        return hash_sources(files, ("torch", "numpy", *self.libraries))

    def metric(self, name: str) -> Metric:
        """The metric of that name.

        Raises:
            ExperimentError: there is none.
        """
        for metric in self.metrics:
            if metric.name == name:
                return metric
        known = ", ".join(metric.name for metric in self.metrics)
        raise ExperimentError("expectation.metric", f"must be one that {self.name} measures ({known}), not {name!r}")


TESTBEDS: dict[str, Testbed] = {}
Kind = TypeVar("Kind", bound=Testbed)


def testbed(kind: type[Kind]) -> type[Kind]:
    """Register the decorated class under its `name`; the class itself is left as it is.

    Raises:
        DuplicateName: the name is taken.
    """
    if kind.name in TESTBEDS:
        raise DuplicateName(f"a testbed named {kind.name!r} is registered already")
    TESTBEDS[kind.name] = kind()
    return kind


def names() -> list[str]:
    """The names of all testbeds, available or not."""
    return list(TESTBEDS)


def get(name: str) -> Testbed:
    """The testbed of that name.

    Raises:
        ExperimentError: there is none.
    """
    if name not in TESTBEDS:
        raise ExperimentError("testbed", f"must be one of {', '.join(TESTBEDS)}, not {name!r}")
    return TESTBEDS[name]
