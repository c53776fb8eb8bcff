"""The compute processes of one run: started, listened to, watched, and ended whatever happens."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import RunFailed
from .runfolder import RunFolder
from .types import Experiment
from .worker import ENVIRONMENT

POLL_S = 0.1
EVENT_EVERY_S, SAME_EVENT_EVERY_S = 0.25, 1.0
GIGABYTE = 2**30


class Cancelled(Exception):
    """The cancel flag was raised."""


def supervise(workers: list[Worker], folder: RunFolder, progress: Progress, memory_limit_gb: float) -> None:
    """Wait for all workers; whatever ends this function ends them.

    Raises:
        RunFailed: a worker failed, or resident memory passed the limit.
        Cancelled: the cancel flag was raised.
    """
    running = list(workers)
    try:
        while running:
            time.sleep(POLL_S)
            if folder.cancelling:
                raise Cancelled
            for worker in list(running):
                if _take_messages(worker, progress):
                    running.remove(worker)
            used = sum(resident_bytes(pid) for pid in (os.getpid(), *(worker.process.pid for worker in running)))
            if used > memory_limit_gb * GIGABYTE:
                raise RunFailed(f"memory: {used / GIGABYTE:.1f} GB resident, the limit is {memory_limit_gb:g} GB")
            progress.tell()
    finally:
        for worker in workers:
            worker.stop()


def _take_messages(worker: Worker, progress: Progress) -> bool:
    """Pass on what a worker said; True once it has ended well.

    Raises:
        RunFailed: it failed, or was killed from outside.
    """
    for message in worker.read():
        if "failed" in message:
            raise RunFailed(message["failed"])
        if "ended" in message:
            if message["ended"]:
                raise RunFailed(_describe_end(worker, message["ended"]))
            return True
        progress.hear(message["seed"], message["done"], message["words"])
    return False


def _describe_end(worker: Worker, code: int) -> str:
    how = f"was killed by signal {-code}, perhaps for want of memory" if code < 0 else f"ended with code {code}"
    return f"the worker for seeds {', '.join(map(str, worker.seeds))} {how}; see worker.log"


@dataclass
class Worker:
    """A compute process with its seeds, and what it has said that nobody has read yet."""

    process: subprocess.Popen
    seeds: list[int]
    messages: queue.Queue = field(default_factory=queue.Queue)

    @staticmethod
    def start(home: Path, folder: RunFolder, seeds: list[int]) -> Worker:
        command = [sys.executable, "-m", "compression_demo.worker", str(home), folder.digest]
        command.append(",".join(map(str, seeds)))
        with folder.log.open("ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=worker_environment()
            )
        worker = Worker(process, seeds)
        threading.Thread(target=worker._listen, daemon=True).start()
        return worker

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            self.messages.put(json.loads(line))
        self.messages.put({"ended": self.process.wait()})

    def read(self) -> Iterator[dict[str, Any]]:
        """What the worker has said since the last time."""
        with contextlib.suppress(queue.Empty):
            while True:
                yield self.messages.get_nowait()

    def stop(self) -> None:
        """Kill the process; cells and nets are whole or absent, so nothing needs its consent."""
        self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()


class Progress:
    """How far a run is: its seeds' shares, told to the event file when they change and once a second."""

    def __init__(self, folder: RunFolder, experiment: Experiment, todo: list[int], expected_s: float) -> None:
        self.folder, self.seeds, self.expected_s = folder, experiment.seeds, expected_s
        self.done = dict.fromkeys(todo, 0.0)
        self.words = dict.fromkeys(todo, "")
        self.started, self.told, self.last = time.monotonic(), 0.0, ""

    def hear(self, seed: int, done: float, words: str) -> None:
        """Take in what a worker says of a seed."""
        self.done[seed], self.words[seed] = done, words

    def tell(self) -> None:
        """Append an event, unless the last one was a moment ago or said the same."""
        now, message = time.monotonic(), self._message()
        if now - self.told < (EVENT_EVERY_S if message != self.last else SAME_EVENT_EVERY_S):
            return
        self.told, self.last = now, message
        share = sum(self.done.values()) / len(self.done)
        # Before much is done the estimate knows better than the clock.
        whole = (now - self.started) / share if share > 0.15 else self.expected_s
        self.folder.append("running", share, message, round(whole * (1 - share), 1))

    def _message(self) -> str:
        busy = [f"seed {seed}: {said}" for seed, said in self.words.items() if said and self.done[seed] < 1]
        if not busy and not any(self.done.values()):
            return "Loading libraries and data."
        ready = len(self.seeds) - sum(share < 1 for share in self.done.values())
        return "; ".join([f"{ready} of {len(self.seeds)} seeds ready", *busy])


def resident_bytes(pid: int) -> int:
    """Resident memory of a process; 0 where it is gone, or where the system has no /proc."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def worker_environment() -> dict[str, str]:
    """The caller's environment, this very package importable, threads and sums as workers need them.

    The folder that the caller happens to stand in is kept off the path: a file there must not pass for a library.
    """
    source = str(Path(__file__).parent.parent)
    path = os.pathsep.join([source, *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | ENVIRONMENT | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
