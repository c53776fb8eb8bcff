"""Fully connected nets trained to a minimum of cross-entropy plus an L2 penalty, where second-order theory applies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from compression_demo.files import write_atomically

from .classification import draw_weights
from .digits_cnn import DigitsCnn
from .registry import LayerShape, Seconds, Tick, testbed

if TYPE_CHECKING:
    import torch
    from torch import nn


class DigitsMlp(DigitsCnn):
    """A fully connected net with ReLU between its layers, on the digits, for which `penalty` / 2 * |w|^2 over all
    parameters is part of the loss. Expansions around a minimum hold for that loss: at the minimum of a net fitted to
    zero cross-entropy without a penalty, the curvature vanishes with the loss."""

    sources = ("digits_cnn.py",)
    widths: ClassVar[tuple[int, ...]]
    penalty: ClassVar[float] = 1e-2
    polish: ClassVar[int]
    """Iterations of L-BFGS on all training images after Adam, which bring the gradient near zero."""
    learning_rate: ClassVar[float] = 3e-3

    def build(self) -> nn.Module:
        from torch import nn

        parts: list[nn.Module] = [nn.Flatten()]
        for inputs, outputs in zip(self.widths[:-1], self.widths[1:], strict=True):
            parts += [nn.Linear(inputs, outputs), nn.ReLU()]
        return nn.Sequential(*parts[:-1])

    def _train(self, seed: int, images: torch.Tensor, labels: torch.Tensor, nets: Path, tick: Tick) -> nn.Module:
        """Train the net of a seed from its own initialisation, and keep it. One-cycle Adam, then L-BFGS."""
        import torch
        from safetensors.torch import save

        model = draw_weights(self.build(), self.stream(seed, "weights")).train()
        shuffle = self.stream(seed, "batches")
        batches = len(images) // self.batch
        optimizer = torch.optim.Adam(model.parameters(), lr=self.learning_rate)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, self.learning_rate, total_steps=self.epochs * batches)
        for epoch in range(self.epochs):
            tick(epoch / self.epochs, f"training the net, epoch {epoch + 1} of {self.epochs}")
            order = torch.randperm(len(images), generator=shuffle)[: batches * self.batch]
            for rows in order.view(batches, self.batch):
                optimizer.zero_grad()
                penalised_loss(model, images[rows], labels[rows], self.penalty).backward()
                optimizer.step()
                schedule.step()
        settle(model, images, labels, self.penalty, self.polish)
        write_atomically(self.net_file(seed, nets), save(model.state_dict()))
        return model


@testbed
class DigitsDeepMlp(DigitsMlp):
    """Fc 64-100-100-100-100-10, five layers of weights."""

    name = "digits-mlp-deep"
    title = "regularised five-layer MLP on 1,797 digit images of 8x8 pixels"
    description = (
        "Five linear layers (100, 100, 100, 100, 10), 37,400 weights, trained with an L2 penalty on 1,197 of "
        "scikit-learn's 8x8 digits and tested on the other 600. Shared values are best judged by its training loss."
    )
    widths = (64, 100, 100, 100, 100, 10)
    epochs = 40
    polish = 100
    seconds = Seconds(start=3.5, net=4.5, calibrate=0.0001, held_out=0.03, evaluate=0.02)
    layers = (LayerShape(100, 64), LayerShape(100, 100, count=3), LayerShape(10, 100))


@testbed
class DigitsTinyMlp(DigitsMlp):
    """Fc 64-16-16-16-10: few enough weights for the full Hessian."""

    name = "digits-mlp-tiny"
    title = "regularised MLP of 1,696 weights on 1,797 digit images of 8x8 pixels"
    description = (
        "Four linear layers (16, 16, 16, 10), 1,696 weights, trained with an L2 penalty to a minimum on 1,197 of "
        "scikit-learn's 8x8 digits and tested on the other 600: small enough for the Hessian of all pairs of weights."
    )
    widths = (64, 16, 16, 16, 10)
    epochs = 40
    polish = 400
    seconds = Seconds(start=3.5, net=3.0, calibrate=0.0001, held_out=0.03, evaluate=0.02)
    layers = (LayerShape(16, 64), LayerShape(16, 16, count=2), LayerShape(10, 16))


def penalised_loss(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, penalty: float) -> torch.Tensor:
    """Mean cross-entropy in nats over images (samples, ...), plus half the penalty times all parameters squared."""
    from torch.nn import functional

    squares = sum(parameter.square().sum() for parameter in model.parameters())
    return functional.cross_entropy(model(images), labels) + 0.5 * penalty * squares


def settle(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, penalty: float, iterations: int) -> None:
    """Bring `model` in place to the minimum of its penalised loss nearby, by L-BFGS in float64."""
    import torch

    kind = images.dtype
    model.double()
    exact = images.double()
    optimizer = torch.optim.LBFGS(
        model.parameters(), max_iter=iterations, history_size=30, tolerance_grad=1e-7, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = penalised_loss(model, exact, labels, penalty)
        loss.backward()
        return loss

    optimizer.step(closure)
    model.to(kind)
