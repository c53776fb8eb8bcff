"""What a model costs, layer by layer: parameters, operations, bit operations, bytes. The terms: docs/accounting.md."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..errors import ExperimentError
from ..models import layers
from ..models.calls import observing, split_calls
from . import packing

if TYPE_CHECKING:
    import torch
    from torch import nn

    from ..algorithms import Compressed
    from ..models.calls import Inputs
    from ..models.compress import CompressedModel
    from ..models.layers import Layer


ActivationBits = int | Literal["weights"]
"""Bits of the activations that BOPs are counted with; "weights": as many as the layer's weights have, up to 32."""
UNQUANTIZED = 32
"""Bits of activations that nothing quantizes."""
SPARSE: tuple[packing.Positions, ...] = ("bitmask", "csr16", "csr32")


@dataclass(frozen=True)
class LayerAccount:
    """One compressible layer, its bias left out.

    parameters: rows * cols weights, of which `kept` are not pruned and `nonzeros` are not zero (a code can stand for 0).
    positions: output vectors (rows,) that the layer computes in one forward pass of the example, all calls together.
    bits, activation_bits: bits a weight and an activation.
    dense_bytes, sparse_bytes: its values in their own type, all or without zeros at `sparse_positions`.
    packed_bytes: codes, scales and zeros at `packed_positions`; None where it is not quantized.
    shared: its weight is counted elsewhere: with an earlier layer that holds the same, or with what it is computed from.
    """

    name: str
    kind: str
    rows: int
    cols: int
    kept: int
    nonzeros: int
    positions: int
    bits: int
    activation_bits: int
    dense_bytes: int
    sparse_bytes: int
    sparse_positions: str
    packed_bytes: int | None = None
    packed_positions: str | None = None
    shared: bool = False

    @property
    def parameters(self) -> int:
        return self.rows * self.cols

    @property
    def macs(self) -> int:
        """Multiply-accumulate operations, zeros included."""
        return self.parameters * self.positions

    @property
    def sparse_macs(self) -> int:
        """The same for the weights that are kept only."""
        return self.kept * self.positions

    @property
    def flops(self) -> int:
        """2 for each of `sparse_macs`."""
        return 2 * self.sparse_macs

    @property
    def bops(self) -> int:
        """Bit operations: `sparse_macs` times the bits of a weight times those of an activation."""
        return self.sparse_macs * self.bits * self.activation_bits

    @property
    def stored_bytes(self) -> int:
        """Bytes in a saved file: packed where it is quantized, else dense or sparse, whichever is smaller."""
        return min(self.dense_bytes, self.sparse_bytes) if self.packed_bytes is None else self.packed_bytes

    def to_json(self) -> dict[str, Any]:
        derived = ("parameters", "macs", "sparse_macs", "flops", "bops", "stored_bytes")
        return asdict(self) | {name: getattr(self, name) for name in derived}


@dataclass(frozen=True)
class ModelAccount:
    """A model: its compressible layers, and what else it holds (biases, norms, embeddings, buffers), kept as it is."""

    layers: tuple[LayerAccount, ...]
    other_parameters: int
    other_nonzeros: int
    other_bytes: int

    @property
    def parameters(self) -> int:
        return self.other_parameters + sum(layer.parameters for layer in self._own)

    @property
    def nonzeros(self) -> int:
        return self.other_nonzeros + sum(layer.nonzeros for layer in self._own)

    @property
    def macs(self) -> int:
        return sum(layer.macs for layer in self.layers)

    @property
    def sparse_macs(self) -> int:
        return sum(layer.sparse_macs for layer in self.layers)

    @property
    def flops(self) -> int:
        return sum(layer.flops for layer in self.layers)

    @property
    def bops(self) -> int:
        return sum(layer.bops for layer in self.layers)

    @property
    def dense_bytes(self) -> int:
        return self.other_bytes + sum(layer.dense_bytes for layer in self._own)

    @property
    def stored_bytes(self) -> int:
        return self.other_bytes + sum(layer.stored_bytes for layer in self._own)

    @property
    def _own(self) -> list[LayerAccount]:
        return [layer for layer in self.layers if not layer.shared]

    def to_json(self) -> dict[str, Any]:
        derived = ("parameters", "nonzeros", "macs", "sparse_macs", "flops", "bops", "dense_bytes", "stored_bytes")
        found: dict[str, Any] = {name: getattr(self, name) for name in derived}
        found |= {name: getattr(self, name) for name in ("other_parameters", "other_nonzeros", "other_bytes")}
        return found | {"layers": [layer.to_json() for layer in self.layers]}


def account(
    model: nn.Module,
    example: Inputs,
    *,
    results: Mapping[str, Compressed] | None = None,
    bits: Mapping[str, int] | None = None,
    activation_bits: ActivationBits = UNQUANTIZED,
) -> ModelAccount:
    """Count a model, operations for one forward pass of `example`. The model is unchanged, its mode included.

    Args:
        model: dense or compressed.
        example: what the model takes, usually a single sample.
        results: what compressed each layer; layers without one have no mask but their zeros, and are not quantized.
        bits: bits a code of each layer whose result is `Quantized`.
        activation_bits: bits of the activations, which nothing here quantizes: 32, or what BOPs are to be stated for.
    """
    results, bits = results or {}, bits or {}
    positions = measure_positions(model, example)
    counted, weights = [], set()
    for name, layer in layers.find_layers(model).items():
        # A weight that is computed from other parameters lies in those.
        shared = layer._parameters.get("weight") is None or _memory(layer.weight) in weights
        weights.add(_memory(layer.weight))
        counted.append(
            count_layer(
                name, type(layer).__name__, stored_matrix(layer), positions=positions[name],
                result=results.get(name), bits=bits.get(name), activation_bits=activation_bits, shared=shared,
            )
        )  # fmt: skip
    others = [tensor for tensor in own_tensors(model)[0].values() if _memory(tensor) not in weights]
    parameters = {_memory(parameter) for parameter in model.parameters()}
    learnt = [tensor for tensor in others if _memory(tensor) in parameters]
    return ModelAccount(
        tuple(counted),
        sum(tensor.numel() for tensor in learnt),
        sum(int((tensor != 0).sum()) for tensor in learnt),
        sum(tensor.nbytes for tensor in others),
    )


def account_compressed(
    compressed: CompressedModel, example: Inputs, *, activation_bits: ActivationBits = UNQUANTIZED
) -> ModelAccount:
    """Count a compressed model by the masks and codes of its results; otherwise as `account`."""
    bits = {layer.name: layer.bits for layer in compressed.layers if layer.bits is not None}
    return account(compressed.model, example, results=compressed.results, bits=bits, activation_bits=activation_bits)


def count_layer(
    name: str,
    kind: str,
    weight: torch.Tensor,
    *,
    positions: int,
    result: Compressed | None = None,
    bits: int | None = None,
    activation_bits: ActivationBits = UNQUANTIZED,
    shared: bool = False,
) -> LayerAccount:
    """Count one layer from its weight (rows, cols), and from the mask and codes of `result` where there is one.

    Raises:
        ExperimentError: `activation_bits` is no number of bits.
    """
    from ..algorithms import Quantized

    rows, cols = weight.shape
    nonzeros = int((weight != 0).sum())
    kept = nonzeros if result is None else int(result.mask.sum())
    value_bits = 8 * weight.element_size()
    sparse_positions, sparse_bytes = packing.choose_positions(rows, cols, nonzeros, value_bits, among=SPARSE)
    packed_positions = packed_bytes = None
    weight_bits = value_bits
    if isinstance(result, Quantized) and bits is not None:
        weight_bits = bits
        packed_positions, packed_bytes = packing.choose_positions(rows, cols, kept, bits)
        packed_bytes += sum(tensor.nbytes for tensor in packing.find_scales(result, bits).tensors().values())
    return LayerAccount(
        name, kind, rows, cols, kept, nonzeros, positions, weight_bits, _activation_bits(activation_bits, weight_bits),
        weight.nbytes, sparse_bytes, sparse_positions, packed_bytes, packed_positions, shared,
    )  # fmt: skip


def take_samples(inputs: Inputs, count: int) -> Inputs:
    """The first `count` samples of a model's inputs; one is an example to count for."""
    if isinstance(inputs, Mapping):
        return {name: tensor[:count] for name, tensor in inputs.items()}
    return inputs[:count]


def measure_positions(model: nn.Module, example: Inputs) -> dict[str, int]:
    """Output vectors that each layer computes in one forward pass of `example`; 0 for a layer that it does not reach."""
    counts: dict[str, int] = {}
    with ExitStack() as hooks, observing(model):
        for name, layer in layers.find_layers(model).items():
            counts[name] = 0

            def add(layer: Any, _: Any, output: torch.Tensor, name: str = name) -> None:
                counts[name] += output.numel() // layers.count_rows(layer)

            hooks.callback(layer.register_forward_hook(add).remove)
        for call in split_calls(model, example):
            call.run()
    return counts


def own_tensors(model: nn.Module) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """A model's parameters and stored buffers, each once under its first name, and the other names of shared ones."""
    own: dict[str, torch.Tensor] = {}
    aliases: dict[str, str] = {}
    first: dict[tuple, str] = {}
    for name, tensor in model.state_dict(keep_vars=True).items():
        if first.setdefault(_memory(tensor), name) == name:
            own[name] = tensor
        else:
            aliases[name] = first[_memory(tensor)]
    return own, aliases


def stored_matrix(layer: Layer) -> torch.Tensor:
    """A layer's weight as a matrix (rows, cols) in the type that the model holds it in."""
    return layers.read_weight(layer).to(layer.weight.dtype)


def _memory(tensor: torch.Tensor) -> tuple:
    """What two names of one tensor have in common."""
    if not tensor.numel():
        return (id(tensor),)
    return tensor.data_ptr(), tuple(tensor.shape), tensor.stride(), tensor.dtype


def _activation_bits(asked: ActivationBits, weight_bits: int) -> int:
    if asked == "weights":
        return min(weight_bits, UNQUANTIZED)
    if isinstance(asked, bool) or not isinstance(asked, int) or not 1 <= asked <= 64:
        raise ExperimentError("activation_bits", f'must be a whole number from 1 to 64 or "weights", not {asked!r}')
    return asked
