"""Where runs run: one process a run that nobody's request owns, and under it one compute process per core.

`launch` starts `python -m compression_demo.executor HOME DIGEST`. That process takes a slot, deals the seeds out to
workers, tells the run's event file how far they are, watches the cancel flag and the memory, and moves the result in
last. It imports no torch. Killed at any moment it leaves whole cells and no result; the next submit goes on from them.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .cells import DENSE, CellStore
from .costs import MEMORY_LIMIT_GB, estimate, share_out
from .errors import CompressionError, RunFailed
from .methods import hash_methods
from .provenance import describe
from .runfolder import RunFolder, try_lock
from .supervisor import POLL_S, Cancelled, Progress, Worker, supervise, worker_environment
from .testbeds import get
from .types import Experiment, Row, RunResult


def launch(home: Path, digest: str, lock: int, *, max_running: int, memory_limit_gb: float) -> None:
    """Start the executor process of a run in a session of its own and hand it the run's lock.

    It outlives the calling process. A thread waits for it, so that it leaves no zombie behind.
    """
    folder = RunFolder(home / "runs" / digest)
    command = [sys.executable, "-m", __name__, str(home.resolve()), digest, "--lock", str(lock)]
    command += ["--max-running", str(max_running), "--memory-limit-gb", str(memory_limit_gb)]
    with folder.log.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=worker_environment(),
            start_new_session=True,
            pass_fds=(lock,),
        )
    threading.Thread(target=process.wait, daemon=True).start()


def main(arguments: list[str]) -> int:
    """Execute one run; 0 if it finished, else 1, the reason being its last event."""
    parser = argparse.ArgumentParser(prog="python -m compression_demo.executor", description=main.__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("digest")
    parser.add_argument("--lock", type=int, help="file descriptor that holds the run's lock already")
    parser.add_argument("--max-running", type=int, default=1)
    parser.add_argument("--memory-limit-gb", type=float, default=MEMORY_LIMIT_GB)
    options = parser.parse_args(arguments)
    folder = RunFolder(options.home / "runs" / options.digest)
    if options.lock is None and folder.lock() is None:
        print(f"run {options.digest} has a live executor already", file=sys.stderr)
        return 1
    try:
        with _slot(options.home / "runs" / ".slots", options.max_running, folder):
            execute(options.home, folder, options.memory_limit_gb)
    except Cancelled:
        folder.append("cancelled", 0.0, "Cancelled. What was computed so far is kept.")
        return 1
    except CompressionError as error:
        folder.append("failed", 0.0, str(error))
        return 1
    except Exception as error:
        folder.append("failed", 0.0, f"{type(error).__name__}: {error}")
        raise
    return 0


def execute(home: Path, folder: RunFolder, memory_limit_gb: float) -> None:
    """Compute what is missing of a run and write its result.

    Raises:
        RunFailed: a worker failed, or memory passed the limit.
        Cancelled: the cancel flag was raised.
    """
    experiment = folder.experiment()
    if experiment is None:
        raise RunFailed(f"{folder.path} holds no experiment")
    started, store, testbed = time.time(), CellStore(home), get(experiment.testbed)
    missing = {seed: store.missing(experiment, seed) for seed in experiment.seeds}
    todo = [seed for seed in experiment.seeds if missing[seed]]
    absent = {(seed, arm.method, arm.settings) for seed, arms in missing.items() for arm in arms}
    stored = [
        [arm.name, seed]
        for seed in experiment.seeds
        for arm in experiment.arms
        if (seed, arm.method, arm.settings) not in absent
    ]
    if todo:
        progress = Progress(folder, experiment, todo, estimate(experiment, home).seconds)
        progress.tell()
        supervise(
            [Worker.start(home, folder, share) for share in share_out(todo, testbed, memory_limit_gb)],
            folder,
            progress,
            memory_limit_gb,
        )
    result = collect(experiment, store, time.time() - started, started, stored)
    folder.write_result(result)
    folder.append("finished", 1.0, "Everything came from the store." if not todo else "Finished.", 0.0)


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
    return RunResult(experiment.digest, tuple(rows), provenance)


@contextlib.contextmanager
def _slot(slots: Path, max_running: int, folder: RunFolder) -> Iterator[None]:
    """Hold one of the places for runs at work, waiting in the queue for it.

    Raises:
        Cancelled: the cancel flag was raised while waiting.
    """
    slots.mkdir(parents=True, exist_ok=True)
    handle, told = None, False
    while handle is None:
        if folder.cancelling:
            raise Cancelled
        held = (try_lock(slots / str(index)) for index in range(max_running))
        handle = next((got for got in held if got is not None), None)
        if handle is None:
            if not told:
                folder.append("queued", 0.0, f"Waiting: {max_running} run{'s' * (max_running > 1)} at work already.")
                told = True
            time.sleep(POLL_S)
    try:
        yield
    finally:
        os.close(handle)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
