"""What compression costs: ExactOBS against its published formulation and the machine's limit, and whole runs.

    python -m benchmarks.bench_engine [--repeats 5] [--skip-runs]

Kernels: process CPU time of one thread, both sides interleaved in one run, medians. Runs: wall-clock seconds of the
first time and of the second, which the store answers. Printed as Markdown.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from compression_demo import testbeds
from compression_demo.algorithms import prune_unstructured
from compression_demo.algorithms.hessians import damp, invert
from compression_demo.provenance import available_cores
from compression_demo.runs import RunStore
from compression_demo.types import Arm, Expectation, Experiment

COLUMNS = (148, 288, 576)
CHECKED_IN_FULL = 576
ROWS = 32
SAMPLED_STEPS = 64
"""All steps of the published formulation cost the same: a sample of them, scaled, times it in seconds."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--skip-runs", action="store_true", help="kernels only")
    options = parser.parse_args()
    torch.set_num_threads(1)
    print_kernels(options.repeats)
    if not options.skip_runs:
        print_runs()


def print_kernels(repeats: int) -> None:
    """One row a width: the whole call, mask and final weights included, against the published elimination alone."""
    peak = measure_sgemm()
    malloc = os.environ.get("GLIBC_TUNABLES", "default")
    print(f"ExactOBS on {ROWS} rows, float32, one thread, malloc {malloc}, sgemm peak {peak / 1e9:.0f} GFLOP/s.\n")
    print("| columns | published, ms a row | ExactOBS, ms a row | ratio | limit d^3/3, ms a row | share of the limit |")
    print("|---|---|---|---|---|---|")
    for cols in COLUMNS:
        weight, hessian = draw_layer(cols)
        inverse = invert(damp(hessian, 0.01)).float()
        steps = min(SAMPLED_STEPS, cols)
        published, ours = measure_interleaved(
            (
                lambda w=weight, i=inverse, s=steps: eliminate_as_published(w, i, s),
                lambda w=weight, h=hessian: prune_unstructured(w, h, sparsity=0.5),
            ),
            repeats,
        )
        published *= cols / steps / ROWS
        ours /= ROWS
        limit = cols**3 / 3 / peak
        print(
            f"| {cols} | {published * 1e3:.2f} | {ours * 1e3:.3f} | {published / ours:.0f} | {limit * 1e3:.3f} | "
            f"{limit / ours:.0%} |"
        )
    weight, hessian = draw_layer(CHECKED_IN_FULL)
    inverse = invert(damp(hessian, 0.01)).float()
    full = measure_cpu(lambda: eliminate_as_published(weight, inverse, CHECKED_IN_FULL)) / ROWS
    print(f"\nChecked in full at {CHECKED_IN_FULL} columns: published {full * 1e3:.0f} ms a row.\n")


def print_runs() -> None:
    """One row a testbed: five seeds of ExactOBS against magnitude pruning at 90 %."""
    print(f"ExactOBS against magnitude pruning at 90 %, 5 seeds, {available_cores()} cores, wall-clock seconds.\n")
    print("| testbed | first time | cells from the store | the same run again |")
    print("|---|---|---|---|")
    share = (("sparsity", 0.9),)
    arms = (Arm("ExactOBS", "exact_obs", share), Arm("magnitude", "magnitude", share))
    with tempfile.TemporaryDirectory() as folder:
        store = RunStore(Path(folder))
        for name in testbeds.names():
            experiment = Experiment(name, arms, Expectation("ExactOBS", "magnitude"))
            regrouped = Experiment(name, arms, Expectation("ExactOBS", "magnitude", "layer_error"))
            seconds = [wait_for(store, run) for run in (experiment, regrouped, experiment)]
            print(f"| {name} | {seconds[0]:.1f} | {seconds[1]:.2f} | {seconds[2]:.3f} |")


def wait_for(store: RunStore, experiment: Experiment) -> float:
    """Seconds from submitting an experiment to its verdict."""
    started = time.perf_counter()
    digest = store.submit(experiment)
    for _ in store.events(digest, poll_s=0.02):
        pass
    if store.outcome(digest) is None:
        raise SystemExit(f"{experiment.testbed}: {store.status(digest).message}")
    return time.perf_counter() - started


def draw_layer(cols: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A weight (ROWS, cols) float32 and the Hessian (cols, cols) float64 of 1,024 inputs with a spectrum of 1/i."""
    stream = torch.Generator().manual_seed(cols)
    spectrum = 1 / torch.arange(1, cols + 1, dtype=torch.float64).sqrt()
    mixing = torch.linalg.qr(torch.randn(cols, cols, generator=stream, dtype=torch.float64))[0]
    inputs = mixing @ (spectrum[:, None] * torch.randn(cols, 1024, generator=stream, dtype=torch.float64))
    return torch.randn(ROWS, cols, generator=stream) * 0.05, inputs @ inputs.T


def eliminate_as_published(weight: torch.Tensor, inverse: torch.Tensor, steps: int) -> None:
    """The elimination as Optimal Brain Compression describes it for GPUs, written from its Algorithm 1.

    All rows of a batch at once, each with a copy of the inverse Hessian of its own, which every step downdates whole;
    the weights after each step are kept for the masks to come.
    """
    rows, cols = weight.shape
    every, weights = torch.arange(rows), weight.clone()
    inverses = inverse.expand(rows, cols, cols).clone()
    gone = torch.zeros(rows, cols, dtype=torch.bool)
    losses = torch.zeros(rows, cols)
    traces = torch.zeros(steps + 1, rows, cols)
    for step in range(steps):
        diagonal = inverses.diagonal(dim1=1, dim2=2)
        scores = weights.square() / diagonal
        scores[gone] = torch.inf
        losses[:, step], p = scores.min(1)
        variance, column = diagonal[every, p], inverses[every, p]
        weights -= column * (weights[every, p] / variance)[:, None]
        gone[every, p] = True
        weights[gone] = 0
        traces[step + 1] = weights
        scaled = column / variance.sqrt()[:, None]
        inverses -= torch.bmm(scaled[:, :, None], scaled[:, None, :])


def measure_sgemm(size: int = 1024) -> float:
    """Operations a second of a float32 matrix product on one thread: the best of ten."""
    a, b = torch.randn(size, size), torch.randn(size, size)
    return 2 * size**3 / min(measure_cpu(lambda: a @ b) for _ in range(10))


def measure_interleaved(calls: tuple[Callable[[], object], ...], repeats: int) -> list[float]:
    """The median process CPU seconds of each call, all of them in turn, after one round to warm up."""
    rounds = [[measure_cpu(call) for call in calls] for _ in range(repeats + 1)][1:]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def measure_cpu(call: Callable[[], object]) -> float:
    """Process CPU seconds of one call."""
    started = time.process_time()
    call()
    return time.process_time() - started


if __name__ == "__main__":
    main()
