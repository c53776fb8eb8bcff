"""Who runs next, and on how many cores: tickets, places and cores as files whose locks vanish with their process.

A ticket is a file named by priority, number and digest. It is locked before it appears under its name, so one that
nobody holds is that of a dead process, and whoever sees it clears it away. Nothing here is a process of its own.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .provenance import available_cores
from .runfolder import is_held, try_lock

Priority = Literal["conversation", "batch"]
"""Runs of a conversation go before those of a batch; within one, first come, first served."""
RANKS: dict[Priority, int] = {"conversation": 0, "batch": 1}
DIGITS = 12


class RunQueue:
    """The queue of all runs under the folder `runs`, of which `places` may be at work at the same time."""

    def __init__(self, runs: Path, places: int) -> None:
        self._places = places
        self._tickets, self._slots, self._cores = runs / ".queue", runs / ".places", runs / ".cores"

    def enter(self, digest: str, priority: Priority = "conversation") -> int:
        """Stand at the end of those of the same priority; the file descriptor returned holds the ticket."""
        with self._locked():
            last = max((number for _, number, _ in self._line()), default=0)
            hidden = self._tickets / f".{digest}"
            handle = os.open(hidden, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            hidden.replace(self._ticket(RANKS[priority], last + 1, digest))
            return handle

    def raise_priority(self, digest: str, priority: Priority) -> None:
        """Let a run that waits with less priority stand at the end of those of this one; others stay where they are."""
        with self._locked():
            line = self._line()
            for rank, number, waiting in line:
                if waiting == digest and RANKS[priority] < rank:
                    last = max(number for _, number, _ in line)
                    self._ticket(rank, number, digest).replace(self._ticket(RANKS[priority], last + 1, digest))

    def ahead(self, digest: str) -> int | None:
        """How many runs have to start or end before this one starts; None where it does not wait."""
        if not self._tickets.exists():
            return None
        with self._locked():
            return self._ahead(digest)

    def take(self, digest: str) -> Place | None:
        """A place for a run whose turn it is, which gives up its ticket; None while it has to wait."""
        with self._locked():
            if self._ahead(digest):
                return None
            for index in range(self._places):
                handle = try_lock(self._slots / str(index))
                if handle is not None:
                    self._remove(digest)
                    os.ftruncate(handle, 0)
                    return Place(self, index, handle)
        return None

    def leave(self, digest: str) -> None:
        """Give up the ticket of a run that no longer waits."""
        with self._locked():
            self._remove(digest)

    def share(self, place: Place, wanted: int) -> int:
        """How many cores the run at `place` may use, given how many it wants and what the others want."""
        with self._locked():
            os.pwrite(place.handle, f"{wanted:6d}".encode(), 0)
            held = sorted((int(file.name), file) for file in self._slots.iterdir() if is_held(file))
            wants = [int(file.read_text() or 0) for _, file in held]
            shares = share_cores(wants, available_cores())
            return shares[[index for index, _ in held].index(place.index)]

    def take_core(self) -> int | None:
        """A file descriptor that holds one of the machine's cores until every copy of it is closed; None if all are
        held."""
        self._cores.mkdir(parents=True, exist_ok=True)
        held = (try_lock(self._cores / str(index)) for index in range(available_cores()))
        return next((handle for handle in held if handle is not None), None)

    def _ahead(self, digest: str) -> int | None:
        order = [waiting for _, _, waiting in self._line()]
        if digest not in order:
            return None
        free = sum(not is_held(self._slots / str(index)) for index in range(self._places))
        return max(0, order.index(digest) + 1 - free)

    def _line(self) -> list[tuple[int, int, str]]:
        """Rank, number and digest of all who wait, first the one whose turn is next; the dead are cleared away."""
        line = []
        for file in self._tickets.glob("[0-9]*"):
            if is_held(file):
                rank, number, digest = file.name.split("-")
                line.append((int(rank), int(number), digest))
            else:
                file.unlink(missing_ok=True)
        return sorted(line)

    def _remove(self, digest: str) -> None:
        for file in self._tickets.glob(f"[0-9]*-{digest}"):
            file.unlink(missing_ok=True)

    def _ticket(self, rank: int, number: int, digest: str) -> Path:
        return self._tickets / f"{rank}-{number:0{DIGITS}d}-{digest}"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Whatever looks at the queue and changes it does so alone."""
        for folder in (self._tickets, self._slots):
            folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._tickets / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


@dataclass(frozen=True)
class Place:
    """A place among the runs at work, held as long as `handle` is open."""

    queue: RunQueue
    index: int
    handle: int

    def share(self, wanted: int) -> int:
        """How many cores this run may use while it could use `wanted`."""
        return self.queue.share(self, wanted)

    def give_up(self) -> None:
        """Let the next one in."""
        os.close(self.handle)


def share_cores(wants: Sequence[int], cores: int) -> list[int]:
    """Cores dealt out one at a time, in turn, to those who want more: nobody has two more than one who wants more."""
    shares = [0] * len(wants)
    while cores > 0 and any(share < want for share, want in zip(shares, wants, strict=True)):
        for index, want in enumerate(wants):
            if cores > 0 and shares[index] < want:
                shares[index] += 1
                cores -= 1
    return shares
