"""A small convolutional net on Fashion-MNIST, where its files are present."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from compression_demo.errors import CompressionError

from .classification import ImageClassifier, build_plain_cnn, plain_cnn_layers
from .registry import Seconds, testbed

if TYPE_CHECKING:
    import numpy as np
    import torch
    from torch import nn

VARIABLE = "SECOND_OPINION_FASHION_MNIST"
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
FILES = (
    "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz",
)  # fmt: skip
TRAINING = 60000


@testbed
class FashionCnn(ImageClassifier):
    """Conv 1-16, conv 16-32, conv 32-32 (3x3 kernels, each with a pool behind it), fc 288-64, fc 64-10."""

    name = "fashion-cnn"
    title = "small CNN on Fashion-MNIST"
    description = (
        "Three 3x3 convolutions (16, 32, 32 channels) and two linear layers (64, 10), 33,040 weights. Each seed trains "
        "on 8,000 of Fashion-MNIST's 60,000 training images and is tested on 2,000 of its 10,000 test images. All "
        "layers are compressed alike, first and last included, each from the dense net's own inputs; no retraining."
    )
    requires = MappingProxyType({"torch": "torch", "safetensors": "safetensors"})
    training_size = 8000
    test_size = 2000
    calibration_limit = 8000
    epochs = 6
    seconds = Seconds(start=5.0, net=8.5, calibrate=0.0006, held_out=0.17, evaluate=0.4)
    layers = plain_cnn_layers(288)

    def available(self) -> tuple[bool, str]:
        found, reason = super().available()
        if not found:
            return found, reason
        absent = [name for name in FILES if not (self._folder() / name).is_file()]
        if absent:
            return False, (
                f"{self.name} needs {absent[0]} in {self._folder()}: install Debian's package dataset-fashion-mnist "
                f"(apt install dataset-fashion-mnist), or set {VARIABLE} to a folder with the data set's four .gz files"
            )
        return True, ""

    def load_images(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The training images, then the test images."""
        import numpy as np
        import torch

        parts = [read_idx(self._folder() / name) for name in FILES]
        images = torch.from_numpy(np.concatenate(parts[::2])).float()[:, None].div_(255)
        labels = torch.from_numpy(np.concatenate(parts[1::2])).long()
        return images.sub_(0.286).div_(0.353), labels

    def split(self, seed: int, samples: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Draws from the data set's own training and test images, which stay apart."""
        import torch

        train = torch.randperm(TRAINING, generator=self.stream(seed, "training images"))[: self.training_size]
        test = torch.randperm(samples - TRAINING, generator=self.stream(seed, "test images"))[: self.test_size]
        return train, test + TRAINING

    def build(self) -> nn.Module:
        return build_plain_cnn(288, pooled={1, 2, 3})

    def _folder(self) -> Path:
        return Path(os.environ.get(VARIABLE) or DEBIAN_FOLDER)


def read_idx(file: Path) -> np.ndarray:
    """The array of unsigned bytes in a gzipped IDX file (the format of MNIST's own files), of the shape it states.

    Raises:
        CompressionError: the file is damaged, or holds something else.
    """
    import numpy as np

    try:
        data = gzip.decompress(file.read_bytes())
    except (OSError, EOFError) as error:
        raise CompressionError(f"{file} cannot be read: {error}") from error
    axes = data[3] if len(data) > 3 else 0
    shape = np.frombuffer(data[4 : 4 + 4 * axes], ">i4").tolist() if data[:3] == b"\0\0\x08" else []
    if not shape or len(shape) != axes or len(data) != 4 + 4 * axes + int(np.prod(shape)):
        raise CompressionError(f"{file} is no whole IDX file of unsigned bytes")
    return np.frombuffer(data, np.uint8, offset=4 + 4 * axes).reshape(shape).copy()
