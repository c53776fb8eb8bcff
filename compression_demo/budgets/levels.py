"""A database of levels: each layer compressed in every way that an allocation may choose from, computed once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from ..algorithms.results import output_error
from ..errors import ArgumentError, Cancelled, ExperimentError, UnsupportedLayer
from ..models.calibration import measure_hessians
from ..models.calls import observing, split_calls
from ..models.execution import walk
from ..models.layers import find_layers, find_unsupported, read_weight
from ..models.plan import weight_bits
from ..models.steps import find_obstacle
from ..provenance import available_cores
from ..storage.accounting import (
    UNQUANTIZED,
    ActivationBits,
    LayerAccount,
    ModelAccount,
    account,
    count_layer,
    take_samples,
)
from . import result_store
from .result_store import ResultStore
from .sensitivity import OutputMeter
from .sweeps import Level, run_levels

if TYPE_CHECKING:
    import torch
    from torch import nn

    from ..algorithms import Compressed
    from ..models.calls import Call, Inputs
    from ..models.compress import Tick

PROBED_LOSS = 0.01
"""Relative loss at which a layer's sensitivity is measured: what a layer may lose in a model that is still of use."""
BUILDING = 0.7
"""Share of the progress that is told before the sensitivities are measured."""


@dataclass(frozen=True)
class Option:
    """A layer at a level.

    relative_loss: squared output error on the calibration inputs, as a share of the squared dense output; biases are
        left out.
    account: what the layer then costs, for one input.
    """

    steps: Level
    relative_loss: float
    account: LayerAccount


@dataclass(frozen=True)
class LevelDatabase:
    """The levels of a model's layers.

    dense: what the dense model costs for one input.
    options: the levels of each layer in the order given, without those that do not suit it.
    skipped: the layers that stay dense, each with the reason.
    seconds: what each layer took, without the passes over the calibration inputs.
    sensitivity: for each layer, how much of its relative loss reaches the model's output, as squared change of the
        output per squared output; empty if that was not asked for.
    """

    dense: ModelAccount
    options: Mapping[str, tuple[Option, ...]]
    skipped: Mapping[str, str]
    seconds: Mapping[str, float]
    sensitivity: Mapping[str, float]
    store: ResultStore

    def find(self, layer: str, steps: Level) -> tuple[Option, Compressed]:
        """A layer at a level other than dense: what was measured, and its result.

        Raises:
            ExperimentError: the database has no such level.
        """
        for index, option in enumerate(self.options.get(layer, ())):
            if steps and option.steps == steps:
                return option, self.store.get(layer, index)
        raise ExperimentError("plan", f"asks for a level of layer {layer!r} that the database does not hold")


def build_levels(
    model: nn.Module,
    calibration: Inputs,
    levels: Iterable[Level],
    *,
    skip: Sequence[str] = (),
    activation_bits: ActivationBits = UNQUANTIZED,
    probe: bool = True,
    folder: Path | None = None,
    threads: int | None = None,
    tick: Tick | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> LevelDatabase:
    """Compress each layer at each level, from one Hessian a layer, all calibrated on the dense model.

    Levels that differ only in what their pruning method sweeps (the sparsity) come from one pass of it; those that
    prune alike and quantize differently, from one pruning.

    Args:
        model: the dense model.
        calibration: (samples, ...) tensor, or a mapping of such tensors.
        levels: the dense one among them if layers may stay dense.
        skip: patterns of layers that stay dense.
        activation_bits: what BOPs are counted with.
        probe: measure the sensitivity of each layer, by a pass of a few inputs through the model with this layer at the
            level whose relative loss is nearest to 1 %; the model is changed while that lasts.
        folder: where results are kept, a file a layer; None: in memory.
        threads: threads over rows; None: as many as there are cores.
        tick: told of progress.
        cancelled: asked before each batch of inputs and each pass of a method.

    Raises:
        ExperimentError: no level but the dense one, or a model to probe that returns no floating-point tensor.
        Cancelled: `cancelled` said so.
        UnsupportedLayer: a method refused a layer.
        ArgumentError: no calibration inputs, or of different lengths.

    Memory: the Hessians of the few layers that share an input, one layer's results of one pass (5 bytes a weight and
    level), and the packed results of one layer, or of all layers without a folder.
    """
    job = _Job(
        model, tuple(dict.fromkeys(levels)), activation_bits, probe, ResultStore(folder), threads or available_cores(),
        tick or (lambda done, words: None), cancelled or (lambda: False),
    )  # fmt: skip
    return job.run(calibration, skip)


@dataclass
class _Job:
    """A database under construction."""

    model: nn.Module
    levels: Sequence[Level]
    activation_bits: ActivationBits
    probe: bool
    store: ResultStore
    threads: int
    tick: Tick
    cancelled: Callable[[], bool]
    options: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    done: float = 0.0

    def __post_init__(self) -> None:
        if not any(self.levels):
            raise ExperimentError("levels", "must hold one or more that are not dense")
        self.layers = find_layers(self.model)

    def run(self, calibration: Inputs, skip: Sequence[str]) -> LevelDatabase:
        """Build it."""
        calls = split_calls(self.model, calibration)
        dense = account(self.model, take_samples(calibration, 1), activation_bits=self.activation_bits)
        accounts = {layer.name: layer for layer in dense.layers}
        wanted = self._choose_levels(skip)
        # An output that cannot be compared shall be refused before the work, not after it.
        meter = OutputMeter(self.model, calibration) if self.probe and wanted else None
        # All that grows with a layer's shape alone: multiply-adds a level, up to a factor.
        work = {name: accounts[name].rows * accounts[name].cols ** 3 for name in wanted}
        share = BUILDING if self.probe else 1.0

        def visit(names: list[str], calls: Sequence[Call]) -> None:
            self._say(f"measuring the inputs of {names[0] if len(names) == 1 else f'{len(names)} layers'}")
            hessians = measure_hessians({name: self.layers[name] for name in names}, calls, self._poll)
            for name in names:
                self._say(f"compressing {name} at {len(wanted[name])} levels")
                self._compress(accounts[name], wanted[name], hessians.pop(name, None))
                self.done += share * work[name] / sum(work.values())

        with observing(self.model):
            if wanted:
                walk(calls, {name: self.layers[name] for name in wanted}, visit)
        options = {name: self.options[name] for name in self.layers if name in self.options}
        sensitivity = self._probe(options, meter) if meter and options else {}
        self.tick(1.0, "done")
        return LevelDatabase(dense, options, self.skipped, self.seconds, sensitivity, self.store)

    def _probe(self, options: Mapping[str, Sequence[Option]], meter: OutputMeter) -> dict[str, float]:
        """The sensitivity of each layer; 0 for one that loses nothing at any level."""
        found, share = {}, (1 - self.done) / len(options)
        for name, row in options.items():
            self._say(f"measuring what {name} does to the output")
            losing = [index for index, option in enumerate(row) if option.relative_loss > 0]
            found[name] = 0.0
            if losing:
                index = min(losing, key=lambda index: abs(math.log(row[index].relative_loss / PROBED_LOSS)))
                found[name] = meter.measure(name, self.store.get(name, index).weight) / row[index].relative_loss
            self.done += share
        return found

    def _choose_levels(self, skip: Sequence[str]) -> dict[str, list[Level]]:
        """The levels that suit each layer; a layer that none suits, or none but the dense one, is skipped."""
        unsupported, wanted = find_unsupported(self.model), {}
        for name, layer in self.layers.items():
            obstacles = [find_obstacle(layer, level) for level in self.levels]
            suitable = [level for level, obstacle in zip(self.levels, obstacles, strict=True) if not obstacle]
            if any(fnmatchcase(name, pattern) for pattern in skip):
                self.skipped[name] = "the plan leaves it out"
            elif name in unsupported:
                self.skipped[name] = unsupported[name]
            elif not any(suitable):
                self.skipped[name] = next(filter(None, obstacles))
            else:
                wanted[name] = suitable
        return wanted

    def _compress(self, dense: LayerAccount, levels: list[Level], hessian: torch.Tensor | None) -> None:
        """Compress one layer at its levels; None: no input reached it."""
        if hessian is None:
            self.skipped[dense.name] = "no calibration input reached it"
            return
        started = time.monotonic()
        layer = self.layers[dense.name]
        weight = read_weight(layer)
        energy = float(output_error(weight * 0, weight, hessian).sum())
        options = {index: Option((), 0.0, dense) for index, level in enumerate(levels) if not level}
        packed = {}
        try:
            for index, result in run_levels(layer, weight, hessian, levels, threads=self.threads, poll=self._poll):
                bits, loss = weight_bits(levels[index]), float(result.loss.sum())
                counted = count_layer(
                    dense.name, dense.kind, result.weight.to(layer.weight.dtype), positions=dense.positions,
                    result=result, bits=bits, activation_bits=self.activation_bits,
                )  # fmt: skip
                options[index] = Option(levels[index], loss / energy if energy else 0.0, counted)
                packed[index] = result_store.pack(result, bits)
        except ArgumentError as error:
            raise UnsupportedLayer(dense.name, f"was refused at a level: {error}") from error
        self.store.put(dense.name, packed)
        self.options[dense.name] = tuple(options[index] for index in range(len(levels)))
        self.seconds[dense.name] = time.monotonic() - started

    def _poll(self) -> None:
        if self.cancelled():
            raise Cancelled("the compression was cancelled")

    def _say(self, words: str) -> None:
        self._poll()
        self.tick(min(self.done, 1.0), words)
