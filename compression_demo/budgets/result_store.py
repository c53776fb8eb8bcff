"""Results of layers in packed form, in memory or in files: many levels of a model in the room of a few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..algorithms import Compressed, Quantized
from ..errors import CompressionError
from ..files import write_atomically
from ..storage import packing
from ..storage.packing import Packed

if TYPE_CHECKING:
    pass


class ResultStore:
    """Results by layer and index; with a folder, one safetensors file a layer, for the process that wrote it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._files: dict[str, Path] = {}
        self._packed: dict[str, dict[int, Packed]] = {}

    def put(self, layer: str, results: Mapping[int, Packed]) -> None:
        """Keep the results of a layer, packed by `pack`; those put earlier are replaced.

        Raises:
            CompressionError: names the file that cannot be written.
        """
        self._packed[layer] = dict(results)
        if self.folder is not None:
            from safetensors.torch import save

            file = self._files.setdefault(layer, self.folder / f"{len(self._files):04}.safetensors")
            parts = {
                f"{index}.{part}": tensor
                for index, packed in results.items()
                for part, tensor in packed.tensors.items()
            }
            try:
                write_atomically(file, save(parts, {"layer": layer}))
            except OSError as error:
                raise CompressionError(f"{file} cannot be written: {error.strerror or error}") from error
            self._packed[layer] = {index: replace(packed, tensors={}) for index, packed in results.items()}

    def get(self, layer: str, index: int) -> Compressed:
        """A result as it was, a zero's sign and a scale's repetition over columns apart."""
        from safetensors import safe_open

        packed = self._packed[layer][index]
        if layer in self._files:
            with safe_open(self._files[layer], "pt") as file:
                packed = replace(packed, tensors=packing.read_parts(file, f"{index}."))
        return unpack(packed)


def pack(result: Compressed, bits: int | None) -> Packed:
    """A result with its mask and losses; `bits` of its codes, None if it has none."""
    if isinstance(result, Quantized) and bits is not None:
        packed = packing.pack_codes(result, bits)
    else:
        packed = packing.pack_values(result.weight)
    # Values and codes do not tell which weights are kept: one that is kept can be zero.
    more = {"kept": packing.pack_bits(result.mask.flatten(), 1), "loss": result.loss}
    return replace(packed, tensors={**packed.tensors, **more})


def unpack(packed: Packed) -> Compressed:
    """The result that was packed."""
    rows, cols = packed.shape
    mask = packing.unpack_bits(packed.tensors["kept"], 1, rows * cols).bool().view(rows, cols)
    weight, loss = packing.unpack(packed), packed.tensors["loss"]
    if packed.bits is None:
        return Compressed(weight, mask, loss)
    codes, scale, zero = packing.unpack_codes(packed)
    return Quantized(weight, mask, loss, codes, scale, zero)
