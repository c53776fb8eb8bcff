"""Waiting for what other processes do, and finding them."""

import time
from collections.abc import Callable
from pathlib import Path

from compression_demo.runs import RunStore

EXECUTOR, WORKER = "compression_demo.executor", "compression_demo.worker"


def wait_for(condition: Callable[[], object], timeout_s: float = 120) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def wait_for_end(store: RunStore, digest: str) -> list[dict]:
    """All events of a run's last attempt, once it has ended."""
    return list(store.events(digest, poll_s=0.05))


def processes(digest: str, module: str) -> list[int]:
    """Ids of the live processes that work on a run, found by their command lines.

    A child shows its parent's command line until it has loaded its own program; it is not counted as one more parent.
    """
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if digest.encode() in command and module.encode() in command:
                parents[int(entry.name)] = parent
    return [process for process, parent in parents.items() if parent not in parents]
