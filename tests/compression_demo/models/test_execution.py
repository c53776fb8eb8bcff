"""The walk through a model's layers, against full passes through a model changed layer by layer."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn
from transformers import (
    BertConfig,
    BertModel,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
)

from compression_demo.models import calls
from compression_demo.models.calibration import calibrate, measure_hessians
from compression_demo.models.calls import observing, split_calls
from compression_demo.models.execution import walk
from compression_demo.models.layers import find_layers

START: dict[str, Any] = {"decoder_start_token_id": 0}
SIZES: dict[str, Any] = {
    "vocab_size": 30,
    "hidden_size": 8,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 12,
}


class Residual(nn.Module):
    """A block whose first layer overwrites its input, and whose sum overwrites what the second convolution gave."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.act = nn.Hardswish(inplace=True)
        self.first, self.second = nn.Conv2d(inputs, outputs, 3, padding=1), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.down = nn.Conv2d(inputs, outputs, 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        images = self.act(images)
        out = self.second(self.act(self.first(images)))
        out += self.down(images)
        return out


class Stages(nn.Module):
    """A stem, two stages of blocks within a Sequential, a shared activation, a head."""

    def __init__(self) -> None:
        super().__init__()
        self.act = nn.ReLU()
        self.stem = nn.Conv2d(2, 4, 3, padding=1)
        stages = (nn.Sequential(Residual(4, 6), self.act, Residual(6, 6)), nn.Sequential(Residual(6, 4), self.act))
        self.stages = nn.Sequential(*stages, self.act)
        self.head = nn.Linear(4, 3)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.head(self.stages(self.stem(images)).mean((2, 3)))


class Mixer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.own = nn.Linear(4, 4)

    def forward(self, hidden: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        return self.own(hidden + other)


class Odd(nn.Module):
    """Lists of modules that look like chains and are none."""

    def __init__(self) -> None:
        super().__init__()
        linear = [nn.Linear(4, 4) for _ in range(16)]
        self.changed = nn.ModuleList(linear[:3])
        self.mixed = nn.ModuleList(Mixer() for _ in range(2))
        self.repeated = nn.ModuleList(nn.Sequential(linear[3 + i], nn.Tanh(), linear[5 + i]) for i in range(2))
        self.borrowed = nn.ModuleList(nn.Sequential(linear[7 + i], nn.Tanh()) for i in range(2))
        self.sharing = nn.ModuleList(nn.Sequential(linear[9], linear[10 + i]) for i in range(2))
        self.routed = nn.ModuleList(linear[12:14])
        self.added, self.after, self.late = nn.Linear(4, 4), linear[14], linear[15]

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        hidden = inputs
        for layer in self.changed:
            hidden = layer(hidden)
            hidden *= 0.5
        for layer in self.mixed:
            hidden = layer(hidden, hidden.sin())
        for layer in (*self.repeated, *self.repeated, *self.borrowed, *self.sharing):
            hidden = layer(hidden)
        hidden = self.borrowed.get_submodule("0.0")(hidden)
        hidden += self.added(hidden)
        hidden = self.after(hidden)
        for layer in self.routed if inputs[0, 0] > 0 else reversed(self.routed):
            hidden = layer(hidden)
        return hidden if inputs[0, 0] > 0 else self.late(hidden)


def tokens() -> dict[str, torch.Tensor]:
    torch.manual_seed(3)
    mask = torch.ones(5, 6, dtype=torch.long)
    mask[1, 4:] = 0
    return {"input_ids": torch.randint(0, 30, (5, 6)), "attention_mask": mask}


MODELS: dict[str, tuple[Callable[[], nn.Module], Callable[[], Any]]] = {
    "stages": (Stages, lambda: torch.randn(5, 2, 6, 6)),
    "odd": (Odd, lambda: torch.cat([torch.ones(4, 4), -torch.ones(2, 4), torch.ones(3, 4)]) + torch.rand(9, 4) / 2),
    "one layer": (lambda: nn.Linear(4, 3), lambda: torch.randn(5, 4)),
    "bert": (lambda: BertModel(BertConfig(**SIZES)), tokens),
    "llama": (
        lambda: LlamaForCausalLM(LlamaConfig(**SIZES, num_key_value_heads=1, pad_token_id=0)),
        tokens,
    ),
    "gpt2": (
        lambda: GPT2LMHeadModel(
            GPT2Config(vocab_size=30, n_embd=8, n_layer=2, n_head=2, bos_token_id=1, eos_token_id=2)
        ),
        tokens,
    ),
    "t5": (
        lambda: T5ForConditionalGeneration(
            T5Config(vocab_size=30, d_model=8, d_kv=4, d_ff=12, num_layers=2, num_heads=2, **START)
        ),
        lambda: tokens()
        | {"decoder_input_ids": tokens()["input_ids"], "decoder_attention_mask": tokens()["attention_mask"].flip(0)},
    ),
}  # fmt: skip


def change(layer: nn.Module, name: str) -> None:
    with torch.no_grad():
        weight = layer.get_parameter("weight")
        weight += 0.3 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(len(name)))


@pytest.mark.parametrize("kind", MODELS)
def test_each_layer_is_seen_with_its_inputs_after_the_changes_before_it(kind: str, monkeypatch) -> None:
    monkeypatch.setattr(calls, "SAMPLES", 2)
    torch.manual_seed(0)
    model, inputs = MODELS[kind][0](), MODELS[kind][1]()
    changed, order = copy.deepcopy(model), []
    layers, found = find_layers(changed), {}

    def visit(names: list[str], given: list[calls.Call]) -> None:
        found.update(measure_hessians({name: layers[name] for name in names}, given))
        order.append(names)
        for name in names:
            change(layers[name], name)

    with observing(changed):
        walk(split_calls(changed, inputs), layers, visit)
    assert sorted(name for names in order for name in names) == sorted(layers), "each layer once"
    for names in order:
        for name in names:
            reached = calibrate(model, inputs, [name])[name]
            torch.testing.assert_close(found[name], reached, rtol=1e-4, atol=1e-6)
        for name in names:
            change(find_layers(model)[name], name)


def test_the_order_is_that_of_execution_and_shared_inputs_go_together() -> None:
    class Backwards(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last, self.key, self.query, self.idle = (nn.Linear(4, 4) for _ in range(4))

        def forward(self, hidden: torch.Tensor) -> torch.Tensor:
            hidden += self.query(hidden) * self.key(hidden)  # the same tensor, and yet another input
            return self.last(hidden)

    model, order = Backwards(), []
    with observing(model):
        walk(split_calls(model, torch.ones(3, 4)), find_layers(model), lambda names, _: order.append(names))
    assert order == [["query", "key"], ["last"], ["idle"]]


def test_chains_spare_passes_through_the_whole_model() -> None:
    """Three blocks of a language model: one pass to find the order, one to record the chain, and none for each layer."""
    model = MODELS["llama"][0]()
    layers = {name: layer for name, layer in find_layers(model).items() if name != "lm_head"}
    passes, runs = [0, 0], [0]
    model.register_forward_pre_hook(lambda *_: passes.__setitem__(0, passes[0] + 1))
    blocks = model.get_submodule("model.layers")
    assert isinstance(blocks, nn.ModuleList)
    for block in blocks:
        block.register_forward_pre_hook(lambda *_: runs.__setitem__(0, runs[0] + 1))

    def visit(names: list[str], given: list[calls.Call]) -> None:
        for call in given:
            call.run()

    with observing(model):
        walk(split_calls(model, tokens()), layers, visit)
    assert passes[0] == 2
    # Each block: found, recorded (the last is not run then), traced, run for q/k/v, o, gate/up and down, handed on.
    assert runs[0] == 3 * 7 + 2


class Counting(nn.Module):
    """Its calls depend on a state that is handed on besides the activations, and that each call changes."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)

    def forward(self, hidden: torch.Tensor, calls: list[int]) -> torch.Tensor:
        calls.append(1)
        return self.linear(hidden * len(calls))


class Stateful(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Counting() for _ in range(3))

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        calls: list[int] = []
        for block in self.blocks:
            hidden = block(hidden, calls)
        return hidden


def test_modules_that_are_handed_a_state_are_no_chain() -> None:
    torch.manual_seed(0)
    model, inputs, found = Stateful(), torch.randn(3, 4), {}
    layers = find_layers(model)

    def visit(names: list[str], given: list[calls.Call]) -> None:
        for _ in range(2):  # each time with the state of that place
            found.update(measure_hessians({name: layers[name] for name in names}, given))

    with observing(model):
        walk(split_calls(model, inputs), layers, visit)
    for name, hessian in calibrate(model, inputs).items():
        torch.testing.assert_close(found[name], hessian)


def test_tensors_of_inference_mode_have_no_chains() -> None:
    model, order = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 4)), []
    with torch.inference_mode(), observing(model):
        walk(split_calls(model, torch.ones(3, 4)), find_layers(model), lambda names, _: order.append(names))
    assert order == [["0"], ["1"]]
