"""Testbeds: what a seed is made of, the nets kept on disk, the registry."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
import torch

from compression_demo import testbeds
from compression_demo.errors import DuplicateName, ExperimentError
from compression_demo.provenance import hash_sources
from compression_demo.testbeds import Trial, get
from compression_demo.testbeds.classification import ImageClassifier
from compression_demo.testbeds.hub_models import HubModel
from compression_demo.testbeds.mnist_cnn import MnistCnn

from .inspection import as_tensor, count_declared, count_found, count_weights

if TYPE_CHECKING:
    from compression_demo.models.calls import Inputs


def silent(done: float, words: str) -> None:
    pass


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nets")


@pytest.fixture(scope="module")
def trial(nets: Path) -> Trial:
    return get("digits-cnn").prepare(0, 256, nets, silent)


def images_of(inputs: "Inputs") -> set[bytes]:
    return {image.numpy().tobytes() for image in as_tensor(inputs)}


def test_a_trained_net_reads_digits(trial: Trial) -> None:
    assert trial.evaluate(trial.model)["accuracy"] > 95
    assert not trial.model.training


def test_calibration_and_held_out_images_are_apart(trial: Trial, nets: Path) -> None:
    assert as_tensor(trial.calibration).shape == (256, 1, 8, 8)
    assert not images_of(trial.calibration) & images_of(trial.held_out)


def test_a_kept_net_is_read_back_and_a_broken_one_trained_anew(trial: Trial, nets: Path) -> None:
    digits, told = cast(ImageClassifier, get("digits-cnn")), []
    again = digits.prepare(0, 256, nets, lambda done, words: told.append(words))
    assert not told, "nothing was trained"
    for name, value in trial.model.state_dict().items():
        assert torch.equal(value, again.model.state_dict()[name])
    file = digits.net_file(0, nets)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    digits.prepare(0, 256, nets, lambda done, words: told.append(words))
    assert told[0] == "training the net, epoch 1 of 15"
    assert file.read_bytes() == whole, "the same seed trains the very same net"


def test_seeds_differ_in_net_split_and_calibration(trial: Trial, nets: Path) -> None:
    other = get("digits-cnn").prepare(1, 256, nets, silent)
    first, second = (next(iter(t.model.state_dict().values())) for t in (trial, other))
    assert not torch.equal(first, second)
    for one, two in ((trial.calibration, other.calibration), (trial.held_out, other.held_out)):
        assert images_of(one) != images_of(two)


def test_the_calibration_size_leaves_net_and_test_images_alone(trial: Trial, nets: Path) -> None:
    smaller = get("digits-cnn").prepare(0, 32, nets, silent)
    assert len(smaller.calibration) == 32
    assert torch.equal(as_tensor(smaller.held_out), as_tensor(trial.held_out))
    assert smaller.evaluate(smaller.model) == trial.evaluate(trial.model)


@pytest.mark.parametrize("name", ["digits-cnn", "mnist-cnn", "mnist-resnet", "mnist-separable"])
def test_descriptions_tell_the_truth(name: str) -> None:
    entry = get(name)
    assert isinstance(entry, ImageClassifier) and entry.own_net
    found = count_found(entry.build())
    assert found == count_declared(entry.layers)
    assert f"{count_weights(entry.build()):,} weights" in entry.description
    assert max(cols for _, cols, _ in found) <= 300
    assert f"{entry.calibration_limit:,}" in entry.description and f"{entry.test_size:,}" in entry.description
    assert entry.available() == (True, "")
    assert [metric.name for metric in entry.metrics][:2] == ["accuracy", "layer_error"]


def test_the_residual_network_learns(nets: Path) -> None:
    trial = get("mnist-resnet").prepare(0, 8, nets, silent)
    assert trial.evaluate(trial.model)["accuracy"] > 95
    assert any(isinstance(module, torch.nn.BatchNorm2d) for module in trial.model.modules())
    again = get("mnist-resnet").prepare(0, 8, nets, silent)
    assert torch.equal(trial.model(trial.held_out), again.model(again.held_out)), "running statistics are kept too"


def test_mnist_images_are_standardised() -> None:
    images, labels = get("mnist-cnn").load_images()  # type: ignore[attr-defined]
    assert images.shape == (5000, 1, 28, 28) and images.dtype == torch.float32
    assert abs(float(images.mean())) < 0.05 and abs(float(images.std()) - 1) < 0.05
    assert labels.bincount().tolist() == [500] * 10


def test_a_name_can_be_registered_once() -> None:
    with pytest.raises(DuplicateName, match="digits-cnn"):
        testbeds.testbed(type(get("digits-cnn")))
    with pytest.raises(DuplicateName, match="hf"):
        testbeds.testbed_family(HubModel)
    assert len(set(testbeds.names())) == len(testbeds.names())


def test_the_overview_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {"mlxtend": "mlxtend", "no_such_module": "nothing==1.0", "nor_this": "--no-deps weights==2.0"}
    monkeypatch.setattr(MnistCnn, "requires", lacking)
    entries = {entry.name: entry for entry in testbeds.overview()}
    assert set(testbeds.names()) < set(entries) and {"hf:NAME", "timm:NAME", "checkpoint:PATH"} < set(entries)
    assert all(
        entry.available == (entry.reason == "") and entry.title and entry.description for entry in entries.values()
    )
    assert entries["digits-cnn"].available and not entries["mnist-cnn"].available
    assert entries["mnist-cnn"].reason == (
        "mnist-cnn needs nothing==1.0 and weights==2.0: pip install nothing==1.0 && pip install --no-deps weights==2.0"
    )


@pytest.mark.parametrize("name", ["imagenet", "timm", "timm:", "zoo:resnet"])
def test_unknown_names_are_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(ExperimentError, match=r"must be one of .*digits-cnn.* timm:NAME.* not '" + name):
        get(name)


def test_source_hashes_change_with_text_and_versions(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("a = 1\n")
    two.write_text("b = 2\n")
    before = hash_sources([one, two])
    assert hash_sources([two, one]) == before, "their order is no part of it"
    assert hash_sources([one, two], ["numpy"]) != before
    one.write_text("a = 2\n")
    assert hash_sources([one, two]) != before
    assert get("digits-cnn").source_hash != get("mnist-cnn").source_hash
