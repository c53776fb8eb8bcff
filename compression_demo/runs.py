"""The run store: digest -> run folder; submit, follow, cancel, resume, read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cells import CellStore
from .errors import CompressionError, UnknownRun
from .executor import launch, open_queue
from .judge import JUDGED_WITH, judge, judge_failure, refuse
from .methods import hash_methods, is_local
from .options import RunOptions
from .provenance import describe, machine_id
from .runfolder import ENDED, RunFolder, State
from .runqueue import Priority
from .testbeds import get
from .types import Experiment, RunResult, Verdict
from .validation import validate

ENDING_S = 10.0
"""How long a run that is wanted again is waited for while its process is about to end."""


@dataclass(frozen=True)
class RunStatus:
    """Where a run stands. `started` in seconds since 1970; `seconds` so far, or in all once it has ended; `ahead`: how
    many runs have to start or end before it does, where it waits in the queue."""

    digest: str
    state: State
    fraction: float = 0.0
    message: str = ""
    left_s: float | None = None
    started: float | None = None
    seconds: float = 0.0
    ahead: int | None = None


class RunStore:
    """All runs under `<home>/runs`, with the cells and nets that they share beside them.

    Safe to use from several processes and threads at once: what holds is in the files alone.

    Args:
        home: the data folder.
        options: what holds for the runs that are started here.
    """

    def __init__(self, home: Path, options: RunOptions | None = None) -> None:
        self.home = home
        self.options = options or RunOptions()
        self._runs = home / "runs"
        self._queue = open_queue(home, self.options)

    def submit(
        self, experiment: Experiment, *, claim: str = "", bears_on: str = "", priority: Priority = "conversation"
    ) -> str:
        """See to it that an experiment is run, and return its digest.

        Nothing is started where the run has finished or is at work; one that waits with less priority moves forward.
        A cancelled, failed or killed run goes on from the cells it has; a result of older sources is done anew.

        Raises:
            ExperimentError: names the field and the rule it breaks.
        """
        validate(experiment)
        folder = self._folder(experiment.digest)
        lock = folder.lock()
        deadline = time.monotonic() + ENDING_S
        while lock is None and _is_ending(folder) and time.monotonic() < deadline:
            time.sleep(0.05)
            lock = folder.lock()
        if lock is None:
            self._queue.raise_priority(folder.digest, priority)
            return folder.digest
        try:
            folder.create(experiment, {"claim": claim, "bears_on": bears_on, "created": time.time()})
            folder.forget_cancel()
            if self._is_current(folder.result()):
                return folder.digest
            folder.retire_result()
            folder.append("queued", 0.0, "Starting.", attempt=True)
            ticket = self._queue.enter(folder.digest, priority)
            try:
                launch(self.home, folder.digest, lock, ticket, self.options)
            finally:
                os.close(ticket)
        finally:
            os.close(lock)
        return folder.digest

    def status(self, digest: str) -> RunStatus:
        """Where a run stands; state "unknown" for a digest that names no run."""
        folder = self._folder(digest)
        state = folder.state()
        events = folder.attempt()
        if state == "unknown" or not events:
            return RunStatus(digest, state)
        last = events[-1]
        until = last["time"] if state in ENDED else time.time()
        fraction = 1.0 if state == "finished" else last["fraction"]
        message = last["message"] if state in (last["state"], "running") else _describe(state)
        left = None if state in ENDED else last["left_s"]
        ahead = self._queue.ahead(digest) if state == "queued" else None
        return RunStatus(digest, state, fraction, message, left, events[0]["time"], until - events[0]["time"], ahead)

    def events(
        self, digest: str, *, follow: bool = True, poll_s: float = 0.2, stop: Callable[[], bool] | None = None
    ) -> Iterator[dict[str, Any]]:
        """The progress of a run's last attempt from its beginning: "state", "fraction", "message", "left_s", "time".

        Ends after the event that ended the run. A run that was killed gets an "interrupted" event, which is in no
        file. With `follow` false, ends with what has happened so far; `stop` is asked between polls.
        """
        folder, begun, told = self._folder(digest), None, 0
        while True:
            # The state first: an end seen before reading has its event among those read.
            state = folder.state()
            events = folder.attempt()
            if events and events[0]["time"] != begun:
                begun, told = events[0]["time"], 0
            yield from events[told:]
            told = len(events)
            if state in ENDED:
                if not events or events[-1]["state"] not in ENDED:
                    yield {
                        "state": state,
                        "fraction": 1.0 if state == "finished" else 0.0,
                        "message": _describe(state),
                        "left_s": None,
                        "time": time.time(),
                    }
                return
            if not follow or (stop and stop()):
                return
            time.sleep(poll_s)

    def outcome(self, digest: str, *, bears_on: str | None = None) -> tuple[Experiment, RunResult, Verdict] | None:
        """Experiment, rows and verdict of a finished or failed run; None while there is nothing to judge.

        A result is judged by the definitions that it keeps; one of older sources that keeps none gets the verdict "failed",
        which says that it has to be run anew. `bears_on` stands in for what the run was first asked for, where another claim leads to the same experiment.
        """
        folder = self._folder(digest)
        experiment, request = folder.experiment(), folder.request() or {}
        if experiment is None:
            return None
        if bears_on is None:
            bears_on = str(request.get("bears_on", ""))
        result = folder.result()
        if result is not None and JUDGED_WITH not in result.provenance and not self._is_current(result):
            return experiment, RunResult(digest, (), result.provenance), refuse(experiment, bears_on)
        if result is not None:
            return experiment, result, judge(experiment, result, bears_on)
        if folder.state() != "failed":
            return None
        empty = RunResult(digest, (), describe())
        return experiment, empty, judge_failure(experiment, folder.attempt()[-1]["message"], bears_on)

    def cancel(self, digest: str) -> None:
        """Ask a run that is at work or waiting to stop; one that has ended stays as it is.

        Raises:
            UnknownRun: there is no such run.
        """
        self.experiment(digest)
        folder = self._folder(digest)
        if folder.state() not in ENDED:
            folder.ask_to_cancel()

    def runs(self) -> list[RunStatus]:
        """All runs, the last asked for first."""
        folders = [RunFolder(file.parent) for file in self._runs.glob("[!.]*/experiment.json")]
        folders.sort(key=lambda folder: (folder.request() or {}).get("created", 0.0), reverse=True)
        return [self.status(folder.digest) for folder in folders]

    def experiment(self, digest: str) -> Experiment:
        """What a run is to measure.

        Raises:
            UnknownRun: there is no such run.
        """
        experiment = self._folder(digest).experiment()
        if experiment is None:
            raise UnknownRun(f"there is no run {digest}")
        return experiment

    def request(self, digest: str) -> dict[str, Any]:
        """Why a run was asked for: "claim", "bears_on", "created" (seconds since 1970).

        Raises:
            UnknownRun: there is no such run.
        """
        self.experiment(digest)
        return self._folder(digest).request() or {"claim": "", "bears_on": "", "created": 0.0}

    def find(self, prefix: str) -> str:
        """The digest that begins with `prefix`.

        Raises:
            UnknownRun: none does, or several do.
        """
        found = sorted(file.parent.name for file in self._runs.glob("[!.]*/experiment.json"))
        found = [digest for digest in found if prefix and digest.startswith(prefix)]
        if not found:
            raise UnknownRun(f"no run has a digest that begins with {prefix!r}; `runs list` shows them all")
        if len(found) > 1:
            raise UnknownRun(f"{len(found)} runs have a digest that begins with {prefix!r}; give more of it")
        return found[0]

    def is_cached(self, experiment: Experiment) -> bool:
        """Whether all numbers of an experiment are in the store, made by the present sources."""
        if self._is_current(self._folder(experiment.digest).result()):
            return True
        store = CellStore(self.home)
        return not any(store.missing(experiment, seed) for seed in experiment.seeds)

    def _folder(self, digest: str) -> RunFolder:
        if not digest or not digest.isalnum():
            raise UnknownRun(f"{digest!r} is no digest of a run")
        return RunFolder(self._runs / digest)

    def _is_current(self, result: RunResult | None) -> bool:
        """Whether a result was made by the present sources of engine and testbed and, where it holds times, here."""
        if result is None:
            return False
        made_by = result.provenance
        try:
            experiment = self.experiment(result.digest)
            testbed_hash = get(experiment.testbed).source_hash
        except CompressionError:
            return False
        here = not is_local(experiment.arms) or made_by.get("machine_id") == machine_id()
        same_methods = made_by.get("method_hashes") == hash_methods(experiment.arms)
        return here and same_methods and made_by["testbed_hash"] == testbed_hash


def _is_ending(folder: RunFolder) -> bool:
    """Whether a run that is alive is about to end without a result."""
    return folder.cancelling or folder.state() in ("failed", "cancelled")


def _describe(state: State) -> str:
    return {
        "finished": "Finished.",
        "interrupted": "The run was interrupted; submitted again it goes on from what it has.",
        "unknown": "There is no such run.",
    }.get(state, "")
