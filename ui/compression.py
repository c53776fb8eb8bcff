"""The subcommands `compress` and `testbeds`: a testbed's model by a plan from a file, and what it costs then."""

import argparse
import json
import sys
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from compression_demo.errors import ArgumentError, CompressionError, ExperimentError, UnsupportedLayer
from ui import settings, terminal

if TYPE_CHECKING:
    from compression_demo.budgets.budget import BudgetRequest
    from compression_demo.models.compress import CompressedModel, LayerReport
    from compression_demo.models.plan import Plan
    from compression_demo.testbeds import Trial
    from compression_demo.testbeds.registry import Testbed

INTERRUPTED = 130
CALIBRATION = 256
"""Calibration inputs where no number is asked for, or as many as the testbed has."""
NAMED_LAYERS = 20
"""The most names of layers in a message."""
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
BUDGET_UNITS = {"flops": "FLOPs", "bops": "BOPs", "bytes": "bytes of tensors, without the file's header"}


@dataclass(frozen=True)
class _Work:
    """A compression that is done and, if asked for, saved. calibration: inputs. seconds: without preparing them."""

    asked: "Plan | BudgetRequest"
    trial: "Trial"
    calibration: int
    compressed: "CompressedModel"
    seconds: float


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
    saved = "nothing was saved"
    try:
        from compression_demo.budgets.budget import BudgetRequest

        work = _compress(options, status)
        if options.out is not None:
            saved = f"the compressed model is in {options.out}"
        found = _evaluate(work, options, status)
    except KeyboardInterrupt:
        status.clear()
        print(f"\nStopped; {saved}.", file=sys.stderr)
        return INTERRUPTED
    status.clear()
    print(
        json.dumps(found, ensure_ascii=False, indent=2)
        if options.json
        else _show(found, isinstance(work.asked, BudgetRequest))
    )
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
    except tomllib.TOMLDecodeError as error:
        raise CompressionError(f"{path} is not valid TOML: {error}") from error
    except json.JSONDecodeError as error:
        hint = "" if path.suffix.lower() == ".json" else ". A plan in TOML needs the suffix .toml"
        raise CompressionError(f"{path} is not valid JSON: {error}{hint}") from error
    except ExperimentError as error:
        raise CompressionError(f"{path}: {error}") from error


def _compress(options: argparse.Namespace, status: terminal.Status) -> _Work:
    """Compress and save, with all that can be refused refused before the work."""
    from compression_demo import testbeds
    from compression_demo.files import check_writable
    from compression_demo.storage import saving

    asked = read_plan_file(options.plan)
    if options.out is not None:
        with _writing(options.out):
            if options.out.is_dir():
                raise CompressionError(f"{options.out} is a folder: name a file to save to.")
            check_writable(options.out)
    testbed = testbeds.get(options.testbed)
    calibration = options.calibration or min(CALIBRATION, testbed.calibration_limit)
    trial = _prepare(testbed, options.seed, calibration, status)
    started = time.monotonic()
    try:
        _check_patterns(asked, trial, status)
        compressed = _run(asked, trial, options.threads, status)
    except (ExperimentError, UnsupportedLayer, ArgumentError) as error:
        raise CompressionError(f"{options.plan}: {error}") from error
    seconds = time.monotonic() - started
    if options.out is not None:
        with _writing(options.out):
            saving.save(compressed, options.out)
    return _Work(asked, trial, calibration, compressed, seconds)


def _evaluate(work: _Work, options: argparse.Namespace, status: terminal.Status) -> dict[str, Any]:
    """What is told of a compression, as JSON."""
    from compression_demo.models.plan import Plan
    from compression_demo.storage.accounting import UNQUANTIZED, account, account_compressed, take_samples

    trial, compressed = work.trial, work.compressed
    status.show("evaluating")
    before, after = trial.evaluate(trial.model), trial.evaluate(compressed.model)
    bits = UNQUANTIZED if isinstance(work.asked, Plan) else work.asked.activation_bits
    example = take_samples(trial.calibration, 1)
    return {
        "testbed": options.testbed,
        "seed": options.seed,
        "calibration": work.calibration,
        "plan": compressed.plan.to_json(),
        "layers": [_layer_json(layer) for layer in compressed.layers],
        "metrics": {name: {"before": value, "after": after[name]} for name, value in before.items()},
        "before": account(trial.model, example, activation_bits=bits).to_json(),
        "after": account_compressed(compressed, example, activation_bits=bits).to_json(),
        "seconds": work.seconds,
        "saved": None if options.out is None else {"path": str(options.out), "bytes": options.out.stat().st_size},
    }


def _prepare(testbed: "Testbed", seed: int, calibration: int, status: terminal.Status) -> "Trial":
    available, reason = testbed.available()
    if not available:
        raise CompressionError(reason)
    if calibration > testbed.calibration_limit:
        raise ExperimentError("--calibration", f"must be at most {testbed.calibration_limit} for {testbed.name}")
    status.show(f"preparing {testbed.name}")
    nets = settings.load().home / "nets"
    return testbed.prepare(seed, calibration, nets, lambda done, words: status.show(words))


def _check_patterns(asked: "Plan | BudgetRequest", trial: "Trial", status: terminal.Status) -> None:
    """Refuse a rule that is for no layer of the model, and warn of what is to be skipped and is not there."""
    from compression_demo.models.layers import find_layers
    from compression_demo.models.plan import Plan

    names = list(find_layers(trial.model))
    known = ", ".join(names[:NAMED_LAYERS])
    if len(names) > NAMED_LAYERS:
        known += f" and {len(names) - NAMED_LAYERS} more"
    for index, rule in enumerate(asked.rules if isinstance(asked, Plan) else ()):
        if not any(fnmatchcase(name, rule.layers) for name in names):
            raise ExperimentError(
                f"rules[{index}].layers", f'"{rule.layers}" matches no layer of the model, which has {known}'
            )
    for pattern in asked.skip:
        if not any(fnmatchcase(name, pattern) for name in names):
            status.clear()
            print(f'Warning: skip "{pattern}" matches no layer of the model, which has {known}.', file=sys.stderr)


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
    home = settings.load().home
    with _writing(home):
        home.mkdir(parents=True, exist_ok=True)
        levels = TemporaryDirectory(prefix="levels-", dir=home)
    with levels as folder:
        return compress_to_budget(
            trial.model, trial.calibration, asked, folder=Path(folder), threads=threads, tick=tick
        )


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Word what the system says against writing to a path."""
    try:
        yield
    except OSError as error:
        raise CompressionError(f"{path} cannot be written: {error.strerror or error}") from error


def _layer_json(layer: "LayerReport") -> dict[str, Any]:
    return {**vars(layer), "steps": [step.to_json() for step in layer.steps]}


def _show(found: Mapping[str, Any], budgeted: bool) -> str:
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
    if budgeted:
        notes = found["plan"]["notes"]
        unit = BUDGET_UNITS[notes["budget"]["metric"]]
        planned, target, dense = notes["planned_cost"], notes["target_cost"], notes["dense_cost"]
        lines += [
            "",
            f"Budget: {planned:,} of {target:,.0f} {unit} ({planned / dense:.1%} of the dense model's).",
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
