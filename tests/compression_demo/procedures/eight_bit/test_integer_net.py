"""Integer nets against one in Python's own whole numbers, and against the float net."""

from typing import Any, cast

import numpy as np
import pytest
import torch
from torch import nn

from compression_demo.errors import RunFailed
from compression_demo.procedures.eight_bit.graph import INPUT, LAYERS, FoldedNet, Step, read_net
from compression_demo.procedures.eight_bit.integer_net import IntegerNet, LayerCodes, choose_grids
from compression_demo.procedures.eight_bit.integers import Grid
from compression_demo.procedures.eight_bit.ranges import measure_spreads
from tests.reference import integers as reference

from .nets import Branching, draw_images, fill

CODES = [LayerCodes(), LayerCodes(per_channel=False), LayerCodes(4), LayerCodes(symmetric=False)]


def make(codes: LayerCodes, fused: bool = True, rule: str = "minmax") -> tuple[FoldedNet, IntegerNet]:
    net = read_net(fill(Branching()), fused)
    spreads = measure_spreads(net, draw_images().split(8))
    grids = choose_grids(net, spreads, bits=8, symmetric=codes.symmetric, rule=rule)
    return net, IntegerNet(net, grids, dict.fromkeys(net.layers, codes)).eval()


def run_reference(net: FoldedNet, grids: dict[str, Grid], codes: LayerCodes, images: np.ndarray) -> np.ndarray:
    """The scores in whole numbers, from the equations."""
    known = {INPUT: reference.encode(images, grids[INPUT].scale, grids[INPUT].low, grids[INPUT].high)}
    for step in net.steps:
        inputs = [known[name] for name in step.inputs]
        if step.kind in LAYERS:
            layer, before = net.layer(step), grids[step.inputs[0]].scale
            weight, scales = encode_weight(layer.weight.detach().numpy(), codes)
            bias = np.rint(cast(Any, layer.bias).detach().numpy().astype(np.float64) / (before * scales)).astype(
                np.int64
            )
            if isinstance(layer, nn.Linear):
                sums = inputs[0] @ weight.T + bias
                if step is net.steps[-1]:
                    return sums * (before * scales)
            else:
                stride, pad = layer.stride[0], int(layer.padding[0])
                sums = reference.convolve(inputs[0], weight, stride, pad, layer.groups) + bias.reshape(1, -1, 1, 1)
            parts = [(sums, before * scales / grids[step.name].scale)]
            parts += [(inputs[1], ratio(grids, step, 1))] if len(inputs) > 1 else []
            known[step.name] = cut(reference.rescale_all(parts), grids[step.name], step)
        elif step.kind == "add":
            both = [(inputs[k], ratio(grids, step, k)) for k in (0, 1)]
            known[step.name] = cut(reference.rescale_all(both), grids[step.name], step)
        elif step.kind == "concat":
            each = [cut(reference.rescale_all([(x, ratio(grids, step, k))]), grids[step.name], step)
                    for k, x in enumerate(inputs)]  # fmt: skip
            known[step.name] = np.concatenate(each, axis=1)
        elif step.kind == "mean":
            count = inputs[0].shape[2] * inputs[0].shape[3]
            sums = inputs[0].sum((2, 3))
            known[step.name] = cut(
                reference.rescale_all([(sums, ratio(grids, step, 0) / count)]), grids[step.name], step
            )
        elif isinstance(step.shaper, nn.MaxPool2d):
            n, c, h, w = inputs[0].shape
            known[step.name] = inputs[0].reshape(n, c, h // 2, 2, w // 2, 2).max((3, 5))
        else:
            known[step.name] = np.pad(inputs[0], ((0, 0), (0, 0), (0, 1), (0, 1)))
    raise AssertionError


def encode_weight(weight: np.ndarray, codes: LayerCodes) -> tuple[np.ndarray, np.ndarray]:
    rows = weight.reshape(len(weight), -1).astype(np.float64)
    groups = rows if codes.per_channel else rows.reshape(1, -1)
    if codes.symmetric:
        top = 2 ** (codes.bits - 1) - 1
        scales = np.abs(groups).max(1) / top
        lows, highs = np.full(len(groups), -top), np.full(len(groups), top)
    else:
        steps = 2**codes.bits - 1
        least, most = np.minimum(groups.min(1), 0), np.maximum(groups.max(1), 0)
        scales = (most - least) / steps
        lows = -np.rint(-least / scales).astype(int)
        highs = lows + steps
    scales, lows, highs = (np.broadcast_to(x, len(rows)) if len(x) == 1 else x for x in (scales, lows, highs))
    coded = [reference.encode(row, s, low, high) for row, s, low, high in zip(rows, scales, lows, highs, strict=True)]
    return np.stack(coded).reshape(weight.shape), scales


def ratio(grids: dict[str, Grid], step: Step, index: int) -> np.ndarray:
    return np.array([grids[step.inputs[index]].scale / grids[step.name].scale])


def cut(codes: np.ndarray, grid: Grid, step: Step) -> np.ndarray:
    low, high = grid.low, grid.high
    if step.ceiling is not None:
        low, high = max(0, low), round(min(high, step.ceiling / grid.scale))
    return np.clip(codes, low, high)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("codes", CODES)
def test_every_score_is_that_of_plain_whole_numbers(codes: LayerCodes, fused: bool) -> None:
    net, integers = make(codes, fused)
    images = draw_images(3, seed=9)
    with torch.inference_mode():
        found = integers(images).numpy()
    expected = run_reference(net, integers.grids, codes, images.numpy())
    assert np.array_equal(found, expected.astype(np.float32))


@pytest.mark.parametrize("rule", ["minmax", "percentile", "kl"])
@pytest.mark.parametrize("codes", CODES[:1] + CODES[3:])
def test_eight_bits_stay_near_the_float_net(codes: LayerCodes, rule: str) -> None:
    net, integers = make(codes, rule=rule)
    images = draw_images()
    with torch.inference_mode():
        exact, found = net(images), integers(images)
    assert float((found - exact).square().mean()) < (0.001 if rule == "minmax" else 0.01) * float(exact.square().mean())


def test_fewer_bits_are_further_away() -> None:
    images, errors = draw_images(), []
    for bits in (8, 6, 4, 2):
        net, integers = make(LayerCodes(bits))
        with torch.inference_mode():
            errors.append(float((integers(images) - net(images)).square().mean()))
    assert errors == sorted(errors)


def test_a_bias_too_large_for_its_scale_coarsens_the_scale() -> None:
    net = FoldedNet([Step("head", "linear", (INPUT,))], {"head": nn.Linear(2, 2)})
    layer = net.layer(net.steps[0])
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[1e-20, 0.0], [1.0, 1.0]]))
        layer.get_parameter("bias").copy_(torch.tensor([3.0, -2.0]))
    integers = IntegerNet(net, {INPUT: Grid(0.1, 0, 255)}, {"head": LayerCodes()})
    found = integers(torch.tensor([[1.0, 2.0]]))
    assert torch.allclose(found, torch.tensor([[3.0, 1.0]]), atol=0.02)
    assert integers.biases["head"].abs().max() <= 2**29


def test_a_net_must_end_in_a_layer() -> None:
    net = FoldedNet([Step("head", "linear", (INPUT,), ceiling=6.0)], {"head": nn.Linear(2, 2)})
    with pytest.raises(RunFailed, match="ends in head"):
        IntegerNet(net, {INPUT: Grid(0.1, 0, 255)}, {"head": LayerCodes()})
