"""What the README tells people to write works."""

import re
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, cast

import torch

from compression_demo.budgets.budget import BudgetRequest
from compression_demo.experiment_file import read_experiment
from compression_demo.models.layers import find_layers
from compression_demo.models.plan import Plan
from compression_demo.testbeds import get
from compression_demo.testbeds.mnist_resnet import MnistResnet

README = (Path(__file__).parent.parent / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


def test_the_plans_are_read_and_their_patterns_match() -> None:
    plans = [tomllib.loads(text) for text in blocks("toml")]
    assert len(plans) == 2
    names = find_layers(cast(MnistResnet, get("mnist-resnet")).build())
    plan = Plan.from_json(plans[0])
    for pattern in (*plan.skip, *(rule.layers for rule in plan.rules)):
        assert any(fnmatchcase(name, pattern) for name in names), f"{pattern!r} matches no layer of mnist-resnet"
    assert BudgetRequest.from_json(plans[1])


def test_the_python_runs() -> None:
    (code,) = blocks("python")
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.Flatten(), torch.nn.Linear(144, 3))
    given: dict[str, Any] = {
        "weight": torch.randn(4, 8),
        "inputs": torch.randn(8, 30),
        "model": model,
        "images": torch.randn(6, 1, 8, 8),
    }
    exec(code, given)
    half = given["half"]
    assert int(half.mask.sum()) == 16 and half.loss.shape == (4,)
    assert len(given["small"][0].weight.unique()) <= 4 * 16


def test_the_experiment_of_the_documentation_can_be_run(tmp_path: Path) -> None:
    (text,) = re.findall(
        r"```toml\n(.*?)```", (Path(__file__).parent.parent / "docs" / "experiments.md").read_text(), re.S
    )
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    written = read_experiment(file)  # which validates it
    assert written.claim and written.experiment.expectation.minus and len(written.experiment.around) == 1
