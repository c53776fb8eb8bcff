"""Retraining of a net under a learned mixture prior on its weights.

Ullrich, Meeds and Welling, "Soft Weight-Sharing for Neural Network Compression" (ICLR 2017), Sec. 4 with Appendices B
and C. The loss per training input is -log p(T|X, w) - tau / N log p(w), N the number of inputs (Eq. 4). Two things here
are ours, without which the zero component swallows weights that matter on nets as small as these: tau grows from zero to
its value over the first half, and the deviation that the hyper-priors hold the components to shrinks as training goes
on, where `annealed`. Imports torch: import it where a net is retrained.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from compression_demo.errors import RunFailed

from .mixture import Gradients, HyperPriors, Mixture, differentiate, start_mixture
from .prior_plan import PriorPlan
from .prune_iteratively import find_weights

if TYPE_CHECKING:
    from torch import nn

    from compression_demo.testbeds import Labelled, Tick

BATCH = 64
WEIGHT_RATE, MEAN_RATE = 1e-3, 1e-3
RAMP = 0.5
"""Share of training after which tau is at its end."""


def retrain(model: nn.Module, training: Labelled, plan: PriorPlan, stream: torch.Generator, tick: Tick) -> Mixture:
    """Train a net in place together with the mixture that is the prior of all weights of its convolutions and linear
    layers; returns the mixture. Costs an epoch of training and, each step, weights times components.

    Raises:
        RunFailed: the loss is no longer a number.
    """
    weights = list(find_weights(model))
    named = dict(model.named_parameters())
    shared = [named[name] for name in weights]
    mixture = start_mixture(read_flat(shared), plan.components, plan.zero_weight)
    spacing = float(mixture.deviations[1])
    optimizer = torch.optim.Adam(
        [
            {"params": list(model.parameters()), "lr": WEIGHT_RATE},
            {"params": [mixture.means], "lr": MEAN_RATE},
            {"params": [mixture.log_precisions, mixture.logits], "lr": plan.rate},
        ]
    )
    rows = len(training.labels)
    batches = max(1, rows // BATCH)
    steps = plan.epochs * batches
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(1, steps))
    model.train()
    for epoch in range(plan.epochs):
        tick(epoch / plan.epochs, f"retraining under the prior, epoch {epoch + 1} of {plan.epochs}")
        order = torch.randperm(rows, generator=stream)[: batches * BATCH]
        for number, chosen in enumerate(order.chunk(batches)):
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(training.inputs[chosen]), training.labels[chosen])
            loss.backward()
            done = (epoch * batches + number) / steps
            gradients = take_gradients(read_flat(shared), mixture, plan, plan.hyper(spacing, done), stream)
            if not math.isfinite(loss.item()) or not math.isfinite(gradients.value):
                raise RunFailed(f"retraining under the prior diverged in epoch {epoch + 1}")
            add_gradients(shared, mixture, gradients, plan.tau * min(1.0, done / RAMP) / rows)
            optimizer.step()
            schedule.step()
    model.eval()
    return mixture


def take_gradients(
    flat: torch.Tensor, mixture: Mixture, plan: PriorPlan, hyper: HyperPriors | None, stream: torch.Generator
) -> Gradients:
    """Gradients of the prior at the weights (weights,), from all of them or, times I / K, from K of the I (Appendix C)."""
    if plan.sampled >= 1:
        return differentiate(flat, mixture, hyper)
    count = max(1, round(plan.sampled * len(flat)))
    return sample_gradients(flat, mixture, hyper, torch.randint(len(flat), (count,), generator=stream))


def sample_gradients(
    flat: torch.Tensor, mixture: Mixture, hyper: HyperPriors | None, places: torch.Tensor
) -> Gradients:
    """Gradients of the prior estimated from the weights at `places` (K,), drawn with replacement: unbiased."""
    found = differentiate(flat[places], mixture, hyper, scale=len(flat) / len(places))
    whole = torch.zeros_like(flat).index_add_(0, places, found.weights)
    return Gradients(found.value, whole, found.means, found.log_precisions, found.logits)


def add_gradients(shared: list[nn.Parameter], mixture: Mixture, gradients: Gradients, factor: float) -> None:
    """Add the prior's gradients, times `factor`, to those of the net, and hand the mixture its own."""
    parts = gradients.weights.split([parameter.numel() for parameter in shared])
    for parameter, part in zip(shared, parts, strict=True):
        assert parameter.grad is not None
        parameter.grad.add_(part.view_as(parameter), alpha=factor)
    own = (gradients.means, gradients.log_precisions, gradients.logits)
    for tensor, gradient in zip(mixture.tensors, own, strict=True):
        tensor.grad = gradient.to(tensor.dtype) * factor


def read_flat(shared: list[nn.Parameter]) -> torch.Tensor:
    """The values of parameters, one after another (weights,)."""
    return torch.cat([parameter.detach().flatten() for parameter in shared])


def keep_mixture(state: Mapping[str, torch.Tensor], mixture: Mixture) -> dict[str, torch.Tensor]:
    """A net's state and its mixture as one set of tensors."""
    kept = {f"net.{name}": tensor for name, tensor in state.items()}
    own = dict(zip(("means", "log_precisions", "logits"), mixture.tensors, strict=True))
    return kept | {f"mixture.{name}": tensor.detach() for name, tensor in own.items()}


def restore_mixture(tensors: Mapping[str, torch.Tensor], zero_weight: float) -> tuple[dict[str, torch.Tensor], Mixture]:
    """The state and the mixture that `keep_mixture` was given."""
    state = {name.removeprefix("net."): tensor for name, tensor in tensors.items() if name.startswith("net.")}
    means, precisions, logits = (tensors[f"mixture.{name}"] for name in ("means", "log_precisions", "logits"))
    return state, Mixture(means, precisions, logits, zero_weight)
