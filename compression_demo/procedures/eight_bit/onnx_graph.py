"""A folded net as an ONNX model, in float and, by ONNX Runtime's static quantization, in 8 bits."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from compression_demo.errors import RunFailed

from .folding import Layer
from .graph import INPUT, LAYERS, FoldedNet, Step

OPSET = 17
IR_VERSION = 9
"""Written for every ONNX Runtime since 1.16."""


def build_model(net: FoldedNet, shape: tuple[int, ...]) -> onnx.ModelProto:
    """The net as ONNX in float32, for images (any number, *shape); its output is named "scores".

    Raises:
        RunFailed: a step has no form in ONNX here.
    """
    nodes: list[onnx.NodeProto] = []
    tensors: list[onnx.TensorProto] = []
    for step in net.steps:
        made, constants = _write_step(step, net)
        nodes += made
        tensors += [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in constants.items()]
    nodes.append(helper.make_node("Identity", [net.steps[-1].name], ["scores"]))
    images = helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["images", *shape])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["images", None])
    graph = helper.make_graph(nodes, "net", [images], [scores], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    return model


def quantize_model(model: Path, quantized: Path, images: torch.Tensor, per_channel: bool = True) -> None:
    """Write the 8-bit form of a model in a file: signed weights, unsigned activations, ranges from smallest to largest."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Reader(CalibrationDataReader):
        def __init__(self) -> None:
            self.batches = iter(images.split(1))

        def get_next(self) -> dict[str, np.ndarray] | None:
            batch = next(self.batches, None)
            return None if batch is None else {INPUT: batch.numpy()}

    level = logging.root.manager.disable
    logging.disable(logging.WARNING)  # it advises to fold batch normalisation first, which has been done
    try:
        quantize_static(
            model, quantized, Reader(), quant_format=QuantFormat.QDQ, per_channel=per_channel,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
        )  # fmt: skip
    finally:
        logging.disable(level)


def _write_step(step: Step, net: FoldedNet) -> tuple[list[onnx.NodeProto], dict[str, np.ndarray]]:
    """The nodes of a step, the last of which makes its value, and the constants that they read."""
    name, constants = step.name, {}
    chain: list[tuple[str, list[str], dict[str, Any]]] = []
    if step.kind in LAYERS:
        layer = net.layer(step)
        constants = {
            f"{name}_weight": layer.weight.detach().numpy(),
            f"{name}_bias": cast(Any, layer.bias).detach().numpy(),
        }
        kind, attributes = _describe_layer(layer)
        chain.append((kind, [step.inputs[0], *constants], attributes))
        if len(step.inputs) > 1:
            chain.append(("Add", ["", step.inputs[1]], {}))
    elif step.kind == "mean":
        chain.append(("GlobalAveragePool", [step.inputs[0]], {}))
        if not step.keepdim:
            chain.append(("Flatten", [""], {}))
    elif step.kind == "shape":
        chain.append(_describe_shaper(step, constants))
    else:
        chain.append(
            ("Concat", list(step.inputs), {"axis": 1}) if step.kind == "concat" else ("Add", list(step.inputs), {})
        )
    if step.ceiling is not None:
        chain.append(("Relu", [""], {}))
        if step.ceiling != float("inf"):
            constants |= {f"{name}_floor": np.float32(0), f"{name}_ceiling": np.float32(step.ceiling)}
            chain[-1] = ("Clip", ["", f"{name}_floor", f"{name}_ceiling"], {})
    nodes = []
    for index, (kind, inputs, attributes) in enumerate(chain):
        before, after = f"{name}_{index}", name if index == len(chain) - 1 else f"{name}_{index + 1}"
        nodes.append(helper.make_node(kind, [one or before for one in inputs], [after], **attributes))
    return nodes, {key: np.asarray(value) for key, value in constants.items()}


def _describe_layer(layer: Layer) -> tuple[str, dict[str, Any]]:
    if isinstance(layer, nn.Linear):
        return "Gemm", {"transB": 1}
    pad = cast(tuple[int, int], layer.padding)
    return "Conv", {
        "strides": list(layer.stride), "pads": [*pad, *pad], "dilations": list(layer.dilation), "group": layer.groups,
        "kernel_shape": list(layer.kernel_size),
    }  # fmt: skip


def _describe_shaper(step: Step, constants: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
    shaper, before = step.shaper, step.inputs[0]
    if isinstance(shaper, nn.Flatten):
        return "Flatten", [before], {}
    if isinstance(shaper, nn.ZeroPad2d):
        left, right, top, bottom = cast(tuple[int, int, int, int], shaper.padding)
        constants[f"{step.name}_pads"] = np.array([0, 0, top, left, 0, 0, bottom, right], dtype=np.int64)
        return "Pad", [before, f"{step.name}_pads"], {}
    if isinstance(shaper, nn.MaxPool2d) and not shaper.ceil_mode:
        size, stride, pad = (_pair(value) for value in (shaper.kernel_size, shaper.stride, shaper.padding))
        return "MaxPool", [before], {"kernel_shape": size, "strides": stride, "pads": [*pad, *pad]}
    raise RunFailed(f"the net's step {step.name} ({shaper}) has no form in ONNX here")


def _pair(value: Any) -> list[int]:
    return [value, value] if isinstance(value, int) else list(value)
