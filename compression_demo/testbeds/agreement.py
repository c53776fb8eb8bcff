"""Pretrained ImageNet classifiers on photographs without labels: how often a compressed net says what the dense one says."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from .classification import predict
from .mobile_layers import MobileNetShape
from .packages import find_file, verify_file
from .photographs import PHOTOGRAPHS, draw_crops, load_photographs, standardise
from .registry import LAYER_ERROR, Metric, Testbed, Tick, Trial

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image
    from torch import nn

AGREEMENT = Metric("agreement", "agreement with the dense net's class", "%", "higher")
SIZE = 224
EVALUATED = 128
"""Crops on which agreement is measured, and layer errors on the first `HELD_OUT` of them."""
HELD_OUT = 64
BATCH = 32


class PhotographClassifier(Testbed):
    """An ImageNet classifier on crops of photographs.

    A seed deals the photographs out anew, half for calibration and half for evaluation, and draws its crops from them;
    the net is the same for all seeds.
    """

    metrics = (AGREEMENT, LAYER_ERROR)
    requires = MappingProxyType(
        {"torch": "torch", "PIL": "pillow", "skimage": "scikit-image", "sklearn": "scikit-learn"}
    )
    libraries = ("pillow", "scikit-image", "scikit-learn")
    sources = ("classification.py", "mobile_layers.py", "mobile_nets.py", "packages.py", "photographs.py")
    calibration_limit = 1024
    mean: ClassVar[tuple[float, float, float]]
    """Of red, green and blue, 0 to 255, as the net was trained; `deviation` likewise."""
    deviation: ClassVar[tuple[float, float, float]]

    shape: ClassVar[MobileNetShape]
    weights: ClassVar[tuple[str, str]]
    """The package that brings the file of weights, and the path in it."""
    weights_sha256: ClassVar[str]

    def load_net(self) -> nn.Module:
        """The net with its published weights, in eval mode."""
        import torch

        from .mobile_nets import fill_net

        file = verify_file(find_file(*self.weights), self.weights_sha256)
        return fill_net(self.shape, torch.load(file, weights_only=True))

    @cached_property
    def _photographs(self) -> list[Image]:
        return load_photographs()

    def prepare(self, seed: int, calibration: int, nets: Path, tick: Tick) -> Trial:
        import torch

        tick(0.0, "drawing crops of photographs")
        order = torch.randperm(len(PHOTOGRAPHS), generator=self.stream(seed, "photographs")).tolist()
        half = len(order) // 2
        calibrating, evaluating = ([self._photographs[i] for i in part] for part in (order[:half], order[half:]))
        model = self.load_net()
        crops = self._draw_crops(evaluating, EVALUATED, self.stream(seed, "evaluation"))
        dense = predict(model, crops, BATCH)

        def evaluate(net: nn.Module) -> dict[str, float]:
            return {AGREEMENT.name: 100.0 * int((predict(net, crops, BATCH) == dense).sum()) / len(crops)}

        drawn = self._draw_crops(calibrating, calibration, self.stream(seed, "calibration"))
        return Trial(model, drawn, crops[:HELD_OUT], evaluate)

    def _draw_crops(self, photographs: list[Image], count: int, stream: torch.Generator) -> torch.Tensor:
        return standardise(draw_crops(photographs, count, SIZE, stream), self.mean, self.deviation)
