"""Fine-tuning of a classifier on its training inputs, for the procedures that retrain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import nn

    from compression_demo.testbeds import Labelled, Tick

BATCH = 64


def fine_tune(
    model: nn.Module,
    training: Labelled,
    *,
    epochs: int,
    stream: torch.Generator,
    tick: Tick,
    learning_rate: float = 3e-3,
    masks: Mapping[str, torch.Tensor] | None = None,
    penalty: Callable[[nn.Module], torch.Tensor] | None = None,
) -> nn.Module:
    """Train `model` in place by Adam on cross-entropy, its rate falling to zero as a cosine; in eval mode at the end.

    Args:
        training: inputs (samples, ...) and labels (samples,).
        masks: by name of the parameter, True where a weight is trained; all others stay zero.
        penalty: added to the loss of each batch.
        tick: told after each epoch.

    Returns the model. Costs `epochs` passes over the training inputs.
    """
    import torch
    from torch.nn import functional

    named, masks = dict(model.named_parameters()), masks or {}
    rows = len(training.labels)
    batches = max(1, rows // BATCH)
    optimizer = torch.optim.Adam([p for p in named.values() if p.requires_grad], lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(1, epochs * batches))
    model.train()
    for epoch in range(epochs):
        tick(epoch / epochs, f"fine-tuning, epoch {epoch + 1} of {epochs}")
        order = torch.randperm(rows, generator=stream)[: batches * BATCH]
        for chosen in order.chunk(batches):
            optimizer.zero_grad()
            loss = functional.cross_entropy(model(training.inputs[chosen]), training.labels[chosen])
            if penalty is not None:
                loss = loss + penalty(model)
            loss.backward()
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                for name, mask in masks.items():
                    named[name].mul_(mask)
    return model.eval()
