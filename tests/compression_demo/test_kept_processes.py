"""Compute processes that a Dask worker keeps: used again, and gone when they should be."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from compression_demo import kept_processes
from compression_demo.cluster import count_threads
from compression_demo.crew import Broke, Finished
from compression_demo.kept_processes import KeptProcesses
from compression_demo.options import RunOptions
from compression_demo.processes import ComputeProcess
from compression_demo.runfolder import RunFolder
from compression_demo.runs import RunStore
from compression_demo.types import Arm, Expectation, Experiment
from tests.compression_demo import made_up_engine
from tests.compression_demo.cluster import LocalCluster
from tests.compression_demo.made_up_engine import begun, done, let
from tests.compression_demo.waiting import wait_for, wait_for_end

ARMS = tuple(Arm(name, "obq", (("bits", bits),)) for name, bits in (("four", 4), ("two", 2)))
EXPERIMENT = Experiment("digits-cnn", ARMS, Expectation("four", "two"), (0, 1, 2), 64)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in made_up_engine.install(tmp_path / "engine").items():
        monkeypatch.setenv(name, value)
    return tmp_path / "engine"


@pytest.fixture
def folder(engine: Path, tmp_path: Path) -> RunFolder:
    """A run whose seeds are done by made-up processes."""
    found = RunFolder(tmp_path / "home" / "runs" / EXPERIMENT.digest)
    found.create(EXPERIMENT, {})
    return found


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeptProcesses]:
    monkeypatch.setattr(kept_processes, "LOOK_EVERY_S", 0.05)
    found = KeptProcesses(lambda: True)
    yield found
    monkeypatch.setattr(kept_processes, "IDLE_S", 0.0)
    wait_for(lambda: not found._watched)


def home_of(folder: RunFolder) -> Path:
    return folder.path.parent.parent


def do(process: ComputeProcess, folder: RunFolder, seed: int) -> Finished | Broke:
    ends: list[Finished | Broke] = []
    process.begin(folder, seed)
    wait_for(lambda: ends.extend(r for r in process.read() if isinstance(r, (Finished, Broke))) or ends)
    return ends[0]


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_process_does_one_seed_after_the_other(kept: KeptProcesses, folder: RunFolder, engine: Path) -> None:
    for seed in (0, 1):
        lent = kept.take(home_of(folder), 4.0)
        assert isinstance(do(lent.process, folder, seed), Finished)
        kept.give_back(lent)
    assert len({process for _, process in begun(engine)}) == 1


def test_another_environment_or_program_means_another_process(
    kept: KeptProcesses, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept.take(home_of(folder), 4.0)
    kept.give_back(first)
    monkeypatch.setenv("SOME_SETTING", "changed")
    second = kept.take(home_of(folder), 4.0)
    assert second.process is not first.process and not is_alive(first.process.process.pid)
    kept.give_back(second)
    monkeypatch.setattr(kept_processes, "hash_sources", lambda *_: "edited")
    third = kept.take(home_of(folder), 4.0)
    assert third.process is not second.process and not is_alive(second.process.process.pid)
    third.process.kill()


def test_a_process_that_holds_much_memory_or_has_died_is_not_used_again(
    kept: KeptProcesses, folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept.take(home_of(folder), 4.0)
    kept.give_back(first)
    monkeypatch.setattr(kept_processes, "resident_bytes", lambda _: 1.5 * 2**30)
    second = kept.take(home_of(folder), 2.0)
    assert second.process is not first.process and not is_alive(first.process.process.pid)
    kept.give_back(second)
    assert kept.take(home_of(folder), 8.0).process is second.process
    kept.give_back(second)
    second.process.process.kill()
    wait_for(lambda: second.process.process.poll() is not None)
    third = kept.take(home_of(folder), 8.0)
    assert third.process is not second.process
    monkeypatch.setattr(kept_processes, "resident_bytes", lambda _: 2.5 * 2**30)
    kept.give_back(third)
    assert not is_alive(third.process.process.pid)


def test_idle_processes_end_after_a_while_and_when_the_worker_closes(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_processes, "LOOK_EVERY_S", 0.05)
    goes_on = [True]
    kept = KeptProcesses(lambda: goes_on[0])
    closed = kept.take(home_of(folder), 4.0)
    kept.give_back(closed)
    goes_on[0] = False
    wait_for(lambda: not is_alive(closed.process.process.pid))
    goes_on[0] = True
    monkeypatch.setattr(kept_processes, "IDLE_S", 0.2)
    idle = kept.take(home_of(folder), 4.0)
    kept.give_back(idle)
    wait_for(lambda: not is_alive(idle.process.process.pid))


@pytest.fixture
def cluster(engine: Path, tmp_path: Path) -> Iterator[LocalCluster]:
    pytest.importorskip("distributed")
    (tmp_path / "cluster").mkdir()
    started = LocalCluster(tmp_path / "cluster", made_up_engine.install(engine), workers=1)
    yield started
    started.close()


@pytest.fixture
def store(cluster: LocalCluster, tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "there", RunOptions(cluster=cluster.address))


def test_a_clusters_threads_are_counted(cluster: LocalCluster) -> None:
    wait_for(lambda: count_threads(cluster.address) == 1)
    cluster.add_worker()
    wait_for(lambda: count_threads(cluster.address) == 2)


def finish(store: RunStore, experiment: Experiment) -> None:
    events = wait_for_end(store, store.submit(experiment))
    assert events[-1]["state"] == "finished", events[-1]


def test_runs_on_a_cluster_share_a_process_but_for_what_crashed_or_was_cancelled(store: RunStore, engine: Path) -> None:
    finish(store, EXPERIMENT)
    finish(store, replace(EXPERIMENT, seeds=(3, 4)))
    assert [seed for seed, _ in begun(engine)] == [0, 1, 2, 3, 4]
    ((_, first), *_) = begun(engine)
    assert {process for _, process in begun(engine)} == {first} and is_alive(first)

    let(engine, 5, "raise")
    finish(store, replace(EXPERIMENT, seeds=(5, 6)))
    by_seed = begun(engine)[5:]
    assert by_seed[0] == (5, first) and not is_alive(first)
    assert len({process for _, process in by_seed[1:]}) == 1

    let(engine, 7, "hang")
    digest = store.submit(replace(EXPERIMENT, seeds=(7,)))
    wait_for(lambda: "7 dense" in done(engine))
    store.cancel(digest)
    assert wait_for_end(store, digest)[-1]["state"] == "cancelled"
    seed, cancelled = begun(engine)[-1]
    assert seed == 7
    wait_for(lambda: not is_alive(cancelled))

    let(engine, 8, "eat")
    store.options = replace(store.options, worker_memory_gb=0.2)
    finish(store, replace(EXPERIMENT, seeds=(8,)))
    (eaten, again) = (process for seed, process in begun(engine) if seed == 8)
    assert not is_alive(eaten) and is_alive(again)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_kept_process_never_outlives_its_dask_worker(
    store: RunStore, cluster: LocalCluster, engine: Path, how: signal.Signals
) -> None:
    finish(store, replace(EXPERIMENT, seeds=(0,)))
    ((_, idle),) = begun(engine)
    assert is_alive(idle)
    os.kill(cluster.workers[0].pid, how)
    wait_for(lambda: not is_alive(idle))
