"""The subcommands `compress` and `testbeds`: a testbed's model by a plan from a file, and what it costs then."""

import argparse
import json
import sys
import time
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from compression_demo.errors import CompressionError, ExperimentError
from ui import settings, terminal

if TYPE_CHECKING:
    from compression_demo.budgets.budget import BudgetRequest
    from compression_demo.models.compress import CompressedModel, LayerReport
    from compression_demo.models.plan import Plan
    from compression_demo.testbeds import Trial

INTERRUPTED = 130
TELL_FROM_S = 10.0
"""Estimates of more than this are told beforehand."""
TOTALS = {
    "parameters": "parameters",
    "nonzeros": "non-zero",
    "sparse_macs": "MACs",
    "flops": "FLOPs",
    "bops": "BOPs",
    "stored_bytes": "bytes",
}
"""What is counted before and after: fields of `ModelAccount` and how they are called in the table."""


def list_testbeds(options: argparse.Namespace) -> int:
    """One line a testbed: its name, whether it can run here and else what to install."""
    from compression_demo import testbeds

    found = testbeds.overview()
    if options.json:
        print(json.dumps([vars(entry) for entry in found], ensure_ascii=False, indent=2))
        return 0
    width = max(len(entry.name) for entry in found)
    for entry in found:
        print(
            f"{entry.name:{width}}  {entry.title}"
            if entry.available
            else f"{entry.name:{width}}  not here: {entry.reason}"
        )
    return 0


def compress(options: argparse.Namespace) -> int:
    """Compress a testbed's model, print what became of it, and save it if asked to."""
    status = terminal.Status(quiet=options.json)
    try:
        found = _compress(options, status)
    except KeyboardInterrupt:
        status.clear()
        print("\nStopped; nothing was saved.", file=sys.stderr)
        return INTERRUPTED
    status.clear()
    print(json.dumps(found, ensure_ascii=False, indent=2) if options.json else _show(found))
    return 0


def read_plan_file(path: Path) -> "Plan | BudgetRequest":
    """The plan in a JSON file, or a TOML one by its suffix; a request if it has a `budget` table.

    Raises:
        CompressionError: names the file and what is wrong with it.
    """
    from compression_demo.budgets.budget import BudgetRequest
    from compression_demo.models.plan import Plan

    try:
        text = path.read_text(encoding="utf-8")
        data = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
        return BudgetRequest.from_json(data) if isinstance(data, dict) and "budget" in data else Plan.from_json(data)
    except OSError as error:
        raise CompressionError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CompressionError(f"{path} is not valid text: write it in UTF-8.") from error
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise CompressionError(
            f"{path} is not valid {'TOML' if path.suffix.lower() == '.toml' else 'JSON'}: {error}"
        ) from error
    except ExperimentError as error:
        raise CompressionError(f"{path}: {error}") from error


def _compress(options: argparse.Namespace, status: terminal.Status) -> dict[str, Any]:
    from compression_demo.models.plan import Plan
    from compression_demo.storage import saving
    from compression_demo.storage.accounting import UNQUANTIZED, account, account_compressed, take_samples

    asked = read_plan_file(options.plan)
    if options.out is not None and options.out.is_dir():
        raise CompressionError(f"{options.out} is a folder: name a file to save to.")
    trial = _prepare(options, status)
    started = time.monotonic()
    try:
        compressed = _run(asked, trial, options.threads, status)
    except ExperimentError as error:
        raise CompressionError(f"{options.plan}: {error}") from error
    seconds = time.monotonic() - started
    status.show("evaluating")
    before, after = trial.evaluate(trial.model), trial.evaluate(compressed.model)
    bits = UNQUANTIZED if isinstance(asked, Plan) else asked.activation_bits
    example = take_samples(trial.calibration, 1)
    if options.out is not None:
        saving.save(compressed, options.out)
    return {
        "testbed": options.testbed,
        "seed": options.seed,
        "calibration": options.calibration,
        "plan": compressed.plan.to_json(),
        "layers": [_layer_json(layer) for layer in compressed.layers],
        "metrics": {name: {"before": value, "after": after[name]} for name, value in before.items()},
        "before": account(trial.model, example, activation_bits=bits).to_json(),
        "after": account_compressed(compressed, example, activation_bits=bits).to_json(),
        "seconds": seconds,
        "saved": None if options.out is None else {"path": str(options.out), "bytes": options.out.stat().st_size},
    }


def _prepare(options: argparse.Namespace, status: terminal.Status) -> "Trial":
    from compression_demo import testbeds

    testbed = testbeds.get(options.testbed)
    available, reason = testbed.available()
    if not available:
        raise CompressionError(reason)
    if options.calibration > testbed.calibration_limit:
        raise ExperimentError("--calibration", f"must be at most {testbed.calibration_limit} for {testbed.name}")
    status.show(f"preparing {testbed.name}")
    nets = settings.load().home / "nets"
    return testbed.prepare(options.seed, options.calibration, nets, lambda done, words: status.show(words))


def _run(
    asked: "Plan | BudgetRequest", trial: "Trial", threads: int | None, status: terminal.Status
) -> "CompressedModel":
    from compression_demo.budgets.budget import compress_to_budget
    from compression_demo.models.compress import compress
    from compression_demo.models.plan import Plan
    from compression_demo.models.steps import estimate_seconds

    def tick(done: float, words: str) -> None:
        status.show(f"{done:4.0%} {words}")

    if isinstance(asked, Plan):
        estimate = sum(estimate_seconds(trial.model, asked).values())
        if estimate > TELL_FROM_S:
            status.line(f"Estimated time: {estimate:.0f} s on one thread.")
        return compress(trial.model, trial.calibration, asked, threads=threads, tick=tick)
    # A model at 45 levels is ten times its size and more.
    with TemporaryDirectory(prefix="levels-", dir=settings.load().home) as folder:
        return compress_to_budget(
            trial.model, trial.calibration, asked, folder=Path(folder), threads=threads, tick=tick
        )


def _layer_json(layer: "LayerReport") -> dict[str, Any]:
    return {**vars(layer), "steps": [step.to_json() for step in layer.steps]}


def _show(found: dict[str, Any]) -> str:
    """The table of layers, the totals before and after, the metrics."""
    rows = [("layer", "shape", "zeros", "bits", "error", "s", "steps")]
    for layer in found["layers"]:
        steps = ", ".join(_step_text(step) for step in layer["steps"])
        why = f"dense: {layer['skipped']}" if layer["skipped"] else "dense"
        rows.append(
            (
                layer["name"] or "(model)", f"{layer['rows']} x {layer['cols']}", f"{layer['zero_share']:.1%}",
                str(layer["bits"] or "-"), f"{layer['error']:.4f}" if steps else "-",
                f"{layer['seconds']:.1f}" if steps else "-", steps or why,
            )
        )  # fmt: skip
    lines = [*_align(rows, left=(0, 6)), ""]
    totals = [("one input", "before", "after", "share")]
    for name, title in TOTALS.items():
        before, after = found["before"][name], found["after"][name]
        totals.append((title, f"{before:,}", f"{after:,}", f"{after / before:.1%}" if before else "-"))
    for name, values in found["metrics"].items():
        totals.append((name.replace("_", " "), f"{values['before']:.4g}", f"{values['after']:.4g}", ""))
    lines += _align(totals, left=(0,))
    if "budget" in (notes := found["plan"].get("notes", {})):
        planned, target, dense = notes["planned_cost"], notes["target_cost"], notes["dense_cost"]
        lines += [
            "",
            f"Budget: {planned:,} of {target:,.0f} {notes['budget']['metric']} ({planned / dense:.1%} of the dense model's).",
        ]
    if found["saved"]:
        lines += ["", f"Saved to {found['saved']['path']}: {found['saved']['bytes']:,} bytes with its plan."]
    return "\n".join(
        [
            *lines,
            "",
            f"{found['testbed']}, seed {found['seed']}, {found['calibration']} calibration inputs, {found['seconds']:.1f} s",
        ]
    )


def _step_text(step: dict[str, Any]) -> str:
    return " ".join([step["method"], *(f"{name}={value}" for name, value in step.items() if name != "method")])


def _align(rows: list[tuple[str, ...]], left: tuple[int, ...]) -> list[str]:
    """Rows in columns two spaces apart, flush right but for those in `left`."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
