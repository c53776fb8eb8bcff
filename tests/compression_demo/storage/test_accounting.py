"""Counts against hand-computed cases and torch's own counter of operations."""

from typing import Any, cast

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from compression_demo.algorithms import prune_magnitude, quantize_rtn
from compression_demo.errors import ExperimentError
from compression_demo.storage.accounting import account, count_layer, own_tensors


class Twice(nn.Module):
    """One linear layer called twice, one never, and a convolution with all its options."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(4, 6, (3, 2), stride=2, padding=1, dilation=(1, 2), groups=2)
        self.norm = nn.BatchNorm2d(6)
        self.line = nn.Conv1d(6, 5, 3, padding="same")
        self.mix = nn.Linear(5, 5)
        self.unused = nn.Linear(3, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.line(self.norm(self.conv(x)).flatten(2))
        return self.mix(self.mix(x.mT))


def test_operations_are_those_that_torch_counts() -> None:
    model, example = Twice().train(), torch.randn(3, 4, 9, 8)
    with FlopCounterMode(display=False) as counter:
        model(example)
    by_layer = {name: sum(found.values()) for name, found in counter.get_flop_counts().items()}
    found = account(model, example)
    assert 2 * found.macs == counter.get_total_flops()
    for layer in found.layers:
        assert 2 * layer.macs == by_layer.get(f"Twice.{layer.name}", 0)
    assert model.training and model.norm.num_batches_tracked == 1


def test_a_pruned_and_a_quantized_layer_by_hand() -> None:
    torch.manual_seed(0)
    model, example = (
        nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.Flatten(), nn.Linear(64, 10)),
        torch.ones(1, 2, 4, 4),
    )
    conv, linear = cast(nn.Conv2d, model[0]), cast(nn.Linear, model[2])
    pruned = prune_magnitude(conv.weight.detach().flatten(1), torch.eye(18), sparsity=0.75)
    conv.weight.data = pruned.weight.view_as(conv.weight)
    mask = torch.rand(10, 64) < 0.5
    coded = quantize_rtn(linear.weight.detach(), torch.eye(64), bits=4, mask=mask)
    linear.weight.data = coded.weight
    found = account(model, example, results={"0": pruned, "2": coded}, bits={"2": 4}, activation_bits=8)
    first, last = found.layers
    assert (first.parameters, first.kept, first.nonzeros, first.positions) == (72, 18, 18, 16)
    assert (first.macs, first.sparse_macs, first.flops, first.bops) == (1152, 288, 576, 288 * 32 * 8)
    assert (first.dense_bytes, first.sparse_bytes, first.sparse_positions) == (288, 9 + 72, "bitmask")
    assert (first.packed_bytes, first.stored_bytes) == (None, 81)
    kept = int(mask.sum())
    assert (last.kept, last.nonzeros) == (kept, int((coded.weight != 0).sum())) and last.nonzeros < kept
    assert (last.bits, last.bops) == (4, kept * 4 * 8)
    # A code a weight, or a bit a weight and a code for each that is kept; 10 scales of 4 bytes and 10 zeros of 1.
    assert last.packed_bytes == last.stored_bytes == min(320, 80 + -(-kept // 2)) + 50
    assert found.other_parameters == 14 and found.other_bytes == 56
    assert found.parameters == 72 + 640 + 14 and found.nonzeros == 18 + last.nonzeros + 4 + 10
    assert found.stored_bytes == 81 + last.stored_bytes + 56 and found.dense_bytes == 4 * found.parameters


def test_two_of_four_counts_half() -> None:
    weight = torch.randn(8, 16)
    mask = torch.tensor([True, False, False, True]).repeat(8, 4)
    coded = quantize_rtn(weight, torch.eye(16), bits=8, mask=mask)
    found = count_layer("x", "Linear", coded.weight, positions=3, result=coded, bits=8, activation_bits="weights")
    assert found.bops == 8 * 16 * 3 * 8 * 8 // 2
    dense = count_layer("x", "Linear", weight, positions=3)
    assert dense.bops == 8 * 16 * 3 * 32 * 32 and dense.kept == 128


def test_tied_and_shared_tensors_count_once() -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed, self.head, self.again = nn.Embedding(7, 5), nn.Linear(5, 7, bias=False), nn.Linear(5, 7)
            self.head.weight = self.again.weight = self.embed.weight
            self.register_buffer("table", torch.arange(4.0))
            self.register_buffer("view", self.get_buffer("table"))

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return self.head(self.embed(tokens)) + self.again(self.embed(tokens))

    model = Tied()
    found = account(model, torch.zeros(2, 3, dtype=torch.int64))
    assert found.parameters == 35 + 7 and found.other_bytes == 7 * 4 + 4 * 4
    assert [layer.shared for layer in found.layers] == [False, True]
    assert found.macs == 2 * 6 * 35 and found.dense_bytes == 35 * 4 + 44
    own, aliases = own_tensors(model)
    assert aliases == {"head.weight": "embed.weight", "again.weight": "embed.weight", "view": "table"}
    assert set(own) == {"embed.weight", "again.bias", "table"}


def test_half_precision_counts_its_own_bytes_and_bits() -> None:
    model = nn.Linear(8, 4, bias=False).half()
    layer = account(model, torch.ones(1, 8, dtype=torch.half)).layers[0]
    assert (layer.name, layer.bits, layer.dense_bytes) == ("", 16, 64)


def test_mappings_are_passed_by_name_and_json_holds_what_is_derived() -> None:
    class Named(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.fc = nn.Linear(3, 2)

        def forward(self, *, values: torch.Tensor) -> torch.Tensor:
            return self.fc(values)

    told = account(Named(), {"values": torch.ones(1, 5, 3)}).to_json()
    assert told["macs"] == told["layers"][0]["macs"] == 30 and told["flops"] == 60


@pytest.mark.parametrize("bits", [0, True, 2.5, "few"])
def test_impossible_activation_bits(bits: Any) -> None:
    with pytest.raises(ExperimentError, match="activation_bits"):
        count_layer("x", "Linear", torch.ones(1, 1), positions=1, activation_bits=bits)
