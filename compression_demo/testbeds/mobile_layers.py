"""The shapes of mobile networks, without torch: from them the nets are built and the cost of compressing is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .registry import LayerShape


@dataclass(frozen=True)
class Stage:
    """`repeats` inverted residual blocks, of which the first has the `stride`."""

    expansion: int
    width: int
    repeats: int
    stride: int
    kernel: int = 3


@dataclass(frozen=True)
class MobileNetShape:
    """A network of inverted residual blocks.

    pad_at_end: convolutions of stride 2 pad one more at the end than at the start, as TensorFlow does.
    """

    stages: tuple[Stage, ...]
    norm_epsilon: float
    pad_at_end: bool
    stem: int = 32
    head: int = 1280
    classes: int = 1000

    @property
    def last_width(self) -> int:
        return self.stages[-1].width

    def blocks(self) -> Iterator[tuple[int, int, int, int, int]]:
        """Of each block, in order: inputs, outputs, expansion, kernel, stride."""
        inputs = self.stem
        for stage in self.stages:
            for index in range(stage.repeats):
                yield inputs, stage.width, stage.expansion, stage.kernel, 1 if index else stage.stride
                inputs = stage.width

    def layers(self) -> tuple[LayerShape, ...]:
        """All convolutions and the linear layer; a depthwise convolution has as many groups as rows."""
        shapes = [(self.stem, 27, 1)]
        for inputs, outputs, expansion, kernel, _ in self.blocks():
            width = inputs * expansion
            shapes += [(width, inputs, 1)] if expansion != 1 else []
            shapes += [(width, kernel * kernel, width), (outputs, width, 1)]
        shapes += [(self.head, self.last_width, 1), (self.classes, self.head, 1)]
        return tuple(LayerShape(*shape, count) for shape, count in Counter(shapes).items())
