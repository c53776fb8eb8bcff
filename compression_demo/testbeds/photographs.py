"""Photographs that come with scikit-image and scikit-learn, and crops of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .packages import find_file

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

PHOTOGRAPHS = {
    name: (module, f"{folder}/{name}")
    for module, folder, names in (
        (
            "skimage",
            "data",
            "astronaut.png brick.png camera.png chelsea.png clock_motion.png coffee.png coins.png grass.png gravel.png "
            "hubble_deep_field.jpg motorcycle_left.png rocket.jpg",
        ),
        ("sklearn", "datasets/images", "china.jpg flower.jpg"),
    )
    for name in names.split()
}
"""Name -> package and path. Drawings, scans, microscopy and second views of a scene are left out."""
SMALLEST_CROP = 0.5
"""Least side of a crop as a share of the photograph's shorter side."""


def load_photographs() -> list[Image]:
    """All photographs, RGB, in the order of `PHOTOGRAPHS`."""
    from PIL import Image

    photographs = []
    for module, path in PHOTOGRAPHS.values():
        with Image.open(find_file(module, path)) as image:
            photographs.append(image.convert("RGB"))
    return photographs


def draw_crops(photographs: Sequence[Image], count: int, size: int, stream: torch.Generator) -> torch.Tensor:
    """`count` random squares of the photographs, these taken in turn, scaled to size x size, half of them mirrored:
    (count, 3, size, size) float32 from 0 to 255."""
    import torch
    from PIL.Image import Transpose

    crops = []
    for index in range(count):
        photograph = photographs[index % len(photographs)]
        scale, left, top, mirror = torch.rand(4, generator=stream).tolist()
        side = min(photograph.size) * (SMALLEST_CROP + (1 - SMALLEST_CROP) * scale)
        left, top = left * (photograph.width - side), top * (photograph.height - side)
        crop = resize(photograph, size, (left, top, left + side, top + side))
        crops.append(to_tensor(crop.transpose(Transpose.FLIP_LEFT_RIGHT) if mirror < 0.5 else crop))
    return torch.stack(crops)


def crop_centre(image: Image, size: int, share: float = 1.0) -> torch.Tensor:
    """The square in the middle, `share` of the shorter side wide, scaled: (3, size, size) float32 from 0 to 255."""
    side = min(image.size) * share
    left, top = (image.width - side) / 2, (image.height - side) / 2
    return to_tensor(resize(image.convert("RGB"), size, (left, top, left + side, top + side)))


def resize(image: Image, size: int, box: tuple[float, float, float, float]) -> Image:
    """The square `box` (left, top, right, bottom) of an image, scaled to size x size with bicubic filtering."""
    from PIL.Image import Resampling

    return image.resize((size, size), Resampling.BICUBIC, box=box)


def to_tensor(image: Image) -> torch.Tensor:
    """An RGB image as (3, height, width) float32 from 0 to 255."""
    import numpy as np
    import torch

    return torch.from_numpy(np.asarray(image, dtype=np.float32)).permute(2, 0, 1).contiguous()


def standardise(images: torch.Tensor, mean: Sequence[float], deviation: Sequence[float]) -> torch.Tensor:
    """Images (..., 3, h, w) from 0 to 255, less `mean` and divided by `deviation` of red, green and blue."""
    import torch

    return (images - torch.tensor(mean)[:, None, None]) / torch.tensor(deviation)[:, None, None]
