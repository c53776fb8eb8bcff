"""Whole models: against the algorithms on each layer alone, sequential against a model compressed step by step."""

import copy
import subprocess
import sys
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn.utils import prune, weight_norm
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM

from compression_demo import Plan, compress, make_rule, make_step
from compression_demo.algorithms import Quantized, prune_unstructured
from compression_demo.algorithms.results import output_error
from compression_demo.errors import ArgumentError, Cancelled, CompressionError, ExperimentError, UnsupportedLayer
from compression_demo.models import calls
from compression_demo.models.calibration import calibrate
from compression_demo.models.copying import copy_model
from compression_demo.models.layers import find_layers, read_weight, write_weight
from compression_demo.models.plan import Rule, Step

HALF = make_step("exact_obs", sparsity=0.5)


class ConvNet(nn.Module):
    """A stem, a depthwise and a grouped convolution with batch normalisation, and a head."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.body = nn.Sequential(
            nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.Conv2d(8, 8, 3, padding=1, groups=8, bias=False),
            nn.BatchNorm2d(8), nn.ReLU(inplace=True), nn.Conv2d(8, 12, 3, padding="same", dilation=2, groups=2),
            nn.BatchNorm2d(12), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.head = nn.Linear(12, 5)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(self.stem(images)).mean((2, 3)))


@pytest.fixture
def net() -> ConvNet:
    torch.manual_seed(0)
    model = ConvNet()
    model(torch.randn(40, 3, 9, 9))  # gives the normalisations statistics
    return model.eval()


@pytest.fixture
def images() -> torch.Tensor:
    return torch.randn(10, 3, 9, 9, generator=torch.Generator().manual_seed(1))


def test_independent_is_each_layer_alone(net: ConvNet, images: torch.Tensor) -> None:
    before = copy.deepcopy(net.state_dict())
    done = compress(net.train(), images, Plan((make_rule("*", HALF),)), threads=1)
    assert net.training and done.model.training, "the mode is the caller's"
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    hessians = calibrate(net, images)
    for report, (name, layer) in zip(done.layers, find_layers(net).items(), strict=True):
        dense, compressed = read_weight(layer), read_weight(find_layers(done.model)[name])
        expected = prune_unstructured(dense, hessians[name], sparsity=0.5)
        assert torch.equal(compressed, expected.weight) and torch.equal(done.results[name].weight, compressed)
        assert (report.name, report.rows, report.cols) == (name, *dense.shape) and report.steps == (HALF,)
        assert report.zero_share == pytest.approx(0.5, abs=1 / dense.numel()) and report.bits is None
        total = float(output_error(torch.zeros_like(dense), dense, hessians[name]).sum())
        assert report.error == pytest.approx(float(expected.loss.sum()) / total) and report.skipped == ""
    assert [report.groups for report in done.layers] == [1, 8, 2, 1]


def test_one_at_a_time_gives_the_same(net: ConvNet, images: torch.Tensor) -> None:
    plans = [Plan((make_rule("*", HALF),), one_at_a_time=alone) for alone in (False, True)]
    first, second = (compress(net, images, plan, threads=1).model(images) for plan in plans)
    torch.testing.assert_close(first, second)


def language_model(kind: str) -> nn.Module:
    torch.manual_seed(0)
    sizes: dict[str, Any] = {"vocab_size": 30, "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2}
    if kind == "gpt2":
        return GPT2LMHeadModel(GPT2Config(vocab_size=30, n_embd=8, n_layer=2, n_head=2, bos_token_id=1, eos_token_id=2))
    if kind == "bert":
        return BertModel(BertConfig(**sizes, intermediate_size=12))
    return LlamaForCausalLM(
        LlamaConfig(**sizes, intermediate_size=12, num_key_value_heads=1, pad_token_id=0, tie_word_embeddings=True)
    )


def token_inputs() -> dict[str, torch.Tensor]:
    torch.manual_seed(2)
    mask = torch.ones(5, 7, dtype=torch.long)
    mask[0, 3:] = mask[3, 5:] = 0
    return {"input_ids": torch.randint(0, 30, (5, 7)), "attention_mask": mask}


@pytest.mark.parametrize("kind", ["convnet", "gpt2", "bert", "llama"])
def test_sequential_is_a_model_compressed_layer_by_layer(kind: str, net, images, monkeypatch) -> None:
    monkeypatch.setattr(calls, "SAMPLES", 3)
    model = (net if kind == "convnet" else language_model(kind)).double()
    inputs = images.double() if kind == "convnet" else token_inputs()
    done = compress(model, inputs, Plan((make_rule("*", HALF),), calibration="sequential"), threads=1)
    reference = copy.deepcopy(model)
    layers = find_layers(reference)
    assert len(done.results) >= 4
    for name, result in done.results.items():  # in the order in which they were compressed
        expected = prune_unstructured(
            read_weight(layers[name]), calibrate(reference, inputs, [name])[name], sparsity=0.5
        )
        torch.testing.assert_close(result.weight, expected.weight, msg=lambda text, name=name: f"{name}: {text}")
        write_weight(layers[name], expected.weight)
    independent = compress(model, inputs, Plan((make_rule("*", HALF),)), threads=1)
    last = list(done.results)[-1]
    assert not torch.equal(independent.results[last].weight, done.results[last].weight)


def test_tied_heads_are_reported_and_stay_tied() -> None:
    done = compress(language_model("llama"), token_inputs(), Plan((make_rule("*", make_step("rtn", bits=4)),)))
    head = next(report for report in done.layers if report.name == "lm_head")
    assert head.skipped == "its weight is shared with another module" and head.steps == ()
    assert isinstance(done.model, LlamaForCausalLM)
    assert done.model.lm_head.weight is done.model.get_input_embeddings().weight
    assert "lm_head" not in done.results and done.model.config.use_cache
    assert {report.bits for report in done.layers if report.steps} == {4}


def test_patterns_take_the_layers_they_suit_and_name_the_others(net: ConvNet, images: torch.Tensor) -> None:
    plan = Plan((make_rule("head"), make_rule("*", make_step("exact_obs_nm", n=2, m=4), make_step("obq", bits=3))))
    done = compress(net, images, plan)
    skipped = {report.name: report.skipped for report in done.layers}
    assert skipped == {
        "stem": "its 3 input channels per row cannot be divided into groups of 4",
        "body.2": "its 1 input channels per row cannot be divided into groups of 4",
        "body.5": "",
        "head": "",
    }
    assert list(done.results) == ["body.5"] and done.layers[3].steps == () and done.layers[2].bits == 3
    result = done.results["body.5"]
    assert isinstance(result, Quantized) and bool((result.mask.view(12, 4, 9).sum(1) == 2).all())
    assert torch.equal(done.model.get_parameter("body.5.weight").flatten(1), result.weight)
    assert torch.equal(done.model.get_parameter("stem.weight"), net.stem.weight)


@pytest.mark.parametrize("order", ["independent", "sequential"])
def test_layers_that_no_input_reaches_are_reported(order: Any) -> None:
    class Idle(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.idle = nn.Linear(4, 4), nn.Linear(4, 4)

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            return self.used(inputs)

    done = compress(Idle(), torch.randn(8, 4), Plan((make_rule("*", HALF),), calibration=order))
    assert [report.skipped for report in done.layers] == ["", "no calibration input reached it"]
    assert done.layers[1].steps == ()


def test_the_projection_of_attention_is_reported_for_what_it_is() -> None:
    model = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    done = compress(model, torch.randn(4, 5, 8), Plan((make_rule("*", HALF),)))
    assert {report.name: report.skipped for report in done.layers} == {
        "self_attn.out_proj": "its parent uses the weight without calling it", "linear1": "", "linear2": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrap", "advice"),
    [
        (lambda layer: prune.l1_unstructured(layer, "weight", amount=0.5), r"call torch.nn.utils.prune.remove\(layer, 'weight'\)"),
        (weight_norm, r"call torch.nn.utils.remove_weight_norm\(layer, 'weight'\)"),
        (lambda layer: setattr(layer, "last", layer.weight * 2), "its last .* detach it"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:.*weight_norm.* is deprecated")
def test_models_that_torch_cannot_copy_say_what_to_call(wrap: Any, advice: str) -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))
    wrap(model[1])
    model(torch.randn(3, 4))
    with pytest.raises(UnsupportedLayer, match=f"layer '1' cannot be copied: .*{advice} first"):
        compress(model, torch.randn(8, 4), Plan((make_rule("*", HALF),)))


def test_what_else_cannot_be_copied_is_told() -> None:
    model = nn.Linear(4, 2)
    model.__dict__["kept"] = [model.weight * 2]
    with pytest.raises(CompressionError, match="the model cannot be copied: Only Tensors created explicitly"):
        copy_model(model)


def test_progress_and_cancelling(net: ConvNet, images: torch.Tensor) -> None:
    told: list[tuple[float, str]] = []
    plan = Plan((make_rule("*", HALF),), calibration="sequential")
    compress(net, images, plan, tick=lambda done, words: told.append((done, words)))
    shares = [done for done, _ in told]
    assert shares == sorted(shares) and shares[0] == 0 and told[-1] == (1.0, "done")
    assert {f"compressing {name}" for name in find_layers(net)} <= {words for _, words in told}
    asked = iter(range(100))
    with pytest.raises(Cancelled):
        compress(net, images, plan, cancelled=lambda: next(asked) == 3)
    assert not any(module._forward_pre_hooks for module in net.modules())


def test_what_cannot_be_done_is_said(net: ConvNet, images: torch.Tensor) -> None:
    singular = Plan((make_rule("head", make_step("exact_obs", sparsity=0.5, damping=0.0)),))
    with pytest.raises(UnsupportedLayer, match="layer 'head' was refused: damping must be larger"):
        compress(net, images[:2], singular)
    with pytest.raises(ExperimentError, match=r"rules\[0\].*method must be one of"):
        compress(net, images, Plan((Rule("*", (Step("alchemy"),)),)))
    with pytest.raises(ArgumentError, match=r"^plan must be a Plan, such as .*, not a Rule$"):
        compress(net, images, make_rule("*", HALF))  # pyright: ignore[reportArgumentType]
    with pytest.raises(ExperimentError, match="correction cannot be batchnorm"):
        compress(
            nn.Sequential(nn.Linear(4, 2)), torch.randn(5, 4), Plan((make_rule("*", HALF),), correction="batchnorm")
        )


@pytest.mark.parametrize("method", ["gptq", "sparsegpt", "magnitude_refit", "magnitude", "rtn", "obq"])
def test_every_method_takes_grouped_convolutions(method: str, net: ConvNet, images: torch.Tensor) -> None:
    settings = {"bits": 4} if method in ("gptq", "rtn", "obq") else {"sparsity": 0.5}
    done = compress(net, images, Plan((make_rule("*", make_step(method, **settings)),)), threads=2)
    assert len(done.results) == 4 and all(0 < report.error < 0.5 for report in done.layers)


def test_importing_the_package_loads_no_torch() -> None:
    code = "import sys, compression_demo; print([m for m in ('torch', 'numba', 'transformers') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
