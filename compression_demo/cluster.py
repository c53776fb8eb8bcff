"""Where runs run, on a Dask cluster: seeds as tasks, cells as what comes back.

Only this side, a client of the cluster, writes the run store, so that nothing gets into the record twice. A task whose
Dask worker dies is begun again elsewhere by the scheduler.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import time
import uuid
from asyncio import CancelledError
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .cells import CellStore, list_arms
from .cluster_task import STOP, TOPIC, Order, compute_seed
from .crew import Broke, Computed, Finished, Noted, Report, Said
from .errors import RunFailed
from .methods import hash_methods
from .testbeds import get
from .types import Experiment

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_S, FETCH_S = 10.0, 10.0
RENEW_EVERY_S, LOOK_FOR_WORKERS_EVERY_S = 3.0, 5.0
EXTRA = "pip install 'second-opinion[cluster]'"


class ClusterCrew:
    """The workers of a Dask cluster; the scheduler decides who does what.

    Args:
        address: of the scheduler.
        worker_memory_gb: resident memory at which a compute process is ended.

    Raises:
        RunFailed: there is no such cluster, or Dask is not installed.
    """

    shares_nets = False

    def __init__(self, address: str, home: Path, experiment: Experiment, worker_memory_gb: float) -> None:
        self._address, self._experiment, self._memory_gb = address, experiment, worker_memory_gb
        self._store, self._testbed = CellStore(home), get(experiment.testbed)
        self._client = connect(address)
        from distributed import Variable

        self._flag = Variable(f"second-opinion-{uuid.uuid4().hex}", client=self._client)
        self._tries = itertools.count()
        self._tasks: dict[int, tuple[str, Future]] = {}
        self._places: dict[str, str] = {}
        self.machines: dict[str, Any] = {}
        self._said: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._renewed = self._looked = 0.0
        self._workers_seen = False
        self._client.subscribe_topic(TOPIC, lambda event: self._said.put(event[1]))
        self._renew()

    def room(self, wanted: int) -> int:
        return wanted

    def begin(self, seed: int) -> None:
        experiment, calibration = self._experiment, self._experiment.calibration
        found = [self._store.get(self._testbed, arm, seed, calibration) for arm in list_arms(experiment)]
        order = Order(
            identity=f"{self._flag.name}-{seed}-{next(self._tries)}",
            flag=self._flag.name,
            experiment=experiment.to_json(),
            seed=seed,
            stored={index: cell for index, cell in enumerate(found) if cell is not None},
            methods=hash_methods(list_arms(experiment)),
            testbed=self._testbed.source_hash,
            memory_gb=self._memory_gb,
        )
        task = self._client.submit(compute_seed, order.to_json(), key=order.identity, pure=False)
        self._tasks[seed] = order.identity, task

    def listen(self) -> Iterator[Report]:
        with self._reaching():
            self._renew()
            noted = self._look_for_workers()
        yield from noted
        seeds = {identity: seed for seed, (identity, _) in self._tasks.items()}
        while not self._said.empty():
            message = self._said.get()
            if message["identity"] in seeds:
                yield from self._understand(seeds[message["identity"]], message)
        for seed, (_, task) in list(self._tasks.items()):
            if task.done():
                yield from self._find_end(seed, task)

    def close(self) -> None:
        with contextlib.suppress(RunFailed), self._reaching():
            if self._tasks:
                self._flag.set(STOP)
            else:
                self._flag.delete()
        self._client.close(timeout=FETCH_S)

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        """Have to do with the scheduler.

        Raises:
            RunFailed: it does not answer.
        """
        gone = f"the Dask scheduler at {self._address} went away; what was computed is kept"
        if self._client.status != "running":
            raise RunFailed(gone)
        try:
            yield
        except (OSError, TimeoutError) as error:
            raise RunFailed(gone) from error

    def _renew(self) -> None:
        """Say to the tasks that they are wanted."""
        now = time.monotonic()
        if now - self._renewed >= RENEW_EVERY_S:
            self._renewed = now
            self._flag.set(str(now))

    def _look_for_workers(self) -> list[Report]:
        """Say so, once, if the cluster has no workers yet."""
        now = time.monotonic()
        if self._workers_seen or now - self._looked < LOOK_FOR_WORKERS_EVERY_S:
            return []
        first, self._looked = not self._looked, now
        self._workers_seen = bool(self._client.scheduler_info()["workers"])
        return [Noted("Waiting for the cluster: it has no workers yet.")] if first and not self._workers_seen else []

    def _understand(self, seed: int, message: dict[str, Any]) -> Iterator[Report]:
        if "words" in message:
            yield Said(seed, message["done"], message["words"])
            return
        if "cell" in message:
            yield Computed(seed, message["arm"], message["cell"])
            return
        before = self._places.get(message["identity"])
        self._places[message["identity"]] = message["on"]
        self.machines[message["on"]] = message["machine"]
        if before is not None:
            yield Said(seed, 0.0, "")
            yield Noted(f"Seed {seed} is begun again on {message['on']}; {before}, which had it, went away.")

    def _find_end(self, seed: int, task: Future) -> Iterator[Report]:
        """What a task ended with; nothing where its result was lost with its worker, and is computed anew."""
        from distributed import KilledWorker

        if task.status == "finished":
            try:
                told = task.result(timeout=FETCH_S)
            except (TimeoutError, CancelledError):
                return
            yield from (Computed(seed, arm, cell) for arm, cell in told["cells"].items())
            end = Broke(seed, *told["broke"]) if told["broke"] else Finished(seed)
        elif task.status != "error":
            end = Broke(seed, "the cluster dropped it", crash=True)
        elif isinstance(error := task.exception(timeout=FETCH_S), KilledWorker):
            end = Broke(seed, "several Dask workers died at it, perhaps for want of memory", crash=True)
        else:
            end = Broke(seed, f"the cluster could not do seed {seed}: {type(error).__name__}: {error}", crash=False)
        del self._tasks[seed]
        yield end


def connect(address: str) -> Client:
    """A client of the Dask scheduler at `address`.

    Raises:
        RunFailed: nobody answers there, or Dask is not installed.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise RunFailed(f"a cluster needs Dask: {EXTRA}") from error
    try:
        return Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RunFailed(f"no Dask scheduler answers at {address}: {error}") from error


def count_threads(address: str) -> int:
    """The threads of a cluster's workers together: seeds that it can do at once; 0 where it has no workers yet.

    Raises:
        RunFailed: nobody answers at `address`, or Dask is not installed.
    """
    client = connect(address)
    try:
        return sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())
    finally:
        client.close(timeout=FETCH_S)
