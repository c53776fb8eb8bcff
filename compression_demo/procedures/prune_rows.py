"""Whether the rows of a layer can be pruned one by one: the same weights, and errors that add up to the layer's.

Frantar, Singh and Alistarh, "Optimal Brain Compression", NeurIPS 2022, Sec. 4: the squared output error of a layer is a sum
over its rows, which share the Hessian X X^T and nothing else.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.prune_unstructured import prune_unstructured
from compression_demo.algorithms.registry import Setting
from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.models.calibration import calibrate
from compression_demo.models.layers import find_layers, read_weight, write_weight
from compression_demo.provenance import ENGINE_SOURCES
from compression_demo.rates import LayerShape, estimate_compression
from compression_demo.testbeds import Metric

from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import nn

    from compression_demo.testbeds import Testbed

WAYS = ("together", "apart")
OUTPUTS_S = 0.1
"""Seconds of the layers' real outputs on calibration inputs."""
ERROR = Metric(
    "rows_error", "squared output error of the layers, as a share of their squared dense output", "", "lower", True
)
DISTANCE = Metric("rows_distance", "largest difference from a weight of the rows pruned together", "", "lower", True)


def _check_rows(value: Any) -> str:
    if value not in WAYS:
        raise ArgumentError("rows", f"must be one of {', '.join(WAYS)}, not {value!r}")
    return value


def estimate_rows(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds: real outputs; the Hessians, from 256 inputs; all layers at once; and each row as a layer of its own, which has its
    own inverse to find."""
    seconds = OUTPUTS_S + 256 * testbed.seconds.calibrate + estimate_compression("exact_obs", testbed.layers)
    if settings["rows"] == "together":
        return seconds
    alone = [LayerShape(1, layer.cols, 1, layer.rows * layer.count) for layer in testbed.layers]
    return seconds + estimate_compression("exact_obs", alone)


@procedure(
    "rows_of_layers",
    title="pruning of a layer's rows together or one by one",
    source="Optimal Brain Compression (Frantar et al., NeurIPS 2022), Sec. 4",
    settings=(
        Setting("rows", "together or apart", _check_rows, required=True),
        Setting("sparsity", "share of each layer's weights set to zero", arguments.check_sparsity, required=True),
    ),
    metrics=(ERROR, DISTANCE),
    sources=tuple(map(str, ENGINE_SOURCES)),
    seconds=estimate_rows,
    evaluates=False,
)
def prune_rows(work: Work, rows: str, sparsity: float) -> Outcome:
    """ExactOBS on each layer of the dense net, in float64: all rows in one call, whose error is that of the layer's real
    outputs; or each row in a call of its own, as many weights removed as there, whose errors are added up.

    Raises:
        RunFailed: the calibration inputs are no plain tensor.
    """
    import torch

    inputs, model = work.trial.calibration, work.trial.model
    if not isinstance(inputs, torch.Tensor):
        raise RunFailed(f"the rows of layers are compared for plain inputs alone, which {work.testbed.name} has not")
    found, lines = find_layers(model), []
    for name, hessian in calibrate(model, inputs).items():
        work.tick(len(lines) / len(found), f"pruning {name}")
        weight = read_weight(found[name]).double()
        together = prune_unstructured(weight, hessian, sparsity=sparsity)
        pruned, energy = together.weight, measure_output(model, name, weight, inputs)
        if rows == "together":
            error = measure_output(model, name, weight - pruned, inputs)
        else:
            pruned, error = prune_one_by_one(weight, hessian, (~together.mask).sum(1).tolist())
        distance = float((pruned - together.weight).abs().max())
        lines.append({"layer": name, "error": error / energy, "distance": distance})
    metrics = {
        ERROR.name: sum(line["error"] for line in lines),
        DISTANCE.name: max(line["distance"] for line in lines),
    }
    return Outcome(None, metrics, tuple(lines))


def prune_one_by_one(weight: torch.Tensor, hessian: torch.Tensor, removed: list[int]) -> tuple[torch.Tensor, float]:
    """The rows of a weight (rows, cols) float64 pruned each by itself, `removed` weights of each; and the sum of their
    errors, each as its own call tells it.

    `hessian`: (cols, cols), or (groups, cols, cols) where equal parts of the rows have inputs of their own.
    """
    import torch

    grouped = hessian if hessian.ndim == 3 else hessian[None]
    size, rows, error = len(weight) // len(grouped), [], 0.0
    for number, row in enumerate(weight):
        share = removed[number] / len(row)
        found = prune_unstructured(row[None], grouped[number // size], sparsity=share)
        rows.append(found.weight)
        error += float(found.loss.sum())
    return torch.cat(rows), error


def measure_output(model: nn.Module, name: str, weight: torch.Tensor, inputs: torch.Tensor) -> float:
    """The mean squared length of a layer's output vectors with `weight` (rows, cols) float64 and no bias, on what the layer
    gets when the model sees `inputs` (samples, ...)."""
    import torch

    layer = find_layers(model)[name]
    own = copy.deepcopy(layer).double()
    seen: list[torch.Tensor] = []
    hook = layer.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    try:
        with torch.no_grad():
            model(inputs)
    finally:
        hook.remove()
    with torch.no_grad():
        if own.bias is not None:
            own.bias.zero_()
        write_weight(own, weight)
        outputs = [own(part.double()) for part in seen]
    vectors = sum(output.numel() for output in outputs) / len(weight)
    return sum(float(output.square().sum()) for output in outputs) / vectors
