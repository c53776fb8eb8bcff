"""MobileNetV2 and EfficientNet-Lite0 on photographs: real weights, real pictures, and what a seed draws of them."""

from pathlib import Path
from typing import cast

import pytest
import torch

from compression_demo.engine import Workbench
from compression_demo.errors import CompressionError
from compression_demo.testbeds import agreement, get
from compression_demo.testbeds.agreement import PhotographClassifier
from compression_demo.testbeds.packages import find_file, verify_file
from compression_demo.testbeds.photographs import PHOTOGRAPHS, crop_centre, draw_crops, load_photographs, standardise
from compression_demo.types import Arm

from .inspection import as_tensor, count_declared, count_found, count_weights

NAMES = ["mobilenet-v2", "efficientnet-lite0"]
IMAGENET = {
    "camera.png": {872},  # tripod
    "chelsea.png": {281, 282, 283, 284, 285},  # cats
    "coffee.png": {504, 967, 968},  # coffee mug, espresso, cup
    "motorcycle_left.png": {665, 670},  # moped, motor scooter
    "china.jpg": {698},  # palace
}


def classifier(name: str) -> PhotographClassifier:
    return cast(PhotographClassifier, get(name))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agreement, "EVALUATED", 14)
    monkeypatch.setattr(agreement, "HELD_OUT", 4)


@pytest.mark.parametrize("name", NAMES)
def test_the_nets_name_what_the_photographs_show(name: str) -> None:
    entry = classifier(name)
    photographs = dict(zip(PHOTOGRAPHS, load_photographs(), strict=True))
    images = torch.stack([crop_centre(photographs[name], agreement.SIZE) for name in IMAGENET])
    with torch.inference_mode():
        scores = entry.load_net()(standardise(images, entry.mean, entry.deviation))
    found = dict(zip(IMAGENET, scores.argmax(1).tolist(), strict=True))
    assert all(found[name] in classes for name, classes in IMAGENET.items()), found


@pytest.mark.parametrize("name", NAMES)
def test_descriptions_tell_the_truth(name: str) -> None:
    entry = classifier(name)
    model = entry.load_net()
    found = count_found(model)
    assert found == count_declared(entry.layers)
    depthwise = sum(count for (rows, _, groups), count in found.items() if groups == rows)
    assert f"{found.total()} layers, {depthwise} of them depthwise" in entry.description
    assert f"{count_weights(model):,} weights" in entry.description
    assert f"{len(PHOTOGRAPHS)} photographs" in entry.description
    assert f"{agreement.EVALUATED} random crops of {agreement.SIZE}x{agreement.SIZE}" in entry.description
    assert "no labels" in entry.description and not entry.own_net and not model.training
    assert entry.available() == (True, "") and entry.net_file(0, Path()) is None


@pytest.mark.usefixtures("small")
def test_compressed_nets_agree_less_the_more_is_taken_away() -> None:
    entry = classifier("efficientnet-lite0")
    bench = Workbench(entry.prepare(0, 8, Path(), lambda done, words: None))
    cells = []
    for arm in (
        Arm("dense", "dense"),
        Arm("8 bits", "rtn", (("bits", 8),)),
        Arm("most pruned", "magnitude", (("sparsity", 0.9),)),
    ):
        weights, _ = bench.compress([arm])
        cells.append(bench.evaluate(weights[0])["metrics"])
    assert cells[0] == {"agreement": 100.0, "layer_error": 0.0}
    assert cells[0]["layer_error"] < cells[1]["layer_error"] < 0.1 < cells[2]["layer_error"]
    assert cells[1]["agreement"] > 60 > 40 > cells[2]["agreement"]


@pytest.mark.usefixtures("small")
def test_seeds_deal_photographs_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[set[int], int]] = []

    def record(photographs: list, count: int, size: int, stream: torch.Generator) -> torch.Tensor:
        drawn.append(({id(photograph) for photograph in photographs}, count))
        return draw_crops(photographs, count, size, stream)

    monkeypatch.setattr(agreement, "draw_crops", record)
    monkeypatch.setattr(agreement, "predict", lambda model, images, batch: images.sum((1, 2, 3)).long())
    entry = classifier("mobilenet-v2")
    trials = [entry.prepare(seed, 8, Path(), lambda done, words: None) for seed in (0, 0, 1)]
    halves = [photographs for photographs, _ in drawn]
    assert all(len(half) == 7 for half in halves) and not halves[0] & halves[1]
    assert halves[:2] == halves[2:4] and halves[0] != halves[4]
    assert [count for _, count in drawn[:2]] == [14, 8]
    assert torch.equal(as_tensor(trials[0].calibration), as_tensor(trials[1].calibration))
    assert as_tensor(trials[0].calibration).shape == (8, 3, 224, 224)
    assert as_tensor(trials[0].held_out).shape == (4, 3, 224, 224)
    for one, two in zip(trials[0].model.parameters(), trials[2].model.parameters(), strict=True):
        assert torch.equal(one, two), "the net is the same for all seeds"


def test_crops_lie_inside_and_keep_their_colours() -> None:
    from PIL import Image

    plain = [Image.new("RGB", (60, 40), colour) for colour in ((255, 0, 0), (0, 128, 0))]
    crops = draw_crops(plain, 4, 32, torch.Generator().manual_seed(0))
    expected = torch.tensor([[255.0, 0, 0], [0, 128, 0]] * 2)
    assert torch.equal(crops, expected[:, :, None, None].expand(4, 3, 32, 32))
    whole = crop_centre(Image.radial_gradient("L").resize((80, 40)), 40)
    assert torch.allclose(whole, whole.flip(2), atol=3), "the middle of a symmetric image is symmetric"


def test_package_files_are_checked(tmp_path: Path) -> None:
    with pytest.raises(CompressionError, match=r"no\.pth was not found in the package sklearn"):
        find_file("sklearn", "no.pth")
    with pytest.raises(CompressionError, match="not the published file"):
        verify_file(find_file("sklearn", "__init__.py"), "00")
