"""What the procedures that share values have in common: the net they begin with, the search for a ratio, fine-tuning."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from compression_demo.errors import RunFailed
from compression_demo.testbeds import Labelled

from .curvature import flatten, measure_curvature
from .prune_iteratively import find_weights, prune_in_rounds
from .registry import Outcome, Work
from .scalar_quantizers import Clustering, Line, cluster_best
from .shared_net import SharedNet
from .shared_values import FULL_BITS, INDEX_BITS, Book, SharedValues
from .sharing_settings import BITS_PER_WEIGHT, COMPRESSION_RATIO, describe_curvature
from .training import fine_tune

if TYPE_CHECKING:
    import torch
    from torch import nn

    from .sharing_settings import Code, Plan

Quantize = Callable[[Line, float], Clustering]
"""(line, fineness) -> clusters, of which more gives more bits."""
TUNING_RATE = 1e-3
"""Learning rate of shared values, each of which moves many weights at once."""


@dataclass(frozen=True)
class Start:
    """The net that values are to be shared in: its weights by name, and the importance of each."""

    model: nn.Module
    weights: Mapping[str, torch.Tensor]
    importance: Mapping[str, torch.Tensor]
    pruned: bool

    def plain(self) -> Start:
        """The same with all weights alike important."""
        return replace(self, importance={name: w.new_ones(w.shape) for name, w in self.weights.items()})


def share_values(work: Work, plan: Plan, quantize: Quantize, finenesses: Sequence[float]) -> Outcome:
    """The net with its weights shared by `quantize` at the finest of the rising `finenesses` that keeps the plan's
    limit, read back from its bits; the values fine-tuned first where the plan says so.

    Raises:
        RunFailed: no fineness keeps the limit; or the testbed has no training inputs.
    """
    start = begin(work, plan)
    target = plan.ratio
    if plan.like_clusters is not None:
        target = share(start.plain(), plan.together, cluster_best, plan.like_clusters).measure_ratio(plan.code)

    def keeps(shared: SharedValues) -> bool:
        if target is None:
            return max(len(book.values) for book in shared.books) <= (plan.clusters or 0)
        return shared.measure_ratio(plan.code) >= target

    work.tick(0.5, "sharing values")
    found = None
    low, high = 0, len(finenesses)
    while low < high:
        middle = (low + high) // 2
        tried = share(start, plan.together, quantize, finenesses[middle])
        if keeps(tried):
            found, low = tried, middle + 1
        else:
            high = middle
    if found is None:
        wanted = f"{plan.clusters} shared values" if target is None else f"a compression ratio of {target:.4g}"
        raise RunFailed(f"{wanted} cannot be reached by this quantizer on {work.testbed.name}")
    return finish(work, start, found, plan.code, plan.epochs)


def begin(work: Work, plan: Plan) -> Start:
    """The dense net, or the one pruned with fine-tuning, with the importance of its weights.

    Raises:
        RunFailed: training inputs are needed, and the testbed has none.
    """
    model, pruned = copy.deepcopy(work.trial.model), bool(plan.sparsity)
    if pruned:
        model.load_state_dict(prune_in_rounds(work, plan.sparsity))
    weights = find_weights(model)
    start = Start(model, weights, {}, pruned)
    if plan.weighting == "none":
        return start.plain()
    importance = work.part(measure_curvature, describe_curvature(plan), lambda: _measure(work, plan, model, weights))
    return replace(start, importance={name: importance[name] for name in weights})


def share(start: Start, together: bool, quantize: Quantize, fineness: float) -> SharedValues:
    """All weights, or those of each layer, shared by a quantizer; pruned weights are left out and stay zero."""
    names = list(start.weights)
    groups = [names] if together else [[name] for name in names]
    books = []
    for group in groups:
        flat = flatten({name: start.weights[name] for name in group}).double().numpy()
        importance = flatten({name: start.importance[name] for name in group}).double().numpy()
        kept = flat != 0 if start.pruned else np.ones(len(flat), dtype=bool)
        found = quantize(Line.of(flat[kept], importance[kept]), fineness)
        codes = np.zeros(len(flat), dtype=np.int64)
        codes[kept] = found.codes + 1
        books.append(Book(found.values, codes, INDEX_BITS if start.pruned else None))
    return SharedValues({name: weight.shape for name, weight in start.weights.items()}, tuple(books))


def finish(work: Work, start: Start, shared: SharedValues, code: Code, epochs: int) -> Outcome:
    """The net of shared values after their fine-tuning, read back from its bits, with what it takes to store them."""
    if epochs:
        shared = tune(work, start, shared, epochs)
    model = copy.deepcopy(start.model)
    model.load_state_dict(model.state_dict() | shared.read_back())
    ratio = shared.measure_ratio(code)
    metrics = {COMPRESSION_RATIO.name: ratio, BITS_PER_WEIGHT.name: FULL_BITS / ratio}
    return Outcome(model, metrics, shared.describe())


def tune(work: Work, start: Start, shared: SharedValues, epochs: int) -> SharedValues:
    """Shared values trained by the sum of the gradients of their weights (Deep Compression, Eq. 3); codes stay."""
    net = SharedNet(start.model, shared)
    stream = work.stream("fine-tuning of shared values")
    fine_tune(net, _training(work), epochs=epochs, stream=stream, tick=work.tick, learning_rate=TUNING_RATE)
    values = net.read_values()
    return replace(shared, books=tuple(replace(b, values=v) for b, v in zip(shared.books, values, strict=True)))


def _training(work: Work) -> Labelled:
    if work.trial.training is None:
        raise RunFailed(f"{work.testbed.name} has no training inputs, from which curvature and shared values come")
    return work.trial.training


def _measure(work: Work, plan: Plan, model: nn.Module, weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    import torch

    work.tick(0.1, "measuring the curvature")
    training = _training(work)
    chosen = torch.randperm(len(training.labels), generator=work.stream("curvature"))[: plan.samples]
    samples = Labelled(training.inputs[chosen], training.labels[chosen])
    return measure_curvature(model, weights, plan.weighting, samples, work.stream("curvature, batches"))
