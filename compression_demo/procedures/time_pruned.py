"""The time of pruned nets with the dense kernels of the library: a local measurement, no property of the nets.

A reviewer of HyevnsCqtQ doubted counts of multiplications. Masks leave a dense library as much to do as before, and the
search for winners on top of it; a net without some of its units has less to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms.registry import SPARSITY

from . import integral_pruning as integral
from . import prune_units as units
from .registry import Outcome, Work, procedure
from .wall_clock import LOCAL_MS

if TYPE_CHECKING:
    from compression_demo.testbeds import Testbed

SOURCES = (*integral.SOURCES, "integral_pruning.py", "prune_units.py", "units.py")


def estimate_masks(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds: weight pruning and the passes that are timed."""
    return 0.5 + integral.estimate_pruning(testbed, {**settings, "epochs": 0})


@procedure(
    "time_masks",
    title="time of integral pruning",
    source="asked for in a review of Integral Pruning on Activations and Weights (HyevnsCqtQ)",
    settings=(SPARSITY, integral.WINNERS),
    metrics=(LOCAL_MS,),
    seconds=estimate_masks,
    retrains=lambda settings: bool(settings["sparsity"]),
    evaluates=False,
    sources=SOURCES,
    local=True,
)
def time_masks(work: Work, sparsity: float, winners: float | str) -> Outcome:
    """The time of a net with pruned weights and masked activations; of the dense net at sparsity 0 and winner rate 1.

    It is not fine-tuned through its masks, which would change no time.
    """
    found = integral.prune_integrally(work, sparsity, winners, epochs=0)
    return Outcome(None, {LOCAL_MS.name: found.metrics[LOCAL_MS.name]})


@procedure(
    "time_units",
    title="time of unit pruning to the same multiplications",
    source="asked for in a review of Integral Pruning on Activations and Weights (HyevnsCqtQ)",
    settings=(SPARSITY, integral.WINNERS),
    metrics=(LOCAL_MS,),
    seconds=units.estimate_units,
    retrains=True,
    evaluates=False,
    sources=SOURCES,
    local=True,
)
def time_units(work: Work, sparsity: float, winners: float | str) -> Outcome:
    """The time of the net without the units that it must lose to do no more multiplications than integral pruning."""
    found = units.prune_units(work, sparsity, winners)
    return Outcome(None, {LOCAL_MS.name: found.metrics[LOCAL_MS.name]}, found.layers)
