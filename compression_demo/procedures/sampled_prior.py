"""The gradient of the mixture prior from a few weights at a time: how far the mean of many draws is from the whole.

Ullrich, Meeds and Welling, "Soft Weight-Sharing for Neural Network Compression" (ICLR 2017), Appendix C, which proposes
it for large nets and shows no experiment.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import Setting
from compression_demo.testbeds import Metric

from .prune_iteratively import find_weights
from .registry import Outcome, Work, procedure

if TYPE_CHECKING:
    import torch

    from compression_demo.testbeds import Testbed

    from .mixture import Gradients

SAMPLE = 1000
REPEATS = 10
"""Means of draws whose errors are averaged, since one may be near the whole by chance."""
COMPONENTS, ZERO_WEIGHT = 17, 0.99
ERROR = Metric("gradient_error", "decimal logarithm of the sampled gradient's relative error", "", "lower")
"""On a logarithmic scale seeds can be compared whose whole gradients are of very different lengths; what is unbiased
falls by half a unit for ten times the draws."""
DRAWS = Setting("draws", "draws whose gradients are averaged", partial(arguments.check_count, "draws"), required=True)
SIZE = Setting("sample", "weights in a draw", partial(arguments.check_count, "sample"))


def estimate_draws(testbed: Testbed, settings: Mapping[str, Any]) -> float:
    """Declared seconds: all components for each weight drawn."""
    return 0.5 + REPEATS * settings["draws"] * (3e-4 + 7e-9 * COMPONENTS * settings.get("sample", SAMPLE))


@procedure(
    "sampled_prior",
    title="sampling of weights for the prior's gradient",
    source="Soft Weight-Sharing for Neural Network Compression (Ullrich et al., ICLR 2017), Appendix C",
    settings=(DRAWS, SIZE),
    metrics=(ERROR,),
    seconds=estimate_draws,
    evaluates=False,
    sources=(
        "mixture.py",
        "mixture_kernels.py",
        "prior_plan.py",
        "prune_iteratively.py",
        "retrain_under_prior.py",
        "training.py",
    ),
)
def measure_sampling(work: Work, draws: int, sample: int = SAMPLE) -> Outcome:
    """How far the gradient of the mixture's means, precisions and mixing weights, averaged over `draws` of `sample`
    weights of the dense net with replacement, is from that of all weights: the logarithm of its distance relative to the
    length of that, which is the mean over ten such averages."""
    import torch

    from .mixture import start_mixture
    from .retrain_under_prior import differentiate, sample_gradients

    flat = torch.cat([weight.flatten() for weight in find_weights(work.trial.model).values()])
    mixture = start_mixture(flat, COMPONENTS, ZERO_WEIGHT)
    whole = differentiate(flat, mixture, None)
    stream, errors = work.stream(f"draws {draws} of {sample}"), []
    for _ in range(REPEATS):
        total = torch.zeros_like(join(whole))
        for _ in range(draws):
            places = torch.randint(len(flat), (sample,), generator=stream)
            total += join(sample_gradients(flat, mixture, None, places))
        errors.append(float((total / draws - join(whole)).norm() / join(whole).norm()))
    return Outcome(None, {ERROR.name: math.log10(sum(errors) / len(errors))})


def join(gradients: Gradients) -> torch.Tensor:
    """The gradient of all that is learned of a mixture as one vector."""
    import torch

    return torch.cat([gradients.means, gradients.log_precisions, gradients.logits])
