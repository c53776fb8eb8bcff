"""The procedures on 8-bit nets, on small nets: what they measure, what they share, what they refuse."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from torch import nn

import compression_demo.procedures.time_runtime as timing
from compression_demo.errors import ArgumentError, RunFailed
from compression_demo.procedures import PROCEDURES, PartStore, Work
from compression_demo.procedures.eight_bit import INTEGER_NETS
from compression_demo.procedures.eight_bit.calibrate import calibrate
from compression_demo.procedures.eight_bit.fake_codes import AwareNet, round_through
from compression_demo.procedures.eight_bit.graph import read_net
from compression_demo.procedures.eight_bit.integer_net import IntegerNet, LayerCodes, choose_grids
from compression_demo.procedures.eight_bit.integers import Grid
from compression_demo.procedures.eight_bit.onnx_graph import build_model
from compression_demo.procedures.integer_inference import choose_codes
from compression_demo.testbeds import Labelled, Trial, get
from compression_demo.testbeds.classification import ImageClassifier

from .eight_bit.nets import Branching, draw_images, fill


def work_on(folder: Path, net: nn.Module | None = None, training: bool = True) -> Work:
    images = draw_images(64)
    net = net or fill(Branching())
    with torch.inference_mode():
        labels = net(images).argmax(1)
    trial = Trial(net, images, images[:16], lambda net: {}, Labelled(images, labels) if training else None)
    return Work(get("mnist-separable"), trial, 0, lambda share, words: None, PartStore(folder))


def run(work: Work, name: str, **given: Any) -> tuple[nn.Module | None, Mapping[str, float]]:
    found = PROCEDURES[name]
    outcome = found.run(work, **found.check(given))
    return outcome.model, outcome.metrics


def score(net: nn.Module | None, images: torch.Tensor) -> torch.Tensor:
    assert net is not None
    with torch.inference_mode():
        return net(images)


def test_integer_inference_follows_its_settings(tmp_path: Path) -> None:
    work, images = work_on(tmp_path), draw_images(8, seed=3)
    exact = score(work.trial.model, images)

    def error(**given: Any) -> float:
        return float((score(run(work, "integer_net", **given)[0], images) - exact).square().mean())

    eight = error(bits=8)
    assert eight < error(bits=4) and error(bits=4) < error(bits=4, per_channel=False)
    assert eight < error(bits=4, layers="depthwise") < error(bits=4)
    assert eight < error(bits=8, activation_bits=4)
    assert error(bits=8, symmetric=False) != eight != error(bits=8, ranges="percentile")


def test_only_the_layers_asked_for_take_the_bits() -> None:
    net = read_net(fill(Branching()))
    for kind, count in (("all", 8), ("depthwise", 1), ("others", 7)):
        codes = choose_codes(net, kind, LayerCodes(3), LayerCodes())
        assert [one.bits for one in codes.values()].count(3) == count and len(codes) == 8
    plain = read_net(nn.Sequential(nn.Conv2d(2, 2, 1), nn.Flatten(), nn.Linear(2, 2)))
    with pytest.raises(RunFailed, match="no depthwise"):
        choose_codes(plain, "depthwise", LayerCodes(3), LayerCodes())


def test_the_error_of_coded_weights_is_that_of_the_layers_asked_for(tmp_path: Path) -> None:
    first, depthwise = nn.Conv2d(1, 2, 1, bias=False), nn.Conv2d(2, 2, 1, groups=2)
    net = nn.Sequential(first, depthwise, nn.Flatten(), nn.Linear(288, 3))

    def fill_channels(layer: nn.Conv2d, *values: float) -> None:
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(values).view(2, 1, 1, 1))

    fill_channels(first, 7.0, 0.4)
    fill_channels(depthwise, 7.0, 3.0)
    work = work_on(tmp_path, net)

    def error(**given: Any) -> float:
        return run(work, "coded_weights", bits=4, **given)[1]["weight_error"]

    assert error(layers="depthwise", per_channel=True) == pytest.approx(0, abs=1e-9)
    assert error(layers="depthwise", per_channel=False) == pytest.approx(0, abs=1e-9), "3 is a code where 7 is the top"
    fill_channels(depthwise, 7.0, 0.4)
    assert error(layers="depthwise", per_channel=False) == pytest.approx(0.16 / 49.16, rel=1e-5)
    assert error(layers="others") != error(layers="all") != error(layers="all", per_channel=False)


def test_calibration_is_shared_and_remembers_what_it_saw(tmp_path: Path) -> None:
    work = work_on(tmp_path)
    net = read_net(work.trial.model)
    first, again = calibrate(work, net), calibrate(work, net)
    (_file,) = tmp_path.glob("*.safetensors")
    assert first.keys() == again.keys()
    for name, spread in first.items():
        assert spread.clip("minmax", 8) == again[name].clip("minmax", 8)
        before, after = spread.counts, again[name].counts
        assert before is not None and after is not None and np.array_equal(before, after)


def test_folding_changes_nothing(tmp_path: Path) -> None:
    work = work_on(tmp_path)
    model, metrics = run(work, "fold_batch_norm")
    assert 0 < metrics["score_difference"] < 1e-5
    assert model is not None
    assert not any(isinstance(module, nn.BatchNorm2d) for module in model.modules())


def test_gradients_pass_straight_through_the_rounding() -> None:
    values = torch.tensor([-3.0, 0.26, 1.04, 99.0], requires_grad=True)
    found = round_through(values, Grid(0.1, 0, 20))
    found.sum().backward()
    assert torch.allclose(found, torch.tensor([0.0, 0.3, 1.0, 2.0])) and values.grad is not None
    assert values.grad.tolist() == [0, 1, 1, 0]


def test_what_is_trained_is_what_is_run(tmp_path: Path) -> None:
    """The rounded net in float is the integer net but for rounding of sums; per tensor as well as per channel."""
    work, images = work_on(tmp_path), draw_images(8, seed=3)
    for per_channel in (True, False):
        net, codes = read_net(work.trial.model), LayerCodes(4, per_channel)
        grids = choose_grids(net, calibrate(work, net), bits=8, symmetric=True, rule="minmax")
        aware, integers = AwareNet(net, grids, codes), IntegerNet(net, grids, dict.fromkeys(net.layers, codes))
        exact, found = score(aware, images), score(integers, images)
        assert float((found - exact).square().mean()) < 1e-3 * float(exact.square().mean())


def test_retraining_with_rounding_brings_a_coarse_net_back(tmp_path: Path) -> None:
    work = work_on(tmp_path)
    training = work.trial.training
    assert training is not None
    before = {name: tensor.clone() for name, tensor in work.trial.model.state_dict().items()}

    def loss(net: nn.Module | None) -> float:
        return float(nn.functional.cross_entropy(score(net, training.inputs), training.labels))

    coarse = loss(run(work, "integer_net", bits=2)[0])
    assert loss(run(work, "retrained_integer_net", bits=2, epochs=40)[0]) < 0.8 * coarse
    after = work.trial.model.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items()), "the dense net is left alone"
    assert PROCEDURES["retrained_integer_net"].retrains({}) and not PROCEDURES["integer_net"].retrains({})
    with pytest.raises(RunFailed, match="has no training inputs"):
        run(work_on(tmp_path, training=False), "retrained_integer_net", bits=4)


def test_winograd_is_measured_against_direct_convolution(tmp_path: Path) -> None:
    work = work_on(tmp_path)
    errors = {
        scales: run(work, "integer_convolution", bits=8, winograd=scales)[1]["convolution_error"]
        for scales in ("direct", "positions", "spatial")
    }
    assert 0 < errors["direct"] < errors["positions"] < errors["spatial"] < 0.05
    plain = nn.Sequential(nn.Conv2d(1, 2, 1), nn.Flatten(), nn.Linear(288, 2))
    with pytest.raises(RunFailed, match="no 3x3 convolution"):
        run(work_on(tmp_path, plain), "integer_convolution", bits=8, winograd="direct")


@pytest.mark.parametrize("name", ["mnist-separable", "mnist-resnet", "mnist-cnn", "branching"])
def test_onnx_runtime_computes_the_same_net(tmp_path: Path, name: str) -> None:
    if name == "branching":
        net = fill(Branching())
    else:
        testbed = get(name)
        assert isinstance(testbed, ImageClassifier)
        net = fill(testbed.build())
    images = draw_images(8, 12 if name == "branching" else 28)
    calls = timing.open_sessions(tmp_path, read_net(net), images, images)
    exact = score(net, images).numpy()
    assert np.allclose(calls["fp32"]()[0], exact, rtol=1e-3, atol=1e-3)
    eight = calls["int8"]()[0]
    assert 0 < np.square(eight - exact).mean() < 0.02 * np.square(exact).mean()
    kinds = {node.op_type for node in onnx.load(tmp_path / "int8.onnx").graph.node}
    assert "QuantizeLinear" in kinds and onnx.load(tmp_path / "fp32.onnx").opset_import[0].version == 17


def test_both_precisions_are_timed_in_turn_once_for_all_arms(tmp_path: Path) -> None:
    calls: list[str] = []

    def call(name: str) -> Callable[[], None]:
        return lambda: calls.append(name)

    seconds = timing.time_in_turn({"a": call("a"), "b": call("b")}, rounds=2)
    assert set(seconds) == {"a", "b"} and all(value >= 0 for value in seconds.values())
    work = work_on(tmp_path)
    values = {name: run(work, "onnx_runtime", precision=name)[1]["milliseconds"] for name in ("fp32", "int8")}
    assert all(0 < value < 100 for value in values.values())
    assert run(work, "onnx_runtime", precision="int8")[1]["milliseconds"] == values["int8"], "measured once"
    assert PROCEDURES["onnx_runtime"].local and not PROCEDURES["integer_net"].local


def test_without_the_runtime_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "PACKAGES", {"no_such_module": "onnx==1.23.2"})
    with pytest.raises(RunFailed, match=r"pip install onnx==1\.23\.2"):
        run(work_on(tmp_path), "onnx_runtime", precision="int8")


def test_what_onnx_does_not_hold_is_refused() -> None:
    net = nn.Sequential(nn.Conv2d(1, 1, 3), nn.MaxPool2d(2, ceil_mode=True), nn.Flatten(), nn.Linear(25, 2))
    with pytest.raises(RunFailed, match="has no form in ONNX"):
        build_model(read_net(net), (1, 12, 12))


def test_settings_out_of_range_are_named() -> None:
    found = PROCEDURES["integer_net"]
    for given, words in (
        ({"bits": 9}, "bits must be from 2 to 8"),
        ({"bits": 8, "ranges": "max"}, "ranges must be one of minmax, percentile, kl"),
        ({"bits": 8, "layers": "first"}, "layers must be one of"),
        ({"bits": 8, "fused": 1}, "fused must be true or false"),
    ):
        with pytest.raises(ArgumentError, match=words):
            found.check(given)


def test_the_files_named_are_there() -> None:
    folder = Path(timing.__file__).parent
    assert all((folder / name).is_file() for name in INTEGER_NETS)
