"""One compute process of a run: `python -m compression_demo.worker HOME DIGEST SEED,SEED` does these seeds in turn.

Tells its executor what it does, one JSON object a line on standard output; standard output of anything else goes to
the log. Ends when its standard input does, so that it never outlives the executor.
"""

from __future__ import annotations

import json
import os
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
    """Run the seeds; 0 if all cells are stored."""
    home, digest, seeds = Path(arguments[0]), arguments[1], [int(seed) for seed in arguments[2].split(",")]
    channel = _keep_stdout_for_messages()
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    _be_deterministic()
    experiment = RunFolder(home / "runs" / digest).experiment()
    try:
        if experiment is None:
            raise CompressionError(f"there is no run {digest} under {home}")
        for seed in seeds:
            run_seed(experiment, seed, home, lambda done, words, seed=seed: _tell(channel, seed, done, words))
    except Exception as error:
        traceback.print_exc()
        reason = str(error) if isinstance(error, CompressionError) else f"{type(error).__name__}: {error}"
        print(json.dumps({"failed": reason}), file=channel, flush=True)
        return 1
    return 0


def _be_deterministic() -> None:
    import torch

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)


def _tell(channel: TextIO, seed: int, done: float, words: str) -> None:
    print(json.dumps({"seed": seed, "done": done, "words": words}), file=channel, flush=True)


def _keep_stdout_for_messages() -> TextIO:
    channel = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return channel


def _end_with_stdin() -> None:
    os.read(0, 1)
    os._exit(1)


if __name__ == "__main__":
    code = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(code)  # taking torch down in good order takes a second, and everything is stored
