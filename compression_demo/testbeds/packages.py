"""Packages that bring models and data: found without being imported, their files checked by hash."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from compression_demo.errors import CompressionError


def find_missing(requires: Mapping[str, str]) -> str:
    """What is not installed of `requires` (module -> argument of `pip install`), worded for the user; empty if nothing."""
    missing = [install for module, install in requires.items() if find_spec(module) is None]
    if not missing:
        return ""
    packages = " and ".join(install.removeprefix("--no-deps ") for install in missing)
    return f"{packages}: " + " && ".join(f"pip install {install}" for install in _merge(missing))


def _merge(installs: list[str]) -> list[str]:
    """One call of pip for all that goes together, and one each for those that need their dependencies left out."""
    together = [install for install in installs if not install.startswith("--")]
    return [*([" ".join(together)] if together else []), *(each for each in installs if each.startswith("--"))]


def find_file(module: str, path: str) -> Path:
    """The file at `path` inside the installed package of `module`, which is not imported.

    Raises:
        CompressionError: the package or the file is not there.
    """
    spec = find_spec(module)
    folders = spec.submodule_search_locations if spec else None
    file = next((Path(folder) / path for folder in folders or () if (Path(folder) / path).is_file()), None)
    if file is None:
        raise CompressionError(f"{path} was not found in the package {module}; install it anew")
    return file


def verify_file(file: Path, sha256: str) -> Path:
    """The file itself, whose content has this hash (hex).

    Raises:
        CompressionError: it has another.
    """
    with file.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
            raise CompressionError(f"{file} is not the published file; install its package anew")
    return file
