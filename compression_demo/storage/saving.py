"""Compressed models as safetensors files with their plan, as small as accounted for, and back to the same outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..algorithms import Quantized
from ..errors import ArgumentError, CompressionError, ExperimentError
from ..files import write_atomically
from ..models import layers
from ..models.copying import copy_model
from ..models.plan import Plan
from . import packing
from .accounting import own_tensors, stored_matrix
from .packing import Packed

if TYPE_CHECKING:
    import torch
    from torch import nn

    from ..algorithms import Compressed
    from ..models.compress import CompressedModel

FORMAT, VERSION = "second-opinion compressed model", "1"
PART = "#"
"""Stands between the name of a packed weight and that of one of its tensors."""


class BadModelFile(CompressionError):
    """A file that cannot be loaded: names the file and the reason."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} {reason}")


@dataclass(frozen=True)
class Header:
    """What a file says about its tensors.

    plan: what the model was compressed by.
    packed: for each packed layer, the name of its weight among the model's tensors, its type in the model, and the
        fields of `Packed`.
    aliases: for each tensor that has several names, the other names -> the one under which it is stored.
    """

    plan: Plan
    packed: Mapping[str, Mapping[str, Any]]
    aliases: Mapping[str, str]


def save(compressed: CompressedModel, path: str | Path) -> None:
    """Write a compressed model with its plan to `path`, whole or not at all.

    Weights whose codes give them back to the bit are stored as codes, others by their values, without zeros where
    that is smaller; what is not a layer's weight is stored as it is. A tensor with several names is stored once.
    """
    from safetensors.torch import save as to_bytes

    own, aliases = own_tensors(compressed.model)
    tensors = {name: tensor.detach().contiguous() for name, tensor in own.items()}
    packed_layers: dict[str, Any] = {}
    bits = {layer.name: layer.bits for layer in compressed.layers}
    for name, layer in layers.find_layers(compressed.model).items():
        weight = _weight_name(name)
        owner = aliases.get(weight, weight)
        packed = _pack(stored_matrix(layer), compressed.results.get(name), bits.get(name))
        # The weight that an earlier layer shares is stored with that layer, and no longer among the tensors.
        if owner in tensors and (packed.bits is not None or packed.positions != "all"):
            del tensors[owner]
            packed_layers[name] = {"tensor": owner, "dtype": _name(layer.weight.dtype), **packed.to_json()}
            tensors |= {f"{owner}{PART}{part}": tensor for part, tensor in packed.tensors.items()}
    metadata = {"plan": compressed.plan.to_json(), "layers": packed_layers, "aliases": aliases}
    head = {"format": FORMAT, "version": VERSION} | {name: json.dumps(value) for name, value in metadata.items()}
    write_atomically(Path(path), to_bytes(tensors, head))


def load(path: str | Path, model: nn.Module) -> nn.Module:
    """A copy of `model`, in eval mode, with the weights of the compressed model at `path`.

    Args:
        path: what `save` wrote.
        model: a model of the same architecture, with any weights.

    Raises:
        BadModelFile: no such file, none of ours, cut short, damaged, of another version or of another architecture.
        UnsupportedLayer: the model cannot be copied because of a layer; says what to call first.
    """
    import torch

    path = Path(path)
    loaded = copy_model(model).eval()
    with _open(path) as file, torch.no_grad():
        header = _read_header(path, file)
        parts = tuple(f"{fields['tensor']}{PART}" for fields in header.packed.values())
        sources = {name: file.get_tensor(name) for name in packing.list_names(file) if not name.startswith(parts)}
        compressible = layers.find_layers(loaded)
        for name, fields in header.packed.items():
            if name not in compressible:
                raise BadModelFile(
                    path, f"holds a layer {name!r} that the model has not: it is of another architecture"
                )
            sources[fields["tensor"]] = _fill_layer(path, file, compressible[name], name, fields)
        state = loaded.state_dict()
        for name in sources.keys() | header.aliases.keys():
            if name not in state:
                raise BadModelFile(path, f"holds {name!r}, which the model has not: it is of another architecture")
        for name, tensor in state.items():
            source = sources.get(header.aliases.get(name, name))
            if source is None:
                raise BadModelFile(path, f"lacks {name!r}, which the model has: it is of another architecture")
            if source.shape != tensor.shape or source.dtype != tensor.dtype:
                raise _misfit(path, name, source.shape, _name(source.dtype), tensor)
            tensor.copy_(source)
    return loaded


def read_plan(path: str | Path) -> Plan:
    """The plan that the model at `path` was compressed by.

    Raises:
        BadModelFile: no such file, none of ours, cut short, damaged, or of another version.
    """
    path = Path(path)
    with _open(path) as file:
        return _read_header(path, file).plan


def _pack(matrix: torch.Tensor, result: Compressed | None, bits: int | None) -> Packed:
    """A layer's weight as codes if these give it back to the bit, else by its values."""
    if isinstance(result, Quantized) and bits is not None:
        packed = packing.pack_codes(result, bits)
        # Whoever changes the model's weights after the compression, its codes don't say what they are now.
        if bool((packing.unpack(packed).to(matrix.dtype) == matrix).all()):
            return packed
    return packing.pack_values(matrix)


def _fill_layer(path: Path, file: Any, layer: Any, name: str, fields: Mapping[str, Any]) -> torch.Tensor:
    """Write a packed weight into its layer, and return it as the model holds it."""
    parts = packing.read_parts(file, f"{fields['tensor']}{PART}")
    try:
        rows, cols = fields["shape"]
        matrix = packing.unpack(Packed((rows, cols), fields["positions"], fields["bits"], parts))
    except (ArgumentError, ValueError, TypeError, RuntimeError) as error:
        raise BadModelFile(path, f"is damaged at layer {name!r}: {error}") from error
    target = stored_matrix(layer)
    if matrix.shape != target.shape or fields["dtype"] != _name(target.dtype):
        raise _misfit(path, name, matrix.shape, fields["dtype"], target)
    layers.write_weight(layer, matrix)
    return layer.weight


def _misfit(path: Path, name: str, shape: Sequence[int], dtype: str, target: torch.Tensor) -> BadModelFile:
    theirs = f"{tuple(target.shape)} {_name(target.dtype)}"
    return BadModelFile(path, f"holds {name!r} as {tuple(shape)} {dtype}, where the model has {theirs}")


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            yield file
    except OSError as error:
        raise BadModelFile(path, f"cannot be read: {error.strerror or error}") from error
    except SafetensorError as error:
        raise BadModelFile(path, f"is no whole safetensors file: {error}") from error


def _read_header(path: Path, file: Any) -> Header:
    head = file.metadata() or {}
    if head.get("format") != FORMAT:
        raise BadModelFile(path, "is no compressed model saved by second-opinion")
    if head.get("version") != VERSION:
        raise BadModelFile(path, f"is of format version {head.get('version')}; this version reads {VERSION}")
    try:
        plan, packed, aliases = (json.loads(head[name]) for name in ("plan", "layers", "aliases"))
        for fields in packed.values():
            if not fields.keys() >= {"tensor", "dtype", "shape", "positions", "bits"}:
                raise ValueError(f"a layer's fields are {', '.join(fields)}")
        return Header(Plan.from_json(plan), packed, dict(aliases))
    except (KeyError, TypeError, ValueError, AttributeError, ExperimentError) as error:
        raise BadModelFile(path, f"has a damaged header: {error}") from error


def _weight_name(layer: str) -> str:
    """The name of a layer's weight among the model's tensors; the model itself may be the layer, with no name."""
    return f"{layer}.weight" if layer else "weight"
