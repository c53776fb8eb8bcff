"""Hessians against their definition, from probing the layers; batches, masks, repeated calls, and the model's state."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import nn
from transformers import BartConfig, BartModel, T5Config, T5ForConditionalGeneration

from compression_demo.errors import ArgumentError, UnsupportedLayer
from compression_demo.models import calibration, calls
from compression_demo.models.calibration import calibrate
from compression_demo.models.calls import observing
from compression_demo.models.layers import find_layers


def probe_hessian(layer: nn.Conv2d, images: torch.Tensor) -> torch.Tensor:
    """The mean of x x^T per group, each patch x read off the layer itself: one output channel per weight of a row."""
    taps = layer.weight[0].numel()
    probe = nn.Conv2d(
        layer.in_channels, taps * layer.groups, (layer.kernel_size[0], layer.kernel_size[1]), groups=layer.groups,
        padding=(int(layer.padding[0]), int(layer.padding[1])), bias=False, dtype=torch.float64,
    )  # fmt: skip
    probe.weight.data = (
        torch.eye(taps, dtype=torch.float64).view(taps, *layer.weight.shape[1:]).repeat(layer.groups, 1, 1, 1)
    )
    patches = probe(images.double()).detach().movedim(1, 0).reshape(layer.groups, taps, -1)
    return patches @ patches.mT / patches.shape[2]


@pytest.mark.parametrize("groups", [1, 2, 6])
def test_convolutions(groups: int) -> None:
    torch.manual_seed(0)
    layer, images = nn.Conv2d(6, 12, (3, 2), padding=1, groups=groups), torch.randn(5, 6, 7, 8)
    found, expected = calibrate(nn.Sequential(layer), images)["0"], probe_hessian(layer, images)
    assert found.dtype == torch.float64 and found.shape == (
        (groups, 36 // groups, 36 // groups) if groups > 1 else (36, 36)
    )
    torch.testing.assert_close(found.view_as(expected), expected)


def test_linear_layers_weigh_by_tokens_and_stripes_make_the_whole(monkeypatch) -> None:
    monkeypatch.setattr(calibration, "STRIPE", 3)
    torch.manual_seed(0)
    tokens = torch.randn(4, 6, 8)
    flat = tokens.double().reshape(-1, 8)
    torch.testing.assert_close(calibrate(nn.Sequential(nn.Linear(8, 3)), tokens)["0"], flat.T @ flat / 24)


def test_batches_do_not_change_it(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(64, 2))
    images = torch.randn(10, 1, 6, 6)
    whole = calibrate(model, images)
    monkeypatch.setattr(calls, "SAMPLES", 3)
    assert [len(call.args[0]) for call in calls.split_calls(model, images)] == [3, 3, 2, 2]
    for name, hessian in calibrate(model, images).items():
        torch.testing.assert_close(hessian, whole[name])
    assert list(whole) == ["0", "3"]


class Attention(nn.Module):
    """Two projections of one tensor, one of another, and one called twice, the second time by keyword."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(9, 4)
        self.query, self.key, self.value, self.twice = (nn.Linear(4, 4) for _ in range(4))

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        hidden = self.embed(input_ids)
        first, second = self.query(hidden), self.key(hidden)
        hidden += 1  # in place: the value sees the same tensor object, with other numbers
        return self.value(hidden) + self.twice(first) + self.twice(input=second)


def test_masked_tokens_shared_inputs_and_repeated_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    monkeypatch.setattr(calls, "TOKENS", 10)  # batches of two samples
    model, ids = Attention(), torch.randint(0, 9, (5, 5))
    mask = (torch.rand(5, 5) < 0.6).long()
    found = calibrate(model, {"input_ids": ids, "attention_mask": mask})
    kept = model.embed(ids)[mask.bool()].detach().double()
    expected = {"query": kept, "key": kept, "value": kept + 1}
    twice = [layer(kept.float()).detach().double() for layer in (model.query, model.key)]
    expected["twice"] = torch.cat(twice)
    for name, vectors in expected.items():
        torch.testing.assert_close(found[name], vectors.T @ vectors / len(vectors), rtol=1e-5, atol=1e-6)


def test_one_layer_alone() -> None:
    model, inputs = nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2)), torch.randn(6, 4)
    alone = calibrate(model, inputs, ["1"])
    assert list(alone) == ["1"] and torch.equal(alone["1"], calibrate(model, inputs)["1"])
    with pytest.raises(ArgumentError, match="names must be names of layers; 'two' is none"):
        calibrate(model, inputs, ["two"])


class Failing(nn.Module):
    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("broken model")


def test_the_model_and_its_inputs_are_left_as_they_were_also_on_error() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.ReLU(inplace=True), nn.Linear(4, 4), nn.Dropout(0.5), nn.BatchNorm1d(4), nn.Linear(4, 2))
    model[3].eval()  # one module in another mode than the rest
    before = {name: value.clone() for name, value in model.state_dict().items()}
    inputs = torch.randn(6, 4)
    given = inputs.clone()
    first, second = calibrate(model, inputs), calibrate(model, inputs)
    assert all(torch.equal(first[name], second[name]) for name in first), "dropout is off while calibrating"
    assert torch.equal(inputs, given)
    broken = nn.Sequential(*model, Failing())
    with pytest.raises(RuntimeError, match="broken model"):
        calibrate(broken, inputs)
    for each in (model, broken):
        assert [module.training for module in each][:5] == [True, True, True, False, True] and each.training
        assert not any(module._forward_pre_hooks or module._forward_hooks for module in each.modules())
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert torch.is_grad_enabled()


def test_what_cannot_be_calibrated_is_named() -> None:
    class Unused(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.idle = nn.Linear(2, 2), nn.Linear(2, 2)

        def forward(self, inputs: torch.Tensor) -> torch.Tensor:
            return self.used(inputs)

    with pytest.raises(UnsupportedLayer, match="layer 'idle' was reached by no calibration input"):
        calibrate(Unused(), torch.ones(3, 2))
    for inputs in (torch.ones(0, 2), {"a": torch.ones(3, 2), "b": torch.ones(2, 2)}, {}):
        with pytest.raises(ArgumentError, match="calibration must be a tensor of samples"):
            calibrate(Unused(), inputs)


def test_inputs_of_another_type_are_named() -> None:
    batch = torch.ones(3, 2)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(batch))
    for inputs, found in (
        (loader, "a DataLoader"), ([batch, batch], "a list"), (batch.numpy(), "a ndarray"),
        (torch.tensor(1.0), "a Tensor"), ({"x": [1, 2]}, "a list as 'x'"),
    ):  # fmt: skip
        with pytest.raises(
            ArgumentError, match=f"calibration must be a tensor of samples, or a mapping .*not {found};"
        ):
            calibrate(nn.Linear(2, 2), inputs)  # pyright: ignore[reportArgumentType]


class Detached(nn.Module):
    """Runs its layers in inference mode, where tensors have no versions; the second sees the first's input changed."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(2, 2), nn.Linear(2, 2)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        with torch.inference_mode():
            hidden = inputs * 1
            self.first(hidden)
            hidden += 1
            return self.second(hidden)


def test_tensors_of_inference_mode_count_as_changed() -> None:
    inputs = torch.randn(5, 2)
    found = calibrate(Detached(), inputs)
    vectors = (inputs + 1).double()
    torch.testing.assert_close(found["second"], vectors.T @ vectors / 5, rtol=1e-5, atol=1e-6)


UNTIED: dict[str, Any] = {"tie_word_embeddings": False, "decoder_start_token_id": 0}
SIZES = {"layers": 1, "attention_heads": 2, "ffn_dim": 12}


def two_sided(kind: str) -> nn.Module:
    torch.manual_seed(0)
    if kind == "t5":
        return T5ForConditionalGeneration(
            T5Config(vocab_size=30, d_model=8, d_kv=4, d_ff=12, num_layers=1, num_heads=2, **UNTIED)
        )
    sides: dict[str, Any] = {f"{side}_{what}": size for side in ("encoder", "decoder") for what, size in SIZES.items()}
    return BartModel(BartConfig(vocab_size=30, d_model=8, max_position_embeddings=20, **sides))


CROSS = {"t5": "decoder.block.0.layer.1.EncDecAttention.", "bart": "decoder.layers.0.encoder_attn."}


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("kind", ["t5", "bart"])
def test_encoder_and_decoder_have_masks_of_their_own(kind: str, masked: bool) -> None:
    """Both sequences have the same shape, so that either mask fits everywhere."""
    model = two_sided(kind)
    ids, left, right = torch.randint(3, 30, (3, 5)), torch.ones(3, 5).long(), torch.ones(3, 5).long()
    left[0, 2:], right[1, 4:] = 0, 0
    inputs = {"input_ids": ids, "attention_mask": left, "decoder_input_ids": ids.flip(1)}
    if masked:
        inputs["decoder_attention_mask"] = right
    seen: dict[str, torch.Tensor] = {}
    found = find_layers(model)
    hooks = []
    for name, layer in found.items():

        def keep(_: Any, args: Any, name: str = name) -> None:
            seen[name] = args[0]

        hooks.append(layer.register_forward_pre_hook(keep))
    with observing(model):
        model(**inputs)
    for hook in hooks:
        hook.remove()
    hessians = calibrate(model, inputs)
    assert len(hessians) > 10
    for name, hessian in hessians.items():
        states = name.startswith(CROSS[kind]) and name.removeprefix(CROSS[kind])[0] in "kv"
        mask = left if name.startswith("encoder") or states else right if masked else torch.ones_like(right)
        vectors = seen[name][mask.bool()].double()
        torch.testing.assert_close(hessian, vectors.T @ vectors / len(vectors), rtol=1e-5, atol=1e-7, msg=name)


class Echo(nn.Module):
    """An encoder and a decoder that read the same tensor."""

    def __init__(self) -> None:
        super().__init__()
        self.config = SimpleNamespace(is_encoder_decoder=True)
        self.encoder, self.decoder, self.head = (nn.Linear(2, 2) for _ in range(3))

    def forward(self, x: torch.Tensor, attention_mask: Any, decoder_attention_mask: Any) -> torch.Tensor:
        return self.head(x) + self.encoder(x) + self.decoder(x)


def test_one_tensor_counts_by_each_layers_own_mask() -> None:
    x, left, right = torch.randn(3, 4, 2), torch.ones(3, 4), torch.ones(3, 4)
    left[0], right[1:] = 0, 0
    found = calibrate(Echo(), {"x": x, "attention_mask": left, "decoder_attention_mask": right})
    for name, mask in (("encoder", left), ("decoder", right), ("head", right)):
        vectors = x[mask.bool()].double()
        torch.testing.assert_close(found[name], vectors.T @ vectors / len(vectors))


def test_an_encoder_on_its_own_has_one_mask() -> None:
    model = two_sided("bart").get_submodule("encoder")
    ids, mask = torch.randint(3, 30, (3, 5)), torch.ones(3, 5).long()
    mask[0, 2:] = 0
    (call,) = calls.split_calls(model, {"input_ids": ids, "attention_mask": mask})
    assert call.mask is not None and torch.equal(call.masks.choose("layers.0.fc1"), call.mask)  # pyright: ignore[reportArgumentType]


def test_a_depthwise_convolution_of_a_thousand_channels_is_quick() -> None:
    import time

    layer, images = nn.Conv2d(1000, 1000, 3, padding=1, groups=1000), torch.randn(4, 1000, 14, 14)
    started = time.process_time()
    assert calibrate(nn.Sequential(layer), images)["0"].shape == (1000, 9, 9)
    assert time.process_time() - started < 2, "0.05 s here; a loop over channels takes 100 times as long"
