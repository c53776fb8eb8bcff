"""Image classifiers trained on the spot: split, train, keep, evaluate."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from compression_demo.files import write_atomically

from .registry import LAYER_ERROR, Metric, Testbed, Tick, Trial

if TYPE_CHECKING:
    import torch
    from torch import nn

ACCURACY = Metric("accuracy", "test accuracy", "%", "higher")
HELD_OUT = 256
"""Test images on which layer errors are measured."""


class ImageClassifier(Testbed):
    """A small net without batch normalisation, trained per seed on a split of its own.

    Training, test and calibration images are drawn anew for each seed; the calibration images are training images,
    as in post-training compression, and the test images are seen by nothing before the evaluation.
    """

    metrics: ClassVar[tuple[Metric, ...]] = (ACCURACY, LAYER_ERROR)
    module: ClassVar[str]
    """The Python module that brings the images, and `distribution` the package to install for it."""
    distribution: ClassVar[str]
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
    def build(self) -> nn.Sequential:
        """The net with its weights not yet drawn."""

    @cached_property
    def _data(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self.load_images()

    def available(self) -> tuple[bool, str]:
        for module, distribution in (
            ("torch", "torch"),
            ("safetensors", "safetensors"),
            (self.module, self.distribution),
        ):
            if find_spec(module) is None:
                return False, f"{self.name} needs {distribution}: pip install {distribution}"
        return True, ""

    def net_file(self, seed: int, nets: Path) -> Path:
        return nets / f"{self.name}-{self.source_hash}" / f"seed-{seed}.safetensors"

    def prepare(self, seed: int, calibration: int, nets: Path, tick: Tick) -> Trial:
        import torch

        images, labels = self._data
        order = torch.randperm(len(images), generator=self._stream(seed, "split"))
        test, train = order[: self.test_size], order[self.test_size :]
        draw = torch.randperm(len(train), generator=self._stream(seed, f"calibration {calibration}"))[:calibration]
        model = self._load_net(self.net_file(seed, nets)) or self._train(seed, images[train], labels[train], nets, tick)
        model.eval()

        def evaluate(net: nn.Module) -> dict[str, float]:
            return {ACCURACY.name: measure_accuracy(net, images[test], labels[test])}

        return Trial(model, images[train[draw]], images[test[:HELD_OUT]], evaluate)

    def _stream(self, seed: int, purpose: str) -> torch.Generator:
        """Independent random numbers for each testbed, seed and purpose."""
        import torch

        text = f"{self.name}/{seed}/{purpose}".encode()
        return torch.Generator().manual_seed(int.from_bytes(hashlib.sha256(text).digest()[:7], "big"))

    def _load_net(self, file: Path) -> nn.Sequential | None:
        from safetensors import SafetensorError
        from safetensors.torch import load

        try:
            tensors = load(file.read_bytes())
        except (FileNotFoundError, SafetensorError):
            return None
        model = self.build()
        model.load_state_dict(tensors)
        return model

    def _train(self, seed: int, images: torch.Tensor, labels: torch.Tensor, nets: Path, tick: Tick) -> nn.Sequential:
        """Train the net of a seed from its own initialisation, and keep it. One-cycle AdamW on cross-entropy."""
        import torch
        from safetensors.torch import save
        from torch.nn import functional

        model = draw_weights(self.build(), self._stream(seed, "weights")).train()
        shuffle = self._stream(seed, "batches")
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


def draw_weights(model: nn.Sequential, stream: torch.Generator) -> nn.Sequential:
    """Fill the model's weights in place from `stream`, uniform within 1/sqrt(inputs), biases with zero; returns it."""
    import torch

    for parameter in model.parameters():
        if parameter.ndim > 1:
            torch.nn.init.kaiming_uniform_(parameter, a=5**0.5, generator=stream)
        else:
            torch.nn.init.zeros_(parameter)
    return model


def measure_accuracy(model: nn.Module, images: torch.Tensor, labels: torch.Tensor) -> float:
    """Share of images (samples, ...) whose label (samples,) gets the highest score, in percent."""
    import torch

    with torch.inference_mode():
        predicted = torch.cat([model(batch).argmax(1) for batch in images.split(500)])
    return 100.0 * int((predicted == labels).sum()) / len(labels)
