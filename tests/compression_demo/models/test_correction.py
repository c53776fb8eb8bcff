"""Corrected statistics against those measured from the models' own outputs."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM

from compression_demo import Plan, compress, make_rule, make_step
from compression_demo.algorithms import Quantized
from compression_demo.errors import ArgumentError, ExperimentError
from compression_demo.models import calls
from compression_demo.models.correction import correct_mean_variance, measure_moments, reestimate_batch_norm
from compression_demo.models.layers import find_layers, read_weight


def build(bias: bool = True) -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(2, 6, 3, bias=bias), nn.ReLU(), nn.Conv2d(6, 6, 3, groups=3, bias=bias), nn.ReLU(),
        nn.Flatten(), nn.Linear(6 * 9, 8, bias=bias), nn.LayerNorm(8), nn.Linear(8, 4, bias=bias),
    ).eval()  # fmt: skip


@pytest.fixture
def images() -> torch.Tensor:
    return torch.randn(30, 2, 7, 7, generator=torch.Generator().manual_seed(1)) + 0.5


@contextmanager
def recording(model: nn.Module) -> Iterator[dict[str, torch.Tensor]]:
    """The outputs (vectors, channels) of each layer in the passes made meanwhile."""
    outputs: dict[str, torch.Tensor] = {}
    hooks = []
    for name, layer in find_layers(model).items():

        def keep(_: Any, __: Any, output: torch.Tensor, name: str = name) -> None:
            outputs[name] = (output.movedim(1, -1) if output.ndim == 4 else output).flatten(0, -2).double()

        hooks.append(layer.register_forward_hook(keep))
    with torch.no_grad():
        yield outputs
    for hook in hooks:
        hook.remove()


def measure(model: nn.Module, images: torch.Tensor) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    with recording(model) as outputs:
        model(images)
    return {name: (output.mean(0), output.std(0, correction=0)) for name, output in outputs.items()}


STEPS = {
    "pruned": [make_step("exact_obs", sparsity=0.7)],
    "quantized": [make_step("rtn", bits=3)],
    "both": [make_step("magnitude", sparsity=0.5), make_step("obq", bits=3, symmetric=True)],
    "grouped scales": [make_step("gptq", bits=3, group_size=4)],
}


@pytest.mark.parametrize("name", STEPS)
def test_every_layer_gets_the_mean_and_variance_of_the_dense_one(name: str, images, monkeypatch) -> None:
    monkeypatch.setattr(calls, "SAMPLES", 12)
    dense = build()
    rule = make_rule("*", *STEPS[name])
    raw = compress(dense, images, Plan((rule,)), threads=1)
    done = compress(dense, images, Plan((rule,), correction="mean_variance"), threads=1)
    wanted, found, before = (measure(model, images) for model in (dense, done.model, raw.model))
    for layer in wanted:
        alive = before[layer][1] > 1e-4
        torch.testing.assert_close(found[layer][0], wanted[layer][0], rtol=1e-3, atol=1e-4)
        torch.testing.assert_close(found[layer][1][alive], wanted[layer][1][alive], rtol=1e-3, atol=1e-4)
    assert any(not torch.allclose(before[layer][1], wanted[layer][1], rtol=0.02) for layer in wanted), "something to do"
    for layer, result in done.results.items():
        assert torch.equal(read_weight(find_layers(done.model)[layer]), result.weight)
        assert torch.equal(result.mask, raw.results[layer].mask)
        assert torch.equal(result.weight == 0, raw.results[layer].weight == 0), (
            "zeros stay zero, others do not become it"
        )
        if isinstance(result, Quantized):
            earlier = raw.results[layer]
            assert isinstance(earlier, Quantized)
            assert torch.equal(result.codes, earlier.codes) and torch.equal(result.zero, earlier.zero)
            torch.testing.assert_close(result.weight, result.scale * (result.codes - result.zero))
            assert not torch.equal(result.scale, earlier.scale) and result.scale.shape == earlier.scale.shape


def test_without_biases_no_channel_gets_further_from_the_dense_one(images: torch.Tensor) -> None:
    dense = build(bias=False)
    plan = Plan((make_rule("0", make_step("exact_obs", sparsity=0.7)),))
    raw = compress(dense, images, plan, threads=1)
    corrected = copy.deepcopy(raw.model)
    correct_mean_variance(corrected, dense, images, raw.results)
    wanted, found, before = (measure(model, images)["0"] for model in (dense, corrected, raw.model))
    for moment in (0, 1):
        error, error_before = ((each[moment] - wanted[moment]).abs() for each in (found, before))
        assert bool((error <= error_before + 1e-5).all())
    nearer = (found[1] - wanted[1]).abs() < (before[1] - wanted[1]).abs() - 1e-5
    assert 0 < int(nearer.sum()) < 6, "some channels are scaled, others would lose their mean"


def test_one_scale_for_a_layer_stays_one_scale(images: torch.Tensor) -> None:
    plan = Plan((make_rule("*", make_step("rtn", bits=3, per_channel=False)),), correction="mean_variance")
    dense = build()
    done = compress(dense, images, plan)
    found, wanted = measure(done.model, images), measure(dense, images)
    for name, result in done.results.items():
        assert isinstance(result, Quantized) and len(result.scale.unique()) == 1
        torch.testing.assert_close(found[name][0], wanted[name][0], rtol=1e-3, atol=1e-4)


def test_rows_that_are_all_zero_get_the_mean_alone(images: torch.Tensor) -> None:
    plan = Plan((make_rule("*", make_step("exact_obs", sparsity=1.0)),), correction="mean_variance")
    dense = build()
    done = compress(dense, images, plan)
    found, wanted = measure(done.model, images), measure(dense, images)
    for name, result in done.results.items():
        assert not bool(result.weight.any()) and bool(torch.isfinite(result.weight).all())
        torch.testing.assert_close(found[name][0], wanted[name][0], rtol=1e-3, atol=1e-4)


def test_tokens_that_the_mask_leaves_out_do_not_count() -> None:
    torch.manual_seed(0)
    dense = LlamaForCausalLM(
        LlamaConfig(vocab_size=30, hidden_size=8, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12,
                    num_key_value_heads=1, pad_token_id=0, attention_bias=True)
    ).eval()  # fmt: skip
    mask = torch.ones(6, 8, dtype=torch.long)
    mask[1:4, 5:] = 0
    inputs = {"input_ids": torch.randint(0, 30, (6, 8)), "attention_mask": mask}
    rule = make_rule("*layers*", make_step("rtn", bits=3))
    done = compress(dense, inputs, Plan((rule,), calibration="sequential", correction="mean_variance"))
    moments = []
    for model in (dense, done.model):
        with recording(model) as outputs:
            model(**inputs)
        moments.append(outputs["model.layers.1.self_attn.o_proj"][mask.flatten().bool()])
    torch.testing.assert_close(moments[1].mean(0), moments[0].mean(0), rtol=1e-3, atol=1e-5)
    torch.testing.assert_close(moments[1].std(0), moments[0].std(0), rtol=1e-3, atol=1e-5)
    assert done.model.get_parameter("model.layers.0.mlp.down_proj.weight").shape == (8, 12)


class Normed(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.drop, self.idle = (
            nn.Conv2d(2, 4, 3),
            nn.BatchNorm2d(4),
            nn.Dropout(0.5),
            nn.BatchNorm2d(4),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.drop(self.norm(self.conv(images)))


def test_batch_norm_statistics_are_the_averages_over_batches(images: torch.Tensor, monkeypatch) -> None:
    monkeypatch.setattr(calls, "SAMPLES", 10)
    torch.manual_seed(0)
    model = Normed()
    model.idle.running_mean = torch.full((4,), 7.0)
    before = copy.deepcopy(model)
    reestimate_batch_norm(model, images)
    with torch.no_grad():
        batches = [model.conv(batch).movedim(1, -1).flatten(0, -2) for batch in images.split(10)]
    assert model.norm.running_mean is not None and model.norm.running_var is not None
    torch.testing.assert_close(model.norm.running_mean, torch.stack([batch.mean(0) for batch in batches]).mean(0))
    torch.testing.assert_close(model.norm.running_var, torch.stack([batch.var(0) for batch in batches]).mean(0))
    assert model.training and model.norm.momentum == 0.1
    kept = {name: value for name, value in model.state_dict().items() if not name.startswith("norm.")}
    assert all(torch.equal(value, before.state_dict()[name]) for name, value in kept.items())


def test_batch_norm_is_left_alone_on_errors(images: torch.Tensor) -> None:
    model = nn.Sequential(Normed(), nn.Flatten(), nn.Linear(3, 3))
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        reestimate_batch_norm(model, images)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    with pytest.raises(ArgumentError, match="calibration must be two inputs or more"):
        reestimate_batch_norm(model, images[:1])
    with pytest.raises(ExperimentError, match="correction cannot be batchnorm"):
        reestimate_batch_norm(nn.Linear(2, 2), images)


def test_compress_re_estimates_batch_norm(images: torch.Tensor) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4)).eval()
    rule = make_rule("*", make_step("exact_obs", sparsity=0.8))
    model(images)
    done = compress(model, images, Plan((rule,), correction="batchnorm"))
    torch.testing.assert_close(done.model(images).mean((0, 2, 3)), torch.zeros(4), atol=1e-4, rtol=0)
    assert torch.equal(model.get_buffer("1.running_mean"), torch.zeros(4)), "the model given keeps its own"


class TwoSided(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.config = SimpleNamespace(is_encoder_decoder=True)
        self.encoder, self.decoder = nn.Linear(2, 2), nn.Linear(2, 2)

    def forward(self, x: torch.Tensor, attention_mask: Any, decoder_attention_mask: Any) -> torch.Tensor:
        return self.encoder(x) + self.decoder(x)


def test_moments_are_those_of_the_tokens_that_count_for_the_layer() -> None:
    model, x, left, right = TwoSided(), torch.randn(3, 4, 2), torch.ones(3, 4), torch.ones(3, 4)
    left[0], right[1:] = 0, 0
    with calls.observing(model):
        inputs = {"x": x, "attention_mask": left, "decoder_attention_mask": right}
        found = measure_moments(find_layers(model), calls.split_calls(model, inputs))
        for name, mask in (("encoder", left), ("decoder", right)):
            expected = model.get_submodule(name)(x)[mask.bool()].double().mean(0)
            torch.testing.assert_close(found[name].mean, expected)
