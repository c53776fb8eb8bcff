"""What a check costs from the conversation: a whole run from nothing, from the store's cells, and again.

    python -m benchmarks.bench_runs [--testbeds digits-cnn,mnist-cnn]

Wall-clock seconds of ExactOBS against magnitude pruning at 90 %, five seeds, all cores. Printed as Markdown.
"""

import argparse
import tempfile
import time
from pathlib import Path

from compression_demo.provenance import available_cores
from compression_demo.runs import RunStore
from compression_demo.types import Arm, Expectation, Experiment


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--testbeds", default="digits-cnn,mnist-cnn")
    options = parser.parse_args()
    print(f"ExactOBS against magnitude pruning at 90 %, 5 seeds, {available_cores()} cores, wall-clock seconds.\n")
    print("| testbed | first time | cells from the store | the same run again |")
    print("|---|---|---|---|")
    share = (("sparsity", 0.9),)
    arms = (Arm("ExactOBS", "exact_obs", share), Arm("magnitude", "magnitude", share))
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        for name in options.testbeds.split(","):
            experiment = Experiment(name, arms, Expectation("ExactOBS", "magnitude"))
            regrouped = Experiment(name, arms, Expectation("ExactOBS", "magnitude", "layer_error"))
            seconds = [wait_for(store, run) for run in (experiment, regrouped, experiment)]
            print(f"| {name} | {seconds[0]:.1f} | {seconds[1]:.2f} | {seconds[2]:.3f} |", flush=True)
    print()


def wait_for(store: RunStore, experiment: Experiment) -> float:
    """Seconds from submitting an experiment to its verdict."""
    started = time.perf_counter()
    digest = store.submit(experiment)
    for _ in store.events(digest, poll_s=0.02):
        pass
    if store.outcome(digest) is None:
        raise SystemExit(f"{experiment.testbed}: {store.status(digest).message}")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
