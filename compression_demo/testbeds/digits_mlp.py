"""A fully connected net on scikit-learn's handwritten digits, with ReLU or with leaky ReLU."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from .classification import ImageClassifier
from .plain_mlps import build_plain_mlp, plain_mlp_layers
from .registry import Seconds, testbed

if TYPE_CHECKING:
    import torch
    from torch import nn

ABOUT = (
    "Linear layers 64-300-100-10, 50,200 weights, with {} between them, trained on 1,197 of scikit-learn's 8x8 digits "
    "and tested on the other 600. Pixels are scaled but not centred, so that the ink-free half of an image is zero."
)
DEVIATION = 6.02
"""Of the pixels, which run from 0 to 16."""


@testbed
class DigitsMlp(ImageClassifier):
    """Fully connected 64-300-100-10 with ReLU."""

    name = "digits-mlp"
    title = "fully connected 64-300-100-10 net on 1,797 digit images of 8x8 pixels"
    description = ABOUT.format("ReLU")
    requires = MappingProxyType({"torch": "torch", "safetensors": "safetensors", "sklearn": "scikit-learn"})
    libraries = ("scikit-learn",)
    sources = ("plain_mlps.py",)
    test_size = 600
    calibration_limit = 1197
    epochs = 30
    slope: ClassVar[float] = 0.0
    seconds = Seconds(start=3.5, net=0.9, calibrate=0.0001, held_out=0.03, evaluate=0.02)
    layers = plain_mlp_layers(64)

    def load_images(self) -> tuple[torch.Tensor, torch.Tensor]:
        import torch
        from sklearn.datasets import load_digits

        pixels, labels = load_digits(return_X_y=True)
        images = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8)
        return images / DEVIATION, torch.tensor(labels, dtype=torch.int64)

    def build(self) -> nn.Module:
        return build_plain_mlp(64, self.slope)


@testbed
class LeakyDigitsMlp(DigitsMlp):
    """The same with leaky ReLU, whose outputs are never zero."""

    name = "digits-mlp-leaky"
    title = "fully connected 64-300-100-10 net with leaky ReLU on 1,797 digit images of 8x8 pixels"
    description = ABOUT.format("leaky ReLU (slope 0.1)")
    slope = 0.1
