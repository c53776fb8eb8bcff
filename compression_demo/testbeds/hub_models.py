"""Image classifiers in the format of the Hugging Face hub, from its cache on this machine or a local folder."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from compression_demo.errors import CompressionError

from .image_folder import describe_file
from .named_classifier import LoadedModel, NamedClassifier
from .registry import testbed_family

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image


@testbed_family
class HubModel(NamedClassifier):
    """`hf:NAME`: a model for image classification; nothing is downloaded."""

    prefix = "hf"
    pattern = "hf:NAME"
    family_title = "image classifier of the Hugging Face hub on your labelled images"
    family_description = (
        "hf:NAME names a model for image classification, such as hf:microsoft/resnet-18 or hf:/path/to/folder. It must "
        "be on this machine (hf download NAME). Images: set SECOND_OPINION_IMAGES to a folder that holds one folder of "
        "images for each class, or write hf:NAME@/path/to/images."
    )
    requires = MappingProxyType({"torch": "torch", "transformers": "transformers", "PIL": "pillow"})
    libraries = ("transformers", "pillow")
    sources = ("classification.py", "image_folder.py")

    def find_model(self) -> str:
        return describe_folder(find_snapshot(self.model_name))

    @staticmethod
    def load(model_name: str) -> LoadedModel:
        return load_hub_folder(find_snapshot(model_name))


def find_snapshot(name: str) -> Path:
    """The folder of a model: a path, or a name of the hub whose files are in its cache.

    Raises:
        CompressionError: it is neither.
    """
    if (Path(name) / "config.json").is_file():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, HFValidationError) as error:
        raise CompressionError(
            f"{name} is neither a folder with a config.json nor in the hub's cache on this machine; download it with: "
            f"hf download {name}"
        ) from error


def describe_folder(folder: Path) -> str:
    """The files of a folder with their sizes and times of change."""
    return "".join(describe_file(file) for file in sorted(folder.rglob("*")) if file.is_file())


def load_hub_folder(folder: Path) -> LoadedModel:
    """The image classifier in a folder as `save_pretrained` writes it, and its image processor.

    Raises:
        CompressionError: there is none, or it has no image processor.
    """
    import torch
    from transformers import AutoImageProcessor, AutoModelForImageClassification, logging

    logging.disable_progress_bar()
    try:
        model = AutoModelForImageClassification.from_pretrained(folder, dtype=torch.float32, local_files_only=True)
        processor = AutoImageProcessor.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, ImportError) as error:
        raise CompressionError(f"{folder} holds no image classifier that transformers can load: {error}") from error

    def prepare(image: Image) -> torch.Tensor:
        return processor(images=[image.convert("RGB")], return_tensors="pt")["pixel_values"][0]

    return LoadedModel(model.eval(), prepare, dict(model.config.label2id))
