"""A real Dask cluster on loopback, its scheduler and workers each a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.compression_demo.waiting import wait_for


class LocalCluster:
    """A scheduler and `workers` Dask workers of one thread, each with a folder of its own under `folder`."""

    def __init__(self, folder: Path, environment: dict[str, str], workers: int = 2) -> None:
        self.folder = folder
        self._environment = os.environ | environment | {"DASK_DISTRIBUTED__ADMIN__LOG_FORMAT": "%(message)s"}
        self._processes: list[subprocess.Popen] = []
        self.workers: list[subprocess.Popen] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--scheduler-file", str(file), "--host", "127.0.0.1", "--port", "0")
        wait_for(lambda: file.exists() and file.read_text().endswith("}"))
        self.address: str = json.loads(file.read_text())["address"]
        for _ in range(workers):
            self.add_worker()

    def add_worker(self) -> subprocess.Popen:
        name = f"worker-{len(self.workers)}"
        place = self.folder / name
        options = ["--nthreads", "1", "--no-nanny", "--name", name, "--local-directory", str(place / "dask")]
        worker = self._start(
            "worker", self.address, *options, "--host", "127.0.0.1", SECOND_OPINION_WORKER_HOME=str(place)
        )
        self.workers.append(worker)
        return worker

    def has_cell(self, worker: int, seed: int) -> bool:
        """Whether a cell of a seed was computed by the worker of that number."""
        cells = (self.folder / f"worker-{worker}" / "cells").glob("[!.]*.json")
        return any(json.loads(cell.read_text())["of"]["seed"] == seed for cell in cells)

    def kill(self, process: subprocess.Popen) -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()

    def _start(self, *command: str, **environment: str) -> subprocess.Popen:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command, "--no-dashboard"],
                stdout=log,
                stderr=log,
                env=self._environment | environment,
            )
        self._processes.append(process)
        return process
