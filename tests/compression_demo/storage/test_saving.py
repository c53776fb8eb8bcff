"""Saved models: back to the same outputs, as small as accounted for, and refused with a reason where they do not fit."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.utils import prune

from compression_demo.algorithms import METHODS
from compression_demo.errors import UnsupportedLayer
from compression_demo.models.compress import CompressedModel, compress
from compression_demo.models.plan import Correction, Plan, Step, make_rule, make_step
from compression_demo.storage.accounting import account_compressed
from compression_demo.storage.saving import BadModelFile, load, read_plan, save

INPUTS = torch.randn(64, 4, 8, 8, generator=torch.Generator().manual_seed(1))
HALF = make_step("magnitude", sparsity=0.5)


def build(hidden: int = 40) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(4, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 16, 3, groups=4), nn.ReLU(),
        nn.Flatten(), nn.Linear(576, hidden), nn.Linear(hidden, 10, bias=False),
    )  # fmt: skip


def linear(model: nn.Module) -> nn.Linear:
    return cast(nn.Linear, model.get_submodule("6"))


@pytest.fixture(scope="module")
def net() -> nn.Module:
    torch.manual_seed(0)
    net = build()
    net(INPUTS)
    return net.eval()


def press(net: nn.Module, *steps: Step, layers: str = "*", correction: Correction = "none") -> CompressedModel:
    plan = Plan((make_rule(layers, *steps),), correction=correction)
    return compress(net, INPUTS, plan, threads=1)


def outputs(model: nn.Module, inputs: torch.Tensor = INPUTS) -> torch.Tensor:
    with torch.no_grad():
        return model(inputs)


def list_quantizers() -> list[tuple[Step, ...]]:
    """Each method that quantizes, on its own at an odd number of bits and on what is left of a pruned layer."""
    alone = [make_step(name, bits=3) for name, method in METHODS.items() if method.kind == "quantize"]
    grouped = [
        make_step(name, bits=5, group_size=8)
        for name, method in METHODS.items()
        if method.kind == "quantize" and "group_size" in method.settings
    ]
    joint = [make_step("sparsegpt", sparsity=0.6, bits=4)] if "bits" in METHODS["sparsegpt"].settings else []
    return [*((step,) for step in (*alone, *grouped, *joint)), *((HALF, step) for step in alone)]


@pytest.mark.parametrize("steps", list_quantizers(), ids=lambda steps: "+".join(step.method for step in steps))
@pytest.mark.parametrize("correction", ["none", "mean_variance"])
def test_codes_are_stored_in_their_bits(
    net: nn.Module, steps: tuple[Step, ...], correction: Correction, tmp_path: Path
) -> None:
    compressed = press(net, *steps, correction=correction)
    save(compressed, tmp_path / "x")
    loaded = load(tmp_path / "x", build())
    for name, tensor in compressed.model.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor), name
    assert torch.equal(outputs(loaded), outputs(compressed.model))
    assert read_plan(tmp_path / "x") == compressed.plan
    check_size(compressed, tmp_path / "x")
    with safe_open(tmp_path / "x", "pt") as file:
        stored = json.loads(file.metadata()["layers"])
    assert {name: fields["bits"] for name, fields in stored.items()} == {
        layer.name: layer.bits for layer in compressed.layers
    }


@pytest.mark.parametrize("sparsity", [0.0, 0.5, 0.9, 0.99, 1.0])
def test_pruned_layers_are_stored_without_zeros(net: nn.Module, sparsity: float, tmp_path: Path) -> None:
    compressed = press(net, make_step("magnitude", sparsity=sparsity), layers="[36]")
    save(compressed, tmp_path / "x")
    assert torch.equal(outputs(load(tmp_path / "x", build())), outputs(compressed.model))
    check_size(compressed, tmp_path / "x")


def check_size(compressed: CompressedModel, path: Path) -> None:
    """The tensors take the bytes accounted for; what comes on top is the header with the plan."""
    header = int.from_bytes(path.read_bytes()[:8], "little") + 8
    assert path.stat().st_size - header == account_compressed(compressed, INPUTS[:1]).stored_bytes


def test_shared_and_tied_tensors_stay_what_they_are(tmp_path: Path) -> None:
    class Tied(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.embed, self.body, self.head = nn.Embedding(11, 8), nn.Linear(8, 8), nn.Linear(8, 11, bias=False)
            self.head.weight = self.embed.weight
            self.again = self.body
            self.register_buffer("table", torch.randn(8))
            self.register_buffer("scratch", torch.randn(8), persistent=False)
            self.mask = self.table

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return self.head(self.again(self.body(self.embed(tokens))) + self.mask)

    tokens = torch.randint(0, 11, (20, 5))
    compressed = compress(Tied(), tokens, Plan((make_rule("*", HALF, make_step("rtn", bits=4)),)), threads=1)
    assert [layer.skipped for layer in compressed.layers] == ["", "its weight is shared with another module"]
    save(compressed, tmp_path / "x")
    loaded = load(tmp_path / "x", Tied())
    assert torch.equal(outputs(loaded, tokens), outputs(compressed.model, tokens))
    assert loaded.get_parameter("head.weight") is loaded.get_parameter("embed.weight")
    stored = load_file(tmp_path / "x")
    assert sum(tensor.shape == (11, 8) for tensor in stored.values()) == 1
    own = Tied()
    own.head.weight = nn.Parameter(torch.zeros(11, 8))
    assert torch.equal(outputs(load(tmp_path / "x", own), tokens), outputs(compressed.model, tokens))


def test_layers_of_other_kinds_and_types(tmp_path: Path) -> None:
    from transformers.pytorch_utils import Conv1D

    def mixed() -> nn.Sequential:
        return nn.Sequential(Conv1D(12, 6), nn.Linear(12, 8).double(), nn.Linear(8, 8).half())

    class Casting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.parts = mixed()

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.parts[2](self.parts[1](self.parts[0](x).double()).half())

    inputs = torch.randn(30, 6)
    for steps in ((HALF,), (make_step("rtn", bits=4),)):
        compressed = compress(Casting(), inputs, Plan((make_rule("*", *steps),)), threads=1)
        assert len(compressed.results) == 3
        save(compressed, tmp_path / "x")
        loaded = load(tmp_path / "x", Casting())
        assert torch.equal(outputs(loaded, inputs), outputs(compressed.model, inputs))


def test_a_model_that_is_a_layer(tmp_path: Path) -> None:
    inputs = torch.randn(9, 4)
    compressed = compress(nn.Linear(4, 8), inputs, Plan((make_rule("*", HALF),)), threads=1)
    save(compressed, tmp_path / "x")
    assert torch.equal(outputs(load(tmp_path / "x", nn.Linear(4, 8)), inputs), outputs(compressed.model, inputs))


def test_weights_changed_after_the_compression_are_what_is_saved(net: nn.Module, tmp_path: Path) -> None:
    compressed = press(net, make_step("rtn", bits=4))
    layer = linear(compressed.model)
    layer.weight.data[0, 0] += 1
    save(compressed, tmp_path / "x")
    assert torch.equal(linear(load(tmp_path / "x", build())).weight, layer.weight)


def test_the_given_model_is_not_changed(net: nn.Module, tmp_path: Path) -> None:
    save(press(net, HALF), tmp_path / "x")
    given = build().train()
    before = {name: tensor.clone() for name, tensor in given.state_dict().items()}
    loaded = load(tmp_path / "x", given)
    assert all(torch.equal(tensor, before[name]) for name, tensor in given.state_dict().items())
    assert given.training and not loaded.training


def test_a_failed_save_leaves_the_old_file(net: nn.Module, tmp_path: Path) -> None:
    compressed = press(net, HALF)
    save(compressed, tmp_path / "x")
    before = (tmp_path / "x").read_bytes()
    with pytest.raises(TypeError):
        save(replace(compressed, plan=replace(compressed.plan, notes={"x": object()})), tmp_path / "x")
    assert (tmp_path / "x").read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def rewrite(path: Path, tensors: dict | None = None, **metadata: str | None) -> None:
    """The file with other tensors or metadata; None takes away."""
    with safe_open(path, "pt") as file:
        head = dict(file.metadata()) | metadata
    kept = {name: tensor for name, tensor in (load_file(path) | (tensors or {})).items() if tensor is not None}
    save_file(kept, path, {name: value for name, value in head.items() if value is not None})


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda path: path.unlink(), "No such file"),
        (lambda path: (path.unlink(), path.mkdir()), "cannot be read|no whole"),
        (lambda path: path.write_bytes(b"PK\3\4 something else"), "no whole safetensors file"),
        (lambda path: path.write_bytes(b""), "no whole safetensors file"),
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), "no whole safetensors file"),
        (lambda path: path.write_bytes(path.read_bytes()[:50]), "no whole safetensors file"),
        (lambda path: save_file({"a": torch.ones(1)}, path), "no compressed model saved by second-opinion"),
        (lambda path: rewrite(path, version="2"), "version 2; this version reads 1"),
        (lambda path: rewrite(path, plan="{"), "damaged header"),
        (lambda path: rewrite(path, plan='{"speed": 1}'), "damaged header.*speed"),
        (lambda path: rewrite(path, layers=None), "damaged header"),
        (lambda path: rewrite(path, layers='{"0": {}}'), "damaged header"),
        (lambda path: rewrite(path, {"0.bias": None}), "lacks '0.bias'.*another architecture"),
        (lambda path: rewrite(path, {"8.bias": torch.ones(1)}), "holds '8.bias'.*another architecture"),
        (lambda path: rewrite(path, {"0.bias": torch.ones(17)}), r"'0.bias' as \(17,\) float32.*model has \(16,\)"),
        (lambda path: rewrite(path, {"0.bias": torch.ones(16).half()}), r"'0.bias' as \(16,\) float16"),
        (lambda path: rewrite(path, {"6.weight#mask": None}), "damaged at layer '6'.*mask"),
        (lambda path: rewrite(path, {"6.weight#values": torch.ones(5)}), "damaged at layer '6'.*values"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded_is_refused_with_file_and_reason(
    net: nn.Module, damage: Callable[[Path], object], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.safetensors"
    save(press(net, HALF), path)
    damage(path)
    with pytest.raises(BadModelFile, match=reason) as caught:
        load(path, build())
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (lambda: nn.Sequential(nn.Linear(4, 4)), r"'0' as .16, 36. float32, where the model has .4, 4."),
        (lambda: nn.Sequential(nn.ReLU(), *build().children()), "another architecture"),
        (lambda: build(41), r"'6' as \(40, 576\)"),
        (lambda: build().double(), "float32, where the model has .* float64"),
    ],
)
def test_models_of_another_architecture_are_refused(
    net: nn.Module, other: Callable[[], nn.Module], reason: str, tmp_path: Path
) -> None:
    save(press(net, HALF), tmp_path / "x")
    with pytest.raises(BadModelFile, match=reason):
        load(tmp_path / "x", other())


def test_paths_may_be_text_and_models_must_be_copyable(net: nn.Module, tmp_path: Path) -> None:
    compressed, path = press(net, HALF), str(tmp_path / "x")
    save(compressed, path)
    assert torch.equal(outputs(load(path, build())), outputs(compressed.model)) and read_plan(path) == compressed.plan
    with pytest.raises(BadModelFile) as raised:
        load(path + "y", build())
    assert isinstance(raised.value.path, Path)
    pruned = build()
    prune.l1_unstructured(linear(pruned), "weight", amount=0.5)
    with pytest.raises(UnsupportedLayer, match=r"layer '6' cannot be copied: .*prune\.remove\(layer, 'weight'\) first"):
        load(path, pruned)
