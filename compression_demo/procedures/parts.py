"""Tensors that several arms of one seed share, kept by content as safetensors under the data folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compression_demo.files import write_atomically

from .registry import name_part

if TYPE_CHECKING:
    import torch

    from compression_demo.testbeds import Testbed


class PartStore:
    """Parts under `folder`, each named by the SHA-256 of what determines it; whole or absent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(
        self, testbed: Testbed, seed: int, of: Mapping[str, Any], make: Callable[[], dict[str, torch.Tensor]]
    ) -> dict[str, torch.Tensor]:
        """The part of a testbed's seed that `of` describes, made where it is not kept yet or is damaged."""
        from safetensors import SafetensorError
        from safetensors.torch import load, save

        whole = {"testbed": testbed.name, "testbed_hash": testbed.source_hash, "seed": seed, **of}
        file = self.folder / f"{name_part(whole)}.safetensors"
        try:
            return load(file.read_bytes())
        except (FileNotFoundError, SafetensorError):
            tensors = {name: tensor.detach().contiguous() for name, tensor in make().items()}
            write_atomically(file, save(tensors))
            return tensors
