"""Compute processes on this machine: started, listened to, watched, and ended whatever happens."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from .crew import LOG_LINES, Broke, Finished, Report, Said
from .errors import RunFailed
from .runfolder import RunFolder
from .runqueue import Place
from .worker import ENVIRONMENT

GIGABYTE = 2**30
LAST_WORDS_S = 1.0
"""How long the end of a process waits for what it wrote to its log."""


class ComputeProcess:
    """A compute process, the seed that it is at (None: none), and what it has said that nobody has read yet.

    Once it is `spent`, it has ended or is about to, and takes no more seeds.

    Args:
        home: the data folder, with the runs that its seeds are of.
        core: a file descriptor that holds a core, which this object owns and the process keeps for as long as it lives.
        owner: whose it is, in the list of processes: the digest of a run where it works for no other.
    """

    def __init__(self, home: Path, core: int | None = None, owner: str = "shared") -> None:
        # Where C code crashes, faulthandler leaves the place in the log.
        command = [sys.executable, "-X", "faulthandler", "-m", "compression_demo.worker", str(home), owner]
        self.seed: int | None = None
        self.spent = False
        self._core, self._messages = core, queue.SimpleQueue[dict[str, Any]]()
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self._log_file: Path | None = None
        self._end: int | None = None
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=worker_environment(),
            pass_fds=() if core is None else (core,),
        )
        log = threading.Thread(target=self._keep_log, args=(self.process.stderr,), daemon=True)
        log.start()
        threading.Thread(target=self._hear, args=(log,), daemon=True).start()

    def begin(self, folder: RunFolder, seed: int) -> None:
        """Order a seed of a run, in whose log standard error is kept; it is done once the libraries are loaded."""
        self.seed, self._log_file = seed, folder.log
        self._log.clear()
        self._messages.put({"done": 0.0, "words": ""})
        with contextlib.suppress(BrokenPipeError):  # it has died, and will be heard of
            assert self.process.stdin is not None
            self.process.stdin.write(f"{folder.digest} {seed}\n")
            self.process.stdin.flush()

    def read(self) -> Iterator[Report]:
        """What it has said since the last time, and that it has ended at a seed."""
        with contextlib.suppress(queue.Empty):
            while True:
                message = self._messages.get_nowait()
                if "ended" in message:
                    self.spent, self._end = True, message["ended"]
                elif self.seed is not None:
                    yield self._understand(self.seed, message)
        if self._end is not None and self.seed is not None:
            yield self._break(describe_end(self._end))

    def break_off(self, reason: str) -> Broke | None:
        """Kill the process for a reason of ours; the end of its seed, if it is at one."""
        self.kill()
        return None if self.seed is None else self._break(reason)

    def kill(self) -> None:
        """End the process; cells and nets are whole or absent, so nothing needs its consent."""
        self.process.kill()
        self.process.wait()
        with contextlib.suppress(BrokenPipeError):
            assert self.process.stdin is not None
            self.process.stdin.close()
        if self._core is not None:
            os.close(self._core)
            self._core = None

    def _understand(self, seed: int, message: dict[str, Any]) -> Report:
        if "words" in message:
            return Said(seed, message["done"], message["words"])
        if "crashed" in message:
            return self._break(message["crashed"])
        self.seed = None
        return Broke(seed, message["failed"], crash=False) if "failed" in message else Finished(seed)

    def _break(self, reason: str) -> Broke:
        assert self.seed is not None
        end = Broke(self.seed, reason, crash=True, log=tuple(self._log))
        self.seed, self.spent = None, True
        return end

    def _hear(self, log: threading.Thread) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                message = json.loads(line)
                if "crashed" in message:
                    log.join(LAST_WORDS_S)
                self._messages.put(message)
        log.join(LAST_WORDS_S)
        self._messages.put({"ended": self.process.wait()})

    def _keep_log(self, lines: IO[str]) -> None:
        """Keep what it writes in the log of the run that it is at; opened for each line, of which there are few."""
        with lines:
            for line in lines:
                if self._log_file is not None:
                    with contextlib.suppress(OSError), self._log_file.open("a") as file:
                        file.write(line)
                if line.strip():
                    self._log.append(line.rstrip())


class LocalCrew:
    """One process a core, as many as the run's share of the machine allows.

    Args:
        place: the run's place among those at work.
        most: processes that fit into memory.
        memory_gb, worker_memory_gb: resident memory of all together at which the run fails, and of one at which that
            one is ended.
    """

    shares_nets = True

    def __init__(
        self, home: Path, folder: RunFolder, place: Place, *, most: int, memory_gb: float, worker_memory_gb: float
    ) -> None:
        self._home, self._folder, self._place, self._most = home, folder, place, most
        self._memory_gb, self._worker_memory_gb = memory_gb, worker_memory_gb
        self._workers: list[ComputeProcess] = []
        self.machines: dict[str, Any] = {}

    def room(self, wanted: int) -> int:
        idle = [worker for worker in self._workers if worker.seed is None]
        busy = len(self._workers) - len(idle)
        share = self._place.share(min(self._most, busy + wanted))
        while idle and (len(self._workers) > share or len(idle) > wanted):
            self._dismiss(idle.pop())
        while len(self._workers) < share and len(idle) < wanted:
            core = self._place.queue.take_core()
            if core is None:
                break
            idle.append(ComputeProcess(self._home, core, self._folder.digest))
            self._workers.append(idle[-1])
        return len(idle)

    def begin(self, seed: int) -> None:
        next(worker for worker in self._workers if worker.seed is None).begin(self._folder, seed)

    def listen(self) -> Iterator[Report]:
        for worker in list(self._workers):
            yield from worker.read()
            if worker.spent:
                self._dismiss(worker)
        yield from self._watch_memory()

    def close(self) -> None:
        for worker in list(self._workers):
            self._dismiss(worker)

    def _dismiss(self, worker: ComputeProcess) -> None:
        worker.kill()
        self._workers.remove(worker)

    def _watch_memory(self) -> Iterator[Report]:
        used = {worker: resident_bytes(worker.process.pid) / GIGABYTE for worker in self._workers}
        whole = sum(used.values()) + resident_bytes(os.getpid()) / GIGABYTE
        if whole > self._memory_gb:
            raise RunFailed(f"memory: {whole:.1f} GB resident, the limit is {self._memory_gb:g} GB")
        for worker, gigabytes in used.items():
            if gigabytes > self._worker_memory_gb:
                end = worker.break_off(describe_memory(gigabytes, self._worker_memory_gb))
                self._dismiss(worker)
                if end is not None:
                    yield end


def describe_end(code: int) -> str:
    """How a process ended, for the person who asked for the run."""
    return f"killed by signal {-code}, perhaps for want of memory" if code < 0 else f"ended with code {code}"


def describe_memory(used_gb: float, limit_gb: float) -> str:
    """Why a process was ended."""
    return f"memory: {used_gb:.1f} GB resident, the limit of one worker is {limit_gb:g} GB"


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
