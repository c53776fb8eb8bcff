"""Testbeds that the user names: hf:NAME, timm:NAME and checkpoint:PATH on a folder of labelled images."""

import sys
from pathlib import Path
from typing import Any, cast

import pytest
import torch
from PIL import Image

from compression_demo.errors import CompressionError, ExperimentError
from compression_demo.testbeds import get
from compression_demo.testbeds.agreement import PhotographClassifier
from compression_demo.testbeds.image_folder import match_classes, read_folder
from compression_demo.testbeds.mobile_nets import MobileNet
from compression_demo.testbeds.named_classifier import VARIABLE, NamedClassifier
from compression_demo.testbeds.timm_models import import_timm
from compression_demo.types import Arm, Expectation, Experiment
from compression_demo.validation import validate

from .inspection import as_tensor, count_declared, count_found

COLOURS = {"blue": (0, 0, 255), "green": (0, 255, 0), "red": (255, 0, 0)}
PROCESSOR = """{"crop_pct": 0.875, "do_normalize": true, "do_resize": true, "image_mean": [0.5, 0.5, 0.5],
"image_processor_type": "ConvNextImageProcessor", "image_std": [0.5, 0.5, 0.5], "resample": 3,
"size": {"shortest_edge": 32}}"""


def silent(done: float, words: str) -> None:
    pass


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four images of each colour, one of them in the wrong folder."""
    folder = tmp_path_factory.mktemp("images")
    for index, name in enumerate(COLOURS):
        (folder / name).mkdir()
        for number in range(4):
            colour = list(COLOURS)[index - 1] if number == 0 else name
            Image.new("RGB", (40 + number, 48), COLOURS[colour]).save(folder / name / f"{number}.png")
    (folder / "red" / "notes.txt").write_text("no image")
    return folder


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that transformers saved, whose weights tell the colours apart."""
    from transformers import ResNetConfig, ResNetForImageClassification

    names = ["green", "red", "blue"]  # in another order than that of the folders
    config = ResNetConfig(
        embedding_size=4,
        hidden_sizes=[4],
        depths=[1],
        layer_type="basic",
        id2label=dict(enumerate(names)),
        label2id={name: index for index, name in enumerate(names)},
    )
    torch.manual_seed(0)
    model = ResNetForImageClassification(config).eval()
    linear = next(module for module in model.modules() if isinstance(module, torch.nn.Linear))
    pixels = torch.stack([torch.tensor(COLOURS[name])[:, None, None].expand(3, 32, 32) / 127.5 - 1 for name in names])
    with torch.no_grad():
        features = model.resnet(pixels).pooler_output.flatten(1)
        centred = features - features.mean(0)
        linear.weight.copy_(centred)
        linear.bias.copy_(-centred @ features.mean(0) - (centred**2).sum(1) / 2)
    folder = tmp_path_factory.mktemp("model")
    model.save_pretrained(folder)
    (folder / "preprocessor_config.json").write_text(PROCESSOR)
    return folder


def named(name: str) -> NamedClassifier:
    return cast(NamedClassifier, get(name))


class TestHub:
    def test_a_saved_model_is_measured_on_a_folder(self, hub_folder: Path, images: Path) -> None:
        entry = named(f"hf:{hub_folder}@{images}")
        assert entry.available() == (True, "") and entry.calibration_limit == 6 and not entry.own_net
        trials = [entry.prepare(seed, 4, Path(), silent) for seed in range(16)]
        model = trials[0].model
        assert count_found(model) == count_declared(entry.layers)
        for trial in trials:
            drawn, held_out = as_tensor(trial.calibration), as_tensor(trial.held_out)
            assert drawn.shape == (4, 3, 32, 32) and held_out.shape == (6, 3, 32, 32)
        # Nine of the twelve images are in the folder of their colour; each seed sees another half of them.
        found = [trial.evaluate(trial.model)["accuracy"] for trial in trials]
        assert all(50 - 1e-9 <= value <= 100 for value in found) and len(set(found)) > 1

    def test_images_come_from_the_environment(
        self, hub_folder: Path, images: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(VARIABLE, raising=False)
        found, reason = get(f"hf:{hub_folder}").available()
        assert not found and VARIABLE in reason and f"hf:{hub_folder}@/path/to/images" in reason
        monkeypatch.setenv(VARIABLE, str(images))
        assert get(f"hf:{hub_folder}").available() == (True, "")
        monkeypatch.setenv(VARIABLE, str(images / "nowhere"))
        assert "there is no folder" in get(f"hf:{hub_folder}").available()[1]

    def test_other_images_or_weights_are_another_testbed(self, hub_folder: Path, images: Path, tmp_path: Path) -> None:
        name = f"hf:{hub_folder}@{images}"
        before = get(name).source_hash
        assert get(name).source_hash == before
        extra = images / "red" / "9.png"
        Image.new("RGB", (40, 40), (250, 0, 0)).save(extra)
        assert get(name).source_hash != before
        extra.unlink()
        assert get(name).source_hash == before
        (hub_folder / "extra.json").write_text("{}")
        assert get(name).source_hash != before
        (hub_folder / "extra.json").unlink()

    def test_a_model_that_is_not_here_is_named(self, images: Path) -> None:
        arms = (Arm("a", "rtn", (("bits", 4),)), Arm("b", "dense"))
        absent = Experiment(f"hf:nobody/nothing@{images}", arms, Expectation("a", "b"), (0,), 4)
        with pytest.raises(ExperimentError, match=r"testbed cannot run here.*hf download nobody/nothing"):
            validate(absent)

    def test_folders_without_an_image_classifier_are_refused(self, images: Path, tmp_path: Path) -> None:
        (tmp_path / "config.json").write_text('{"model_type": "llama"}')
        with pytest.raises(CompressionError, match="holds no image classifier"):
            named(f"hf:{tmp_path}@{images}").prepare(0, 1, Path(), silent)

    def test_seconds_are_measured(self, hub_folder: Path, images: Path) -> None:
        seconds = named(f"hf:{hub_folder}@{images}").seconds
        assert 0 < seconds.evaluate < 5 and seconds.calibrate > 0 and seconds.net == 0


class TestCheckpoint:
    def test_a_folder_is_read_as_from_the_hub(self, hub_folder: Path, images: Path) -> None:
        one, two = named(f"checkpoint:{hub_folder}@{images}"), named(f"hf:{hub_folder}@{images}")
        states = [entry.prepare(0, 1, Path(), silent).model.state_dict() for entry in (one, two)]
        assert all(torch.equal(states[0][name], value) for name, value in states[1].items())

    @pytest.mark.parametrize("suffix", ["pth", "safetensors"])
    def test_weights_of_a_known_architecture(self, suffix: str, images: Path, tmp_path: Path) -> None:
        from dataclasses import replace

        from safetensors.torch import save_file

        like = cast(PhotographClassifier, get("mobilenet-v2"))
        model = MobileNet(replace(like.shape, classes=3))
        file = tmp_path / f"mine.{suffix}"
        if suffix == "pth":
            torch.save({"state_dict": model.state_dict(), "epoch": 3}, file)
        else:
            save_file(model.state_dict(), file)
        entry = named(f"checkpoint:mobilenet-v2={file}@{images}")
        assert entry.available() == (True, "")
        loaded: Any = entry.load(entry.model_name).model
        assert all(torch.equal(value, loaded.state_dict()[name]) for name, value in model.state_dict().items())

    def test_what_cannot_be_read_says_why(self, images: Path, tmp_path: Path) -> None:
        def reason(model: str) -> str:
            return get(f"checkpoint:{model}@{images}").available()[1]

        file = tmp_path / "weights.pth"
        assert f"there is no file {file}" in reason(f"mobilenet-v2={file}")
        assert f"there is no folder {file}" in reason(str(file))
        torch.save({"a": torch.zeros(1)}, file)
        assert f"checkpoint:resnet18={file}" in reason(str(file))
        with pytest.raises(CompressionError, match="holds no weights of mobilenet-v2"):
            named(f"checkpoint:mobilenet-v2={file}@{images}").prepare(0, 1, Path(), silent)
        torch.save([1, 2], file)
        with pytest.raises(CompressionError, match="holds no state dict"):
            named(f"checkpoint:mobilenet-v2={file}@{images}").prepare(0, 1, Path(), silent)
        file.write_bytes(b"no weights")
        with pytest.raises(CompressionError, match="cannot be read as a state dict"):
            named(f"checkpoint:mobilenet-v2={file}@{images}").prepare(0, 1, Path(), silent)


FAKE_TIMM = """
from torch import nn


def is_model(name):
    return name == "tiny"


def create_model(name, pretrained, checkpoint_path):
    assert name == "tiny" and pretrained and not checkpoint_path
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))
"""
FAKE_DATA = """
def resolve_model_data_config(model):
    return {"input_size": (3, 16, 16), "crop_pct": 1.0, "mean": (0.5, 0.0, 0.0), "std": (0.5, 1.0, 1.0)}
"""


class TestTimm:
    @pytest.fixture(autouse=True)
    def fresh_import(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
        """timm as a package of the test's own, written by `install`; gone again afterwards."""
        monkeypatch.syspath_prepend(tmp_path)
        import_timm.cache_clear()
        yield
        import_timm.cache_clear()
        for name in [name for name in sys.modules if name.split(".")[0] in ("timm", "torchvision")]:
            del sys.modules[name]

    def install(self, folder: Path, timm: str) -> None:
        (folder / "torchvision").mkdir()
        (folder / "torchvision" / "__init__.py").write_text("")
        (folder / "timm").mkdir()
        (folder / "timm" / "__init__.py").write_text(timm)
        (folder / "timm" / "data.py").write_text(FAKE_DATA)

    def test_a_model_is_made_and_fed_as_timm_says(self, tmp_path: Path, images: Path) -> None:
        self.install(tmp_path, FAKE_TIMM)
        entry = named(f"timm:tiny@{images}")
        assert entry.available() == (True, "")
        trial = entry.prepare(0, 2, Path(), silent)
        assert [tuple(shape) for shape in count_found(trial.model)] == [(4, 27, 1), (3, 4, 1)]
        pixels = as_tensor(trial.held_out)
        assert pixels.shape[1:] == (3, 16, 16)
        assert set(pixels[:, 0].unique().tolist()) <= {-1.0, 1.0}, "red, less 0.5 and divided by 0.5"
        assert set(pixels[:, 1:].unique().tolist()) == {0.0, 1.0}
        assert "no model named 'huge'" in get(f"timm:huge@{images}").available()[1]

    def test_a_torchvision_that_does_not_fit_is_explained(self, tmp_path: Path, images: Path) -> None:
        self.install(tmp_path, "raise RuntimeError('operator torchvision::nms does not exist')")
        found, reason = get(f"timm:tiny@{images}").available()
        assert not found and "torchvision::nms" in reason and "pip install torchvision --index-url" in reason

    def test_absent_packages_are_named(self, monkeypatch: pytest.MonkeyPatch, images: Path) -> None:
        entry = named(f"timm:tiny@{images}")
        monkeypatch.setattr(type(entry), "requires", {"no_such_timm": "timm", "no_such_vision": "torchvision"})
        assert entry.available()[1].endswith("needs timm and torchvision: pip install timm torchvision")


class TestImageFolder:
    def test_images_by_class(self, images: Path) -> None:
        found = read_folder(images)
        assert found.classes == ("blue", "green", "red")
        assert found.labels == (0,) * 4 + (1,) * 4 + (2,) * 4
        assert [file.parent.name for file in found.files] == [found.classes[label] for label in found.labels]

    def test_a_folder_without_classes_is_refused(self, images: Path, tmp_path: Path) -> None:
        with pytest.raises(CompressionError, match="one folder of images for each class"):
            read_folder(images / "red")
        with pytest.raises(CompressionError, match="there is no folder"):
            read_folder(tmp_path / "absent")

    def test_classes_are_matched(self) -> None:
        known = {"cat": 5, "dog": 2}
        assert match_classes(["cat", "dog"], 10, known) == [5, 2]
        assert match_classes(["007", "9"], 10, known) == [7, 9]
        assert match_classes(["n01", "n02", "n03"], 3, {}) == [0, 1, 2]
        for classes in (["cat", "cow"], ["10", "3"], ["n01", "n02"]):
            with pytest.raises(CompressionError, match="do not match the model's 10 outputs"):
                match_classes(classes, 10, known)
