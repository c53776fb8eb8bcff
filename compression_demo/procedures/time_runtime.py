"""How fast the net runs in ONNX Runtime on this machine's processor, in float and in 8 bits.

A local measurement: whether 8 bits are faster depends on the processor's instructions (VNNI), the shapes and the library;
it says nothing of the speed-ups on other hardware that Shen et al. (ICLR 2019 submission) report.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import Setting
from compression_demo.errors import RunFailed
from compression_demo.provenance import library_version, machine_id
from compression_demo.testbeds import Metric
from compression_demo.testbeds.packages import find_missing

from .eight_bit import INTEGER_NETS
from .integer_inference import check_choice
from .registry import Outcome, Part, Work, procedure

if TYPE_CHECKING:
    import torch

    from compression_demo.testbeds import Testbed

PACKAGES = {"onnx": "onnx==1.23.2", "onnxruntime": "onnxruntime==1.32.0"}
PRECISIONS = ("fp32", "int8")
PRECISION = Setting(
    "precision", "fp32 or int8", partial(check_choice, "precision", PRECISIONS), required=True
)  # fmt: skip
BATCH = Setting("batch", "images at a time", partial(arguments.check_count, "batch"))
TIME = Metric("milliseconds", "time of one core for an image", "ms", "lower")
ROUNDS = 15
"""Each takes both precisions in turn, so that what slows the machine down slows down both."""
ROUND_S = 0.05
CALIBRATED = 32
"""Images from which ONNX Runtime takes its ranges; they hardly bear on its speed."""


def name_timing(testbed: Testbed, settings: Mapping[str, Any]) -> tuple[Part, ...]:
    """Building and timing both nets on this machine, which the arms of a seed share."""
    return (Part(time_net, describe_timing(settings.get("batch", 1)), 4.0 + 2 * ROUNDS * ROUND_S),)


def describe_timing(batch: int) -> dict[str, Any]:
    """What a timing depends on, beside the net: the batch, the machine, the library."""
    return {"batch": batch, "machine": machine_id(), "onnxruntime": library_version("onnxruntime")}


@procedure(
    "onnx_runtime",
    title="ONNX Runtime",
    source="the speed claims of Highly Efficient 8-bit Low Precision Inference (Shen et al., 2018), on this machine only",
    settings=(PRECISION, BATCH),
    metrics=(TIME,),
    seconds=lambda testbed, settings: 0.0,
    parts=name_timing,
    evaluates=False,
    local=True,
    sources=(*INTEGER_NETS, "eight_bit/onnx_graph.py", "integer_inference.py"),
)
def time_net(work: Work, precision: str, batch: int = 1) -> Outcome:
    """Milliseconds of one core for an image in that precision; batch normalisation is folded in both.

    Raises:
        RunFailed: ONNX or its runtime is not installed, or the net has an operation that is not written to it.
    """
    missing = find_missing(PACKAGES)
    if missing:
        raise RunFailed(f"timing in 8 bits needs {missing}")
    found = work.part(time_net, describe_timing(batch), lambda: _measure(work, batch))
    lines = tuple({"precision": name, "milliseconds": float(value)} for name, value in found.items())
    return Outcome(None, {TIME.name: float(found[precision])}, lines)


def _measure(work: Work, batch: int) -> dict[str, torch.Tensor]:
    """Milliseconds for an image in each precision, by its name."""
    import torch

    from .eight_bit.calibrate import fold_trial

    work.tick(0.1, "writing the net to ONNX")
    images = work.trial.calibration
    assert isinstance(images, torch.Tensor)
    with TemporaryDirectory() as folder:
        runs = open_sessions(Path(folder), fold_trial(work), images[:CALIBRATED], images[:1].repeat(batch, 1, 1, 1))
        work.tick(0.5, "timing both precisions in turn")
        seconds = time_in_turn(runs)
    return {name: torch.tensor(1e3 * value / batch, dtype=torch.float64) for name, value in seconds.items()}


def open_sessions(
    folder: Path, net: Any, calibration: torch.Tensor, images: torch.Tensor
) -> dict[str, Callable[[], Any]]:
    """By precision, a call that scores `images` in ONNX Runtime on one core; the models are written to `folder`."""
    import onnx
    import onnxruntime

    from .eight_bit.graph import INPUT
    from .eight_bit.onnx_graph import build_model, quantize_model

    files = {name: folder / f"{name}.onnx" for name in PRECISIONS}
    onnx.save(build_model(net, tuple(images.shape[1:])), files["fp32"])
    quantize_model(files["fp32"], files["int8"], calibration)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    calls = {}
    for name, file in files.items():
        session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        calls[name] = partial(session.run, None, {INPUT: images.numpy()})
    return calls


def time_in_turn(calls: Mapping[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """Seconds of this thread's processor time for each call: the median of `rounds`, in each of which all take turns."""
    repeats = {}
    for name, call in calls.items():
        call()
        repeats[name] = max(1, round(ROUND_S / max(_time(call, 3), 1e-6)))
    found: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds):
        for name in sorted(calls, reverse=bool(number % 2)):
            found[name].append(_time(calls[name], repeats[name]))
    return {name: median(times) for name, times in found.items()}


def _time(call: Callable[[], Any], repeats: int) -> float:
    started = time.thread_time()
    for _ in range(repeats):
        call()
    return (time.thread_time() - started) / repeats
