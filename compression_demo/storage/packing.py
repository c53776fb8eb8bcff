"""How a layer's weight is stored in few bytes: where its values are, then the values or their codes; exact both ways.

Sizes are computed by the functions that `accounting` counts with, so that a count and a file agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from ..errors import ArgumentError

if TYPE_CHECKING:
    import torch

    from ..algorithms import Quantized

Positions = Literal["all", "bitmask", "csr16", "csr32"]
"""Which weights are stored: all; those that a bit a weight marks; or by a count a row and a column index a value."""
POSITIONS: tuple[Positions, ...] = get_args(Positions)
CHUNK = 2**20
"""Values whose bits are spread out at the same time, 16 bytes each; a multiple of 8, so that chunks end on bytes."""


@dataclass(frozen=True)
class Packed:
    """A stored weight.

    shape: (rows, cols).
    positions: which weights are stored.
    bits: bits a code, or None where the values themselves are stored.
    tensors: "values" (count,) or "codes" uint8; "mask" uint8 or "counts" int32 (rows,) and "columns" (count,); with
        codes "scale" and "zero" (rows or 1, groups), and "groups" (cols,) where there are several.
    """

    shape: tuple[int, int]
    positions: Positions
    bits: int | None
    tensors: Mapping[str, torch.Tensor]

    def to_json(self) -> dict[str, Any]:
        """What the tensors do not say themselves."""
        return {"shape": list(self.shape), "positions": self.positions, "bits": self.bits}


@dataclass(frozen=True)
class Scales:
    """The distinct scales of a quantized layer.

    scale, zero: (rows, groups), or (1, groups) where all rows share them; zero as uint8 or uint16.
    groups: (cols,) uint16 or int32, the group of each column; None where there is one group.
    """

    scale: torch.Tensor
    zero: torch.Tensor
    groups: torch.Tensor | None

    def tensors(self) -> dict[str, torch.Tensor]:
        return {"scale": self.scale, "zero": self.zero} | ({} if self.groups is None else {"groups": self.groups})


def position_bytes(positions: Positions, rows: int, cols: int, count: int) -> int:
    """Bytes that it takes to say which `count` weights of (rows, cols) are stored."""
    if positions == "all":
        return 0
    if positions == "bitmask":
        return math.ceil(rows * cols / 8)
    return 4 * rows + count * (2 if positions == "csr16" else 4)


def choose_positions(
    rows: int, cols: int, count: int, bits: int, *, among: tuple[Positions, ...] = POSITIONS
) -> tuple[Positions, int]:
    """The smallest way to store `count` weights of (rows, cols) at `bits` each, and its bytes; the first of equals.

    csr16 is open to layers of at most 65536 columns only.
    """
    sizes = {}
    for positions in among:
        if positions != "csr16" or cols <= 2**16:
            stored = rows * cols if positions == "all" else count
            sizes[positions] = position_bytes(positions, rows, cols, count) + math.ceil(stored * bits / 8)
    best = min(sizes, key=lambda positions: sizes[positions])
    return best, sizes[best]


def find_scales(result: Quantized, bits: int) -> Scales:
    """The distinct scales of a quantized layer, in the order in which its columns come to them."""
    import torch

    scale, zero = result.scale.detach(), result.zero.to(torch.uint8 if bits <= 8 else torch.int32)
    groups = None
    if scale.shape[1] > 1:
        # Scales are positive: equal columns are equal numbers.
        pairs = torch.cat([scale.double(), zero.double()])
        found, member = torch.unique(pairs, dim=1, return_inverse=True)
        first = torch.full((found.shape[1],), len(member)).scatter_reduce_(0, member, torch.arange(len(member)), "amin")
        order = first.argsort()
        scale, zero = scale[:, first[order]], zero[:, first[order]]
        if len(order) > 1:
            groups = order.argsort()[member].to(torch.uint16 if len(order) <= 2**16 else torch.int32)
    if bool((scale == scale[:1]).all()) and bool((zero == zero[:1]).all()):
        scale, zero = scale[:1], zero[:1]
    return Scales(scale.contiguous(), (zero if bits <= 8 else zero.to(torch.uint16)).contiguous(), groups)


def pack_values(weight: torch.Tensor) -> Packed:
    """A weight (rows, cols) by its values, zeros left out where that is smaller. A zero's sign is not kept."""
    rows, cols = weight.shape
    kept = weight != 0
    positions, _ = choose_positions(rows, cols, int(kept.sum()), 8 * weight.element_size())
    values = weight.flatten() if positions == "all" else weight[kept]
    return Packed((rows, cols), positions, None, _locate(kept, positions) | {"values": values.contiguous()})


def pack_codes(result: Quantized, bits: int) -> Packed:
    """A quantized layer by the codes of its kept weights at `bits` each, with its scales."""
    rows, cols = result.codes.shape
    positions, _ = choose_positions(rows, cols, int(result.mask.sum()), bits)
    codes = result.codes.flatten() if positions == "all" else result.codes[result.mask]
    tensors = _locate(result.mask, positions) | {"codes": pack_bits(codes, bits)}
    return Packed((rows, cols), positions, bits, tensors | find_scales(result, bits).tensors())


def read_parts(file: Any, prefix: str) -> dict[str, torch.Tensor]:
    """The tensors of an open safetensors file whose names begin with `prefix`, by the rest of their names."""
    names = [name for name in list_names(file) if name.startswith(prefix)]
    return {name.removeprefix(prefix): file.get_tensor(name) for name in names}


def list_names(file: Any) -> list[str]:
    """The names of the tensors in an open safetensors file, which is no mapping and can't be iterated itself."""
    names = file.keys()
    return list(names)


def unpack(packed: Packed) -> torch.Tensor:
    """The weight (rows, cols) that was packed, bit for bit, but for the sign of zeros.

    Raises:
        ArgumentError: the tensors do not fit together.
    """

    if packed.bits is None:
        mask = _read_mask(packed)
        rows, cols = packed.shape
        count = rows * cols if mask is None else int(mask.sum())
        values = _tensor(packed, "values")
        if values.shape != (count,):
            raise ArgumentError("values", f"must be {count} numbers, not of shape {tuple(values.shape)}")
        return values.view(rows, cols) if mask is None else values.new_zeros(rows, cols).masked_scatter_(mask, values)
    codes, scale, zero = unpack_codes(packed)
    # The expression that the quantizers decode with, in the same precision.
    return (codes.to(scale.dtype) - zero.to(scale.dtype)) * scale


def unpack_codes(packed: Packed) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Codes (rows, cols) int32, that of zero where none is stored; scale and zero int32 (rows, 1) or (rows, cols).

    Raises:
        ArgumentError: the tensors do not fit together.
    """
    mask = _read_mask(packed)
    rows, cols = packed.shape
    scale, zero = _read_scales(packed)
    count = rows * cols if mask is None else int(mask.sum())
    codes = unpack_bits(_tensor(packed, "codes"), packed.bits or 0, count)
    if mask is None:
        return codes.view(rows, cols), scale, zero
    return zero.expand(rows, cols).clone().masked_scatter_(mask, codes), scale, zero


def pack_bits(values: torch.Tensor, bits: int) -> torch.Tensor:
    """Whole numbers (count,) in 0 .. 2^bits - 1, `bits` up to 16, as a little-endian stream of bits: uint8 bytes."""
    import numpy as np
    import torch

    words = values.numpy().astype("<u2")
    streams = []
    for start in range(0, len(words), CHUNK):
        spread = np.unpackbits(words[start : start + CHUNK].view(np.uint8).reshape(-1, 2), axis=1, bitorder="little")
        streams.append(np.packbits(spread[:, :bits], bitorder="little"))
    return torch.from_numpy(np.concatenate(streams) if streams else np.zeros(0, np.uint8))


def unpack_bits(stream: torch.Tensor, bits: int, count: int) -> torch.Tensor:
    """The `count` whole numbers (int32) that `pack_bits` wrote.

    Raises:
        ArgumentError: the stream is of another length, or `bits` out of range.
    """
    import numpy as np
    import torch

    if not 1 <= bits <= 16:
        raise ArgumentError("bits", f"must be from 1 to 16, not {bits}")
    if stream.dtype != torch.uint8 or stream.shape != (math.ceil(count * bits / 8),):
        raise ArgumentError("codes", f"must be {count} codes of {bits} bits, not {tuple(stream.shape)} {stream.dtype}")
    data, values = stream.numpy(), np.empty(count, np.int32)
    for start in range(0, count, CHUNK):
        here = min(CHUNK, count - start)
        spread = np.unpackbits(data[start * bits // 8 :], count=here * bits, bitorder="little").reshape(here, bits)
        words = np.packbits(np.pad(spread, ((0, 0), (0, 16 - bits))), axis=1, bitorder="little")
        values[start : start + here] = words.view("<u2")[:, 0]
    return torch.from_numpy(values)


def _locate(kept: torch.Tensor, positions: Positions) -> dict[str, torch.Tensor]:
    """The tensors that say where the kept weights are."""
    import torch

    if positions == "all":
        return {}
    if positions == "bitmask":
        return {"mask": pack_bits(kept.flatten(), 1)}
    columns = kept.nonzero()[:, 1].to(torch.uint16 if positions == "csr16" else torch.int32)
    return {"counts": kept.sum(1).to(torch.int32), "columns": columns}


def _read_mask(packed: Packed) -> torch.Tensor | None:
    """(rows, cols) bool, True = stored; None where all weights are."""
    import torch

    rows, cols = packed.shape
    if packed.positions == "all":
        return None
    if packed.positions == "bitmask":
        return unpack_bits(_tensor(packed, "mask"), 1, rows * cols).bool().view(rows, cols)
    counts, columns = _tensor(packed, "counts").long(), _tensor(packed, "columns").long()
    if counts.shape != (rows,) or bool((counts < 0).any()) or columns.shape != (int(counts.sum()),):
        raise ArgumentError("counts", f"must be {rows} numbers that add up to the number of columns listed")
    if len(columns) and not 0 <= int(columns.min()) <= int(columns.max()) < cols:
        raise ArgumentError("columns", f"must be from 0 to {cols - 1}")
    mask = torch.zeros(rows, cols, dtype=torch.bool)
    mask[torch.arange(rows).repeat_interleave(counts), columns] = True
    if int(mask.sum()) != len(columns):
        raise ArgumentError("columns", "must differ from one another within a row")
    return mask


def _read_scales(packed: Packed) -> tuple[torch.Tensor, torch.Tensor]:
    """Scale and zero, the latter as int32, both (rows, 1) or (rows, cols)."""
    import torch

    rows, cols = packed.shape
    scale, zero = _tensor(packed, "scale"), _tensor(packed, "zero").to(torch.int32)
    if scale.ndim != 2 or scale.shape != zero.shape or len(scale) not in (1, rows):
        raise ArgumentError("scale", f"must be of zero's shape, ({rows} or 1, groups), not {tuple(scale.shape)}")
    if "groups" not in packed.tensors:
        if scale.shape[1] != 1:
            raise ArgumentError("groups", "must say which columns belong to which scale")
        return scale.expand(rows, 1), zero.expand(rows, 1)
    groups = _tensor(packed, "groups").long()
    if groups.shape != (cols,) or not 0 <= int(groups.min()) <= int(groups.max()) < scale.shape[1]:
        raise ArgumentError("groups", f"must be {cols} numbers from 0 to {scale.shape[1] - 1}")
    return scale[:, groups].expand(rows, cols), zero[:, groups].expand(rows, cols)


def _tensor(packed: Packed, name: str) -> torch.Tensor:
    if name not in packed.tensors:
        raise ArgumentError(name, f"is needed for positions {packed.positions!r} at {packed.bits} bits")
    return packed.tensors[name]
