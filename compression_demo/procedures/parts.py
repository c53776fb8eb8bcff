"""Tensors that several arms of one seed share, kept by content as safetensors under the data folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compression_demo.files import write_atomically

from .registry import name_part

if TYPE_CHECKING:
    import torch

    from compression_demo.testbeds import Testbed


class PartStore:
    """Parts under `folder`, each named by the SHA-256 of what determines it; whole or absent.

    made: the seconds that each part took, by name, of those that were made through this object; without those of other
        parts that were made for it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, float] = {}

    def name(self, testbed: Testbed, seed: int, of: Mapping[str, Any]) -> str:
        """The name of the part of a testbed's seed that `of` describes."""
        return name_part({"testbed": testbed.name, "testbed_hash": testbed.source_hash, "seed": seed, **of})

    def has(self, name: str) -> bool:
        """Whether a part of that name is kept."""
        return self._file(name).exists()

    def get(
        self, testbed: Testbed, seed: int, of: Mapping[str, Any], make: Callable[[], dict[str, torch.Tensor]]
    ) -> dict[str, torch.Tensor]:
        """The part of a testbed's seed that `of` describes, made where it is not kept yet or is damaged."""
        from safetensors import SafetensorError
        from safetensors.torch import load, save

        name = self.name(testbed, seed, of)
        try:
            return load(self._file(name).read_bytes())
        except (FileNotFoundError, SafetensorError):
            started, before = time.monotonic(), sum(self.made.values())
            tensors = {key: tensor.detach().contiguous() for key, tensor in make().items()}
            self.made[name] = time.monotonic() - started - (sum(self.made.values()) - before)
            write_atomically(self._file(name), save(tensors))
            return tensors

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.safetensors"
