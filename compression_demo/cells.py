"""The store of cells: one (testbed, arm, seed, calibration) each, computed once and shared by all experiments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .algorithms import METHODS
from .files import read_json, write_json
from .methods import hash_method, is_local
from .provenance import machine_id
from .testbeds import Testbed, get
from .types import Arm, Experiment, canonical

DENSE = Arm("dense", "dense")
"""The net as trained: measured for every seed, since its accuracy is stated with every result."""


def list_arms(experiment: Experiment) -> list[Arm]:
    """What is measured for each seed: the dense net, then the arms; those that do the same under two names once."""
    return list({(arm.method, arm.settings): arm for arm in (DENSE, *experiment.arms)}.values())


def group_arms(arms: Iterable[Arm]) -> list[list[Arm]]:
    """Arms that one pass of their method serves, together: those that differ only in the setting it sweeps over."""
    groups: dict[tuple, list[Arm]] = {}
    for arm in arms:
        settings = dict(arm.settings)
        shared = METHODS[arm.method].split_swept(settings)[0] if arm.method in METHODS else arm.settings
        groups.setdefault((arm.method, shared), []).append(arm)
    return list(groups.values())


class CellStore:
    """Cells as JSON files under `<home>/cells`, named by the SHA-256 of all that determines their numbers."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "cells"

    def describe(self, testbed: Testbed, arm: Arm, seed: int, calibration: int) -> dict[str, Any]:
        """What determines a cell's numbers: the arm without its name, the sources of testbed and engine, and the machine
        where times are measured."""
        return {
            "testbed": testbed.name,
            "testbed_hash": testbed.source_hash,
            "engine_hash": hash_method(arm.method),
            "method": arm.method,
            "settings": asdict(arm)["settings"],
            "seed": seed,
            "calibration": calibration,
        } | ({"machine": machine_id()} if is_local([arm]) else {})

    def get(self, testbed: Testbed, arm: Arm, seed: int, calibration: int) -> dict[str, Any] | None:
        """The stored cell: "of" (what it is), "machine" (by which), "metrics", "layers", "seconds", "parts" (the seconds of
        those that it made); None if it has not been computed."""
        return read_json(self._file(self.describe(testbed, arm, seed, calibration)))

    def put(self, testbed: Testbed, arm: Arm, seed: int, calibration: int, cell: dict[str, Any]) -> None:
        """Store a computed cell, of this machine where it names no other; whole or not at all."""
        of = self.describe(testbed, arm, seed, calibration)
        write_json(self._file(of), {"of": of, "machine": machine_id(), **cell})

    def missing(self, experiment: Experiment, seed: int) -> list[Arm]:
        """The arms of an experiment's seed that are yet to be computed, the dense net first."""
        testbed = get(experiment.testbed)
        return [arm for arm in list_arms(experiment) if not self.get(testbed, arm, seed, experiment.calibration)]

    def latest(self, testbed: Testbed, limit: int = 60) -> Iterator[dict[str, Any]]:
        """Cells of a testbed, newest first, among the last `limit` stored."""
        files = sorted(self.folder.glob("[!.]*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[:limit]:
            cell = read_json(file)
            if cell and cell["of"]["testbed"] == testbed.name:
                yield cell

    def _file(self, of: dict[str, Any]) -> Path:
        return self.folder / f"{hashlib.sha256(canonical(of).encode()).hexdigest()}.json"
