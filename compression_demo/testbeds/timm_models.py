"""Image classifiers of timm, where timm and a torchvision that fits torch are installed."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING

from compression_demo.errors import CompressionError

from .named_classifier import LoadedModel, NamedClassifier
from .photographs import crop_centre, standardise
from .registry import testbed_family

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image


@testbed_family
class TimmModel(NamedClassifier):
    """`timm:NAME`: a pretrained model of timm."""

    prefix = "timm"
    pattern = "timm:NAME"
    family_title = "image classifier of timm on your labelled images"
    family_description = (
        "timm:NAME names a pretrained model of timm, such as timm:resnet18; timm keeps its weights in the Hugging Face "
        "cache. Images: set SECOND_OPINION_IMAGES to a folder that holds one folder of images for each class, or write "
        "timm:NAME@/path/to/images."
    )
    requires = MappingProxyType({"torch": "torch", "PIL": "pillow", "timm": "timm", "torchvision": "torchvision"})
    libraries = ("timm", "pillow")
    sources = ("classification.py", "image_folder.py", "photographs.py")

    def find_model(self) -> str:
        if not import_timm().is_model(self.model_name):
            raise CompressionError(f"timm has no model named {self.model_name!r}")
        return self.model_name

    @staticmethod
    def load(model_name: str) -> LoadedModel:
        return load_timm(model_name)


@lru_cache(maxsize=1)
def import_timm() -> ModuleType:
    """timm.

    Raises:
        CompressionError: it is not installed, or its torchvision was built for another torch.
    """
    try:
        timm = import_module("timm")
        import_module("timm.data")
    except (ImportError, RuntimeError) as error:
        raise CompressionError(
            f"timm cannot be imported ({error}). It needs a torchvision built for the torch that is installed; for the "
            "CPU build: pip install torchvision --index-url https://download.pytorch.org/whl/cpu"
        ) from error
    return timm


def load_timm(name: str, weights: Path | None = None) -> LoadedModel:
    """A model of timm with its pretrained weights, or with those of a file, and the preparation of images it wants.

    Raises:
        CompressionError: there is no such model, or its weights cannot be had.
    """
    timm = import_timm()
    try:
        model = timm.create_model(name, pretrained=weights is None, checkpoint_path=str(weights or "")).eval()
    except (OSError, RuntimeError, KeyError) as error:
        raise CompressionError(f"timm cannot load {name}: {error}") from error
    wanted = timm.data.resolve_model_data_config(model)

    mean, deviation = ([255 * value for value in wanted[name]] for name in ("mean", "std"))

    def prepare(image: Image) -> torch.Tensor:
        return standardise(crop_centre(image, wanted["input_size"][1], wanted["crop_pct"]), mean, deviation)

    return LoadedModel(model, prepare, {})
