"""How runs are to run: how many at once, within which memory and time, and where."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from .costs import MEMORY_LIMIT_GB

WORKER_MEMORY_GB, WORKER_MEMORY_FACTOR = 4.0, 2.0
"""A worker may take this much, or this many times what its testbed was measured to take, whichever is more."""
TIMEOUT_FLOOR_S, TIMEOUT_FACTOR = 900.0, 20.0
"""A run may be at work for this long, or for this many times its estimate, whichever is more."""


@dataclass(frozen=True)
class RunOptions:
    """What holds for the runs that a store starts.

    max_running: runs at work at the same time; others wait in the queue.
    memory_gb: resident memory of a run's processes together at which it is ended as failed.
    worker_memory_gb: resident memory at which one worker is ended; None takes it from the testbed.
    timeout_s: seconds at work after which a run is ended as failed; None takes it from the estimate.
    cluster: address of a Dask scheduler, such as "tcp://host:8786"; None computes on this machine.
    """

    max_running: int = 1
    memory_gb: float = MEMORY_LIMIT_GB
    worker_memory_gb: float | None = None
    timeout_s: float | None = None
    cluster: str | None = None

    def to_text(self) -> str:
        """One line that `from_text` reads, for another process."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> RunOptions:
        return RunOptions(**json.loads(text))

    def worker_limit_gb(self, testbed_gb: float) -> float:
        """The limit of one worker on a testbed that takes `testbed_gb`; never above that of the run."""
        own = self.worker_memory_gb
        return min(self.memory_gb, own or max(WORKER_MEMORY_GB, WORKER_MEMORY_FACTOR * testbed_gb))

    def limit_s(self, estimated_s: float) -> float:
        """The seconds that a run estimated at `estimated_s` may be at work."""
        return self.timeout_s or max(TIMEOUT_FLOOR_S, TIMEOUT_FACTOR * estimated_s)
