"""The run store on real runs: finished, from the store, killed, cancelled, failed, queued."""

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from compression_demo.cells import CellStore
from compression_demo.costs import estimate
from compression_demo.engine import group_arms
from compression_demo.errors import ExperimentError, UnknownRun
from compression_demo.files import write_atomically
from compression_demo.options import RunOptions
from compression_demo.runfolder import RunFolder, try_lock
from compression_demo.runs import RunStore
from compression_demo.testbeds import get
from compression_demo.types import Arm, Expectation, Experiment
from tests.compression_demo.waiting import EXECUTOR, WORKER, processes, wait_for, wait_for_end

OBS90 = Arm("ExactOBS", "exact_obs", (("sparsity", 0.9),))
OBS50 = Arm("ExactOBS 50", "exact_obs", (("sparsity", 0.5),))
MAGNITUDE = Arm("magnitude", "magnitude", (("sparsity", 0.9),))
OBQ = Arm("OBQ", "obq", (("bits", 2),))
EXPERIMENT = Experiment(
    "digits-cnn", (OBS90, OBS50, MAGNITUDE, OBQ), Expectation("ExactOBS", "magnitude"), (0, 1, 2), 64
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def store(home: Path) -> RunStore:
    """A store in which EXPERIMENT has finished."""
    store = RunStore(home)
    digest = store.submit(EXPERIMENT, claim="ExactOBS beats magnitude", bears_on="R1")
    assert wait_for_end(store, digest)[-1]["state"] == "finished", store.status(digest)
    return store


def rows_of(store: RunStore, experiment: Experiment) -> list:
    outcome = store.outcome(experiment.digest)
    assert outcome is not None
    return list(outcome[1].rows)


def test_a_finished_run(store: RunStore, home: Path) -> None:
    digest = EXPERIMENT.digest
    status = store.status(digest)
    assert (status.state, status.fraction, status.left_s) == ("finished", 1.0, None) and status.seconds > 0
    outcome = store.outcome(digest)
    assert outcome is not None
    experiment, result, verdict = outcome
    assert experiment == EXPERIMENT and store.experiment(digest) == EXPERIMENT
    assert len(result.rows) == 4 * 3 * len(get(EXPERIMENT.testbed).metrics)
    assert verdict.outcome == "supported" and verdict.bears_on == "R1" and verdict.effect and verdict.effect > 20
    assert result.provenance["versions"]["torch"] and result.provenance["machine"]["cores"] >= 1
    assert all(accuracy > 95 for accuracy in result.provenance["dense"]["accuracy"].values())
    assert result.provenance["from_store"] == [] and not result.provenance["all_from_store"]
    assert store.request(digest)["claim"] == "ExactOBS beats magnitude"
    assert store.find(digest[:8]) == digest
    assert store.outcome(digest, bears_on="R2")[2].bears_on == "R2"  # type: ignore[index]


def test_results_are_in_the_expected_order(store: RunStore) -> None:
    means: dict[tuple[str, str], float] = {}
    for row in rows_of(store, EXPERIMENT):
        means[row.arm, row.metric] = means.get((row.arm, row.metric), 0) + row.value / 3
    assert means["ExactOBS 50", "accuracy"] > means["ExactOBS", "accuracy"] > means["magnitude", "accuracy"]
    assert means["ExactOBS 50", "layer_error"] < means["ExactOBS", "layer_error"] < means["magnitude", "layer_error"]


def test_progress_is_told_in_order(store: RunStore) -> None:
    events = wait_for_end(store, EXPERIMENT.digest)
    assert [events[0]["state"], events[-1]["state"]] == ["queued", "finished"]
    fractions = [event["fraction"] for event in events]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    assert any("training the net" in event["message"] for event in events)
    assert all({"state", "fraction", "message", "left_s", "time"} <= set(event) for event in events)


def test_the_same_experiment_again_starts_nothing(store: RunStore) -> None:
    folder = RunFolder(store.home / "runs" / EXPERIMENT.digest)
    before = (len(folder.attempt()), (folder.path / "result.json").stat().st_mtime_ns)
    assert store.is_cached(EXPERIMENT) and estimate(EXPERIMENT, store.home).seconds == 0
    assert store.submit(EXPERIMENT, claim="again") == EXPERIMENT.digest
    assert (len(folder.attempt()), (folder.path / "result.json").stat().st_mtime_ns) == before
    assert processes(EXPERIMENT.digest, EXECUTOR) == []


def test_cells_are_shared_between_experiments(store: RunStore) -> None:
    renamed = replace(MAGNITUDE, name="by size")
    other = replace(EXPERIMENT, arms=(OBQ, renamed), expectation=Expectation("OBQ", "by size", "layer_error"))
    assert store.is_cached(other) and estimate(other, store.home).cached == 9
    digest = store.submit(other)
    events = wait_for_end(store, digest)
    assert events[-1]["state"] == "finished" and "from the store" in events[-1]["message"]
    outcome = store.outcome(digest)
    assert outcome is not None and outcome[1].provenance["all_from_store"]
    mine = {(row.seed, row.metric): row.value for row in outcome[1].rows if row.arm == "by size"}
    theirs = {(row.seed, row.metric): row.value for row in rows_of(store, EXPERIMENT) if row.arm == "magnitude"}
    assert mine == theirs
    assert [status.digest for status in store.runs()] == [digest, EXPERIMENT.digest]


def test_one_more_seed_computes_one_seed(store: RunStore) -> None:
    more = replace(EXPERIMENT, seeds=(0, 1, 2, 3))
    before = {file: file.stat().st_mtime_ns for file in (store.home / "cells").iterdir()}
    expected = estimate(more, store.home)
    assert (expected.cells, expected.cached) == (20, 15) and expected.seconds > 0
    digest = store.submit(more)
    assert wait_for_end(store, digest)[-1]["state"] == "finished"
    assert all(file.stat().st_mtime_ns == time_ns for file, time_ns in before.items())
    assert len(list((store.home / "cells").iterdir())) == len(before) + 5
    outcome = store.outcome(digest)
    assert outcome is not None and len(outcome[1].provenance["from_store"]) == 12
    assert [row for row in outcome[1].rows if row.seed < 3] == rows_of(store, EXPERIMENT)


def test_a_run_killed_midway_goes_on_and_ends_the_same(store: RunStore, tmp_path: Path) -> None:
    killed = RunStore(tmp_path)
    digest = killed.submit(EXPERIMENT)
    wait_for(lambda: list((tmp_path / "cells").glob("[!.]*.json")))
    (executor,) = processes(digest, EXECUTOR)
    os.kill(executor, signal.SIGKILL)
    wait_for(lambda: not processes(digest, EXECUTOR) and not processes(digest, WORKER))
    assert killed.status(digest).state == "interrupted"
    assert list(killed.events(digest))[-1]["state"] == "interrupted"
    assert killed.outcome(digest) is None
    for file in tmp_path.rglob("[!.]*.json"):
        json.loads(file.read_text())
    cells = {file: file.stat().st_mtime_ns for file in (tmp_path / "cells").glob("[!.]*.json")}
    assert 0 < len(cells) < 15
    with (tmp_path / "runs" / digest / "events.jsonl").open("a") as file:
        file.write('{"state": "runn')  # as a kill in the middle of a write would leave it
    killed.submit(EXPERIMENT)
    events = wait_for_end(killed, digest)
    assert [events[0]["state"], events[-1]["state"]] == ["queued", "finished"]
    assert all(file.stat().st_mtime_ns == time_ns for file, time_ns in cells.items()), "finished cells are kept"
    assert rows_of(killed, EXPERIMENT) == rows_of(store, EXPERIMENT), "to the last digit"


def test_two_submits_make_one_worker_and_cancel_ends_it(tmp_path: Path) -> None:
    stores = [RunStore(tmp_path), RunStore(tmp_path)]
    threads = [threading.Thread(target=each.submit, args=(EXPERIMENT,)) for each in stores for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    digest = EXPERIMENT.digest
    wait_for(lambda: processes(digest, WORKER))
    assert len(processes(digest, EXECUTOR)) == 1
    wait_for(lambda: stores[1].status(digest).state == "running")
    stores[1].cancel(digest)
    events = wait_for_end(stores[0], digest)
    assert events[-1]["state"] == "cancelled" == stores[0].status(digest).state
    assert sum(bool(event.get("attempt")) for event in RunFolder(tmp_path / "runs" / digest).attempt()) == 1
    wait_for(lambda: not processes(digest, EXECUTOR) and not processes(digest, WORKER))
    assert stores[0].outcome(digest) is None
    stores[0].cancel(digest)  # has ended already
    assert stores[0].status(digest).state == "cancelled"


def test_a_worker_killed_from_outside_twice_fails_the_run_with_the_reason(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    digest = store.submit(replace(EXPERIMENT, seeds=(0,)))
    wait_for(lambda: processes(digest, WORKER))
    (first,) = processes(digest, WORKER)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: set(processes(digest, WORKER)) - {first})
    os.kill(processes(digest, WORKER)[0], signal.SIGKILL)
    events = wait_for_end(store, digest)
    assert events[-1]["state"] == "failed"
    assert sum("seed 0 crashed (killed by signal 9" in event["message"] for event in events) == 1
    outcome = store.outcome(digest)
    assert outcome is not None and outcome[2].outcome == "failed" and outcome[1].rows == ()
    assert "seed 0 crashed a second time: killed by signal 9" in outcome[2].reason


def test_memory_over_the_limit_fails_the_run_and_another_submit_tries_again(tmp_path: Path) -> None:
    experiment = replace(EXPERIMENT, seeds=(0,))
    store = RunStore(tmp_path, RunOptions(memory_gb=0.02))
    digest = store.submit(experiment)
    last = wait_for_end(store, digest)[-1]
    assert last["state"] == "failed" and "the limit is 0.02 GB" in last["message"]
    store.submit(experiment)
    assert wait_for_end(store, digest)[-1]["time"] > last["time"]


def test_a_run_waits_in_the_queue_and_can_be_cancelled_there(store: RunStore, tmp_path: Path) -> None:
    waiting = RunStore(tmp_path)
    (tmp_path / "runs" / ".places").mkdir(parents=True)
    place = try_lock(tmp_path / "runs" / ".places" / "0")
    assert place is not None
    digest = waiting.submit(EXPERIMENT)
    wait_for(lambda: "Waiting" in waiting.status(digest).message)
    assert waiting.status(digest).state == "queued" and not processes(digest, WORKER)
    waiting.cancel(digest)
    assert wait_for_end(waiting, digest)[-1]["state"] == "cancelled"
    os.close(place)


def test_a_result_of_older_sources_is_done_anew(store: RunStore, home: Path) -> None:
    experiment = replace(EXPERIMENT, arms=(OBS50, MAGNITUDE), expectation=Expectation("ExactOBS 50", "magnitude"))
    digest = store.submit(experiment)
    wait_for_end(store, digest)
    file = home / "runs" / digest / "result.json"
    file.write_text(file.read_text().replace('"exact_obs": "', '"exact_obs": "old'))
    store.submit(experiment)
    assert wait_for_end(store, digest)[-1]["state"] == "finished"
    assert "old" not in json.loads(file.read_text())["provenance"]["method_hashes"]["exact_obs"]
    assert len(list(file.parent.glob("result-*.json"))) == 1, "the old one is put aside"


def test_a_result_is_judged_by_the_metrics_that_it_keeps(
    store: RunStore, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.outcome(EXPERIMENT.digest)
    assert before is not None and before[2].outcome == "supported"
    digits = get(EXPERIMENT.testbed)
    turned = tuple(replace(metric, better="lower", title="something else") for metric in digits.metrics)
    monkeypatch.setattr(type(digits), "metrics", turned)
    assert store.outcome(EXPERIMENT.digest) == before
    # An older version kept no definitions: today's are right as long as the sources are the same, and no longer.
    monkeypatch.undo()
    file = home / "runs" / EXPERIMENT.digest / "result.json"
    kept = file.read_text()
    try:
        result = json.loads(kept)
        del result["provenance"]["judged_with"]
        file.write_text(json.dumps(result))
        again = store.outcome(EXPERIMENT.digest)
        assert again is not None and again[2] == before[2]
        result["provenance"]["testbed_hash"] = "older"
        file.write_text(json.dumps(result))
        outcome = store.outcome(EXPERIMENT.digest, bears_on="R3")
        assert outcome is not None and (outcome[2].outcome, outcome[2].bears_on) == ("failed", "R3")
        assert "has to be run anew" in outcome[2].reason and outcome[2].effect is None and outcome[1].rows == ()
    finally:
        file.write_text(kept)


def test_following_can_be_stopped_and_needs_not_wait(store: RunStore, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "runs" / EXPERIMENT.digest)
    folder.create(EXPERIMENT, {"claim": "", "bears_on": "", "created": 0.0})
    lock = folder.lock()
    assert lock is not None
    folder.append("running", 0.5, "half", 3.0, attempt=True)
    watching = RunStore(tmp_path)
    assert [event["message"] for event in watching.events(folder.digest, follow=False)] == ["half"]
    assert len(list(watching.events(folder.digest, stop=lambda: True))) == 1
    assert watching.status(folder.digest).state == "running"
    os.close(lock)
    assert watching.status(folder.digest).state == "interrupted"


def test_unknown_runs_and_bad_experiments(store: RunStore) -> None:
    assert store.status("0" * 64).state == "unknown"
    assert list(store.events("0" * 64))[-1]["state"] == "unknown"
    assert store.outcome("0" * 64) is None
    for call in (store.experiment, store.request, store.cancel, store.find):
        with pytest.raises(UnknownRun):
            call("0" * 64)
    with pytest.raises(UnknownRun, match="is no digest"):
        store.status("../../etc")
    with pytest.raises(ExperimentError):
        store.submit(replace(EXPERIMENT, seeds=()))


def test_a_prefix_finds_one_run_or_says_why_not(tmp_path: Path) -> None:
    for digest in ("abc1", "abd2"):
        RunFolder(tmp_path / "runs" / digest).create(EXPERIMENT, {"created": 0.0})
    store = RunStore(tmp_path)
    assert store.find("abd") == "abd2"
    with pytest.raises(UnknownRun, match="2 runs have a digest that begins with 'ab'"):
        store.find("ab")
    for prefix in ("x", ""):
        with pytest.raises(UnknownRun, match="no run has a digest"):
            store.find(prefix)


def test_torn_and_foreign_lines_among_the_events_are_left_out(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "abc")
    folder.create(EXPERIMENT, {})
    folder.append("queued", 0.0, "first", attempt=True)
    with (folder.path / "events.jsonl").open("ab") as file:
        file.write(b'[1, 2]\n\xff\xfe\n{"state": "run')
    folder.append("running", 0.5, "second")
    with (folder.path / "events.jsonl").open("ab") as file:
        file.write(b'{"state": "finished", "fraction": 1.0}')  # no line end: not yet whole
    assert [event["message"] for event in folder.attempt()] == ["first", "second"]


def test_files_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "sub" / "file.json"
    write_atomically(target, b"old")

    def full(handle: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old" and len(list(target.parent.iterdir())) == 1


def test_arms_that_one_pass_serves_are_grouped() -> None:
    damped = Arm("damped", "exact_obs", (("damping", 0.1), ("sparsity", 0.9)))
    obq3 = Arm("OBQ 3", "obq", (("bits", 3),))
    pruned = [Arm(f"pruned {s}", "iterative_magnitude", (("sparsity", s),)) for s in (0.8, 0.9)]
    assert group_arms([OBS90, MAGNITUDE, OBS50, damped, OBQ, obq3, *pruned]) == [
        [OBS90, OBS50],
        [MAGNITUDE],
        [damped],
        [OBQ],
        [obq3],
        [pruned[0]],  # a procedure retrains, so that no pass serves two of its settings
        [pruned[1]],
    ]


def test_estimates_follow_what_cells_really_took(store: RunStore) -> None:
    fresh = replace(EXPERIMENT, seeds=(100, 101))
    before = estimate(fresh, store.home).seconds
    for file in list((store.home / "cells").glob("[!.]*.json")):
        cell = json.loads(file.read_text())
        cell["seconds"] = {part: 10 * seconds for part, seconds in cell["seconds"].items()}
        file.write_text(json.dumps(cell))
    assert estimate(fresh, store.home).seconds == pytest.approx(10 * before, rel=0.05)
    assert len(list(CellStore(store.home).latest(get("digits-cnn"), limit=3))) == 3


def test_asking_the_store_imports_no_heavy_library() -> None:
    program = (
        "import sys; from compression_demo import runs, costs, judge, validation, executor, worker; "
        "print([name for name in ('torch', 'sklearn', 'numpy', 'scipy', 'mlxtend') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
