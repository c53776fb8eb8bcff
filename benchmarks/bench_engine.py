"""The engine's algorithms against their published formulation and against the machine's limit.

    python -m benchmarks.bench_engine [--repeats 3] [--shapes 64x576,128x1152]

One thread, process CPU time, all sides in turn in one run, medians; the whole call of ours, checks, inverse, mask and
final weights included. The published formulation is timed over some steps of one batch of 32 rows and scaled, with the
default malloc here and with a tuned one (no page faults for fresh temporaries) in a second process. The limit is
d^3 / 3 operations a row at a float32 matrix product's rate on one core, measured in the same run: torch's own, in which
the wanted 45 % are stated, and the fastest library's. Peak memory is what a call adds to the resident memory of a
process of its own. Printed as Markdown.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from benchmarks import published
from compression_demo.algorithms import (
    prune_blocks,
    prune_channels,
    prune_nm,
    prune_unstructured,
    quantize_gptq,
    quantize_obq,
)
from compression_demo.algorithms.hessians import damp, invert

SHAPES = ((64, 148), (64, 576), (384, 384), (128, 1152), (384, 1536), (256, 2304))
CHECKED_IN_FULL = 576
TUNED_MALLOC = "glibc.malloc.mmap_threshold=8589934592:glibc.malloc.trim_threshold=17179869184"
Call = Callable[[torch.Tensor, torch.Tensor], object]
OURS: dict[str, Call] = {
    "unstructured, 50 %": lambda weight, hessian: prune_unstructured(weight, hessian, sparsity=0.5),
    "2:4": lambda weight, hessian: prune_nm(weight, hessian, n=2, m=4),
    "blocks of 4, 50 %": lambda weight, hessian: prune_blocks(weight, hessian, sparsity=0.5, block=4),
    "OBQ, 4 bits": lambda weight, hessian: quantize_obq(weight, hessian, bits=4),
    "GPTQ, 4 bits": lambda weight, hessian: quantize_gptq(weight, hessian, bits=4),
}
# What peak memory is measured of.
KEPT_SMALL = OURS | {"channels, 50 %": lambda weight, hessian: prune_channels(weight, hessian, sparsity=0.5)}
# The published elimination, and the share of the columns that it takes steps for.
GREEDY: dict[str, tuple[Callable[[torch.Tensor, torch.Tensor, int], None], float]] = {
    "unstructured, 50 %": (published.prune, 1.0),
    "2:4": (published.prune_2_of_4, 0.5),
    "blocks of 4, 50 %": (published.prune_blocks, 0.25),
    "OBQ, 4 bits": (published.quantize, 1.0),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--shapes", type=_read_shapes, default=SHAPES)
    options = parser.parse_args()
    torch.set_num_threads(1)
    peaks = measure_sgemm()
    rates = f"sgemm at {peaks[0] / 1e9:.0f} GFLOP/s by torch, {peaks[1] / 1e9:.0f} by the fastest library"
    print(f"float32, one thread, {rates}. Compiling or loading the kernels: {compile_kernels():.1f} s.\n")
    with Helper(tuned=True) as tuned:
        for name in OURS:
            print_speed(name, options.shapes, options.repeats, peaks, tuned)
        print_check(tuned)
    print_memory(options.shapes)


def print_speed(
    name: str, shapes: list[tuple[int, int]], repeats: int, peaks: tuple[float, float], tuned: "Helper"
) -> None:
    """One row a shape: the whole call against the published elimination, and against d^3 / 3 operations a row."""
    print(f"### {name}\n")
    print(
        "| rows x columns | published, s (default / tuned malloc) | ours, s | ratio | share of the limit at torch's sgemm / the best |"
    )
    print("|---|---|---|---|---|")
    for rows, cols in shapes:
        weight, hessian = draw_layer(rows, cols)
        times: dict[str, list[float]] = {"ours": [], "default": [], "tuned": []}
        for _ in range(repeats):
            times["ours"].append(measure_cpu(lambda w=weight, h=hessian: OURS[name](w, h)))
            times["default"].append(measure_published(name, rows, cols))
            times["tuned"].append(tuned.measure(name, rows, cols))
        ours, default, other = (statistics.median(times[side]) for side in ("ours", "default", "tuned"))
        shares = " / ".join(f"{rows * cols**3 / 3 / peak / ours:.0%}" for peak in peaks)
        share = shares if name in ("unstructured, 50 %", "OBQ, 4 bits") else ""
        print(
            f"| {rows} x {cols} | {default:.3g} / {other:.3g} | {ours:.3g} | {default / ours:.0f} / {other / ours:.0f} | {share} |",
            flush=True,
        )
    print()


def print_check(tuned: "Helper") -> None:
    """The scaled time of the published formulation against all its steps."""
    in_full = {"default": measure_published("unstructured, 50 %", published.BATCH, CHECKED_IN_FULL, CHECKED_IN_FULL)}
    in_full["tuned"] = tuned.measure("unstructured, 50 %", published.BATCH, CHECKED_IN_FULL, CHECKED_IN_FULL)
    scaled = {"default": measure_published("unstructured, 50 %", published.BATCH, CHECKED_IN_FULL)}
    scaled["tuned"] = tuned.measure("unstructured, 50 %", published.BATCH, CHECKED_IN_FULL)
    words = (f"{in_full[side]:.3g} s in full, {scaled[side]:.3g} s scaled ({side} malloc)" for side in in_full)
    print(f"Published, {published.BATCH} x {CHECKED_IN_FULL}: {'; '.join(words)}.\n")


def print_memory(shapes: list[tuple[int, int]]) -> None:
    """One row a shape: what a call adds to resident memory, against (12 + 8 threads) d^2 + 16 rows d bytes."""
    print("### Peak extra memory, one thread, MB\n")
    print("| rows x columns | " + " | ".join(KEPT_SMALL) + " | allowed | published, unstructured |")
    print("|---" * (len(KEPT_SMALL) + 3) + "|")
    for rows, cols in shapes:
        cells = []
        for name in KEPT_SMALL:
            with Helper() as fresh:
                cells.append(f"{fresh.peak(name, rows, cols) / 1e6:.0f}")
        with Helper() as fresh:
            theirs = fresh.peak("published", rows, cols)
        allowed = (12 + 8) * cols**2 + 16 * rows * cols
        print(f"| {rows} x {cols} | {' | '.join(cells)} | {allowed / 1e6:.0f} | {theirs / 1e6:.0f} |", flush=True)
    print()


def measure_published(name: str, rows: int, cols: int, steps: int | None = None) -> float:
    """CPU seconds of the published formulation for a layer, scaled from `steps` steps of one batch."""
    weight, hessian = draw_layer(rows, cols)
    if name not in GREEDY:
        return measure_cpu(lambda: published.quantize_in_order(weight, hessian))
    run, share = GREEDY[name]
    whole = int(cols * share)
    steps = min(steps or (64 if cols <= 1152 else 16), whole)
    batch, inverse = weight[: published.BATCH], invert(damp(hessian[None], 0.01).matrix())[0].float()
    return measure_cpu(lambda: run(batch, inverse, steps)) * whole / steps * rows / len(batch)


class Helper:
    """A process of its own that measures on request, so that its malloc and its memory are its own."""

    def __init__(self, tuned: bool = False) -> None:
        environment = os.environ | ({"GLIBC_TUNABLES": TUNED_MALLOC} if tuned else {})
        command = [sys.executable, "-m", "benchmarks.engine_helper"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def __enter__(self) -> "Helper":
        return self

    def __exit__(self, *_: object) -> None:
        self._pipe("stdin").close()
        self.process.wait()

    def measure(self, name: str, rows: int, cols: int, steps: int | None = None) -> float:
        """`measure_published` in that process."""
        return self._ask({"measure": [name, rows, cols, steps]})

    def peak(self, name: str, rows: int, cols: int) -> float:
        """Bytes that a call of ours, or one batch of the published formulation, adds at its peak."""
        return self._ask({"peak": [name, rows, cols]})

    def _ask(self, question: dict[str, Any]) -> float:
        print(json.dumps(question), file=self._pipe("stdin"), flush=True)
        return float(self._pipe("stdout").readline())

    def _pipe(self, name: str) -> Any:
        return getattr(self.process, name)


def measure_peak(name: str, rows: int, cols: int) -> float:
    """Bytes by which the resident memory of this process grows at the peak of a call."""
    small = draw_layer(2, 8)
    weight, hessian = draw_layer(rows, cols)
    torch.set_num_threads(1)
    if name == "published":
        inverse = invert(damp(hessian[None], 0.01).matrix())[0].float()
        published.prune(small[0], small[1].float(), 2)
        return _grow(lambda: published.prune(weight[: published.BATCH], inverse, 16))
    KEPT_SMALL[name](*small)  # compiled, and all that is imported on the way
    return _grow(lambda: KEPT_SMALL[name](weight, hessian))


def _grow(call: Callable[[], object]) -> float:
    Path("/proc/self/clear_refs").write_text("5")  # the peak from here on
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    call()
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return peak * 1024 - before


def draw_layer(rows: int, cols: int) -> tuple[torch.Tensor, torch.Tensor]:
    """A weight (rows, cols) float32 and the Hessian (cols, cols) float64 of 1,024 inputs with a spectrum of 1/i."""
    stream = torch.Generator().manual_seed(cols)
    spectrum = 1 / torch.arange(1, cols + 1, dtype=torch.float64).sqrt()
    mixing = torch.linalg.qr(torch.randn(cols, cols, generator=stream, dtype=torch.float64))[0]
    inputs = mixing @ (spectrum[:, None] * torch.randn(cols, 1024, generator=stream, dtype=torch.float64))
    return torch.randn(rows, cols, generator=stream) * 0.05, inputs @ inputs.T


def compile_kernels() -> float:
    """Seconds until every algorithm has run once on a small layer: compilation, or loading what was compiled before."""
    weight, hessian = draw_layer(2, 8)
    started = time.perf_counter()
    for call in OURS.values():
        call(weight, hessian)
    return time.perf_counter() - started


def measure_sgemm() -> tuple[float, float]:
    """Operations a second of a float32 matrix product on one thread: by torch, and by the faster of torch and numpy.

    Measured in a process without settings that keep OpenBLAS from the best instructions of this CPU.
    """
    code = (
        "import numpy, time, torch; torch.set_num_threads(1); a = torch.randn(1024, 1024); n = a.numpy()\n"
        "def rate(call):\n"
        "    times = []\n"
        "    for _ in range(10):\n"
        "        started = time.process_time(); call(); times.append(time.process_time() - started)\n"
        "    return 2 * 1024**3 / min(times)\n"
        "print(rate(lambda: a @ a), rate(lambda: n @ n))"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    environment |= {"OPENBLAS_NUM_THREADS": "1"}
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    by_torch, by_numpy = (float(word) for word in found.stdout.split())
    return by_torch, max(by_torch, by_numpy)


def measure_cpu(call: Callable[[], object]) -> float:
    """Process CPU seconds of one call."""
    started = time.process_time()
    call()
    return time.process_time() - started


def _read_shapes(text: str) -> list[tuple[int, int]]:
    return [(int(rows), int(cols)) for rows, _, cols in (part.partition("x") for part in text.split(","))]


if __name__ == "__main__":
    main()
