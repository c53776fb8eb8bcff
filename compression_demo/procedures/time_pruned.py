"""The time of pruned nets with the dense kernels of the library: a local measurement, no property of the nets.

A reviewer of HyevnsCqtQ doubted counts of multiplications. Masks leave a dense library as much to do as before, and the
search for winners on top of it; a net without some of its units has less to do. It is the processor's time on one thread
that is taken, which is that of the clock on the wall where nothing else runs, and hardly moves where something does.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from compression_demo.algorithms.registry import SPARSITY
from compression_demo.testbeds import Metric

from . import integral_pruning as integral
from . import prune_units as units
from .prune_iteratively import find_weights
from .registry import Outcome, Work, procedure
from .units import shrink

if TYPE_CHECKING:
    import torch
    from torch import nn


PROCESSOR_MS = Metric(
    "processor_ms", "processor time for 1,000 inputs with dense kernels on this machine", "ms", "lower"
)
BATCH, ROUNDS = 250, 40
SOURCES = (*integral.SOURCES, "integral_pruning.py", "prune_units.py", "units.py")


TIMED_S = 0.5
"""Seconds of the passes that are timed."""


@procedure(
    "time_masks",
    title="time of integral pruning",
    source="asked for in a review of Integral Pruning on Activations and Weights (HyevnsCqtQ)",
    settings=(SPARSITY, integral.WINNERS),
    metrics=(PROCESSOR_MS,),
    seconds=lambda testbed, settings: TIMED_S,
    parts=integral.name_pruned,
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
    assert found.model is not None
    return Outcome(None, {PROCESSOR_MS.name: measure_processor_ms(found.model, integral.require_training(work).inputs)})


@procedure(
    "time_units",
    title="time of unit pruning to the same multiplications",
    source="asked for in a review of Integral Pruning on Activations and Weights (HyevnsCqtQ)",
    settings=(SPARSITY, integral.WINNERS),
    metrics=(PROCESSOR_MS,),
    seconds=lambda testbed, settings: TIMED_S + units.estimate_units(testbed, settings),
    parts=units.name_goal,
    retrains=True,
    evaluates=False,
    sources=SOURCES,
    local=True,
)
def time_units(work: Work, sparsity: float, winners: float | str) -> Outcome:
    """The time of the net without the units that it must lose to do no more multiplications than integral pruning."""
    found = units.prune_units(work, sparsity, winners)
    assert found.model is not None
    hidden = list(find_weights(found.model).items())[:-1]
    kept = {name.removesuffix(".weight"): weight.flatten(1).any(1) for name, weight in hidden}
    smaller = shrink(found.model, kept)
    inputs = integral.require_training(work).inputs
    return Outcome(None, {PROCESSOR_MS.name: measure_processor_ms(smaller, inputs)}, found.layers)


def measure_processor_ms(model: nn.Module, inputs: torch.Tensor) -> float:
    """Milliseconds of one thread for 1,000 inputs: four times the least of 40 batches of 250 of `inputs` (samples, ...)."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    batch = inputs.repeat(-(-BATCH // len(inputs)), *(1 for _ in inputs.shape[1:]))[:BATCH].contiguous()
    taken = []
    try:
        with torch.inference_mode():
            for _ in range(ROUNDS):
                started = time.thread_time()
                model(batch)
                taken.append(time.thread_time() - started)
    finally:
        torch.set_num_threads(threads)
    return 1000 * min(taken) * 1000 / BATCH
