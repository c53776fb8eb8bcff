"""Testbeds: what a seed is made of, the nets kept on disk, the registry."""

from pathlib import Path

import pytest
import torch

from compression_demo import layers, testbeds
from compression_demo.errors import DuplicateName
from compression_demo.provenance import hash_sources
from compression_demo.testbeds import Trial, get


def silent(done: float, words: str) -> None:
    pass


@pytest.fixture(scope="module")
def nets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nets")


@pytest.fixture(scope="module")
def trial(nets: Path) -> Trial:
    return get("digits-cnn").prepare(0, 256, nets, silent)


def images_of(tensor: torch.Tensor) -> set[bytes]:
    return {image.numpy().tobytes() for image in tensor}


def test_a_trained_net_reads_digits(trial: Trial) -> None:
    assert trial.evaluate(trial.model)["accuracy"] > 95
    assert not trial.model.training


def test_calibration_and_held_out_images_are_apart(trial: Trial, nets: Path) -> None:
    assert trial.calibration.shape == (256, 1, 8, 8)
    assert not images_of(trial.calibration) & images_of(trial.held_out)


def test_a_kept_net_is_read_back_and_a_broken_one_trained_anew(trial: Trial, nets: Path) -> None:
    digits, told = get("digits-cnn"), []
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
    assert torch.equal(smaller.held_out, trial.held_out)
    assert smaller.evaluate(smaller.model) == trial.evaluate(trial.model)


@pytest.mark.parametrize("name", ["digits-cnn", "mnist-cnn"])
def test_descriptions_tell_the_truth(name: str) -> None:
    entry = get(name)
    model = entry.build()  # type: ignore[attr-defined]
    matrices = [layers.read_weight(layer) for layer in layers.find_layers(model).values()]
    assert f"{sum(matrix.numel() for matrix in matrices):,} weights" in entry.description
    assert max(matrix.shape[1] for matrix in matrices) <= 300
    assert f"{entry.calibration_limit:,}" in entry.description and f"{entry.test_size:,}" in entry.description  # type: ignore[attr-defined]
    assert entry.available() == (True, "")
    assert [metric.name for metric in entry.metrics] == ["accuracy", "layer_error"]


def test_mnist_images_are_standardised() -> None:
    images, labels = get("mnist-cnn").load_images()  # type: ignore[attr-defined]
    assert images.shape == (5000, 1, 28, 28) and images.dtype == torch.float32
    assert abs(float(images.mean())) < 0.05 and abs(float(images.std()) - 1) < 0.05
    assert labels.bincount().tolist() == [500] * 10


def test_a_name_can_be_registered_once() -> None:
    with pytest.raises(DuplicateName, match="digits-cnn"):
        testbeds.testbed(type(get("digits-cnn")))
    assert testbeds.names() == ["digits-cnn", "mnist-cnn"]


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
