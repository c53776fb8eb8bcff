"""A trained net as a list of steps with batch normalisation folded and ReLU and additions fused into convolutions."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import fx, nn
from torch.nn import functional

from compression_demo.errors import RunFailed

from .folding import Layer, copy_linear, fold_batch_norm

INPUT = "input"
LAYERS = ("conv", "linear")
SHAPERS = (nn.MaxPool2d, nn.Flatten, nn.ZeroPad2d)
"""Modules that move or choose values but compute none, so that codes pass through them as they are."""
Through = Callable[[str, torch.Tensor], torch.Tensor]
"""(name of a value or layer, tensor) -> the tensor to go on with."""


@dataclass(frozen=True)
class Step:
    """One operation of the net; `name` is that of the value it makes.

    kind: conv, linear, add, concat, mean (over positions) or shape (`shaper` moves values).
    inputs: names of values; of a convolution with two inputs the second is added to its sum before the ReLU.
    ceiling: None without ReLU, infinity with ReLU, 6 with ReLU6.
    keepdim: of a mean, whether the positions stay as one.
    """

    name: str
    kind: str
    inputs: tuple[str, ...]
    ceiling: float | None = None
    shaper: nn.Module | None = None
    keepdim: bool = False


class FoldedNet(nn.Module):
    """The steps of a net and its layers without batch normalisation; images -> scores, in float."""

    def __init__(self, steps: Sequence[Step], layers: dict[str, Layer]) -> None:
        super().__init__()
        self.steps = tuple(steps)
        self.layers = nn.ModuleDict(layers)

    def layer(self, step: Step) -> Layer:
        """The convolution or linear layer of a step."""
        return cast(Layer, self.layers[step.name])

    def forward(
        self, images: torch.Tensor, values: Through = lambda _, tensor: tensor, weights: Through | None = None
    ) -> torch.Tensor:
        """Scores of images; each value but the scores passes through `values` and each weight through `weights`."""
        last = self.steps[-1].name
        known = {INPUT: values(INPUT, images)}
        for step, spent in zip(self.steps, list_spent(self.steps), strict=True):
            found = self._take(step, [known[name] for name in step.inputs], weights)
            known[step.name] = found if step.name == last else values(step.name, found)
            for name in spent:
                del known[name]
        return known[last]

    def _take(self, step: Step, inputs: list[torch.Tensor], weights: Through | None) -> torch.Tensor:
        if step.kind in LAYERS:
            layer = self.layer(step)
            if weights is None:  # as a module, so that hooks see it
                found = layer(inputs[0])
            else:
                found = apply_layer(layer, inputs[0], weights(step.name, layer.weight), layer.bias)
            found = found + inputs[1] if len(inputs) > 1 else found
        elif step.kind == "add":
            found = inputs[0] + inputs[1]
        elif step.kind == "concat":
            found = torch.cat(inputs, 1)
        elif step.kind == "mean":
            found = inputs[0].mean((2, 3), keepdim=step.keepdim)
        else:
            found = cast(nn.Module, step.shaper)(inputs[0])
        return found if step.ceiling is None else found.clamp(0, step.ceiling)


def apply_layer(
    layer: Layer, inputs: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None = None
) -> torch.Tensor:
    """What a layer makes of its inputs, with this weight and bias in place of its own."""
    if isinstance(layer, nn.Linear):
        return functional.linear(inputs, weight, bias)
    return functional.conv2d(
        inputs, weight, bias, layer.stride, cast(Any, layer.padding), layer.dilation, layer.groups
    )  # fmt: skip


def list_spent(steps: Sequence[Step]) -> list[list[str]]:
    """For each step the values that no later one reads."""
    spent: list[list[str]] = []
    seen: set[str] = set()
    for step in reversed(steps):
        spent.append([name for name in dict.fromkeys(step.inputs) if name not in seen])
        seen.update(step.inputs)
    return spent[::-1]


def read_net(model: nn.Module, fused: bool = True) -> FoldedNet:
    """The steps of a model in eval mode, traced; the model is not changed.

    fused: additions are taken into the convolution before them (its sum is added to while it is still exact).

    Raises:
        RunFailed: the model does something that has no step here.
    """
    try:
        traced = fx.symbolic_trace(model)
    except Exception as error:  # whatever the model's own code raises when it is traced
        raise RunFailed(f"the net cannot be traced into steps: {error}") from error
    reader = _Reader(traced)
    for node in traced.graph.nodes:
        reader.read(node)
    steps = _fuse_additions(reader.steps) if fused else reader.steps
    return FoldedNet(steps, reader.layers)


class _Reader:
    """Turns the nodes of a traced model into steps, folding batch normalisation and ReLU into the step before."""

    def __init__(self, traced: fx.GraphModule) -> None:
        self.modules = dict(traced.named_modules())
        self.uses = {node: len(node.users) for node in traced.graph.nodes}
        self.steps: list[Step] = []
        self.layers: dict[str, Layer] = {}
        self.names: dict[fx.Node, str] = {}
        self.bare: dict[str, nn.Conv2d] = {}

    def read(self, node: fx.Node) -> None:
        if node.op == "placeholder":
            self.names[node] = INPUT
        elif node.op != "output":
            self.names[node] = self._read_operation(node)

    def _read_operation(self, node: fx.Node) -> str:
        module = self.modules.get(str(node.target)) if node.op == "call_module" else None
        inputs = tuple(self.names[argument] for argument in node.all_input_nodes)
        alone = self.uses[node.all_input_nodes[0]] == 1
        if isinstance(module, nn.Conv2d):
            if module.padding_mode != "zeros" or isinstance(module.padding, str):
                raise RunFailed(f"{node.target} pads in a way that is not supported")
            self.bare[node.name] = module
            return self._add(Step(node.name, "conv", inputs), fold_batch_norm(module))
        if isinstance(module, nn.Linear):
            return self._add(Step(node.name, "linear", inputs), copy_linear(module))
        if isinstance(module, nn.BatchNorm2d):
            return self._fold(module, inputs[0], alone)
        if isinstance(module, (nn.Dropout, nn.Identity)):
            return inputs[0]
        if isinstance(module, (nn.ReLU, nn.ReLU6)) or node.target in (functional.relu, torch.relu, "relu"):
            return self._activate(inputs[0], 6.0 if isinstance(module, nn.ReLU6) else float("inf"), alone)
        return self._add(self._read_other(node, module, inputs))

    def _read_other(self, node: fx.Node, module: nn.Module | None, inputs: tuple[str, ...]) -> Step:
        target: Any = node.target
        if isinstance(module, SHAPERS):
            return Step(node.name, "shape", inputs, shaper=module)
        if isinstance(module, nn.AdaptiveAvgPool2d) and module.output_size in (1, (1, 1)):
            return Step(node.name, "mean", inputs, keepdim=True)
        if target in (torch.flatten, "flatten") and node.args[1:] == (1,):
            return Step(node.name, "shape", inputs, shaper=nn.Flatten())
        if target in (torch.mean, "mean") and tuple(cast(Any, node.args)[1]) in ((2, 3), (-2, -1)):
            return Step(node.name, "mean", inputs, keepdim=bool(node.kwargs.get("keepdim", False)))
        if target in (operator.add, torch.add, "add") and len(inputs) == 2:
            return Step(node.name, "add", inputs)
        if target in (torch.cat, torch.concat) and (node.kwargs.get("dim") == 1 or node.args[1:] == (1,)):
            return Step(node.name, "concat", inputs)
        raise RunFailed(f"the net's operation {node.name} ({module or target}) has no integer form here")

    def _add(self, step: Step, layer: Layer | None = None) -> str:
        self.steps.append(step)
        if layer is not None:
            self.layers[step.name] = layer
        return step.name

    def _fold(self, norm: nn.BatchNorm2d, before: str, alone: bool) -> str:
        if not alone or before not in self.bare:
            raise RunFailed("a batch normalisation does not follow a convolution of its own, so it cannot be folded")
        self.layers[before] = fold_batch_norm(self.bare.pop(before), norm)
        return before

    def _activate(self, before: str, ceiling: float, alone: bool) -> str:
        index = next((k for k, step in enumerate(self.steps) if step.name == before), None)
        if not alone or index is None or self.steps[index].kind not in (*LAYERS, "add"):
            raise RunFailed(f"a ReLU follows {before}, whose value is used elsewhere too, so it cannot be fused")
        self.steps[index] = replace(self.steps[index], ceiling=ceiling)
        return before


def _fuse_additions(steps: list[Step]) -> list[Step]:
    """The steps with each addition taken into the last convolution before it that feeds nothing else."""
    uses = Counter(name for step in steps for name in step.inputs)
    order = {step.name: k for k, step in enumerate(steps)}
    fused = list(steps)
    renamed: dict[str, str] = {}
    for step in steps:
        if step.kind != "add":
            continue
        able = [name for name in step.inputs if name in order and uses[name] == 1 and _can_add(steps[order[name]])]
        if not able or step.inputs[0] == step.inputs[1]:
            continue
        conv = max(able, key=lambda name: order[name])
        other = next(name for name in step.inputs if name != conv)
        place = next(k for k, found in enumerate(fused) if found.name == step.name)
        fused[place] = replace(steps[order[conv]], inputs=(steps[order[conv]].inputs[0], other), ceiling=step.ceiling)
        fused = [found for k, found in enumerate(fused) if k == place or found.name != conv]
        renamed[step.name] = conv
    return [replace(step, inputs=tuple(renamed.get(name, name) for name in step.inputs)) for step in fused]


def _can_add(step: Step) -> bool:
    return step.kind == "conv" and step.ceiling is None
