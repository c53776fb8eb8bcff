"""A compute process: `python -m compression_demo.worker HOME` does the seeds that it is told to do, of one run or several.

Orders come on standard input, a run's digest and a seed a line. What it does goes out on standard output, one JSON object
a line; standard output of anything else goes to the log. Ends when its standard input does, so that it never outlives who
started it. Further arguments only say in the list of processes whose it is.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
import traceback
from pathlib import Path
from typing import TextIO

from .engine import run_seed
from .errors import CompressionError
from .runfolder import RunFolder

ENVIRONMENT = {
    # One thread: the cores are taken by the other seeds, and sums are added in the same order in every run.
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_CBWR": "AUTO,STRICT",
    "PYTHONHASHSEED": "0",
}


def main(arguments: list[str]) -> int:
    """Do the seeds that are ordered, until there is an error that is none of this package's: then 1."""
    home = Path(arguments[0])
    channel = _keep_stdout_for_messages()
    orders: queue.SimpleQueue[tuple[str, int]] = queue.SimpleQueue()
    threading.Thread(target=_take_orders, args=(orders,), daemon=True).start()
    _be_deterministic()
    while True:
        digest, seed = orders.get()
        try:
            experiment = RunFolder(home / "runs" / digest).experiment()
            if experiment is None:
                raise CompressionError(f"there is no run {digest} under {home}")
            run_seed(
                experiment, seed, home, lambda done, words, seed=seed: _tell(channel, seed, done=done, words=words)
            )
        except CompressionError as error:
            traceback.print_exc()
            _tell(channel, seed, failed=str(error))
        except Exception as error:
            traceback.print_exc()
            sys.stderr.flush()
            _tell(channel, seed, crashed=f"{type(error).__name__}: {error}")
            return 1
        else:
            _tell(channel, seed, finished=True)


def _be_deterministic() -> None:
    import torch

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def _tell(channel: TextIO, seed: int, **what: object) -> None:
    print(json.dumps({"seed": seed, **what}), file=channel, flush=True)


def _keep_stdout_for_messages() -> TextIO:
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return channel


def _take_orders(orders: queue.SimpleQueue[tuple[str, int]]) -> None:
    for line in sys.stdin:
        digest, seed = line.split()
        orders.put((digest, int(seed)))
    os._exit(1)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # taking torch down in good order takes a second, and everything is stored
