"""What an experiment will cost: seconds from rates measured on this machine, and what the store already holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from .cells import CellStore, group_arms, list_arms
from .methods import hash_method
from .procedures import PROCEDURES, PartStore
from .provenance import available_cores, machine_id
from .rates import estimate_compression
from .testbeds import Testbed, get
from .types import Arm, Estimate, Experiment

MEMORY_LIMIT_GB = 8.0
"""Resident memory at which a run is ended as failed, unless it is told another."""
TELLING_S = 0.05
"""Parts declared to take less than this say nothing about the machine's speed."""


@dataclass(frozen=True)
class SeedCosts:
    """Declared seconds of what one seed still needs: its net and inputs, its Hessians, and each missing arm; what several
    arms share is in the first of them."""

    net: float
    calibrate: float
    arms: dict[Arm, float]

    @property
    def total(self) -> float:
        return self.net + self.calibrate + sum(self.arms.values())


def estimate(experiment: Experiment, home: Path) -> Estimate:
    """Seconds that a run will take from its start, its workers' memory, and its cells with those found in the store (then
    0 s if all are).

    Rates are the testbed's and the methods' declared ones, scaled by what the testbed's latest cells really took on
    this machine.
    """
    testbed, store = get(experiment.testbed), CellStore(home)
    missing = {seed: len(store.missing(experiment, seed)) for seed in experiment.seeds}
    cells = len(list_arms(experiment)) * len(experiment.seeds)
    cached = cells - sum(missing.values())
    if cached == cells:
        return Estimate(0.0, cells, cached)
    shares = share_out([seed for seed in experiment.seeds if missing[seed]], testbed)
    longest = max(_share_seconds(testbed, [seed_costs(experiment, seed, home) for seed in share]) for share in shares)
    seconds = round((testbed.seconds.start + longest) * _slowness(testbed, home), 1)
    return Estimate(seconds, cells, cached, testbed.memory_gb * len(shares))


def seed_costs(experiment: Experiment, seed: int, home: Path) -> SeedCosts:
    """What one seed still needs if any of its cells is missing."""
    testbed = get(experiment.testbed)
    arms = CellStore(home).missing(experiment, seed)
    file = testbed.net_file(seed, home / "nets")
    net = testbed.seconds.prepare + (0.0 if file is None or file.exists() else testbed.seconds.net)
    parts, each, counted = PartStore(home / "parts"), {}, set()
    for group in group_arms(arms):
        for arm in group:
            each[arm] = _evaluation_seconds(testbed, arm.method)
            each[arm] += _compression_seconds(testbed, arm.method, arm.settings) / len(group)
            for name, seconds in _name_parts(testbed, seed, arm.method, arm.settings, parts).items():
                if name not in counted and not parts.has(name):
                    counted.add(name)
                    each[arm] += seconds
    return SeedCosts(net, _calibration_seconds(testbed, experiment.calibration), each)


def share_out(seeds: list[int], testbed: Testbed, memory_limit_gb: float = MEMORY_LIMIT_GB) -> list[list[int]]:
    """Seeds dealt out to one worker process per core, or to as many as fit into memory."""
    workers = max(1, min(available_cores(), len(seeds), int(memory_limit_gb / testbed.memory_gb)))
    return [seeds[index::workers] for index in range(workers)]


def _share_seconds(testbed: Testbed, seeds: list[SeedCosts]) -> float:
    """What the seeds of one worker take; a net that they all share is made once."""
    made_before = 0.0 if testbed.own_net else (seeds[0].net - testbed.seconds.prepare) * (len(seeds) - 1)
    return sum(seed.total for seed in seeds) - made_before


def _compression_seconds(testbed: Testbed, method: str, settings: Iterable[tuple[str, Any]]) -> float:
    if method in PROCEDURES:
        return PROCEDURES[method].seconds(testbed, dict(settings))
    return estimate_compression(method, testbed.layers, int(dict(settings).get("rounds", 1)))


def _evaluation_seconds(testbed: Testbed, method: str) -> float:
    """Seconds of the testbed's metrics, which a procedure without a net of its own does not ask for."""
    evaluates = method not in PROCEDURES or PROCEDURES[method].evaluates
    return testbed.seconds.evaluate if evaluates else 0.0


def _name_parts(
    testbed: Testbed, seed: int, method: str, settings: Iterable[tuple[str, Any]], parts: PartStore
) -> dict[str, float]:
    """What an arm shares with others of its seed: by name of the part, its declared seconds."""
    if method not in PROCEDURES:
        return {}
    found = PROCEDURES[method].parts(testbed, dict(settings))
    return {parts.name(testbed, seed, part.describe()): part.seconds for part in found}


def _calibration_seconds(testbed: Testbed, calibration: int) -> float:
    return testbed.seconds.calibrate * calibration + testbed.seconds.held_out


def _slowness(testbed: Testbed, home: Path) -> float:
    """How many times longer than declared the latest cells of the present sources took on this machine; 1 where nothing is
    known."""
    ratios, parts = [], PartStore(home / "parts")
    for cell in CellStore(home).latest(testbed):
        of = cell["of"]
        if cell.get("machine") != machine_id() or of["engine_hash"] != hash_method(of["method"]):
            continue  # of older sources nothing is declared any more
        declared = _declared(testbed, of) | _name_parts(testbed, of["seed"], of["method"], of["settings"], parts)
        for part, seconds in (cell["seconds"] | cell.get("parts", {})).items():
            if seconds > 0 and declared.get(part, 0.0) >= TELLING_S:
                ratios.append(seconds / declared[part])
    return median(ratios) if ratios else 1.0


def _declared(testbed: Testbed, of: dict[str, Any]) -> dict[str, float]:
    """The declared seconds of each part of a stored cell."""
    return {
        "net": testbed.seconds.net + testbed.seconds.prepare,
        "calibrate": _calibration_seconds(testbed, of["calibration"]),
        "compress": _compression_seconds(testbed, of["method"], of["settings"]),
        "evaluate": _evaluation_seconds(testbed, of["method"]),
    }
