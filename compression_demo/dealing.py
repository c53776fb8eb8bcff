"""A run's seeds, dealt to a crew one by one until all their cells are in the run store."""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from pathlib import Path

from .cells import CellStore, list_arms
from .crew import Broke, Computed, Crew, Noted, Report, Said
from .errors import RunFailed
from .progress import LOADING, Progress
from .runfolder import RunFolder, is_held, try_lock
from .testbeds import get
from .types import Experiment

POLL_S = 0.1
TRIES = 2
"""How often a seed is begun whose worker crashes."""


class Cancelled(Exception):
    """The cancel flag was raised."""


class Dealer:
    """Deals seeds out, stores what comes back, and decides what a worker's end means for the run.

    A seed that another run is at is left alone meanwhile: what that one computes need not be computed here.

    Args:
        limit_s: seconds with at least one seed at work after which the run fails.
    """

    def __init__(
        self, home: Path, folder: RunFolder, experiment: Experiment, crew: Crew, progress: Progress, limit_s: float
    ) -> None:
        self._folder, self._experiment, self._crew = folder, experiment, crew
        self._progress, self._limit_s = progress, limit_s
        self._store, self._testbed = CellStore(home), get(experiment.testbed)
        self._claims = Claims(home, experiment, crew.shares_nets)
        self._waiting: list[int] = []
        self._elsewhere: set[int] = set()
        self._begun: Counter[int] = Counter()
        self._at_work: set[int] = set()
        self._heard_of: set[int] = set()
        self._computed: set[tuple] = set()
        self._worked_s = 0.0

    def deal(self, seeds: list[int]) -> set[tuple]:
        """See to it that all cells of `seeds` are stored; those that this run computed, as (seed, method, settings).

        Raises:
            RunFailed: a seed failed, or its worker crashed twice, or it took too long.
            Cancelled: the cancel flag was raised.
        """
        self._waiting = list(seeds)
        try:
            while self._waiting or self._at_work:
                if self._folder.cancelling:
                    raise Cancelled
                before = time.monotonic()
                for report in self._crew.listen():
                    self._take(report)
                self._begin_what_can_be()
                self._progress.tell()
                time.sleep(POLL_S)
                self._watch_clock(time.monotonic() - before)
        finally:
            self._crew.close()
            self._claims.give_up_all()
        return self._computed

    def _begin_what_can_be(self) -> None:
        self._skip_what_others_do()
        free = [seed for seed in self._waiting if seed not in self._elsewhere]
        room = self._crew.room(len(free))
        waits = free and not room and not self._at_work
        self._progress.at_first = "Waiting for a core; other runs hold them all." if waits else LOADING
        for seed in free[:room]:
            if self._claims.take(seed):
                if not self._begun[seed]:
                    missing = self._store.missing(self._experiment, seed)
                    self._computed |= {(seed, arm.method, arm.settings) for arm in missing}
                self._begun[seed] += 1
                self._waiting.remove(seed)
                self._at_work.add(seed)
                self._crew.begin(seed)

    def _skip_what_others_do(self) -> None:
        """Note which seeds other runs are at, and strike those that they have finished."""
        for seed in list(self._waiting):
            if self._claims.taken_by_others(seed):
                self._elsewhere.add(seed)
                self._progress.hear(seed, 0.0, "another run is computing it")
            elif seed in self._elsewhere:
                self._elsewhere.remove(seed)
                self._progress.hear(seed, 0.0, "")
                if not self._store.missing(self._experiment, seed):
                    self._waiting.remove(seed)
                    self._progress.hear(seed, 1.0, "done")

    def _take(self, report: Report) -> None:
        if isinstance(report, Said):
            self._heard_of.add(report.seed)
            self._progress.hear(report.seed, report.done, report.words)
        elif isinstance(report, Noted):
            self._progress.note(report.words)
        elif isinstance(report, Computed):
            self._keep(report)
        else:
            self._at_work.remove(report.seed)
            self._heard_of.discard(report.seed)
            self._claims.give_up(report.seed)
            if isinstance(report, Broke):
                self._decide(report)
            else:
                self._progress.hear(report.seed, 1.0, "done")

    def _decide(self, end: Broke) -> None:
        """Try a seed once more whose worker crashed, first of all.

        Raises:
            RunFailed: it crashed a second time, or failed for a reason that would be the same again.
        """
        if not end.crash:
            raise RunFailed(end.reason)
        if self._begun[end.seed] >= TRIES:
            log = f" The log ends: {' | '.join(end.log)}" if end.log else ""
            raise RunFailed(f"the worker of seed {end.seed} crashed a second time: {end.reason}.{log}")
        self._waiting.insert(0, end.seed)
        self._progress.hear(end.seed, 0.0, "")
        self._progress.note(f"The worker of seed {end.seed} crashed ({end.reason}); the seed is tried once more.")

    def _keep(self, report: Computed) -> None:
        """Store a cell, unless it is there already: a seed may have been done twice, it is recorded once."""
        arm, calibration = list_arms(self._experiment)[report.arm], self._experiment.calibration
        if self._store.get(self._testbed, arm, report.seed, calibration) is None:
            self._store.put(self._testbed, arm, report.seed, calibration, report.cell)

    def _watch_clock(self, passed_s: float) -> None:
        if self._heard_of:  # a cluster may take its time until it begins
            self._worked_s += passed_s
        if self._worked_s > self._limit_s:
            raise RunFailed(
                f"time: the run was at work for {self._worked_s:.0f} s, the limit is {self._limit_s:g} s; "
                "what was computed is kept"
            )


class Claims:
    """Seeds and nets that this process is at: locks on files, by what determines the numbers, that vanish with it."""

    def __init__(self, home: Path, experiment: Experiment, shared_nets: bool) -> None:
        self._folder, self._testbed = home / "claims", get(experiment.testbed)
        self._nets = home / "nets" if shared_nets else None
        self._held: dict[int, list[int]] = {}

    def take(self, seed: int) -> bool:
        """Claim a seed, with the net that it would have to make; False if another process is at one of them."""
        handles = self._held[seed] = []
        self._folder.mkdir(parents=True, exist_ok=True)
        for file in self._files(seed):
            handle = try_lock(file)
            if handle is None:
                self.give_up(seed)
                return False
            handles.append(handle)
        return True

    def taken_by_others(self, seed: int) -> bool:
        """Whether a seed that is not claimed here, or its net, is being computed."""
        return any(is_held(file) for file in self._files(seed))

    def give_up(self, seed: int) -> None:
        """Let others have a seed."""
        for handle in self._held.pop(seed):
            os.close(handle)

    def give_up_all(self) -> None:
        """Let others have all seeds."""
        for seed in list(self._held):
            self.give_up(seed)

    def _files(self, seed: int) -> list[Path]:
        # All arms of a seed, at any calibration: they share the net, and a whole seed is what one worker does.
        claimed = [f"{self._testbed.name} {self._testbed.source_hash} seed {seed}"]
        net = self._testbed.net_file(seed, self._nets) if self._nets is not None else None
        if net is not None and not net.exists():
            claimed.append(f"net {net.parent.name}/{net.name}")
        return [self._folder / hashlib.sha256(text.encode()).hexdigest()[:32] for text in claimed]
