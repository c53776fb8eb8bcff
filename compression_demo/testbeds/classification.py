"""Image classifiers trained on the spot: split, train, keep, evaluate."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from compression_demo.files import write_atomically

from .net_metrics import ACTIVATION_DENSITY, EFFECTIVE_MACS, TRAINING_LOSS, measure_activity, measure_loss
from .registry import LAYER_ERROR, Labelled, LayerShape, Metric, Testbed, Tick, Trial

if TYPE_CHECKING:
    import torch
    from torch import nn

ACCURACY = Metric("accuracy", "test accuracy", "%", "higher")
HELD_OUT = 256
"""Test images on which layer errors are measured."""


class ImageClassifier(Testbed):
    """A small net, trained per seed on a split of its own.

    Training, test and calibration images are drawn anew for each seed; the calibration images are training images,
    as in post-training compression, and the test images are seen by nothing before the evaluation.
    """

    metrics = (ACCURACY, LAYER_ERROR, TRAINING_LOSS, ACTIVATION_DENSITY, EFFECTIVE_MACS)
    own_net = True
    sources = ("net_metrics.py",)
    test_size: ClassVar[int]
    epochs: ClassVar[int]
    batch: ClassVar[int] = 64
    learning_rate: ClassVar[float] = 8e-3
    weight_decay: ClassVar[float] = 0.3
    """With the weights drawn small and this decay, magnitudes say much about importance: a fair ground for baselines
    (drawn after He and decayed by 0.01, magnitude pruning lost 10 to 20 points more)."""

    @abstractmethod
    def load_images(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Standardised images (samples, channels, height, width) float32, and labels (samples,) int64."""

    @abstractmethod
    def build(self) -> nn.Module:
        """The net with its weights not yet drawn."""

    @property
    def epoch_s(self) -> float:
        return self.seconds.net / self.epochs

    @cached_property
    def _data(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self.load_images()

    def net_file(self, seed: int, nets: Path) -> Path:
        return nets / f"{self.name}-{self.source_hash}" / f"seed-{seed}.safetensors"

    def split(self, seed: int, samples: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The indices of a seed's training and test images among all `samples`."""
        import torch

        order = torch.randperm(samples, generator=self.stream(seed, "split"))
        return order[self.test_size :], order[: self.test_size]

    def prepare(self, seed: int, calibration: int, nets: Path, tick: Tick) -> Trial:
        import torch

        images, labels = self._data
        train, test = self.split(seed, len(images))
        draw = torch.randperm(len(train), generator=self.stream(seed, f"calibration {calibration}"))[:calibration]
        model = self._load_net(self.net_file(seed, nets)) or self._train(seed, images[train], labels[train], nets, tick)
        model.eval()
        training, held_out = Labelled(images[train], labels[train]), images[test[:HELD_OUT]]

        def evaluate(net: nn.Module) -> dict[str, float]:
            return {
                ACCURACY.name: measure_accuracy(net, images[test], labels[test]),
                TRAINING_LOSS.name: measure_loss(net, training.inputs, training.labels),
                **measure_activity(net, held_out),
            }

        return Trial(model, images[train[draw]], held_out, evaluate, training)

    def _load_net(self, file: Path) -> nn.Module | None:
        from safetensors import SafetensorError
        from safetensors.torch import load

        try:
            tensors = load(file.read_bytes())
        except (FileNotFoundError, SafetensorError):
            return None
        model = self.build()
        model.load_state_dict(tensors)
        return model

    def _train(self, seed: int, images: torch.Tensor, labels: torch.Tensor, nets: Path, tick: Tick) -> nn.Module:
        """Train the net of a seed from its own initialisation, and keep it. One-cycle AdamW on cross-entropy."""
        import torch
        from safetensors.torch import save
        from torch.nn import functional

        model = draw_weights(self.build(), self.stream(seed, "weights")).train()
        shuffle = self.stream(seed, "batches")
        batches = len(images) // self.batch
        optimizer = torch.optim.AdamW(model.parameters(), lr=self.learning_rate, weight_decay=self.weight_decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, self.learning_rate, total_steps=self.epochs * batches)
        for epoch in range(self.epochs):
            tick(epoch / self.epochs, f"training the net, epoch {epoch + 1} of {self.epochs}")
            order = torch.randperm(len(images), generator=shuffle)[: batches * self.batch]
            for rows in order.view(batches, self.batch):
                optimizer.zero_grad()
                functional.cross_entropy(model(images[rows]), labels[rows]).backward()
                optimizer.step()
                schedule.step()
        write_atomically(self.net_file(seed, nets), save(model.state_dict()))
        return model


def build_plain_cnn(features: int, pooled: Collection[int]) -> nn.Sequential:
    """Convolutions 1-16, 16-32 and 32-32 with 3x3 kernels, those numbered in `pooled` (from 1) followed by a 2x2 pool;
    then linear layers of `features`-64 and 64-10. No batch normalisation."""
    from torch import nn

    parts: list[nn.Module] = []
    for number, (inputs, outputs) in enumerate([(1, 16), (16, 32), (32, 32)], start=1):
        parts += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU()]
        if number in pooled:
            parts.append(nn.MaxPool2d(2))
    return nn.Sequential(*parts, nn.Flatten(), nn.Linear(features, 64), nn.ReLU(), nn.Linear(64, 10))


def plain_cnn_layers(features: int) -> tuple[LayerShape, ...]:
    """The layers of `build_plain_cnn`."""
    return (
        LayerShape(16, 9), LayerShape(32, 144), LayerShape(32, 288), LayerShape(64, features), LayerShape(10, 64),
    )  # fmt: skip


def draw_weights(model: nn.Module, stream: torch.Generator) -> nn.Module:
    """Fill the weights of convolutions and linear layers in place from `stream`, uniform within 1/sqrt(inputs), and
    their biases with zero; normalisations stay as they were built. Returns the model."""
    import torch

    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            continue
        for parameter in module.parameters(recurse=False):
            if parameter.ndim > 1:
                torch.nn.init.kaiming_uniform_(parameter, a=5**0.5, generator=stream)
            else:
                torch.nn.init.zeros_(parameter)
    return model


def predict(model: nn.Module, images: torch.Tensor, batch: int = 500) -> torch.Tensor:
    """The class (samples,) int64 that gets the highest score for each image (samples, ...); the model returns scores
    (samples, classes), or what holds them as `logits`."""
    import torch

    with torch.inference_mode():
        outputs = (model(part) for part in images.split(batch))
        return torch.cat([getattr(output, "logits", output).argmax(1) for output in outputs])


def measure_accuracy(model: nn.Module, images: torch.Tensor, labels: torch.Tensor, batch: int = 500) -> float:
    """Share of images (samples, ...) whose label (samples,) gets the highest score, in percent."""
    return 100.0 * int((predict(model, images, batch) == labels).sum()) / len(labels)
