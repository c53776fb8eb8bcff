"""Mobile networks of inverted residual blocks, as MobileNetV2 and EfficientNet-Lite0. Imports torch: import it late."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import nn

from .mobile_layers import MobileNetShape


class InvertedResidual(nn.Module):
    """Expand (1x1), filter each channel (k x k), project (1x1), with a shortcut where the shape stays the same
    (Sandler et al., "MobileNetV2", 2018, Fig. 4); images (n, inputs, h, w) -> (n, outputs, h / stride, w / stride)."""

    def __init__(
        self, net: MobileNetShape, inputs: int, outputs: int, expansion: int, kernel: int, stride: int
    ) -> None:
        super().__init__()
        width = inputs * expansion
        parts = [activated_conv(net, inputs, width, 1)] if expansion != 1 else []
        parts += [
            activated_conv(net, width, width, kernel, stride, groups=width),
            nn.Conv2d(width, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs, eps=net.norm_epsilon),
        ]
        self.conv = nn.Sequential(*parts)
        self.shortcut = (inputs, stride) == (outputs, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return images + self.conv(images) if self.shortcut else self.conv(images)


class MobileNet(nn.Module):
    """Standardised images (n, 3, 224, 224) -> scores (n, 1000); its state dict has the names of torchvision's MobileNetV2."""

    def __init__(self, net: MobileNetShape) -> None:
        super().__init__()
        parts: list[nn.Module] = [activated_conv(net, 3, net.stem, 3, stride=2)]
        for block in net.blocks():
            parts.append(InvertedResidual(net, *block))
        parts.append(activated_conv(net, net.last_width, net.head, 1))
        self.features = nn.Sequential(*parts)
        self.classifier = nn.Sequential(nn.Dropout(0.2), nn.Linear(net.head, net.classes))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.classifier(self.features(images).mean((2, 3)))


def activated_conv(
    net: MobileNetShape, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1
) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU6.

    With `net.pad_at_end`, a convolution of stride 2 on an even width pads as TensorFlow does, one more at the end than
    at the start: a layer of its own, so that the convolution's input is what it is multiplied with.
    """
    padding, before = kernel // 2, []
    if net.pad_at_end and stride == 2:
        start, end = (kernel - 2) // 2, (kernel - 1) // 2
        padding, before = 0, [nn.ZeroPad2d((start, end, start, end))]
    return nn.Sequential(
        *before,
        nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=net.norm_epsilon),
        nn.ReLU6(),
    )


def fill_net(net: MobileNetShape, tensors: Mapping[str, torch.Tensor]) -> MobileNet:
    """The net with the given tensors, in eval mode: by their names where these are the net's own, else in their order,
    which must be the net's. It has as many classes as they have.

    Raises:
        ValueError: there are more or fewer tensors than the net has.
        RuntimeError: their shapes are not the net's.
    """
    model = MobileNet(net)
    own = model.state_dict()
    named = dict(tensors) if own.keys() == tensors.keys() else dict(zip(own, tensors.values(), strict=True))
    classes = named["classifier.1.bias"].shape[0]
    if classes != net.classes:
        model = MobileNet(replace(net, classes=classes))
    model.load_state_dict(named)
    return model.eval()
