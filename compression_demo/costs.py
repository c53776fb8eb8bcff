"""What an experiment will cost: seconds from rates measured on this machine, and what the store already holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from statistics import median

from .cells import CellStore, list_arms
from .provenance import available_cores
from .testbeds import Testbed, get
from .types import Arm, Estimate, Experiment

REFERENCE_CALIBRATION = 256
"""The number of calibration inputs that the declared "calibrate" seconds are for."""


@dataclass(frozen=True)
class SeedCosts:
    """Declared seconds of what one seed still needs: its net, its Hessians, and each missing arm."""

    net: float
    calibrate: float
    arms: dict[Arm, float]

    @property
    def total(self) -> float:
        return self.net + self.calibrate + sum(self.arms.values())


def estimate(experiment: Experiment, home: Path) -> Estimate:
    """Seconds that a run will take from its start, and its cells with those found in the store (then 0 s if all are).

    Rates are the testbed's declared ones, scaled by what its latest cells really took on this machine.
    """
    testbed, store = get(experiment.testbed), CellStore(home)
    missing = {seed: len(store.missing(experiment, seed)) for seed in experiment.seeds}
    cells = len(list_arms(experiment)) * len(experiment.seeds)
    cached = cells - sum(missing.values())
    if cached == cells:
        return Estimate(0.0, cells, cached)
    shares = share_out([seed for seed in experiment.seeds if missing[seed]])
    longest = max(sum(seed_costs(experiment, seed, home).total for seed in share) for share in shares)
    return Estimate(round((testbed.seconds["start"] + longest) * _slowness(testbed, home), 1), cells, cached)


def seed_costs(experiment: Experiment, seed: int, home: Path) -> SeedCosts:
    """What one seed still needs if any of its cells is missing."""
    testbed = get(experiment.testbed)
    trained = testbed.net_file(seed, home / "nets").exists()
    calibrate = testbed.seconds["calibrate"] * (1 + experiment.calibration / REFERENCE_CALIBRATION) / 2
    arms = CellStore(home).missing(experiment, seed)
    each = {arm: testbed.seconds["evaluate"] + testbed.seconds.get(arm.method, 0.0) for arm in arms}
    return SeedCosts(0.0 if trained else testbed.seconds["net"], calibrate, each)


def share_out(seeds: list[int]) -> list[list[int]]:
    """Seeds dealt out to one worker process per core."""
    workers = min(available_cores(), len(seeds))
    return [seeds[index::workers] for index in range(workers)]


def _slowness(testbed: Testbed, home: Path) -> float:
    """How many times longer than declared the latest cells took here; 1 where nothing is known."""
    ratios = []
    for cell in CellStore(home).latest(testbed):
        for part, seconds in cell["seconds"].items():
            declared = testbed.seconds.get(cell["of"]["method"] if part == "compress" else part, 0.0)
            if seconds > 0 and declared >= 0.05:
                ratios.append(seconds / declared)
    return median(ratios) if ratios else 1.0
