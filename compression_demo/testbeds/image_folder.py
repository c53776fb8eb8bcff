"""Labelled images as files: a folder with one folder of images for each class."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compression_demo.errors import CompressionError

SUFFIXES = {".bmp", ".jpeg", ".jpg", ".png", ".ppm", ".tif", ".tiff", ".webp"}


@dataclass(frozen=True)
class ImageFolder:
    """The images under `folder`: `labels` are indices into `classes`, the names of its folders in sorted order."""

    folder: Path
    classes: tuple[str, ...]
    files: tuple[Path, ...]
    labels: tuple[int, ...]

    def fingerprint(self) -> str:
        """A hash (hex) of the images' paths, sizes and times of change."""
        digest = hashlib.sha256()
        for file in self.files:
            digest.update(describe_file(file).encode())
        return digest.hexdigest()


def describe_file(file: Path) -> str:
    """A file's path, size and time of change: another text for another content."""
    status = file.stat()
    return f"{file}\0{status.st_size}\0{status.st_mtime_ns}\0"


def read_folder(folder: Path) -> ImageFolder:
    """The images of a folder, by class and name; none of them is opened.

    Raises:
        CompressionError: there is no such folder, or there are fewer than two images in folders of classes.
    """
    if not folder.is_dir():
        raise CompressionError(f"there is no folder {folder}")
    classes = tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_dir()))
    found = [
        (file, label)
        for label, name in enumerate(classes)
        for file in sorted((folder / name).rglob("*"))
        if file.suffix.lower() in SUFFIXES
    ]
    if len(found) < 2:
        raise CompressionError(f"{folder} must hold one folder of images for each class, and two images or more")
    return ImageFolder(folder, classes, tuple(file for file, _ in found), tuple(label for _, label in found))


def match_classes(classes: Sequence[str], outputs: int, known: Mapping[str, int]) -> list[int]:
    """The model's output for each class: by the model's own names of its outputs, else by number, else, where there
    are as many classes as outputs, by sorted order.

    Args:
        classes: the names of the folders, sorted.
        outputs: how many outputs the model has.
        known: the model's names of its outputs -> their indices; may be empty.

    Raises:
        CompressionError: none of these holds.
    """
    if all(name in known for name in classes):
        return [known[name] for name in classes]
    if all(name.isdecimal() and int(name) < outputs for name in classes):
        return [int(name) for name in classes]
    if len(classes) == outputs:
        return list(range(outputs))
    raise CompressionError(
        f"the {len(classes)} class folders ({classes[0]!r} and so on) do not match the model's {outputs} outputs: name "
        "them as the model names its classes, or by number from 0, or have one folder for each output"
    )
