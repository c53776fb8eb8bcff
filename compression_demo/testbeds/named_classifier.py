"""Pretrained image classifiers that the user names, on a folder of labelled images that the user has."""

from __future__ import annotations

import hashlib
import os
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from compression_demo.errors import CompressionError

from .classification import ACCURACY, measure_accuracy, predict
from .image_folder import ImageFolder, match_classes, read_folder
from .registry import LAYER_ERROR, LayerShape, NamedTestbed, Seconds, Tick, Trial

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image
    from torch import nn

VARIABLE = "SECOND_OPINION_IMAGES"
EVALUATED = 512
"""The most images on which accuracy is measured, and layer errors on the first `HELD_OUT` of them."""
HELD_OUT = 64
BATCH = 32
HESSIAN_FACTOR = 4.0
"""How many times longer than a forward pass it takes with all Hessians, roughly."""


@dataclass(frozen=True)
class LoadedModel:
    """model: in eval mode, images (n, channels, h, w) -> scores (n, classes) or what holds them as `logits`.
    prepare: an image of the user's -> (channels, h, w) float32 as the model takes it. known: its names of its classes."""

    model: nn.Module
    prepare: Callable[[Image], torch.Tensor]
    known: Mapping[str, int]


class NamedClassifier(NamedTestbed):
    """A classifier named as `PREFIX:MODEL` or `PREFIX:MODEL@IMAGES`; the folder of images comes from the environment
    variable SECOND_OPINION_IMAGES where the name has none."""

    metrics = (ACCURACY, LAYER_ERROR)

    def __init__(self, argument: str) -> None:
        self.model_name, _, images = argument.partition("@")
        self.folder = images or os.environ.get(VARIABLE, "")
        self.name = f"{self.prefix}:{argument}"
        self.title = f"{self.model_name} on the images of {Path(self.folder).name or 'a folder to be named'}"
        self.description = (
            f"{self.model_name}, pretrained, on the labelled images in {self.folder or 'a folder to be named'}. A seed "
            f"deals these out anew: one half gives calibration images, and up to {EVALUATED} of the other half are "
            "those on which accuracy is measured. The net is the same for all seeds. No retraining."
        )

    @abstractmethod
    def find_model(self) -> str:
        """What identifies the model's weights: another text for other weights.

        Raises:
            CompressionError: the model is not here; says what to install, to download or to name.
        """

    @staticmethod
    @abstractmethod
    def load(model_name: str) -> LoadedModel:
        """The model of that name.

        Raises:
            CompressionError: it cannot be loaded; says why.
        """

    def available(self) -> tuple[bool, str]:
        found, reason = super().available()
        if not found:
            return found, reason
        if not self.folder:
            return False, (
                f"{self.name} needs labelled images, in one folder for each class: set {VARIABLE} to the folder that "
                f"holds these, or name it: {self.name}@/path/to/images"
            )
        try:
            self.find_model()
            len(self._images.files)
        except CompressionError as error:
            return False, f"{self.name}: {error}"
        return True, ""

    @property
    def source_hash(self) -> str:
        whole = f"{super().source_hash}/{self.find_model()}/{self._images.fingerprint()}"
        return hashlib.sha256(whole.encode()).hexdigest()[:16]

    @cached_property
    def calibration_limit(self) -> int:
        return len(self._images.files) // 2

    @cached_property
    def layers(self) -> tuple[LayerShape, ...]:
        from compression_demo.models.layers import find_layers, read_weight

        shapes = []
        for layer in find_layers(self._loaded.model).values():
            rows, cols = read_weight(layer).shape
            shapes.append(LayerShape(rows, cols, getattr(layer, "groups", 1)))
        return tuple(shapes)

    @cached_property
    def seconds(self) -> Seconds:
        """Estimated from one image, which is prepared and passed through the model."""
        before = time.perf_counter()
        predict(self._loaded.model, self._read([0]))
        each = time.perf_counter() - before
        evaluated = min(EVALUATED, len(self._images.files) - self.calibration_limit)
        return Seconds(
            start=10.0,
            net=0.0,
            calibrate=each * HESSIAN_FACTOR,
            held_out=min(HELD_OUT, evaluated) * each * HESSIAN_FACTOR,
            evaluate=evaluated * each,
            prepare=evaluated * each,
        )

    def prepare(self, seed: int, calibration: int, nets: Path, tick: Tick) -> Trial:
        import torch

        tick(0.0, "reading images")
        order = torch.randperm(len(self._images.files), generator=self.stream(seed, "images")).tolist()
        half = self.calibration_limit
        evaluated = order[half:][:EVALUATED]
        images = self._read(evaluated)
        outputs = self._match(images[:1])
        labels = torch.tensor([outputs[self._images.labels[index]] for index in evaluated])

        def evaluate(net: nn.Module) -> dict[str, float]:
            return {ACCURACY.name: measure_accuracy(net, images, labels, BATCH)}

        return Trial(self._loaded.model, self._read(order[: min(calibration, half)]), images[:HELD_OUT], evaluate)

    @cached_property
    def _images(self) -> ImageFolder:
        return read_folder(Path(self.folder))

    @property
    def _loaded(self) -> LoadedModel:
        return _load_once(type(self), self.model_name, self.find_model())

    def _read(self, indices: list[int]) -> torch.Tensor:
        """The images of these indices, prepared: (n, channels, h, w)."""
        import torch
        from PIL import Image

        prepared = []
        for index in indices:
            with Image.open(self._images.files[index]) as image:
                prepared.append(self._loaded.prepare(image))
        return torch.stack(prepared)

    def _match(self, image: torch.Tensor) -> list[int]:
        """The model's output for each class of the folder, from its scores for one image (1, channels, h, w)."""
        import torch

        with torch.inference_mode():
            scores = self._loaded.model(image)
        outputs = getattr(scores, "logits", scores).shape[1]
        return match_classes(self._images.classes, outputs, self._loaded.known)


@lru_cache(maxsize=1)
def _load_once(kind: type[NamedClassifier], model_name: str, identity: str) -> LoadedModel:
    """The model, kept as long as no other one is asked for and its weights stay what they are."""
    return kind.load(model_name)
