"""A small convolutional net on scikit-learn's handwritten digits."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from .classification import ImageClassifier, build_plain_cnn, plain_cnn_layers
from .registry import Seconds, testbed

if TYPE_CHECKING:
    import torch
    from torch import nn


@testbed
class DigitsCnn(ImageClassifier):
    """Conv 1-16, conv 16-32, pool, conv 32-32, pool (3x3 kernels), fc 128-64, fc 64-10."""

    name = "digits-cnn"
    title = "small CNN on 1,797 digit images of 8x8 pixels"
    description = (
        "Three 3x3 convolutions (16, 32, 32 channels) and two linear layers (64, 10), 22,800 weights, trained on 1,197 "
        "of scikit-learn's 8x8 digits and tested on the other 600. All layers are compressed alike, first and last "
        "included, each from the dense net's own inputs; no retraining."
    )
    requires = MappingProxyType({"torch": "torch", "safetensors": "safetensors", "sklearn": "scikit-learn"})
    libraries = ("scikit-learn",)
    test_size = 600
    calibration_limit = 1197
    epochs = 15
    seconds = Seconds(start=3.5, net=0.9, calibrate=0.0003, held_out=0.07, evaluate=0.03)
    layers = plain_cnn_layers(128)

    def load_images(self) -> tuple[torch.Tensor, torch.Tensor]:
        import torch
        from sklearn.datasets import load_digits

        pixels, labels = load_digits(return_X_y=True)
        images = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8)
        return (images - 4.88) / 6.02, torch.tensor(labels, dtype=torch.int64)

    def build(self) -> nn.Module:
        return build_plain_cnn(128, pooled={2, 3})
