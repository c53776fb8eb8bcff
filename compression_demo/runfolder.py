"""The files of one run: what was asked, what has happened, what came out, and who holds the lock."""

from __future__ import annotations

import fcntl
import json
import os
import time
from pathlib import Path
from typing import Any, Literal

from .files import read_json, write_json
from .types import Experiment, RunResult

State = Literal["queued", "running", "finished", "failed", "cancelled", "interrupted", "unknown"]
ENDED: tuple[State, ...] = ("finished", "failed", "cancelled", "interrupted", "unknown")


class RunFolder:
    """One run's folder.

    experiment.json  written first; request.json beside it: the claim, which is no part of the digest.
    events.jsonl     appended to; an attempt begins at each line with "attempt".
    lock             held (flock) by the one worker that is alive: no process ids, nothing stale after kill -9.
    cancel           a flag: present while the worker is asked to stop.
    result.json      moved in last; it is there whole or not at all.
    worker.log       what the worker's processes wrote to their standard error.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.digest = path.name
        self.log = path / "worker.log"
        self._cancel = path / "cancel"
        self._events = path / "events.jsonl"
        self._result = path / "result.json"

    def create(self, experiment: Experiment, request: dict[str, Any]) -> None:
        """Write experiment and request where they are not there yet."""
        if self.experiment() is None:
            write_json(self.path / "experiment.json", experiment.to_json())
        if self.request() is None:
            write_json(self.path / "request.json", request)

    def experiment(self) -> Experiment | None:
        """What is to be run; None where there is no such run."""
        data = read_json(self.path / "experiment.json")
        return Experiment.from_json(data) if data else None

    def request(self) -> dict[str, Any] | None:
        """Why it was asked for: "claim", "bears_on", "created" (seconds since 1970)."""
        return read_json(self.path / "request.json")

    def result(self) -> RunResult | None:
        """What came out; None until the run has finished."""
        data = read_json(self._result)
        return RunResult.from_json(data) if data else None

    def write_result(self, result: RunResult) -> None:
        """Put the result in place, the last thing a run does."""
        write_json(self._result, result.to_json())

    def retire_result(self) -> None:
        """Move a result of older sources aside, so that the run can be done anew; it stays readable by hand."""
        if self._result.exists():
            self._result.replace(self.path / f"result-{int(self._result.stat().st_mtime)}.json")

    def append(self, state: State, fraction: float, message: str, left_s: float | None = None, **more: Any) -> None:
        """Add an event, as one write; a torn line before it, left by a kill, is closed first."""
        event = {"state": state, "fraction": round(fraction, 4), "message": message, "left_s": left_s}
        line = json.dumps(event | {"time": time.time()} | more) + "\n"
        with self._events.open("a+b") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":
                    line = "\n" + line
            file.write(line.encode())

    def attempt(self) -> list[dict[str, Any]]:
        """The events since the run was last started; lines torn by a kill are left out."""
        try:
            lines = self._events.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        events = [event for line in lines[:-1] if (event := _parse(line)) is not None]
        starts = [index for index, event in enumerate(events) if event.get("attempt")]
        return events[starts[-1] :] if starts else events

    def lock(self) -> int | None:
        """Take the lock and return its file descriptor, to be closed or handed to the worker; None if it is held.

        A moment is waited for, because looking whether a worker is alive holds the lock for an instant too.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        for _ in range(10):
            handle = try_lock(self.path / "lock")
            if handle is not None:
                return handle
            time.sleep(0.01)
        return None

    def alive(self) -> bool:
        """Whether a worker holds the lock."""
        return is_held(self.path / "lock")

    def state(self) -> State:
        """Where the run stands, told from the files alone."""
        if not (self.path / "experiment.json").exists():
            return "unknown"
        # The lock first: once it is free, the files no longer change.
        alive = self.alive()
        if self._result.exists():
            return "finished"
        events = self.attempt()
        last: State = events[-1]["state"] if events else "running"
        if last in ENDED or alive:
            return last
        return "interrupted"

    def ask_to_cancel(self) -> None:
        """Raise the flag that the worker looks for."""
        self._cancel.touch()

    def forget_cancel(self) -> None:
        """Take the flag down."""
        self._cancel.unlink(missing_ok=True)

    @property
    def cancelling(self) -> bool:
        """Whether the flag is up."""
        return self._cancel.exists()


def try_lock(path: Path) -> int | None:
    """A file descriptor that holds the lock of `path` until it is closed; None if another process has it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def is_held(path: Path) -> bool:
    """Whether a process, this one included, holds the lock of `path` for itself."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError):
        return None
    return event if isinstance(event, dict) and "state" in event else None
