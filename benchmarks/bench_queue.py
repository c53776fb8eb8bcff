"""What it costs to run checks: time of the standard ones, one worker against two, the queue's share, a kill's price.

    python -m benchmarks.bench_queue [--parts checks,workers,overhead,waiting,kills] [--where here,dask]

Wall-clock seconds; "workers" and "kills" also on a Dask cluster on loopback, where Dask is installed, or there alone with
`--where dask`. Nothing is kept.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from compression_demo.cells import CellStore, list_arms
from compression_demo.costs import estimate
from compression_demo.options import RunOptions
from compression_demo.processes import resident_bytes
from compression_demo.provenance import available_cores
from compression_demo.runs import RunStore
from compression_demo.testbeds import get
from compression_demo.types import Arm, Expectation, Experiment

SHARE, PAIR, BITS = (("sparsity", 0.9),), (("m", 4), ("n", 2)), (("bits", 3),)
OBS = (Arm("ExactOBS", "exact_obs", SHARE), Arm("magnitude", "magnitude", SHARE))
CHECKS = {
    "ExactOBS against magnitude, 90 %": OBS,
    "ExactOBS against a refit magnitude mask, 2:4": (
        Arm("ExactOBS", "exact_obs_nm", PAIR),
        Arm("refit", "magnitude_refit_nm", PAIR),
    ),
    "OBQ against rounding, 3 bits": (Arm("OBQ", "obq", BITS), Arm("rounding", "rtn", BITS)),
    "one scale per channel against one per tensor, 3 bits": (
        Arm("channel", "rtn", (*BITS, ("per_channel", True))),
        Arm("tensor", "rtn", (*BITS, ("per_channel", False))),
    ),
    "Hessian-weighted against plain k-means, 8 clusters": (
        Arm("weighted", "kmeans", (("clusters", 8), ("weighting", "gauss_newton"))),
        Arm("plain", "kmeans", (("clusters", 8),)),
    ),
}
WAITING = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--parts", default="checks,workers,overhead,waiting,kills")
    parser.add_argument("--where", default="here,dask", help="for workers and kills")
    options = parser.parse_args()
    where = [place for place in options.where.split(",") if place != "dask" or find_spec("distributed")]
    parts: dict[str, Callable[[], None]] = {
        "checks": print_checks, "workers": lambda: print_workers(where), "overhead": print_overhead,
        "waiting": print_waiting, "kills": lambda: print_kills(where),
    }  # fmt: skip
    print(f"{available_cores()} cores; load when it began: {os.getloadavg()[0]:.1f}\n", flush=True)
    for name in options.parts.split(","):
        parts[name]()
        print(f"\nload after it: {os.getloadavg()[0]:.1f}\n", flush=True)


def make(arms: tuple[Arm, ...], testbed: str = "digits-cnn", seeds: int = 3, first: int = 0) -> Experiment:
    return Experiment(testbed, arms, Expectation(arms[0].name, arms[1].name), tuple(range(first, first + seeds)))


def print_checks() -> None:
    """Whole checks from nothing, nets included."""
    print("| check, 3 seeds | testbed | estimated | took | of this, compute on one core |\n|---|---|---|---|---|")
    for name, arms in CHECKS.items():
        for testbed in ("digits-cnn", "mnist-cnn"):
            with new_store() as store:
                experiment = make(arms, testbed)
                expected = estimate(experiment, store.home).seconds
                took = finish(store, experiment)
                print(
                    f"| {name} | {testbed} | {expected:.0f} | {took:.1f} | {compute_s(store, experiment):.1f} |",
                    flush=True,
                )


def print_workers(where: list[str]) -> None:
    """The same seeds on one core and on all; on Dask workers of one thread each."""
    experiment, took = make(OBS, seeds=8), {}
    cores = os.sched_getaffinity(0)
    for count in (1, 2):
        os.sched_setaffinity(0, set(sorted(cores)[:count]))
        if "here" in where:
            with new_store() as store:
                took["processes", count] = finish(store, experiment)
        os.sched_setaffinity(0, cores)
        if "dask" in where:
            with cluster(count) as options, new_store(options) as store:
                took["Dask", count] = finish(store, experiment)
    print("| ExactOBS against magnitude on digits-cnn, 8 seeds | 1 worker | 2 workers | seeds a minute, 1 / 2 | gain |")
    print("|---|---|---|---|---|")
    for place in dict.fromkeys(place for place, _ in took):
        one, two = took[place, 1], took[place, 2]
        print(f"| {place} | {one:.1f} s | {two:.1f} s | {480 / one:.0f} / {480 / two:.0f} | {one / two:.2f} |")


def print_overhead() -> None:
    """Where the time of a run on one worker goes, five runs one after the other."""
    rows = []
    for first in range(5):
        with new_store() as store:
            experiment = make(OBS, seeds=1, first=first)
            began = time.time()
            whole = finish(store, experiment)
            events = list(store.events(experiment.digest))
            at_work = next(event["time"] for event in events if event["state"] == "running")
            compute = compute_s(store, experiment)
            rows.append((whole, at_work - began, compute, whole - (at_work - began) - compute))
            again = replace(experiment, expectation=replace(experiment.expectation, metric="layer_error"))
            rows[-1] += (finish(store, again),)
    print(
        "| whole run | until it is at work | compute, data included | libraries and the rest | a run wholly from the store |"
    )
    print("|---|---|---|---|---|")
    print("| " + " | ".join(f"{median(column):.2f} s" for column in zip(*rows, strict=True)) + " |")


def print_waiting() -> None:
    """How long the place between two runs stays empty, and what those who wait cost."""
    with new_store() as store:
        digests = [store.submit(make(OBS, seeds=1, first=first), priority="batch") for first in range(WAITING)]
        time.sleep(2)
        waiting = [pid for digest in digests[1:] for pid in find_processes(digest, "executor")]
        memory, before = [resident_bytes(pid) / 2**20 for pid in waiting], [cpu_s(pid) for pid in waiting]
        time.sleep(2)
        used = [cpu_s(pid) - had for pid, had in zip(waiting, before, strict=True)]
        events = [list(store.events(digest, poll_s=0.05)) for digest in digests]
    gaps = [
        next(event["time"] for event in later if event["state"] == "running") - earlier[-1]["time"]
        for earlier, later in itertools.pairwise(events)
    ]
    print(
        "| runs waiting | empty place between two runs, median / most | memory of one that waits | its share of a core |"
    )
    print("|---|---|---|---|")
    print(
        f"| {len(waiting)} | {median(gaps):.2f} / {max(gaps):.2f} s | {median(memory):.0f} MB |"
        f" {100 * median(used) / 2:.1f} % |"
    )


def print_kills(where: list[str]) -> None:
    """A run left alone, and the same with a kill when half of it was done."""
    experiment = make(OBS, seeds=6)
    kills: dict[str, Callable[[RunStore], None]] = {
        "nothing": lambda store: None,
        "a worker": lambda store: kill_one(experiment.digest, "worker"),
        "the executor, submitted again at once": lambda store: resubmit(store, experiment),
    }
    print("| killed at one half | took | by its events |\n|---|---|---|")
    for name, kill in kills.items() if "here" in where else ():
        with new_store() as store:
            print(f"| {name} | {finish(store, experiment, kill):.1f} s | {again(store, experiment)} |", flush=True)
    if "dask" in where:
        for name in ("nothing (Dask)", "one of two Dask workers"):
            with cluster(2) as options, new_store(options) as store:
                kill = kill_dask_worker if "workers" in name else kills["nothing"]
                print(f"| {name} | {finish(store, experiment, kill):.1f} s | {again(store, experiment)} |", flush=True)


@contextmanager
def new_store(options: RunOptions | None = None) -> Iterator[RunStore]:
    with tempfile.TemporaryDirectory() as folder:
        yield RunStore(Path(folder), options)


@contextmanager
def cluster(workers: int) -> Iterator[RunOptions]:
    """A Dask scheduler and its workers on loopback, with empty folders."""
    with tempfile.TemporaryDirectory() as folder:
        file, started = Path(folder) / "scheduler.json", []

        def start(*command: str) -> None:
            home = f"{folder}/{len(started)}"
            environment = os.environ | {"SECOND_OPINION_WORKER_HOME": home}
            place = ["--no-dashboard", "--host", "127.0.0.1", "--scheduler-file", str(file)]
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", "dask", *command, *place], env=environment, stderr=subprocess.DEVNULL
                )
            )

        start("scheduler", "--port", "0")
        while not file.exists():
            time.sleep(0.1)
        for number in range(workers):
            start("worker", "--nthreads", "1", "--no-nanny", "--local-directory", f"{folder}/dask-{number}")
        DASK_WORKERS[:] = [process.pid for process in started[1:]]
        address = wait_for_workers(file, workers)
        try:
            yield RunOptions(cluster=address)
        finally:
            for process in started:
                process.kill()
                process.wait()


DASK_WORKERS: list[int] = []


def wait_for_workers(file: Path, workers: int) -> str:
    from distributed import Client

    with Client(scheduler_file=str(file), set_as_default=False) as client:
        client.wait_for_workers(workers)
    return json.loads(file.read_text())["address"]


def finish(store: RunStore, experiment: Experiment, at_half: Callable[[RunStore], None] | None = None) -> float:
    """Seconds from submitting an experiment to its end, with what is to happen when half of it is done."""
    started = time.perf_counter()
    digest = store.submit(experiment)
    while store.status(digest).state in ("queued", "running"):
        if at_half is not None and store.status(digest).fraction >= 0.5:
            at_half(store)
            at_half = None
        time.sleep(0.02)
    if store.outcome(digest) is None or store.status(digest).state != "finished":
        raise SystemExit(f"{experiment.testbed}: {store.status(digest).message}")
    return time.perf_counter() - started


def compute_s(store: RunStore, experiment: Experiment) -> float:
    """What the cells of a run say that they took, on one core."""
    testbed, cells = get(experiment.testbed), CellStore(store.home)
    found = [
        cells.get(testbed, arm, seed, experiment.calibration)
        for seed in experiment.seeds
        for arm in list_arms(experiment)
    ]
    return sum(sum((cell["seconds"] | cell.get("parts", {})).values()) for cell in found if cell is not None)


def again(store: RunStore, experiment: Experiment) -> str:
    """How much the events say was begun a second time."""
    notes = [event["message"] for event in store.events(experiment.digest) if "tried once more" in event["message"]]
    notes += [event["message"] for event in store.events(experiment.digest) if "begun again" in event["message"]]
    return f"{len(notes)} seed{'s' * (len(notes) != 1)} begun again" if notes else "nothing begun again"


def find_processes(digest: str, module: str) -> list[int]:
    """Ids of a run's processes, by their command lines."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if digest.encode() in command and f"compression_demo.{module}".encode() in command:
            found.append(int(entry.name))
    return found


def kill_one(digest: str, module: str) -> None:
    os.kill(find_processes(digest, module)[0], signal.SIGKILL)


def resubmit(store: RunStore, experiment: Experiment) -> None:
    kill_one(experiment.digest, "executor")
    while store.status(experiment.digest).state != "interrupted":
        time.sleep(0.02)
    store.submit(experiment)


def kill_dask_worker(store: RunStore) -> None:
    os.kill(DASK_WORKERS[0], signal.SIGKILL)


def cpu_s(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
