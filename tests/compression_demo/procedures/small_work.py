"""A small piece of work: a net on six inputs whose class is the sign of a product, for tests of procedures."""

from pathlib import Path

import torch
from torch import nn

from compression_demo.procedures import PartStore, Work
from compression_demo.testbeds import Labelled, Trial, get
from compression_demo.testbeds.classification import measure_accuracy
from compression_demo.testbeds.net_metrics import measure_activity


def small_work(folder: Path, seed: int = 0, net: nn.Module | None = None, training: bool = True) -> Work:
    """Work of a seed on a trained 6-24-12-2 net, or on `net` as it is."""
    stream = torch.Generator().manual_seed(seed)
    inputs = torch.randn(512, 6, generator=stream)
    labels = (inputs[:, 0] * inputs[:, 1] > 0).long()
    if net is None:
        torch.manual_seed(seed)
        net = nn.Sequential(nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 12), nn.ReLU(), nn.Linear(12, 2))
        optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
        for _ in range(150):
            optimizer.zero_grad()
            nn.functional.cross_entropy(net(inputs), labels).backward()
            optimizer.step()

    def evaluate(net: nn.Module) -> dict[str, float]:
        return {"accuracy": measure_accuracy(net, inputs, labels), **measure_activity(net, inputs)}

    trial = Trial(net.eval(), inputs[:128], inputs, evaluate, Labelled(inputs, labels) if training else None)
    return Work(get("digits-cnn"), trial, seed, lambda share, words: None, PartStore(folder))
