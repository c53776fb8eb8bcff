"""What an inconclusive verdict would have needed: the spread between seeds, and the seeds that would settle it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import fmean, stdev

from .judge import FEWEST_SEEDS, LOOKS, OTHER_LOOK, list_steps, margin_of, pair
from .methods import find_metric
from .types import Direction, Experiment, Outcome, RunResult

MOST_SEEDS = 1000
"""Beyond so many, no number is given."""


@dataclass(frozen=True)
class Need:
    """How far a run is from a verdict, in the metric's units.

    effect: the mean difference in the claim's direction; spread: its standard deviation between seeds.
    edge: what the interval has to be clear of; of the two edges of an equivalence, the nearer one.
    towards: the outcome on whose side of the edge the mean lies.
    seeds: the fewest that would give this outcome if mean and spread stayed as they are; None above `MOST_SEEDS`.
    """

    effect: float
    spread: float
    edge: float
    towards: Outcome
    seeds: int | None


def find_need(experiment: Experiment, result: RunResult) -> Need | None:
    """What the verdict on an experiment would need; None where the seeds are too few, or without spread, to say."""
    expectation = experiment.expectation
    metric = find_metric(experiment, expectation.metric, expectation.names)
    steps = [pair(experiment, step, result, metric) for step in list_steps(expectation)]
    told = min(steps, key=fmean)
    if len(told) < FEWEST_SEEDS or stdev(told) == 0:
        return None
    effect, spread = fmean(told), stdev(told)
    edge, towards = _nearest_edge(expectation.direction, margin_of(expectation, result, metric), effect)
    return Need(effect, spread, edge, towards, _count_seeds(spread, abs(effect - edge), len(told), len(steps)))


def _nearest_edge(direction: Direction, margin: float, effect: float) -> tuple[float, Outcome]:
    if direction == "equivalent":
        return math.copysign(margin, effect), "supported" if abs(effect) < margin else "contradicted"
    edge = -margin if direction == "not_worse" else margin
    return edge, "supported" if effect > edge else "contradicted"


def _count_seeds(spread: float, distance: float, begun: int, steps: int) -> int | None:
    """The fewest seeds above `begun` at which the half-width of the interval falls below `distance`."""
    from scipy.special import stdtrit

    for seeds in range(begun + 1, MOST_SEEDS + 1):
        level = 1 - LOOKS.get(seeds, OTHER_LOOK) / steps
        if float(stdtrit(seeds - 1, 0.5 + level / 2)) * spread / math.sqrt(seeds) < distance:
            return seeds
    return None
