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
from compression_demo.provenance import available_cores
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


def prepare(engine: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Let processes that are started from now on have a fresh made-up engine."""
    environment = made_up_engine.install(engine)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for file in (engine / "done", engine / "begun", *engine.glob("seed-*")):
        file.unlink(missing_ok=True)
    return environment


@pytest.fixture(params=["processes", "cluster"])
def store(
    request: pytest.FixtureRequest, engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunStore]:
    """An empty store whose runs run in one place or the other."""
    prepare(engine, monkeypatch)
    options = RunOptions()
    if request.param == "cluster":
        options = replace(options, cluster=request.getfixturevalue("cluster").address)
        cells = (request.getfixturevalue("cluster").folder).glob("worker-*/cells/*")
        for cell in cells:
            cell.unlink()
    yield RunStore(tmp_path, options)
    end_all(RunStore(tmp_path, options))


def end_all(store: RunStore) -> None:
    """Leave no process behind, whatever a test has come to."""
    for status in store.runs():
        store.cancel(status.digest)
    wait_for(lambda: not any(status.state in ("queued", "running") for status in store.runs()))


def run(store: RunStore, experiment: Experiment = EXPERIMENT) -> list[dict]:
    return wait_for_end(store, store.submit(experiment))


def is_complete(store: RunStore, engine: Path) -> bool:
    """Whether every cell is on record once, and was computed once but for those in the making when a run ended; on a
    cluster, what was at work then may have got further than the record says."""
    assert len(list(CellStore(store.home).folder.glob("[!.]*.json"))) == len(CELLS)
    again = len(done(engine)) - len(CELLS)
    return set(done(engine)) == set(CELLS) and (again <= available_cores() or store.options.cluster is not None)


def test_a_run_finishes_with_every_cell_computed_once(store: RunStore, engine: Path) -> None:
    let(engine, 0, "linger")  # long enough for an event to tell of it on a busy machine
    events = run(store)
    assert events[-1]["state"] == "finished", events[-1]
    assert Counter(done(engine)) == CELLS
    outcome = store.outcome(EXPERIMENT.digest)
    assert outcome is not None and outcome[1].provenance["from_store"] == []
    assert {(row.arm, row.seed): row.value for row in outcome[1].rows if row.metric == "accuracy"} == {
        (arm.name, seed): 90.0 + seed + len(arm.name) for arm in ARMS for seed in EXPERIMENT.seeds
    }
    machines = outcome[1].provenance.get("machines", {})
    assert bool(machines) == bool(store.options.cluster)
    assert all(machine["cpu"] and machine["host"] for machine in machines.values())
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


def test_a_crash_is_tried_once_more_and_the_events_say_so(store: RunStore, engine: Path) -> None:
    for seed, how in enumerate(("die", "raise", "exit")):
        let(engine, seed, how)
    events = run(store)
    assert events[-1]["state"] == "finished", events[-1]
    notes = sorted(event["message"] for event in events if "tried once more" in event["message"])
    reasons = ("killed by signal 9", "ZeroDivisionError: made up", "ended with code 7")
    assert len(notes) == 3
    assert all(f"seed {seed} crashed ({reasons[seed]}" in note for seed, note in enumerate(notes))
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


@pytest.fixture
def local(engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    """An empty store whose runs run on this machine."""
    prepare(engine, monkeypatch)
    yield RunStore(tmp_path)
    end_all(RunStore(tmp_path))


def test_conversations_pass_batches_and_where_a_run_stands_is_told(local: RunStore, engine: Path) -> None:
    let(engine, 0, "hang")
    first = local.submit(replace(EXPERIMENT, seeds=(0,)))
    wait_for(lambda: "0 dense" in done(engine))
    batch = [local.submit(replace(EXPERIMENT, seeds=(seed,)), priority="batch") for seed in (1, 2, 3)]
    asked = RunStore(local.home).submit(replace(EXPERIMENT, seeds=(4,)))
    assert [local.status(digest).ahead for digest in (first, asked, *batch)] == [None, 1, 2, 3, 4]
    wait_for(lambda: local.status(batch[0]).message == "Waiting: 2 runs before it.")
    local.submit(replace(EXPERIMENT, seeds=(3,)))
    assert [local.status(digest).ahead for digest in (asked, batch[2], batch[0])] == [1, 2, 3], "wanted now, too"
    (waiting,) = processes(batch[0], EXECUTOR)
    os.kill(waiting, signal.SIGKILL)
    wait_for(lambda: local.status(batch[1]).ahead == 3)
    local.cancel(first)
    ends = {digest: wait_for_end(local, digest)[-1] for digest in (asked, batch[2], batch[1])}
    assert {end["state"] for end in ends.values()} == {"finished"}
    assert [end["time"] for end in ends.values()] == sorted(end["time"] for end in ends.values())
    assert local.status(batch[0]).state == "interrupted" and local.status(asked).ahead is None


def test_runs_at_work_together_never_have_more_processes_than_cores(local: RunStore, engine: Path) -> None:
    local.options = replace(local.options, max_running=2)
    experiments = [replace(EXPERIMENT, seeds=tuple(range(start, start + 4))) for start in (0, 10)]
    for seed in (*experiments[0].seeds, *experiments[1].seeds):
        let(engine, seed, "linger")
    digests = [local.submit(experiment) for experiment in experiments]
    counts = set()
    while any(local.status(digest).state in ("queued", "running") for digest in digests):
        counts.add(tuple(len(processes(digest, WORKER)) for digest in digests))
    assert [local.status(digest).state for digest in digests] == ["finished", "finished"]
    assert max(sum(count) for count in counts) <= available_cores()
    assert available_cores() == 1 or any(min(count) >= 1 for count in counts), "both get on"


def test_the_seeds_of_a_killed_dask_worker_are_done_elsewhere(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    environment = prepare(engine, monkeypatch)
    (tmp_path / "cluster").mkdir()
    cluster = LocalCluster(tmp_path / "cluster", environment)
    try:
        let(engine, 0, "hang")
        store = RunStore(tmp_path / "home", RunOptions(cluster=cluster.address))
        digest = store.submit(EXPERIMENT)
        wait_for(lambda: any(cluster.has_cell(index, seed=0) for index in range(2)))
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


def test_a_scheduler_that_goes_away_fails_the_run_and_keeps_its_cells(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    environment = prepare(engine, monkeypatch)
    (tmp_path / "cluster").mkdir()
    cluster = LocalCluster(tmp_path / "cluster", environment, workers=1)
    try:
        let(engine, 0, "hang")
        store = RunStore(tmp_path / "home", RunOptions(cluster=cluster.address))
        digest = store.submit(replace(EXPERIMENT, seeds=(0,)))
        wait_for(lambda: list(CellStore(store.home).folder.glob("[!.]*.json")))
        cluster.kill(cluster.scheduler)
        last = wait_for_end(store, digest)[-1]
    finally:
        cluster.close()
    assert last["state"] == "failed" and f"the Dask scheduler at {cluster.address} went away" in last["message"]
    wait_for(lambda: not processes(digest, EXECUTOR))
    assert run(RunStore(store.home), replace(EXPERIMENT, seeds=(0,)))[-1]["state"] == "finished"
    assert done(engine).count("0 dense") == 1, "a cell reaches the record while its seed is at work"


def test_real_numbers_are_the_same_to_the_last_digit_on_a_cluster(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    share = (("sparsity", 0.9),)
    arms = (Arm("refit", "magnitude_refit", share), Arm("magnitude", "magnitude", share))
    # The second seed, and the second experiment, are computed on the cluster by a process that has done others.
    experiment = Experiment("digits-cnn", arms, Expectation("refit", "magnitude"), (0, 1), 64)
    again = replace(
        experiment, arms=(*arms, Arm("refit at 128", "magnitude_refit", (("sparsity", 0.5),))), calibration=128
    )
    (tmp_path / "cluster").mkdir()
    cluster = LocalCluster(tmp_path / "cluster", {}, workers=1)
    rows = []
    try:
        for options in (RunOptions(), RunOptions(cluster=cluster.address)):
            store = RunStore(tmp_path / ("there" if options.cluster else "here"), options)
            for each in (experiment, again):
                assert run(store, each)[-1]["state"] == "finished"
                outcome = store.outcome(each.digest)
                assert outcome is not None and outcome[1].provenance["from_store"] == []
                rows.append(outcome[1].rows)
    finally:
        cluster.close()
    assert rows[:2] == rows[2:]


def test_without_a_cluster_at_its_address_a_run_fails_with_the_reason(
    engine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    prepare(engine, monkeypatch)
    store = RunStore(tmp_path, RunOptions(cluster="tcp://127.0.0.1:9"))
    last = run(store)[-1]
    assert last["state"] == "failed" and "no Dask scheduler answers at tcp://127.0.0.1:9" in last["message"]
