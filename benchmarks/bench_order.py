"""The order of the methods on trained nets: accuracy and layer error after compression, with seeds and spread.

    python -m benchmarks.bench_order [--testbeds digits-cnn,mnist-cnn,mnist-resnet] [--seeds 5]

Each seed is an independently trained net with calibration inputs of its own; all methods see the same. Mean and standard
deviation over seeds. Printed as Markdown.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

import torch

from compression_demo.algorithms import METHODS
from compression_demo.cells import CellStore, list_arms
from compression_demo.engine import run_seed
from compression_demo.testbeds import get
from compression_demo.types import Arm, Expectation, Experiment

PRUNERS = ("exact_obs", "magnitude_refit", "sparsegpt", "magnitude")
QUANTIZERS = ("obq", "gptq", "rtn")
LEVELS = [
    *[(method, (("sparsity", share),)) for share in (0.5, 0.75, 0.9) for method in PRUNERS],
    *[(f"{method}_nm", (("m", 4), ("n", 2))) for method in PRUNERS],
    *[(method, (("bits", bits),)) for bits in (4, 3, 2) for method in QUANTIZERS],
]
CALIBRATION = 512


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--testbeds", default="digits-cnn,mnist-cnn,mnist-resnet")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.testbeds.split(","):
        print_testbed(name, options.seeds)


def print_testbed(name: str, seeds: int) -> None:
    """One row a method and setting: accuracy lost in points, and the layer error."""
    arms = tuple(Arm(f"{method} {settings}", method, settings) for method, settings in LEVELS)
    expectation = Expectation(arms[0].name, arms[1].name)
    experiment = Experiment(name, arms, expectation, tuple(range(seeds)), CALIBRATION)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for seed in experiment.seeds:
            run_seed(experiment, seed, home, lambda done, words: None)
        store = CellStore(home)
        cells = {
            arm: [(store.get(get(name), arm, seed, CALIBRATION) or {})["metrics"] for seed in experiment.seeds]
            for arm in list_arms(experiment)
        }
    dense = [metrics["accuracy"] for metrics in cells.pop(next(iter(cells)))]
    print(f"### {name}: dense accuracy {tell(dense)} %, {seeds} seeds\n")
    print("| setting | method | accuracy lost, points | layer error |")
    print("|---|---|---|---|")
    for arm, found in cells.items():
        lost = [before - metrics["accuracy"] for before, metrics in zip(dense, found, strict=True)]
        errors = tell([metrics["layer_error"] for metrics in found], 3)
        print(f"| {arm.setting_text()} | {METHODS[arm.method].title} | {tell(lost)} | {errors} |", flush=True)
    print()


def tell(values: list[float], digits: int = 1) -> str:
    """Mean and standard deviation."""
    return f"{statistics.mean(values):.{digits}f} ± {statistics.stdev(values):.{digits}f}"


if __name__ == "__main__":
    main()
