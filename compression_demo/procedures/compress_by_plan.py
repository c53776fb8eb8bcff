"""Optimal Brain Compression on a whole net: pruning and quantization joined, independent or sequential calibration.

Frantar, Singh and Alistarh, "Optimal Brain Compression", NeurIPS 2022: Sec. 3 (layers independently, or one after the
other on the compressed ones), Sec. 5 (pruning first, then OBQ on the weights that are left).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import Setting
from compression_demo.errors import ArgumentError
from compression_demo.models.compress import CompressedModel, compress
from compression_demo.models.layers import find_layers
from compression_demo.models.plan import Plan, Rule, Step
from compression_demo.models.steps import find_obstacle
from compression_demo.provenance import ENGINE_SOURCES
from compression_demo.rates import estimate_compression
from compression_demo.testbeds import Metric

from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compression_demo.testbeds import Testbed

WEIGHT_BITS = Metric("weight_bits", "bits of the non-zero weights, against 32 for every weight", "%", "lower", True)
PRUNERS = ("exact_obs", "magnitude", "magnitude_refit", "sparsegpt")
QUANTIZERS = ("obq", "gptq", "rtn")


def _check_among(name: str, known: tuple[str, ...], value: Any) -> str:
    if value not in known:
        raise ArgumentError(name, f"must be one of {', '.join(known)}, not {value!r}")
    return value


def estimate_plan(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds of the steps on all layers."""
    return sum(estimate_compression(step.method, testbed.layers) for step in _steps(settings))


@procedure(
    "compress_by_plan",
    title="pruning and quantization of a whole net",
    source="Optimal Brain Compression (Frantar et al., NeurIPS 2022), Sec. 3 and 5",
    settings=(
        Setting("pruner", f"{', '.join(PRUNERS)}", partial(_check_among, "pruner", PRUNERS)),
        Setting("sparsity", "share of weights set to zero, 0 to 1", arguments.check_sparsity),
        Setting("n", "columns zeroed in each group of m", partial(arguments.check_count, "n")),
        Setting("m", "columns in a group", partial(arguments.check_count, "m")),
        Setting("quantizer", f"{', '.join(QUANTIZERS)}", partial(_check_among, "quantizer", QUANTIZERS)),
        Setting("bits", "bits per weight, 1 to 16", arguments.check_bits),
        Setting(
            "calibration",
            "independent or sequential",
            partial(_check_among, "calibration", ("independent", "sequential")),
        ),
    ),
    metrics=(WEIGHT_BITS,),
    seconds=estimate_plan,
    sources=(
        *map(str, ENGINE_SOURCES),
        *(f"../models/{name}.py" for name in ("compress", "copying", "execution", "plan")),
    ),
)
def compress_by_plan(work: Work, **settings: Any) -> Outcome:
    """The net with all layers pruned, quantized, or both; a layer whose input channels groups of m do not divide is
    quantized only.

    Raises:
        ArgumentError: settings that name neither a sparsity or pattern nor bits, or half a pattern.
    """
    steps = _steps(settings)
    rules = []
    for name, layer in find_layers(work.trial.model).items():
        taken = tuple(step for step in steps if not find_obstacle(layer, [step]))
        rules.append(Rule(name, taken))
    calibration = settings.get("calibration", "independent")
    plan = Plan(tuple(rules), calibration=calibration)
    done = compress(work.trial.model, work.trial.calibration, plan, threads=1, tick=work.tick)
    return Outcome(done.model, {WEIGHT_BITS.name: count_bits(done)}, _table(done))


def count_bits(done: CompressedModel) -> float:
    """The bits of all weights that are not zero, at the width of their layer, in percent of 32 bits for every weight."""
    sizes = [(report.rows * report.cols, report.zero_share, report.bits or 32) for report in done.layers]
    return 100.0 * sum(n * (1 - zeros) * bits for n, zeros, bits in sizes) / sum(32 * n for n, _, _ in sizes)


def _steps(settings: Mapping[str, Any]) -> tuple[Step, ...]:
    """Pruning, then quantization, as far as the settings name them."""
    given, steps = dict(settings), []
    if ("n" in given) != ("m" in given):
        raise ArgumentError("n", "goes with m, and m with n")
    pruner = given.get("pruner", "exact_obs")
    if "m" in given:
        steps.append(Step(f"{pruner}_nm", (("m", given["m"]), ("n", given["n"]))))
    elif "sparsity" in given:
        steps.append(Step(pruner, (("sparsity", given["sparsity"]),)))
    if "bits" in given:
        steps.append(Step(given.get("quantizer", "obq"), (("bits", given["bits"]),)))
    if not steps:
        raise ArgumentError("bits", "or a sparsity, or n and m, must be given")
    return tuple(steps)


def _table(done: CompressedModel) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"layer": r.name, "zero_share": r.zero_share, "bits": r.bits, "error": r.error, "skipped": r.skipped}
        for r in done.layers
    )
