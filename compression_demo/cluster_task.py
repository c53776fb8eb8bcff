"""What a Dask worker does for a run: one seed, in a compute process, as on any single machine.

A process beside the Dask worker has the environment in which sums come out the same, can be ended while Dask cannot end a
running task, and takes no Dask worker with it when it crashes. It is kept for the next seed (`kept_processes.py`). Nets and
cells are kept in the worker's own folder, by content.
"""

from __future__ import annotations

import os
import platform
import threading
import time
from collections.abc import Callable, Container
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

from .cells import CellStore, list_arms
from .crew import Broke, Finished, Said
from .dealing import POLL_S
from .kept_processes import KeptProcesses
from .methods import hash_methods
from .processes import GIGABYTE, ComputeProcess, describe_memory, resident_bytes
from .provenance import describe_machine
from .runfolder import RunFolder
from .testbeds import get
from .types import Experiment

if TYPE_CHECKING:
    from distributed import Variable, Worker

FOLDER_VARIABLE = "SECOND_OPINION_WORKER_HOME"
TOPIC = "second-opinion"
"""The topic of Dask's events under which tasks say how far they are."""
STOP = "stop"
LOOK_EVERY_S = 1.0
"""How often a task looks whether it is still wanted."""
LEASE_S = 30.0
"""A task ends when whoever gave it has been silent for this long."""


@dataclass(frozen=True)
class Order:
    """One seed for a Dask worker.

    identity: of this order, in what the task says of it and in nothing else.
    flag: the name of the variable that whoever ordered keeps changing, or sets to `STOP`.
    stored: the cells that are in the run store already, by their place among the seed's arms.
    methods, testbed: hashes of the sources and libraries that the numbers are to be made with.
    """

    identity: str
    flag: str
    experiment: dict[str, Any]
    seed: int
    stored: dict[int, dict[str, Any]]
    methods: dict[str, str]
    testbed: str
    memory_gb: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def compute_seed(order_json: dict[str, Any]) -> dict[str, Any]:
    """Compute the missing cells of a seed, on a Dask worker, telling under `TOPIC` how far it is and what it has.

    Returns "cells", by their place among the seed's arms, and "broke": None, or the fields of a `crew.Broke`.
    """
    from distributed import get_worker

    order = Order(**order_json)
    worker, experiment = get_worker(), Experiment.from_json(order.experiment)
    machine = describe_machine() | {"host": platform.node()}
    worker.log_event(TOPIC, {"identity": order.identity, "on": worker.address, "machine": machine})
    obstacle = find_obstacle(order, experiment)
    if obstacle is not None:
        return {"cells": {}, "broke": (f"{obstacle} (on the cluster's worker {worker.address})", False)}
    cells = SeedCells(worker_home(), experiment, order)
    kept = processes_of(worker)
    end = _work(
        order, experiment, cells, kept, lambda **what: worker.log_event(TOPIC, {"identity": order.identity} | what)
    )
    broke = (end.reason, end.crash, end.log) if isinstance(end, Broke) else None
    return {"cells": cells.computed(), "broke": broke}


class SeedCells:
    """The cells of an order's seed in a Dask worker's own folder `home`, where those of the order are put first."""

    def __init__(self, home: Path, experiment: Experiment, order: Order) -> None:
        self.home, self._store, self._testbed = home, CellStore(home), get(experiment.testbed)
        self._seed, self._calibration = order.seed, experiment.calibration
        self._wanted = {}
        for index, arm in enumerate(list_arms(experiment)):
            if index in order.stored:
                self._store.put(self._testbed, arm, self._seed, self._calibration, order.stored[index])
            else:
                self._wanted[index] = arm

    def computed(self, told: Container[int] = ()) -> dict[int, dict[str, Any]]:
        """Those that are there and that the order lacks, but for those `told`."""
        found = {
            index: self._store.get(self._testbed, arm, self._seed, self._calibration)
            for index, arm in self._wanted.items()
            if index not in told
        }
        return {index: cell for index, cell in found.items() if cell is not None}


def find_obstacle(order: Order, experiment: Experiment) -> str | None:
    """Why the experiment cannot be done here to the same numbers; None where it can."""
    testbed = get(experiment.testbed)
    available, reason = testbed.available()
    if not available:
        return reason
    if (hash_methods(list_arms(experiment)), testbed.source_hash) != (order.methods, order.testbed):
        return (
            "the program or its libraries differ from those of the machine that asks: "
            "install the same version with the same constraints.txt"
        )
    return None


def worker_home() -> Path:
    """The Dask worker's own folder, for nets, cells and logs."""
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder:
        return Path(folder)
    from platformdirs import user_cache_path

    return user_cache_path("second-opinion", appauthor=False) / "cluster"


_KEPT: WeakKeyDictionary[Worker, KeptProcesses] = WeakKeyDictionary()
_KEPT_LOCK = threading.Lock()
CLOSED = ("closing", "closed", "failed")


def processes_of(worker: Worker) -> KeptProcesses:
    """The compute processes that a Dask worker keeps."""
    watched = ref(worker)

    def is_open() -> bool:
        found = watched()
        return found is not None and found.status.name not in CLOSED

    with _KEPT_LOCK:
        return _KEPT.setdefault(worker, KeptProcesses(is_open))


def _work(
    order: Order, experiment: Experiment, cells: SeedCells, kept: KeptProcesses, tell: Callable[..., None]
) -> Finished | Broke:
    """Let a compute process do the seed, telling what it says and has, until it ends or is no longer wanted.

    Only a process that has finished its seed is kept; one that failed, crashed, grew too large or was told to end is not.
    """
    folder = RunFolder(cells.home / "runs" / experiment.digest)
    folder.create(experiment, {})
    lease, lent, told = Lease(order.flag), kept.take(cells.home, order.memory_gb), set()
    process, end = lent.process, None
    try:
        process.begin(folder, order.seed)
        while end is None:
            time.sleep(POLL_S)
            for report in process.read():
                if isinstance(report, (Finished, Broke)):
                    end = report
                    break
                if isinstance(report, Said):
                    tell(done=report.done, words=report.words)
                for index, cell in cells.computed(told).items():
                    tell(arm=index, cell=cell)
                    told.add(index)
            end = end or _find_reason_to_end(process, lease, order.memory_gb)
        return end
    finally:
        if isinstance(end, Finished):
            kept.give_back(lent)
        else:
            process.kill()


def _find_reason_to_end(process: ComputeProcess, lease: Lease, limit_gb: float) -> Broke | None:
    """The end of a process that takes too much memory, or whose seed nobody wants any more; None for any other."""
    used_gb = resident_bytes(process.process.pid) / GIGABYTE
    if used_gb > limit_gb:
        return process.break_off(describe_memory(used_gb, limit_gb))
    return None if lease.holds() else process.break_off("it is no longer wanted")


class Lease:
    """Whether a task is still wanted: a variable of the cluster that changes as long as it is."""

    def __init__(self, name: str) -> None:
        from distributed import Variable, get_client

        self._variable: Variable = Variable(name, client=get_client())
        self._value, self._looked, self._changed = None, 0.0, time.monotonic()

    def holds(self) -> bool:
        """False once it was set to `STOP`, or has not changed for `LEASE_S`."""
        now = time.monotonic()
        if now - self._looked >= LOOK_EVERY_S:
            self._looked = now
            try:
                value = self._variable.get(timeout=LOOK_EVERY_S)
            except Exception:
                value = self._value  # out of reach, or gone: no sign that it is wanted
            if value != self._value:
                self._value, self._changed = value, now
        return self._value != STOP and now - self._changed < LEASE_S
