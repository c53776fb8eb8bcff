"""What holds wherever runs run: the same on processes of this machine and on a Dask cluster.

The compute processes have a made-up engine, so that crashes and failures come when they are wanted.
"""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from compression_demo.cells import CellStore, list_arms
from compression_demo.options import RunOptions
from compression_demo.runs import RunStore
from compression_demo.types import Arm, Expectation, Experiment
from tests.compression_demo import made_up_engine
from tests.compression_demo.cluster import LocalCluster
from tests.compression_demo.made_up_engine import done, let
from tests.compression_demo.waiting import EXECUTOR, WORKER, processes, wait_for, wait_for_end

ARMS = tuple(Arm(name, "obq", (("bits", bits),)) for name, bits in (("four", 4), ("three", 3), ("two", 2)))
EXPERIMENT = Experiment("digits-cnn", ARMS, Expectation("four", "two"), (0, 1, 2), 64)
CELLS = Counter(f"{seed} {arm.name}" for seed in EXPERIMENT.seeds for arm in list_arms(EXPERIMENT))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="module")
def cluster(engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    pytest.importorskip("distributed")
    started = LocalCluster(tmp_path_factory.mktemp("cluster"), made_up_engine.install(engine))
    yield started
    started.close()


@pytest.fixture(params=["processes", "cluster"])
def store(request: pytest.FixtureRequest, engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """An empty store whose runs run in one place or the other."""
    for name, value in made_up_engine.install(engine).items():
        monkeypatch.setenv(name, value)
    for file in (engine / "done", *engine.glob("seed-*")):
        file.unlink(missing_ok=True)
    options = RunOptions()
    if request.param == "cluster":
        options = replace(options, cluster=request.getfixturevalue("cluster").address)
        cells = (request.getfixturevalue("cluster").folder).glob("worker-*/cells/*")
        for cell in cells:
            cell.unlink()
    return RunStore(tmp_path, options)


def run(store: RunStore, experiment: Experiment = EXPERIMENT) -> list[dict]:
    return wait_for_end(store, store.submit(experiment))


def is_complete(store: RunStore, engine: Path) -> bool:
    """Whether every cell is on record once, and was computed once; on a cluster, what was at work when a run ended
    may have got further than the record says."""
    assert len(list(CellStore(store.home).folder.glob("[!.]*.json"))) == len(CELLS)
    return set(done(engine)) == set(CELLS) if store.options.cluster else Counter(done(engine)) == CELLS


def test_a_run_finishes_with_every_cell_computed_once(store: RunStore, engine: Path) -> None:
    events = run(store)
    assert events[-1]["state"] == "finished", events[-1]
    assert Counter(done(engine)) == CELLS
    outcome = store.outcome(EXPERIMENT.digest)
    assert outcome is not None and outcome[1].provenance["from_store"] == []
    assert {(row.arm, row.seed): row.value for row in outcome[1].rows if row.metric == "accuracy"} == {
        (arm.name, seed): 90.0 + seed + len(arm.name) for arm in ARMS for seed in EXPERIMENT.seeds
    }
    assert any("made up" in event["message"] for event in events)
    assert [event["fraction"] for event in events] == sorted(event["fraction"] for event in events)
    assert not processes(EXPERIMENT.digest, WORKER)


def test_what_is_stored_is_not_computed_again(store: RunStore, engine: Path) -> None:
    run(store, replace(EXPERIMENT, arms=ARMS[1:], expectation=Expectation("three", "two"), seeds=(0, 1)))
    assert run(store)[-1]["state"] == "finished"
    assert Counter(done(engine)) == CELLS
    outcome = store.outcome(EXPERIMENT.digest)
    assert outcome is not None
    assert sorted(outcome[1].provenance["from_store"]) == [["three", 0], ["three", 1], ["two", 0], ["two", 1]]


@pytest.mark.parametrize("how", ["die", "raise", "exit"])
def test_a_crash_is_tried_once_more_and_the_events_say_so(store: RunStore, engine: Path, how: str) -> None:
    let(engine, 1, how)
    events = run(store)
    assert events[-1]["state"] == "finished", events[-1]
    notes = [event["message"] for event in events if "tried once more" in event["message"]]
    assert len(notes) == 1 and "seed 1 crashed" in notes[0]
    reason = {"die": "killed by signal 9", "raise": "ZeroDivisionError: made up", "exit": "ended with code 7"}[how]
    assert reason in notes[0]
    assert Counter(done(engine)) == CELLS, "what was computed before the crash is kept"


def test_a_second_crash_fails_the_run_with_the_end_of_the_log(store: RunStore, engine: Path) -> None:
    let(engine, 1, "die", "raise")
    last = run(store)[-1]
    assert last["state"] == "failed"
    assert "seed 1 crashed a second time: ZeroDivisionError: made up" in last["message"]
    assert "The log ends:" in last["message"] and 'raise ZeroDivisionError("made up")' in last["message"]
    assert run(store)[-1]["state"] == "finished" and is_complete(store, engine)


def test_an_error_of_ours_is_not_tried_again(store: RunStore, engine: Path) -> None:
    let(engine, 2, "fail")
    events = run(store)
    assert (events[-1]["state"], events[-1]["message"]) == ("failed", "it cannot be done, and never can")
    assert not any("once more" in event["message"] for event in events)
    assert run(store)[-1]["state"] == "finished" and is_complete(store, engine)


def test_a_worker_that_takes_too_much_memory_counts_as_crashed(store: RunStore, engine: Path) -> None:
    let(engine, 0, "eat")
    store.options = replace(store.options, worker_memory_gb=0.2)
    events = run(store)
    assert events[-1]["state"] == "finished", events[-1]
    assert any("the limit of one worker is 0.2 GB" in event["message"] for event in events)
    assert Counter(done(engine)) == CELLS


def test_a_run_over_its_time_fails_and_keeps_what_it_has(store: RunStore, engine: Path) -> None:
    let(engine, 1, "hang")
    store.options = replace(store.options, timeout_s=4.0)
    last = run(store)[-1]
    assert last["state"] == "failed" and "the limit is 4 s" in last["message"]
    wait_for(lambda: not processes(EXPERIMENT.digest, WORKER))
    assert run(store)[-1]["state"] == "finished" and is_complete(store, engine)


def test_cancel_ends_the_work_and_another_submit_goes_on(store: RunStore, engine: Path) -> None:
    let(engine, 0, "hang")
    digest = store.submit(EXPERIMENT)
    wait_for(lambda: "0 dense" in done(engine) and "1 four" in done(engine))
    store.cancel(digest)
    assert wait_for_end(store, digest)[-1]["state"] == "cancelled"
    wait_for(lambda: not processes(digest, WORKER) and not processes(digest, EXECUTOR))
    assert run(store)[-1]["state"] == "finished" and is_complete(store, engine)


def test_a_killed_executor_takes_its_workers_along_and_the_run_resumes(store: RunStore, engine: Path) -> None:
    let(engine, 0, "hang")
    digest = store.submit(EXPERIMENT)
    cells = CellStore(store.home).folder
    wait_for(lambda: store.options.cluster or list(cells.glob("[!.]*.json")))
    wait_for(lambda: "1 two" in done(engine))
    (executor,) = processes(digest, EXECUTOR)
    os.kill(executor, signal.SIGKILL)
    wait_for(lambda: store.status(digest).state == "interrupted")
    if not store.options.cluster:  # a cluster's tasks end with their lease
        wait_for(lambda: not processes(digest, WORKER))
    before = {file: file.stat().st_mtime_ns for file in cells.glob("[!.]*.json")}
    assert run(store)[-1]["state"] == "finished"
    assert all(file.stat().st_mtime_ns == time_ns for file, time_ns in before.items())


def test_two_runs_that_need_the_same_seeds_compute_them_once(store: RunStore, engine: Path) -> None:
    store.options = replace(store.options, max_running=2)
    other = replace(EXPERIMENT, arms=ARMS[:2], expectation=Expectation("four", "three"))
    stores = [RunStore(store.home, store.options) for _ in range(2)]
    digests = [each.submit(experiment) for each, experiment in zip(stores, (EXPERIMENT, other), strict=True)]
    ends = [wait_for_end(store, digest)[-1]["state"] for digest in digests]
    assert ends == ["finished", "finished"]
    assert Counter(done(engine)) == CELLS


def test_the_seeds_of_a_killed_dask_worker_are_done_elsewhere(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    environment = made_up_engine.install(engine)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (engine / "done").unlink(missing_ok=True)
    (tmp_path / "cluster").mkdir()
    cluster = LocalCluster(tmp_path / "cluster", environment)
    try:
        let(engine, 0, "hang")
        store = RunStore(tmp_path / "home", RunOptions(cluster=cluster.address))
        digest = store.submit(EXPERIMENT)
        wait_for(lambda: "0 dense" in done(engine))
        (victim,) = (worker for index, worker in enumerate(cluster.workers) if cluster.has_cell(index, seed=0))
        cluster.kill(victim)
        events = wait_for_end(store, digest)
    finally:
        cluster.close()
    assert events[-1]["state"] == "finished", events[-1]
    assert any("Seed 0 is begun again on tcp://" in event["message"] for event in events)
    counted = Counter(done(engine))
    assert counted["0 dense"] == 2, "the seed at work is done again"
    assert set(counted) == set(CELLS) and all(counted[cell] == 1 for cell in CELLS if not cell.startswith("0 "))
    outcome = store.outcome(digest)
    assert outcome is not None
    rows = Counter((row.arm, row.seed, row.metric) for row in outcome[1].rows)
    assert len(rows) == 3 * 3 * 2 and set(rows.values()) == {1}
    assert len(list(CellStore(store.home).folder.glob("[!.]*.json"))) == len(CELLS)


def test_without_a_cluster_at_its_address_a_run_fails_with_the_reason(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    store = RunStore(tmp_path, RunOptions(cluster="tcp://127.0.0.1:9"))
    last = run(store)[-1]
    assert last["state"] == "failed" and "no Dask scheduler answers at tcp://127.0.0.1:9" in last["message"]
