"""Magnitude pruning in rounds with fine-tuning between them (Han, Mao and Dally, Deep Compression, ICLR 2016, Sec. 2).

Each layer's threshold is a multiple of the standard deviation of its weights, as in the paper's code for the nets of
its first part; the one multiple for all layers is chosen so that the wanted share of all weights falls under it.
"""

from __future__ import annotations

import copy
from functools import partial
from typing import TYPE_CHECKING, Any

from compression_demo.algorithms import arguments
from compression_demo.algorithms.registry import SPARSITY, Setting
from compression_demo.errors import RunFailed

from .registry import Outcome, Part, Work, procedure
from .training import fine_tune

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import nn

    from compression_demo.testbeds import Testbed, Tick

ROUNDS = Setting("rounds", "rounds of pruning, each followed by fine-tuning", partial(arguments.check_count, "rounds"))
EPOCHS = Setting("epochs", "epochs of fine-tuning after each round", partial(arguments.check_count, "epochs"))
FINE_TUNING = {"rounds": 3, "epochs": 8}
"""What is taken where an arm leaves them out."""


def name_rounds(testbed: Testbed, settings: Mapping[str, Any]) -> tuple[Part, ...]:
    """The pruned net of a sparsity, with the declared seconds of the rounds' epochs; none at sparsity 0."""
    if not settings.get("sparsity"):
        return ()
    given = {name: settings.get(name, usual) for name, usual in FINE_TUNING.items()}
    seconds = given["rounds"] * given["epochs"] * (testbed.epoch_s or 0.0)
    return (Part(prune_in_rounds, {"sparsity": settings["sparsity"], **given}, seconds),)


@procedure(
    "iterative_magnitude",
    title="magnitude pruning with fine-tuning",
    source="Deep Compression (Han et al., ICLR 2016), Sec. 2",
    settings=(SPARSITY, ROUNDS, EPOCHS),
    seconds=lambda testbed, settings: 0.0,
    parts=name_rounds,
    retrains=True,
    sources=("training.py",),
)
def prune_and_fine_tune(work: Work, sparsity: float, **given: int) -> Outcome:
    """The net with `sparsity` of the weights of its convolutions and linear layers set to zero in rounds, each followed
    by fine-tuning of the rest; the share grows by equal steps."""
    model = copy.deepcopy(work.trial.model)
    model.load_state_dict(prune_in_rounds(work, sparsity, **given))
    masks = {name: weight != 0 for name, weight in find_weights(model).items()}
    layers = tuple({"layer": name, "kept_share": float(mask.double().mean())} for name, mask in masks.items())
    return Outcome(model, {}, layers)


def prune_in_rounds(
    work: Work, sparsity: float, rounds: int = FINE_TUNING["rounds"], epochs: int = FINE_TUNING["epochs"]
) -> dict[str, torch.Tensor]:
    """The state of the pruned and fine-tuned net, shared by all arms of a seed that begin with it.

    Raises:
        RunFailed: the testbed has no training inputs.
    """
    settings = {"sparsity": sparsity, "rounds": rounds, "epochs": epochs}
    return work.part(prune_in_rounds, settings, lambda: _prune(work, **settings))


def find_weights(model: nn.Module) -> dict[str, torch.Tensor]:
    """The weights of all convolutions and linear layers, by name of the parameter."""
    import torch

    kinds = (torch.nn.Linear, torch.nn.Conv2d)
    return {
        f"{name}.weight": layer.weight.detach() for name, layer in model.named_modules() if isinstance(layer, kinds)
    }


def choose_masks(weights: Mapping[str, torch.Tensor], sparsity: float) -> dict[str, torch.Tensor]:
    """True where a weight is kept: exactly round(sparsity * all) weights go, those smallest in units of the standard
    deviation of their layer; weights that are zero already go first, ties by their place."""
    import torch

    scaled = torch.cat([(w.abs() / w[w != 0].std(correction=0).clamp_min(1e-12)).flatten() for w in weights.values()])
    kept = torch.ones(len(scaled), dtype=torch.bool)
    kept[torch.argsort(scaled, stable=True)[: round(sparsity * len(scaled))]] = False
    parts = kept.split([w.numel() for w in weights.values()])
    return {name: part.view_as(w) for (name, w), part in zip(weights.items(), parts, strict=True)}


def _prune(work: Work, sparsity: float, rounds: int, epochs: int) -> dict[str, torch.Tensor]:
    import torch

    if work.trial.training is None:
        raise RunFailed(f"{work.testbed.name} has no training inputs, so nothing can be fine-tuned on it")
    model = copy.deepcopy(work.trial.model)
    stream = work.stream(f"fine-tuning at {sparsity}")
    for number in range(1, rounds + 1):
        weights = find_weights(model)
        masks = choose_masks(weights, sparsity * number / rounds)
        with torch.no_grad():
            for name, weight in weights.items():
                weight.mul_(masks[name])
        tick = _within(work.tick, number - 1, rounds)
        fine_tune(model, work.trial.training, epochs=epochs, stream=stream, tick=tick, masks=masks)
    return model.state_dict()


def _within(tick: Tick, number: int, rounds: int) -> Tick:
    return lambda share, words: tick((number + share) / rounds, f"round {number + 1} of {rounds}: {words}")
