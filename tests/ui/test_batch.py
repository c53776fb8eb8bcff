"""Several experiments at once: handed out, followed, and left alone when whoever follows them goes away."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from agent.claims import Plan
from compression_demo.options import RunOptions
from compression_demo.runs import RunStatus, RunStore
from compression_demo.types import Arm, Expectation, Experiment
from tests.compression_demo import made_up_engine
from tests.compression_demo.made_up_engine import done
from tests.compression_demo.waiting import wait_for
from ui import batch, settings, surveying
from ui.batch import Batch, count_at_once
from ui.dossier import Chapter, Dossier
from ui.terminal import Status

ARMS = tuple(Arm(name, "obq", (("bits", bits),)) for name, bits in (("four", 4), ("two", 2)))
EXPERIMENT = Experiment("digits-cnn", ARMS, Expectation("four", "two"), (0, 1, 2), 64)
MASKS = (("sparsity", 0.9), ("winners", 0.2))
TIMED = Experiment(
    "digits-mlp", (Arm("a", "time_masks", MASKS), Arm("b", "time_units", MASKS)), Expectation("b", "a", "processor_ms"), (0, 1, 2)
)  # fmt: skip


def chapter(experiment: Experiment) -> Chapter:
    return Chapter(Plan("OBQ at 4 bits beats OBQ at 2 bits", experiment), ())


@dataclass
class Told(Status):
    """A status line that remembers what it was told; interrupted after so many showings where that is wanted."""

    interrupted_after: int | None = None
    lines: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    def show(self, text: str) -> None:
        self.shown.append(text)
        if self.interrupted_after is not None and len(self.shown) > self.interrupted_after:
            raise KeyboardInterrupt

    def line(self, text: str) -> None:
        self.lines.append(text)

    def clear(self) -> None:
        pass


@dataclass
class ScriptedRuns(RunStore):
    """Runs of which each ends after `lasts` looks at it."""

    lasts: int = 2
    looks: dict[str, int] = field(default_factory=dict)
    together: list[set[str]] = field(default_factory=list)

    def is_cached(self, experiment: Experiment) -> bool:
        return False

    def submit(self, experiment: Experiment, **_: Any) -> str:
        self.looks[experiment.digest] = 0
        alive = {digest for digest, looks in self.looks.items() if looks < self.lasts}
        self.together.append(alive)
        return experiment.digest

    def status(self, digest: str) -> RunStatus:
        self.looks[digest] += 1
        state = "cancelled" if self.looks[digest] >= self.lasts else "running"
        return RunStatus(digest, state, 0.5, left_s=7.0)

    def outcome(self, digest: str, **_: Any) -> None:
        return None


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "POLL_S", 0.0)


@pytest.mark.usefixtures("quick")
def test_as_many_are_in_flight_as_may_be_and_one_more_in_line() -> None:
    chapters = [chapter(replace(EXPERIMENT, calibration=n)) for n in range(1, 8)]
    runs, told = ScriptedRuns(), Told()
    ends = list(Batch(chapters, runs, 2, told).run())
    assert sorted(number for number, _ in ends) == list(range(7))
    assert {one.state for _, one in ends} == {"cancelled"}
    assert max(map(len, runs.together)) == 3
    assert told.shown[0] == "0 of 7 done | 1: 50%, 7 s left | 2: 50%, 7 s left | 3: 50%, 7 s left"
    assert len(told.lines) == 7 and told.lines[-1].startswith("7 of 7: cancelled: ")


@pytest.mark.usefixtures("quick")
def test_times_are_measured_last_and_with_nothing_beside_them() -> None:
    timed = [replace(TIMED, seeds=seeds) for seeds in ((0, 1, 2), (3, 4, 5))]
    chapters = [chapter(each) for each in (timed[0], EXPERIMENT, timed[1], replace(EXPERIMENT, calibration=32))]
    runs = ScriptedRuns()
    ends = list(Batch(chapters, runs, 2, Told()).run())
    assert [number for number, _ in ends][2:] == [0, 2] and {number for number, _ in ends} == {0, 1, 2, 3}
    assert [alive for alive in runs.together if alive & {each.digest for each in timed}] == [{e.digest} for e in timed]


@pytest.mark.parametrize(
    ("cores", "cluster", "wanted"),
    [(1, False, 1), (2, False, 2), (3, False, 2), (8, False, 4), (0, True, 4), (30, True, 11), (900, True, 16)],
)
def test_as_many_runs_as_fill_the_cores(cores: int, cluster: bool, wanted: int) -> None:
    assert count_at_once(cores, cluster=cluster) == wanted


def test_what_is_said_goes_before_what_is_set_and_that_before_the_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECOND_OPINION_HOME", str(tmp_path))
    monkeypatch.delenv("SECOND_OPINION_RUNS_AT_ONCE", raising=False)
    monkeypatch.setattr("compression_demo.provenance.available_cores", lambda: 8)
    assert surveying.open_for_many(settings.load(), None)[1] == 4
    monkeypatch.setenv("SECOND_OPINION_RUNS_AT_ONCE", "1")
    assert surveying.open_for_many(settings.load(), None)[1] == 1
    store, count = surveying.open_for_many(settings.load(), 6)
    assert (count, store.options.max_running) == (6, 6)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunStore]:
    """A store whose compute processes make their numbers up."""
    for name, value in made_up_engine.install(tmp_path / "engine").items():
        monkeypatch.setenv(name, value)
    yield RunStore(tmp_path / "home", RunOptions(max_running=2))
    wait_for(lambda: not any(s.state in ("queued", "running") for s in RunStore(tmp_path / "home").runs()))


def test_what_was_interrupted_goes_on_and_is_found_again(store: RunStore, tmp_path: Path) -> None:
    chapters = [chapter(replace(EXPERIMENT, seeds=seeds)) for seeds in ((0, 1, 2), (3, 4, 5), (6, 7, 8))]
    begun = Batch(chapters, store, 2, Told(interrupted_after=1))
    with pytest.raises(KeyboardInterrupt):
        list(begun.run())
    assert begun.in_flight.keys() <= {0, 1, 2} and begun.in_flight
    assert all(one.state in ("queued", "running", "finished") for one in begun.in_flight.values())
    wait_for(lambda: all(store.status(c.plan.experiment.digest).state == "finished" for c in chapters))
    told = Told()
    ends = dict(Batch(chapters, store, 2, told).run())
    assert sorted(ends) == [0, 1, 2] and all(one.verification for one in ends.values())
    assert all(one.verification and one.verification["cached"] for one in ends.values())
    assert len(done(tmp_path / "engine")) == 3 * 3 * 3, "nothing was computed twice"


def test_chapters_are_put_in_their_places() -> None:
    dossier = Dossier("id", "title", tuple(chapter(replace(EXPERIMENT, calibration=n)) for n in (1, 2, 3)), ())
    ended = replace(dossier.chapters[1], state="failed")
    assert [c.state for c in surveying.put(dossier, {1: ended}).chapters] == ["not run yet", "failed", "not run yet"]
