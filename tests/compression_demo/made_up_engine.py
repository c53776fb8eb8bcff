"""An engine for compute processes that computes nothing, and crashes or fails as it is told to by files.

`install` writes a sitecustomize.py; with its folder on PYTHONPATH, compute processes start with this engine and without
torch. In the folder that MADE_UP_ENGINE names, "seed-2" holds what seed 2 is to do: words of `BEHAVIOURS`, each done
once, one try after the other. The file "done" there gets a line for each cell that was computed.
"""

import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

VARIABLE = "MADE_UP_ENGINE"
BEHAVIOURS = ("die", "raise", "fail", "hang", "exit", "eat", "linger")
PAUSE_S = 0.05
SITE = """
import sys
if "compression_demo.worker" in sys.orig_argv:
    from tests.compression_demo import made_up_engine
    made_up_engine.take_over()
elif "compression_demo.executor" in sys.orig_argv:
    import compression_demo.cluster
    compression_demo.cluster.CONNECT_S = 3.0  # nobody wants to wait for the real ones
elif sys.orig_argv[-1] == "--no-dashboard" and "worker" in sys.orig_argv:
    import os
    import compression_demo.cluster_task
    import compression_demo.kept_processes
    compression_demo.cluster_task.LEASE_S = 8.0
    compression_demo.kept_processes.IDLE_S = float(os.environ.get("MADE_UP_IDLE_S", 60))
"""


def install(folder: Path) -> dict[str, str]:
    """Write what makes compute processes use this engine; what their environment has to have for it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(SITE)
    path = os.pathsep.join([str(folder), str(Path(__file__).parent.parent.parent)])
    return {"PYTHONPATH": path, VARIABLE: str(folder)}


def let(folder: Path, seed: int, *what: str) -> None:
    """Let the first tries of a seed go wrong, each in one of `BEHAVIOURS`."""
    assert set(what) <= set(BEHAVIOURS)
    (folder / f"seed-{seed}").write_text(" ".join(what))


def done(folder: Path) -> list[str]:
    """The cells that were computed, in order, as "seed arm"."""
    return (folder / "done").read_text().splitlines() if (folder / "done").exists() else []


def begun(folder: Path) -> list[tuple[int, int]]:
    """The seeds that were begun, in order, each with the id of the compute process."""
    lines = (folder / "begun").read_text().splitlines() if (folder / "begun").exists() else []
    return [(int(seed), int(process)) for seed, process in map(str.split, lines)]


def take_over() -> None:
    """Put this engine in the place of the real one, in this process."""
    sys.modules["torch"] = SimpleNamespace(set_num_threads=int, use_deterministic_algorithms=bool)  # type: ignore[assignment]
    import compression_demo.engine

    compression_demo.engine.run_seed = run_seed


def run_seed(experiment, seed, home, tick) -> None:
    from compression_demo.cells import CellStore
    from compression_demo.testbeds import get

    folder, store, testbed = Path(os.environ[VARIABLE]), CellStore(home), get(experiment.testbed)
    file = folder / f"seed-{seed}"
    planned = file.read_text().split() if file.exists() else []
    if planned:
        file.write_text(" ".join(planned[1:]))
    with (folder / "begun").open("a") as log:
        log.write(f"{seed} {os.getpid()}\n")
    missing = store.missing(experiment, seed)
    for index, arm in enumerate(missing):
        tick(index / len(missing), f"made up {arm.name}")
        time.sleep(PAUSE_S)
        if index == 1 and planned:
            misbehave(planned[0])
        with (folder / "done").open("a") as log:
            log.write(f"{seed} {arm.name}\n")
        metrics = {"accuracy": 90.0 + seed + len(arm.name), "layer_error": 1.0 / (1 + seed)}
        store.put(testbed, arm, seed, experiment.calibration, {"metrics": metrics, "layers": [], "seconds": {}})


def misbehave(how: str) -> None:
    from compression_demo.errors import CompressionError

    print(f"about to {how}", file=sys.stderr, flush=True)
    if how == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif how == "raise":
        raise ZeroDivisionError("made up")
    elif how == "fail":
        raise CompressionError("it cannot be done, and never can")
    elif how == "linger":
        time.sleep(0.5)
        return
    elif how == "exit":
        os._exit(7)
    elif how == "eat":
        eaten = bytearray(300 * 2**20)
        eaten[:: 2**12] = b"x" * len(eaten[:: 2**12])
        time.sleep(600)
    time.sleep(600)
