"""Compute processes that a Dask worker keeps between two seeds, so that libraries are loaded once and not for each.

A process is kept after a seed that it has finished, and begins the next one, of the same run or another, if program and
environment are still those that it started with. It ends when it has been idle for `IDLE_S` and when the Dask worker
closes; where that worker dies, its standard input ends, and it with it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .processes import GIGABYTE, ComputeProcess, resident_bytes, worker_environment
from .provenance import ENGINE_LIBRARIES, PACKAGE, hash_sources

IDLE_S = 120.0
LOOK_EVERY_S = 1.0
"""How often idle processes are looked at, as long as there are any."""
LARGE = 0.5
"""A process that still holds this share of the next seed's memory limit is ended, and a fresh one started."""
MOST_IDLE_GB = 2.0
"""A process that holds more than this when it has finished its seed is not kept."""


@dataclass(frozen=True)
class Kind:
    """What has to be the same for a process to be used again: data folder, environment, source files."""

    home: Path
    environment: frozenset[tuple[str, str]]
    sources: str

    @staticmethod
    def now(home: Path) -> Kind:
        """That of a process which would be started now."""
        sources = hash_sources(PACKAGE.rglob("*.py"), ENGINE_LIBRARIES)
        return Kind(home, frozenset(worker_environment().items()), sources)


@dataclass(frozen=True)
class Lent:
    """A process at work, and what it was started with."""

    process: ComputeProcess
    kind: Kind
    since: float = field(default_factory=time.monotonic)


class KeptProcesses:
    """The compute processes of one Dask worker; its tasks, which are threads, take them and give them back.

    Args:
        is_open: whether the Dask worker goes on; when it does not, idle processes are ended.
    """

    def __init__(self, is_open: Callable[[], bool]) -> None:
        self._is_open = is_open
        self._idle: list[Lent] = []
        self._lock = threading.Lock()
        self._watched = False

    def take(self, home: Path, limit_gb: float) -> Lent:
        """A process that is at no seed: one that was kept, where it fits, else a new one."""
        kind = Kind.now(home)
        with self._lock:
            idle, self._idle = self._idle, []
        chosen = next((one for one in idle if one.kind == kind and _is_fit(one.process, limit_gb)), None)
        for one in idle:
            if one is not chosen and one.kind == kind and _is_fit(one.process, limit_gb):
                self._put(one)
            elif one is not chosen:
                one.process.kill()
        return chosen or Lent(ComputeProcess(home), kind)

    def give_back(self, lent: Lent) -> None:
        """Keep a process that has finished its seed, unless it holds much memory."""
        if resident_bytes(lent.process.process.pid) > MOST_IDLE_GB * GIGABYTE:
            lent.process.kill()
        else:
            self._put(Lent(lent.process, lent.kind))

    def _put(self, lent: Lent) -> None:
        with self._lock:
            self._idle.append(lent)
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        """End what has been idle for long, or died, or outlived the Dask worker, until there is nothing to look at."""
        while True:
            time.sleep(LOOK_EVERY_S)
            goes_on, latest = self._is_open(), time.monotonic() - IDLE_S
            with self._lock:
                kept = [one for one in self._idle if goes_on and one.since > latest and _is_alive(one.process)]
                ended = [one for one in self._idle if one not in kept]
                self._idle, self._watched = kept, bool(kept)
            for one in ended:
                one.process.kill()
            if not kept:
                return


def _is_alive(process: ComputeProcess) -> bool:
    return process.process.poll() is None


def _is_fit(process: ComputeProcess, limit_gb: float) -> bool:
    """Whether an idle process lives and leaves the next seed its memory."""
    return _is_alive(process) and resident_bytes(process.process.pid) / GIGABYTE < LARGE * limit_gb
