"""A small classifier and the work on it, for the tests of procedures."""

from pathlib import Path

import torch
from torch import nn

from compression_demo.procedures import PartStore, Work
from compression_demo.testbeds import Labelled, Trial, get

INPUTS, CLASSES = 6, 3


def small_net(seed: int = 0) -> nn.Sequential:
    """Fc 6-12-12-3 with ReLU, drawn from the seed."""
    stream = torch.Generator().manual_seed(seed)
    net = nn.Sequential(nn.Linear(INPUTS, 12), nn.ReLU(), nn.Linear(12, 12), nn.ReLU(), nn.Linear(12, CLASSES))
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=stream) / parameter.shape[-1] ** 0.5)
    return net.eval()


def samples(count: int = 96, seed: int = 1) -> Labelled:
    """Inputs (count, 6) whose class is the greatest of their first three entries."""
    inputs = torch.randn(count, INPUTS, generator=torch.Generator().manual_seed(seed))
    return Labelled(inputs, inputs[:, :CLASSES].argmax(1))


def small_work(folder: Path, seed: int = 0, training: bool = True) -> Work:
    """Work on `small_net`, in the name of digits-mlp-tiny; nothing is evaluated."""
    data = samples(seed=seed + 1)
    trial = Trial(small_net(seed), data.inputs, data.inputs, lambda net: {}, data if training else None)
    return Work(get("digits-mlp-tiny"), trial, seed, lambda share, words: None, PartStore(folder))
