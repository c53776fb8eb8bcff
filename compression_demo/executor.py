"""Where runs run: one process a run that nobody's request owns, and under it those who compute.

`launch` starts `python -m compression_demo.executor HOME DIGEST`. That process waits for its turn, deals the seeds out
(`dealing.py`) to processes of this machine or to a cluster, tells the run's event file how far they are, watches the
cancel flag, and moves the result in last. It imports no torch. Killed at any moment it leaves whole cells and no
result; the next submit goes on from them.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .cells import DENSE, CellStore
from .costs import estimate, share_out
from .crew import Crew
from .dealing import POLL_S, Cancelled, Dealer
from .errors import CompressionError, RunFailed
from .judge import JUDGED_WITH, keep_definitions
from .methods import hash_methods
from .options import RunOptions
from .procedures import PROCEDURES
from .processes import LocalCrew, worker_environment
from .progress import Progress
from .provenance import available_cores, describe, machine_id
from .runfolder import RunFolder
from .runqueue import Place, RunQueue
from .testbeds import get
from .types import Experiment, Row, RunResult

FURTHER_BACK_S = 1.0
"""The longest pause between two looks at the queue, for those far back."""


def open_queue(home: Path, options: RunOptions) -> RunQueue:
    """The queue of the runs under a data folder; on this machine no more are at work than there are cores."""
    places = options.max_running if options.cluster else min(options.max_running, available_cores())
    return RunQueue(home / "runs", places)


def launch(home: Path, digest: str, lock: int, ticket: int, options: RunOptions) -> None:
    """Start the executor process of a run in a session of its own and hand it the run's lock and its ticket.

    It outlives the calling process. A thread waits for it, so that it leaves no zombie behind.
    """
    folder = RunFolder(home / "runs" / digest)
    command = [sys.executable, "-m", __name__, str(home.resolve()), digest, options.to_text(), str(lock), str(ticket)]
    with folder.log.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=worker_environment(),
            start_new_session=True,
            pass_fds=(lock, ticket),
        )
    threading.Thread(target=process.wait, daemon=True).start()


def main(arguments: list[str]) -> int:
    """Execute one run; 0 if it finished, else 1, the reason being its last event."""
    parser = argparse.ArgumentParser(prog="python -m compression_demo.executor", description=main.__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("digest")
    parser.add_argument("options", type=RunOptions.from_text)
    parser.add_argument("handles", type=int, nargs=2, help="file descriptors that hold the run's lock and its ticket")
    given = parser.parse_args(arguments)
    folder = RunFolder(given.home / "runs" / given.digest)
    try:
        with _place(open_queue(given.home, given.options), folder) as place:
            execute(given.home, folder, given.options, place)
    except Cancelled:
        folder.append("cancelled", 0.0, "Cancelled. What was computed so far is kept.")
        return 1
    except CompressionError as error:
        folder.append("failed", 0.0, str(error))
        return 1
    except Exception as error:
        folder.append("failed", 0.0, f"{type(error).__name__}: {error}")
        traceback.print_exc()
        return 1
    return 0


def execute(home: Path, folder: RunFolder, options: RunOptions, place: Place) -> None:
    """Compute what is missing of a run and write its result.

    Raises:
        RunFailed: a worker failed, or memory or time passed the limit.
        Cancelled: the cancel flag was raised.
    """
    experiment = folder.experiment()
    if experiment is None:
        raise RunFailed(f"{folder.path} holds no experiment")
    started, store = time.time(), CellStore(home)
    todo = [seed for seed in experiment.seeds if store.missing(experiment, seed)]
    computed: set[tuple] = set()
    machines: dict[str, Any] = {}
    if todo:
        expected_s = estimate(experiment, home).seconds
        progress = Progress(folder, len(experiment.seeds), todo, expected_s)
        progress.tell()
        crew = _gather_crew(home, folder, experiment, todo, options, place)
        computed = Dealer(home, folder, experiment, crew, progress, options.limit_s(expected_s)).deal(todo)
        machines = crew.machines
    stored = [
        [arm.name, seed]
        for seed in experiment.seeds
        for arm in experiment.arms
        if (seed, arm.method, arm.settings) not in computed
    ]
    result = collect(experiment, store, time.time() - started, started, stored)
    result.provenance.update({"machines": machines} if machines else {})
    folder.write_result(result)
    folder.append("finished", 1.0, "Everything came from the store." if not computed else "Finished.", 0.0)


def _gather_crew(
    home: Path, folder: RunFolder, experiment: Experiment, todo: list[int], options: RunOptions, place: Place
) -> Crew:
    """Those who compute a run's seeds: a cluster's workers where one is named, else processes of this machine.

    What is true of one machine alone, such as times, is measured on this one, a seed at a time.
    """
    testbed = get(experiment.testbed)
    worker_memory_gb = options.worker_limit_gb(testbed.memory_gb)
    local = any(PROCEDURES[arm.method].local for arm in experiment.arms if arm.method in PROCEDURES)
    if options.cluster and not local:
        from .cluster import ClusterCrew

        return ClusterCrew(options.cluster, home, experiment, worker_memory_gb)
    most = 1 if local else len(share_out(todo, testbed, options.memory_gb))
    return LocalCrew(home, folder, place, most=most, memory_gb=options.memory_gb, worker_memory_gb=worker_memory_gb)


def collect(
    experiment: Experiment, store: CellStore, seconds: float, started: float, stored: list[list[Any]]
) -> RunResult:
    """The rows of all cells, with their provenance.

    Raises:
        RunFailed: a cell is missing.
    """
    testbed = get(experiment.testbed)
    rows: list[Row] = []
    dense: dict[str, dict[str, float]] = {}
    for seed in experiment.seeds:
        for arm in (DENSE, *experiment.arms):
            cell = store.get(testbed, arm, seed, experiment.calibration)
            if cell is None:
                raise RunFailed(f"{arm.name} on seed {seed} was not computed")
            if arm is DENSE:
                for name, value in cell["metrics"].items():
                    dense.setdefault(name, {})[str(seed)] = value
            else:
                rows += [
                    Row(arm.name, arm.setting_text(), seed, name, value) for name, value in cell["metrics"].items()
                ]
    provenance = describe(testbed.libraries) | {
        "machine_id": machine_id(),
        "testbed_hash": testbed.source_hash,
        "method_hashes": hash_methods(experiment.arms),
        "seeds": list(experiment.seeds),
        "calibration": experiment.calibration,
        "dense": dense,
        "started": started,
        "seconds": round(seconds, 3),
        "from_store": stored,
        "all_from_store": len(stored) == len(experiment.arms) * len(experiment.seeds),
    }
    result = RunResult(experiment.digest, tuple(rows), provenance)
    result.provenance[JUDGED_WITH] = keep_definitions(experiment, result)
    return result


@contextlib.contextmanager
def _place(queue: RunQueue, folder: RunFolder) -> Iterator[Place]:
    """Hold a place among the runs at work, waiting in the queue for it.

    Raises:
        Cancelled: the cancel flag was raised while waiting.
    """
    told = None
    while (place := queue.take(folder.digest)) is None:
        if folder.cancelling:
            queue.leave(folder.digest)
            raise Cancelled
        ahead = queue.ahead(folder.digest) or 0
        if ahead and ahead != told:
            folder.append("queued", 0.0, f"Waiting: {ahead} run{'s' * (ahead > 1)} before it.")
            told = ahead
        time.sleep(min(FURTHER_BACK_S, POLL_S * max(1, ahead)))
    try:
        yield place
    finally:
        place.give_up()


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # Dask takes a while to leave, and the run's lock is wanted by whoever submits it again
