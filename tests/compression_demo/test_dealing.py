"""The dealer, held against a crew that does as it is told, and the claims by which runs keep out of each other's way."""

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from compression_demo import dealing
from compression_demo.cells import CellStore, list_arms
from compression_demo.crew import Broke, Computed, Finished, Noted, Report, Said
from compression_demo.dealing import Cancelled, Claims, Dealer
from compression_demo.errors import RunFailed
from compression_demo.progress import Progress
from compression_demo.runfolder import RunFolder
from compression_demo.testbeds import get
from compression_demo.types import Arm, Expectation, Experiment

ARMS = (Arm("four", "obq", (("bits", 4),)), Arm("two", "obq", (("bits", 2),)))
EXPERIMENT = Experiment("digits-cnn", ARMS, Expectation("four", "two"), (0, 1, 2), 64)
CELL = {"metrics": {"accuracy": 90.0}, "layers": [], "seconds": {}}


class MadeUpCrew:
    """Takes `places` seeds at a time; each ends with the reports of `script`, in the order in which seeds are begun."""

    shares_nets = True

    def __init__(self, script: Iterable[tuple[Report, ...]] = (), places: int = 1) -> None:
        self.machines: dict[str, Any] = {}
        self.script, self.places = deque(script), places
        self.begun: list[int] = []
        self.reports: list[Report] = []
        self.at_work = 0
        self.closed = False

    def room(self, wanted: int) -> int:
        return min(wanted, self.places - self.at_work)

    def begin(self, seed: int) -> None:
        self.begun.append(seed)
        self.at_work += 1
        self.reports += self.script.popleft() if self.script else finish(seed)

    def listen(self) -> list[Report]:
        found, self.reports = self.reports, []
        self.at_work -= sum(isinstance(report, (Finished, Broke)) for report in found)
        return found

    def close(self) -> None:
        self.closed = True


def finish(seed: int, *, accuracy: float = 90.0) -> tuple[Report, ...]:
    cell = CELL | {"metrics": {"accuracy": accuracy}}
    return (*(Computed(seed, index, cell) for index in range(len(list_arms(EXPERIMENT)))), Finished(seed))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunFolder:
    monkeypatch.setattr(dealing, "POLL_S", 0.001)
    folder = RunFolder(tmp_path / "runs" / EXPERIMENT.digest)
    folder.create(EXPERIMENT, {})
    return folder


def deal(home: Path, folder: RunFolder, crew: MadeUpCrew, limit_s: float = 60.0) -> set[tuple]:
    progress = Progress(folder, 3, EXPERIMENT.seeds, 1.0)
    return Dealer(home, folder, EXPERIMENT, crew, progress, limit_s).deal(list(EXPERIMENT.seeds))


def empty(home: Path) -> None:
    for file in CellStore(home).folder.glob("[!.]*"):
        file.unlink()


def test_seeds_are_dealt_in_order_and_their_cells_stored(tmp_path: Path, folder: RunFolder) -> None:
    crew = MadeUpCrew()
    computed = deal(tmp_path, folder, crew)
    assert crew.begun == [0, 1, 2] and crew.closed
    assert len(computed) == 9 and not any(CellStore(tmp_path).missing(EXPERIMENT, seed) for seed in EXPERIMENT.seeds)


def test_a_crashed_seed_is_the_next_to_be_begun_and_only_once(tmp_path: Path, folder: RunFolder) -> None:
    crash = Broke(0, "killed by signal 11", crash=True, log=("Fatal Python error",))
    crew = MadeUpCrew([(crash,)])
    deal(tmp_path, folder, crew)
    assert crew.begun == [0, 0, 1, 2]
    crew = MadeUpCrew([(crash,), (crash,)])
    empty(tmp_path)
    with pytest.raises(RunFailed, match=r"seed 0 crashed a second time: killed by signal 11. The log ends: Fatal"):
        deal(tmp_path, folder, crew)
    assert crew.begun == [0, 0] and crew.closed


def test_a_cell_that_comes_twice_is_recorded_once(tmp_path: Path, folder: RunFolder) -> None:
    crew = MadeUpCrew([(*finish(0)[:3], *finish(0, accuracy=10.0))])
    deal(tmp_path, folder, crew)
    testbed = get(EXPERIMENT.testbed)
    cells = [CellStore(tmp_path).get(testbed, arm, 0, 64) for arm in list_arms(EXPERIMENT)]
    assert all(cell is not None and cell["metrics"]["accuracy"] == 90.0 for cell in cells)


def test_only_time_at_work_counts(tmp_path: Path, folder: RunFolder) -> None:
    crew = MadeUpCrew([(), *[finish(seed) for seed in (1, 2)]], places=3)
    clock = iter(range(0, 1000, 10))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dealing.time, "sleep", lambda _: next(clock) < 50 or crew.reports.extend(finish(0)))
        deal(tmp_path, folder, crew, limit_s=0.0)  # nobody has said a word of seed 0: it waits on a cluster
    empty(tmp_path)
    crew = MadeUpCrew([(Said(0, 0.1, "at it"),)], places=1)
    with pytest.raises(RunFailed, match=r"time: the run was at work for 0 s, the limit is 0\.05 s"):
        deal(tmp_path, folder, crew, limit_s=0.05)


def test_the_flag_ends_it_and_frees_the_seeds(tmp_path: Path, folder: RunFolder) -> None:
    folder.ask_to_cancel()
    with pytest.raises(Cancelled):
        deal(tmp_path, folder, MadeUpCrew())
    folder.forget_cancel()
    crew = MadeUpCrew([(Said(0, 0.5, "at it"), Noted("a machine went away"))])
    others = Claims(tmp_path, EXPERIMENT, shared_nets=True)

    def cancel(_: float) -> None:
        assert others.taken_by_others(0)
        folder.ask_to_cancel()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dealing.time, "sleep", cancel)
        with pytest.raises(Cancelled):
            deal(tmp_path, folder, crew)
    assert crew.closed and not others.taken_by_others(0)


def test_a_seed_that_another_run_is_at_is_left_to_it(tmp_path: Path, folder: RunFolder) -> None:
    other, crew, passes = Claims(tmp_path, EXPERIMENT, shared_nets=True), MadeUpCrew(), iter(range(100))
    assert other.take(1)
    store, testbed = CellStore(tmp_path), get(EXPERIMENT.testbed)

    def let_the_other_finish(_: float) -> None:
        if next(passes) == 10:
            assert crew.begun == [0, 2], "the others are done meanwhile"
            for arm in list_arms(EXPERIMENT):
                store.put(testbed, arm, 1, 64, CELL)
            other.give_up(1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dealing.time, "sleep", let_the_other_finish)
        computed = deal(tmp_path, folder, crew)
    assert crew.begun == [0, 2] and {seed for seed, _, _ in computed} == {0, 2}


def test_what_the_other_run_left_undone_is_done_here(tmp_path: Path, folder: RunFolder) -> None:
    other, crew, passes = Claims(tmp_path, EXPERIMENT, shared_nets=True), MadeUpCrew(), iter(range(100))
    assert other.take(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dealing.time, "sleep", lambda _: next(passes) == 5 and other.give_up(1))
        deal(tmp_path, folder, crew)
    assert crew.begun == [0, 2, 1]


def test_a_net_that_all_seeds_share_is_made_by_one_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    testbed, net = get("digits-cnn"), tmp_path / "nets" / "one" / "net"
    monkeypatch.setattr(type(testbed), "net_file", lambda self, seed, nets: nets / "one" / "net")
    first, second = (Claims(tmp_path, EXPERIMENT, shared_nets=True) for _ in range(2))
    assert first.take(0) and second.taken_by_others(1) and not second.take(1)
    assert Claims(tmp_path, EXPERIMENT, shared_nets=False).take(2), "machines of a cluster each make their own"
    net.parent.mkdir(parents=True)
    net.touch()
    assert not second.taken_by_others(1) and second.take(1)
    for claims in (first, second):
        claims.give_up_all()
