"""What acts on a whole net, by retraining, sharing, coding or masking: what a procedure is, and the registry of them."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from compression_demo.algorithms.registry import Setting
from compression_demo.errors import ArgumentError, DuplicateName
from compression_demo.provenance import ENGINE_LIBRARIES, hash_sources
from compression_demo.testbeds import Metric, Testbed, Tick, Trial

if TYPE_CHECKING:
    import torch
    from torch import nn

    from .parts import PartStore


@dataclass(frozen=True)
class Part:
    """Tensors that several arms of a seed share, such as a pruned and retrained net: made by the first that needs them.

    maker, settings: what they are named by, as `Work.part` takes them. seconds: declared, on one core.
    """

    maker: Callable[..., Any]
    settings: Mapping[str, Any]
    seconds: float

    def describe(self) -> dict[str, Any]:
        """What determines it, beside the testbed and the seed."""
        return describe_part(self.maker, self.settings)


@dataclass(frozen=True)
class Work:
    """What a procedure works with: one seed's trial, its random numbers, its progress, and the parts it shares.

    `trial.model` is the dense net of the seed; it is never changed: a procedure works on a copy.
    """

    testbed: Testbed
    trial: Trial
    seed: int
    tick: Tick
    parts: PartStore

    def stream(self, purpose: str) -> torch.Generator:
        """Independent random numbers for each testbed, seed and purpose."""
        return self.testbed.stream(self.seed, purpose)

    def part(
        self, maker: Callable[..., Any], settings: Mapping[str, Any], make: Callable[[], dict[str, torch.Tensor]]
    ) -> dict[str, torch.Tensor]:
        """Tensors that several arms of a seed share (see `Part`): made once, then kept.

        They are kept by the testbed's and seed's net, the settings, and the files of the folder that `maker` is in.
        """
        return self.parts.get(self.testbed, self.seed, describe_part(maker, settings), make)


@dataclass(frozen=True)
class Outcome:
    """What a procedure made of a net.

    model: the net to evaluate in the testbed's metrics; None where the procedure only measures.
    metrics: the values of the procedure's own metrics, by name.
    layers: lines of a table for the dossier, such as the density of each layer.
    """

    model: nn.Module | None
    metrics: Mapping[str, float] = field(default_factory=dict)
    layers: tuple[Mapping[str, Any], ...] = ()


Run = Callable[..., Outcome]
"""`run(work, **settings)`."""
Parts = Callable[[Testbed, Mapping[str, Any]], tuple[Part, ...]]


@dataclass(frozen=True)
class Procedure:
    """A method of a paper that acts on a whole net: `run(work, **settings)` with the settings it takes.

    source: the paper and the place in it.
    metrics: what it measures beside the testbed's metrics.
    seconds: (testbed, settings) -> declared seconds on one core, without those of its parts, by which a run is estimated.
    retrains: settings -> whether weights are trained on the training inputs, told in every scope.
    evaluates: whether it makes a net that is evaluated in the testbed's metrics.
    sources: files of this folder, beside the procedure's own, that its numbers depend on.
    accepts: raises `ArgumentError` where settings, each of them in range, do not go together.
    local: whether what it measures is true of the machine alone that ran it, such as times; told in every scope.
    parts: (testbed, settings) -> what it shares with other arms of a seed and has to be made first.
    """

    name: str
    title: str
    source: str
    run: Run
    settings: Mapping[str, Setting]
    metrics: tuple[Metric, ...]
    seconds: Callable[[Testbed, Mapping[str, Any]], float]
    retrains: Callable[[Mapping[str, Any]], bool]
    evaluates: bool
    sources: tuple[str, ...]
    accepts: Callable[[Mapping[str, Any]], None]
    local: bool
    parts: Parts

    def check(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The accepted settings.

        Raises:
            ArgumentError: a setting that the procedure does not take, one that is missing, a value out of range, or
                settings that do not go together.
        """
        for name in given:
            if name not in self.settings:
                known = ", ".join(self.settings) or "none"
                raise ArgumentError(name, f"is no setting of {self.name}, which takes {known}")
        for setting in self.settings.values():
            if setting.required and setting.name not in given:
                raise ArgumentError(setting.name, f"is needed by {self.name}")
        accepted = {name: self.settings[name].check(value) for name, value in given.items()}
        self.accepts(accepted)
        return accepted

    @property
    def source_hash(self) -> str:
        """The hash of the files that determine its numbers, and of torch, numpy and numba."""
        here = Path(__file__).parent
        own = Path(inspect.getfile(self.run))
        files = {own, *(here / source for source in self.sources), here.parent / "engine.py"}
        return _hash_code(frozenset(files))


PROCEDURES: dict[str, Procedure] = {}
Function = TypeVar("Function", bound=Run)


def procedure(
    name: str,
    *,
    title: str,
    source: str,
    seconds: Callable[[Testbed, Mapping[str, Any]], float],
    settings: tuple[Setting, ...] = (),
    metrics: tuple[Metric, ...] = (),
    retrains: bool | Callable[[Mapping[str, Any]], bool] = False,
    evaluates: bool = True,
    sources: tuple[str, ...] = (),
    accepts: Callable[[Mapping[str, Any]], None] = lambda _: None,
    local: bool = False,
    parts: Parts = lambda testbed, settings: (),
) -> Callable[[Function], Function]:
    """Register the decorated function under `name`; the function itself is left as it is.

    Raises:
        DuplicateName: the name is taken.
    """

    def register(run: Function) -> Function:
        if name in PROCEDURES:
            raise DuplicateName(f"a procedure named {name!r} is registered already")
        by_name = {setting.name: setting for setting in settings}
        trains = retrains if callable(retrains) else lambda _: bool(retrains)
        PROCEDURES[name] = Procedure(
            name, title, source, run, by_name, metrics, seconds, trains, evaluates, sources, accepts, local,
            parts,
        )  # fmt: skip
        return run

    return register


def describe_part(maker: Callable[..., Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """What determines a part, beside the testbed and the seed: its maker with the files beside it, and its settings."""
    sources = _hash_code(frozenset(Path(inspect.getfile(maker)).parent.glob("*.py")))
    return {"maker": f"{maker.__module__}.{maker.__qualname__}", "settings": dict(settings), "sources": sources}


def name_part(of: Mapping[str, Any]) -> str:
    """The file name of a part: the hash of all that determines it."""
    from compression_demo.types import canonical

    return hashlib.sha256(canonical(dict(of)).encode()).hexdigest()


@lru_cache
def _hash_code(files: frozenset[Path]) -> str:
    """The hash of source files as this process first saw them: an edit while it runs is not what it runs."""
    return hash_sources(files, ENGINE_LIBRARIES)
