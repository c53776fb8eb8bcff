"""Image classifiers in files of the user's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from compression_demo.errors import CompressionError

from .agreement import SIZE, PhotographClassifier
from .hub_models import describe_folder, load_hub_folder
from .image_folder import describe_file
from .named_classifier import LoadedModel, NamedClassifier
from .photographs import crop_centre, standardise
from .registry import TESTBEDS, testbed_family
from .timm_models import import_timm, load_timm

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

CROP_SHARE = 0.875
"""Side of the square that is cut from the middle of an image, as a share of its shorter side."""


@testbed_family
class Checkpoint(NamedClassifier):
    """`checkpoint:FOLDER` for a model with its configuration; `checkpoint:ARCHITECTURE=FILE` for bare weights."""

    prefix = "checkpoint"
    pattern = "checkpoint:PATH"
    family_title = "image classifier from your files on your labelled images"
    family_description = (
        "checkpoint:FOLDER names a folder as save_pretrained writes it, checkpoint:ARCHITECTURE=FILE a state dict (.pth, "
        ".pt, .safetensors) of mobilenet-v2, efficientnet-lite0 or, where timm is installed, any of its architectures. "
        "Images: set SECOND_OPINION_IMAGES to a folder that holds one folder of images for each class, or write "
        "checkpoint:PATH@/path/to/images."
    )
    requires = MappingProxyType(
        {"torch": "torch", "transformers": "transformers", "PIL": "pillow", "safetensors": "safetensors"}
    )
    libraries = ("transformers", "pillow", "timm")
    sources = (
        "agreement.py", "classification.py", "hub_models.py", "image_folder.py", "mobile_layers.py", "mobile_nets.py",
        "photographs.py", "timm_models.py",
    )  # fmt: skip

    def find_model(self) -> str:
        architecture, path = split_model(self.model_name)
        if architecture:
            if architecture not in mobile_nets() and not import_timm().is_model(architecture):
                raise CompressionError(f"no architecture is named {architecture!r}")
            return describe_file(path)
        return describe_folder(path)

    @staticmethod
    def load(model_name: str) -> LoadedModel:
        architecture, path = split_model(model_name)
        if not architecture:
            name = json.loads((path / "config.json").read_text()).get("architecture")
            return load_timm(f"local-dir:{path}") if name else load_hub_folder(path)
        if architecture in mobile_nets():
            return load_mobile_net(mobile_nets()[architecture], path)
        return load_timm(architecture, path)


def split_model(name: str) -> tuple[str, Path]:
    """The architecture, empty where a folder states it, and the file or folder.

    Raises:
        CompressionError: it is not there, or an architecture is missing.
    """
    architecture, equals, path = name.rpartition("=")
    if equals and Path(path).is_file():
        return architecture, Path(path)
    if (Path(name) / "config.json").is_file():
        return "", Path(name)
    if Path(name).is_file():
        raise CompressionError(f"{name} holds weights alone: name their architecture, as in checkpoint:resnet18={name}")
    raise CompressionError(f"there is no file {path}" if equals else f"there is no folder {name} with a config.json")


def mobile_nets() -> dict[str, PhotographClassifier]:
    """The testbeds whose architecture a checkpoint can have without any other package."""
    return {name: found for name, found in TESTBEDS.items() if isinstance(found, PhotographClassifier)}


def load_mobile_net(like: PhotographClassifier, file: Path) -> LoadedModel:
    """A net of the shape of a testbed's, with the classes and weights of a file, fed with images as that testbed's is.

    Raises:
        CompressionError: the file holds no weights of that shape.
    """
    from .mobile_nets import fill_net

    tensors = read_tensors(file)
    try:
        model = fill_net(like.shape, tensors)
    except (IndexError, ValueError, RuntimeError) as error:
        raise CompressionError(f"{file} holds no weights of {like.name}: {error}") from error

    def prepare(image: Image) -> torch.Tensor:
        return standardise(crop_centre(image, SIZE, CROP_SHARE), like.mean, like.deviation)

    return LoadedModel(model, prepare, {})


def read_tensors(file: Path) -> dict[str, torch.Tensor]:
    """The tensors of a state dict in a file of safetensors or of torch (weights only, no code is run).

    Raises:
        CompressionError: the file holds something else.
    """
    import pickle

    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        if file.suffix == ".safetensors":
            found = load_file(file)
        else:
            found = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, EOFError, RuntimeError, pickle.UnpicklingError, SafetensorError) as error:
        raise CompressionError(f"{file} cannot be read as a state dict: {error}") from error
    if isinstance(found, Mapping) and isinstance(found.get("state_dict"), Mapping):
        found = found["state_dict"]
    if not isinstance(found, Mapping) or not all(isinstance(value, torch.Tensor) for value in found.values()):
        raise CompressionError(f"{file} holds no state dict")
    return dict(found)
