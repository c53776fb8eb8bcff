"""Compress a whole model by a plan."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..algorithms.results import output_error
from ..errors import ArgumentError, Cancelled, UnsupportedLayer
from ..provenance import available_cores
from .calibration import measure_hessians
from .calls import Call, observing, split_calls
from .copying import copy_model
from .correction import correct_mean_variance, reestimate_batch_norm
from .execution import walk
from .layers import describe_shape, find_layers, find_unsupported, read_weight, write_weight
from .plan import Plan, weight_bits
from .steps import estimate_seconds, find_obstacle, run_steps

if TYPE_CHECKING:
    import torch
    from torch import nn

    from ..algorithms import Compressed
    from .calls import Inputs
    from .layers import Layer
    from .plan import Step

Tick = Callable[[float, str], None]
"""Told the share of the work that is done, 0 to 1, and what comes next, in words."""


@dataclass(frozen=True)
class LayerReport:
    """What was done to a layer.

    rows, cols: output channels, and inputs of each; groups: of a convolution, else 1.
    steps: those taken, none for a layer that stays dense.
    zero_share: of its weights, 0 to 1. bits: of its codes, None if it is not quantized.
    error: squared output error as a share of the squared dense output (biases left out), on the calibration inputs.
    seconds: of the steps, without the passes over the calibration inputs.
    skipped: why the plan's steps were not taken; "" if they were, or if there are none for it.
    """

    name: str
    rows: int
    cols: int
    groups: int
    steps: tuple[Step, ...] = ()
    zero_share: float = 0.0
    bits: int | None = None
    error: float = 0.0
    seconds: float = 0.0
    skipped: str = ""

    @classmethod
    def of_dense(cls, name: str, layer: Layer, skipped: str = "") -> LayerReport:
        """Of a layer to which nothing has been done."""
        shape = describe_shape(layer)
        return cls(name, shape.rows, shape.cols, shape.groups, zero_share=_share_zeros(layer.weight), skipped=skipped)

    def after(self, steps: tuple[Step, ...], weight: torch.Tensor, error: float, seconds: float) -> LayerReport:
        """The report once `steps` have made `weight` (rows, cols) of the layer's."""
        return replace(
            self, steps=steps, zero_share=_share_zeros(weight), bits=weight_bits(steps), error=error, seconds=seconds
        )


@dataclass(frozen=True)
class CompressedModel:
    """A compressed model with what was done to it.

    layers: all Linear and convolution layers, in the order of the model.
    results: of the layers whose steps were taken, by name, in the order in which that was done; matrices (rows, cols)
        in the layer's own order of columns. Losses are those before statistics were corrected, as are reported errors.
    """

    model: nn.Module
    plan: Plan
    layers: tuple[LayerReport, ...]
    results: Mapping[str, Compressed]


def compress(
    model: nn.Module,
    calibration: Inputs,
    plan: Plan,
    *,
    threads: int | None = None,
    tick: Tick | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> CompressedModel:
    """Compress a copy of a model layer by layer, each to the least output error on the calibration inputs.

    Independent calibration takes the Hessians of all layers from the dense model. Sequential calibration takes each
    layer's from the model whose earlier layers are compressed, in the order of execution; the target is the dense
    weight in both, so the error made by earlier layers is seen but not made good. Layers that cannot be compressed are
    reported with the reason: a weight shared with another module, no calibration input that reaches them, input
    channels that groups of m or blocks do not divide. Groups and blocks of convolutions run over the input channels at
    one kernel position.

    Args:
        model: any module; it is not changed.
        calibration: (samples, ...) tensor for `model(x)`, or a mapping of tensors for `model(**x)`; tokens at which its
            `attention_mask` is 0 do not count (`token_masks` for models with an encoder and a decoder).
        plan: the steps of each layer, the kind of calibration, and the correction that follows (`correction`).
        threads: threads over rows; None: as many as there are cores.
        tick: told of progress; shares are those of the estimated costs.
        cancelled: asked before each batch of inputs and each layer.

    Raises:
        Cancelled: `cancelled` said so.
        UnsupportedLayer: a method refused a layer, for instance a Hessian that is not of full rank without damping; or
            the model cannot be copied because of it.
        ExperimentError: the plan breaks a rule, or its correction does not suit the model.
        ArgumentError: no calibration inputs, of another type or of different lengths; or no plan.

    Cost: `steps.estimate_seconds` gives it by layer: ExactOBS and OBQ take rows * cols^3 / 3 multiply-adds, which rules them out
    for layers some thousand columns wide; GPTQ and SparseGPT take rows * cols^2 + cols^3. Memory: a copy of the model
    and the Hessians of all layers, 8 * cols^2 bytes each; with `one_at_a_time`, or sequential calibration, those of
    one layer, or of the few that share an input. Passes: `execution.walk`.
    """
    if not isinstance(plan, Plan):
        raise ArgumentError("plan", f"must be a Plan, such as Plan((make_rule(...),)), not a {type(plan).__name__}")
    plan = Plan.from_json(plan.to_json())  # checks it
    job = _Job(
        model, plan, threads or available_cores(), tick or (lambda done, words: None), cancelled or (lambda: False)
    )
    job.run(calibration)
    if plan.correction != "none" and job.results:
        job.poll("correcting statistics")
        job.correct(calibration)
    job.tick(1.0, "done")
    return CompressedModel(job.copy, plan, tuple(job.reports.values()), job.results)


class _Job:
    """A compression under way: `copy` is the model as compressed so far."""

    def __init__(self, model: nn.Module, plan: Plan, threads: int, tick: Tick, cancelled: Callable[[], bool]) -> None:
        self.dense, self.plan, self.threads, self.tick, self._cancelled = model, plan, threads, tick, cancelled
        self.copy = copy_model(model)
        self.layers = find_layers(self.copy)
        self.results: dict[str, Compressed] = {}
        self.reports, self.wanted = _prepare(self.copy, plan)
        self._seconds = estimate_seconds(model, plan)
        self._done = 0.0

    def poll(self, words: str = "") -> None:
        """Report progress, if there is something to say.

        Raises:
            Cancelled: the caller wants no more of it.
        """
        if self._cancelled():
            raise Cancelled("the compression was cancelled")
        if words:
            self.tick(self._done, words)

    def run(self, calibration: Inputs) -> None:
        """Compress all wanted layers of the copy."""
        sequential = self.plan.calibration == "sequential"
        measured = self.copy if sequential else self.dense
        sources = find_layers(measured)
        calls = split_calls(measured, calibration)

        def visit(names: list[str], calls: Sequence[Call]) -> None:
            for part in [[name] for name in names] if self.plan.one_at_a_time else [names]:
                self.poll(f"measuring the inputs of {part[0] if len(part) == 1 else f'{len(part)} layers'}")
                hessians = measure_hessians({name: sources[name] for name in part}, calls, self.poll)
                for name in part:
                    self._compress_layer(name, hessians.pop(name, None))

        with observing(measured):
            if sequential or self.plan.one_at_a_time:
                walk(calls, {name: sources[name] for name in self.wanted}, visit)
            elif self.wanted:
                visit(list(self.wanted), calls)

    def correct(self, calibration: Inputs) -> None:
        """Correct the statistics of the copy as the plan says."""
        if self.plan.correction == "batchnorm":
            reestimate_batch_norm(self.copy, calibration)
        else:
            self.results = correct_mean_variance(self.copy, self.dense, calibration, self.results)

    def _compress_layer(self, name: str, hessian: torch.Tensor | None) -> None:
        if hessian is None:
            self.reports[name] = replace(self.reports[name], skipped="no calibration input reached it")
            return
        self.poll(f"compressing {name}")
        layer, steps, started = self.layers[name], self.wanted[name], time.monotonic()
        dense = read_weight(layer)
        try:
            result = run_steps(layer, dense, hessian, steps, threads=self.threads)
        except ArgumentError as error:
            raise UnsupportedLayer(name, f"was refused: {error}") from error
        seconds = time.monotonic() - started
        output = float(output_error(dense * 0, dense, hessian).sum())
        write_weight(layer, result.weight)
        self.results[name] = result
        error = float(result.loss.sum()) / output if output else 0.0
        self.reports[name] = self.reports[name].after(steps, result.weight, error, seconds)
        self._done = min(1.0, self._done + self._seconds[name] / sum(self._seconds.values()))


def _prepare(model: nn.Module, plan: Plan) -> tuple[dict[str, LayerReport], dict[str, tuple[Step, ...]]]:
    """The report of each layer as long as nothing is done to it, and the steps of those to be compressed."""
    unsupported, reports, wanted = find_unsupported(model), {}, {}
    for name, layer in find_layers(model).items():
        steps = plan.steps_for(name)
        skipped = (unsupported.get(name) or find_obstacle(layer, steps)) if steps else ""
        reports[name] = LayerReport.of_dense(name, layer, skipped)
        if steps and not skipped:
            wanted[name] = steps
    return reports, wanted


def _share_zeros(weight: torch.Tensor) -> float:
    return float((weight == 0).double().mean())
