"""The settings of the procedures that share values, and what is taken where an arm leaves one out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, get_args

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import Setting
from compression_demo.errors import ArgumentError
from compression_demo.testbeds import Metric

from .curvature import Curvature, measure_curvature
from .prune_iteratively import name_rounds
from .registry import PROCEDURES, Part

if TYPE_CHECKING:
    from compression_demo.testbeds import Testbed

Code = Literal["huffman", "fixed", "entropy"]
Start = Literal["linear", "density", "random"]
COMPRESSION_RATIO = Metric("compression_ratio", "compression ratio of the weights", "x", "higher")
BITS_PER_WEIGHT = Metric("bits_per_weight", "stored bits per weight, all counted", "bits", "lower")
MOST_CLUSTERS = 256


def check_one_of(name: str, known: tuple[str, ...], value: Any) -> str:
    """One of the known words."""
    if value not in known:
        raise ArgumentError(name, f"must be one of {', '.join(known)}, not {value!r}")
    return value


def check_whole(name: str, least: int, most: int, value: Any) -> int:
    """A whole number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ArgumentError(name, f"must be a whole number from {least} to {most}, not {value!r}")
    return value


def _check_ratio(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 1 < value < math.inf:
        raise ArgumentError("ratio", f"must be a number above 1, not {value!r}")
    return float(value)


COUNT = partial(check_whole, "clusters", 2, MOST_CLUSTERS)
LIMITS = (
    Setting("clusters", "shared values, at most", COUNT),
    Setting("ratio", "compression ratio to reach, at least", _check_ratio),
    Setting("like_clusters", "at least the ratio of plain k-means with so many values", COUNT),
)
"""Of which one is given."""
WEIGHTING = Setting(
    "weighting", "what a weight counts by: none, gauss_newton, fisher or adam", partial(check_one_of, "weighting", get_args(Curvature))
)  # fmt: skip
SAMPLES = Setting(
    "samples", "training inputs that the curvature is taken from", partial(arguments.check_count, "samples")
)
TOGETHER = Setting(
    "together", "all layers share their values, else each has its own", partial(arguments.check_flag, "together")
)
CODE = Setting("code", "how values are coded: huffman, fixed or entropy", partial(check_one_of, "code", get_args(Code)))
EPOCHS = Setting("epochs", "epochs of fine-tuning of the shared values", partial(check_whole, "epochs", 0, 1000))
PRUNED = Setting("sparsity", "share of weights pruned before, with fine-tuning", arguments.check_sparsity)
SETTINGS = (*LIMITS, WEIGHTING, SAMPLES, TOGETHER, CODE, EPOCHS, PRUNED)
METRICS = (COMPRESSION_RATIO, BITS_PER_WEIGHT)
SOURCES = (
    "coding.py", "curvature.py", "prune_iteratively.py", "scalar_kernels.py", "scalar_quantizers.py", "shared_net.py",
    "shared_values.py", "sharing.py", "sharing_settings.py", "training.py",
)  # fmt: skip
CURVATURE_S = 2.0
DEFAULT_SAMPLES = 1000
"""As many as the paper finds to be enough (Sec. 6, Fig. 2)."""


@dataclass(frozen=True)
class Plan:
    """The settings of a procedure that shares values, with what is taken where an arm leaves them out."""

    clusters: int | None = None
    ratio: float | None = None
    like_clusters: int | None = None
    weighting: Curvature = "none"
    samples: int = DEFAULT_SAMPLES
    together: bool = True
    code: Code = "huffman"
    epochs: int = 0
    sparsity: float = 0.0


def check_limit(given: Mapping[str, Any]) -> None:
    """Accept settings that say once how far to go.

    Raises:
        ArgumentError: none of the limits is given, or more than one.
    """
    if sum(limit.name in given for limit in LIMITS) != 1:
        raise ArgumentError("clusters", "must be given, or ratio, or like_clusters: one of the three")


def retrains(settings: Mapping[str, Any]) -> bool:
    """Whether weights are trained: shared values fine-tuned, or the net pruned before."""
    return bool(settings.get("epochs") or settings.get("sparsity"))


def estimate_sharing(testbed: Testbed, settings: Mapping[str, Any], search_s: float = 0.0) -> float:
    """Declared seconds: the quantizer with its search, fine-tuning."""
    tuning = settings.get("epochs", 0) * 1.5 * (testbed.epoch_s or 0.0)
    return 0.3 + tuning + (0.0 if "clusters" in settings else search_s)


def name_parts(testbed: Testbed, settings: Mapping[str, Any]) -> tuple[Part, ...]:
    """The pruned net and the curvature, as far as the settings ask for them, with their declared seconds."""
    plan = Plan(**settings)
    parts = name_rounds(testbed, {"sparsity": plan.sparsity})
    if plan.weighting == "none":
        return parts
    return (*parts, Part(measure_curvature, describe_curvature(plan), CURVATURE_S))


def describe_curvature(plan: Plan) -> dict[str, str | float | int]:
    """What the importance of the weights depends on."""
    of: dict[str, str | float | int] = {"weighting": plan.weighting, "samples": plan.samples}
    if plan.sparsity:
        of |= {"sparsity": plan.sparsity, "pruning": PROCEDURES["iterative_magnitude"].source_hash}
    return of
