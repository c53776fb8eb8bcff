"""Whole models: seconds and peak memory to prune or quantize each testbed's net, and what is left of it.

    python -m benchmarks.bench_models [--testbeds NAME,...] [--calibration 64]

Each line is a process of its own with all cores of the machine. Seconds are wall-clock: one pass for the Hessians of all
layers, and the compression of all layers with the correction of batch-norm statistics where there are any. Peak memory is what both add to the resident memory of a process that holds
the model and its inputs: a copy of the model, the Hessians, and the engine's own. Printed as Markdown.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from compression_demo import testbeds
from compression_demo.provenance import available_cores

PLANS: dict[str, dict[str, Any]] = {
    "ExactOBS, 50 %": {"method": "exact_obs", "sparsity": 0.5},
    "SparseGPT, 50 %": {"method": "sparsegpt", "sparsity": 0.5},
    "OBQ, 4 bits": {"method": "obq", "bits": 4},
    "GPTQ, 4 bits": {"method": "gptq", "bits": 4},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--testbeds", default=",".join(name for name in testbeds.names() if testbeds.get(name).available()[0])
    )
    parser.add_argument(
        "--calibration", type=int, default=64, help="inputs; an eighth for the language model's windows"
    )
    parser.add_argument("--measure", nargs=2, metavar=("TESTBED", "PLAN"), help=argparse.SUPPRESS)
    parser.add_argument("--nets", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options.measure[0], options.measure[1], options.calibration, options.nets)))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(
            f"{available_cores()} cores, {options.calibration} calibration inputs (SmolLM2: {options.calibration // 8} windows).\n"
        )
        print("| testbed | plan | Hessians, s | compression, s | peak memory, MB | metric, dense | compressed |")
        print("|---|---|---|---|---|---|---|")
        for name in options.testbeds.split(","):
            for plan in PLANS:
                command = [sys.executable, "-m", "benchmarks.bench_models", "--measure", name, plan]
                inputs = options.calibration // 8 if name == "smollm2-perplexity" else options.calibration
                command += ["--nets", folder, "--calibration", str(inputs)]
                done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
                print_line(name, plan, json.loads(done.stdout.splitlines()[-1]))


def print_line(name: str, plan: str, found: dict[str, Any]) -> None:
    print(
        f"| {name} | {plan} | {found['hessians']:.1f} | {found['compression']:.1f} | {found['peak'] / 1e6:.0f} | "
        f"{found['metric']} {found['dense']:.2f} | {found['compressed']:.2f} |",
        flush=True,
    )


def measure(name: str, plan_name: str, calibration: int, nets: Path) -> dict[str, Any]:
    """Compress one testbed's net by one plan in this process."""
    import torch

    from compression_demo import compress
    from compression_demo.models.plan import Plan

    testbed = testbeds.get(name)
    trial = testbed.prepare(0, min(calibration, testbed.calibration_limit), nets, lambda done, words: None)
    metric = testbed.metrics[0].name
    dense = trial.evaluate(trial.model)[metric]
    normalized = any(isinstance(module, torch.nn.BatchNorm2d) for module in trial.model.modules())
    correction = "batchnorm" if normalized else "none"
    plan = Plan.from_json({"rules": [{"layers": "*", "steps": [PLANS[plan_name]]}], "correction": correction})
    tiny = torch.nn.Sequential(torch.nn.Linear(8, 4))
    compress(tiny, torch.randn(16, 8), replace(plan, correction="none"))  # compiled before the clock runs
    marks: list[tuple[float, str]] = []
    Path("/proc/self/clear_refs").write_text("5")
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    started = time.perf_counter()
    result = compress(
        trial.model, trial.calibration, plan, tick=lambda done, words: marks.append((time.perf_counter(), words))
    )
    ended = time.perf_counter()
    peak = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    first = next(moment for moment, words in marks if words.startswith("compressing"))
    return {
        "hessians": first - started,
        "compression": ended - first,
        "peak": peak * 1024 - before,
        "metric": metric,
        "dense": dense,
        "compressed": trial.evaluate(result.model)[metric],
    }


if __name__ == "__main__":
    main()
