"""Nets read into steps: the same scores, batch normalisation gone, additions fused; and what is refused."""

import pytest
import torch
from torch import nn

from compression_demo.errors import RunFailed
from compression_demo.procedures.eight_bit.graph import list_spent, read_net
from compression_demo.testbeds import get
from compression_demo.testbeds.classification import ImageClassifier

from .nets import Branching, Trailing, draw_images, fill


@pytest.mark.parametrize("fused", [True, False])
def test_the_steps_give_the_scores_of_the_net(fused: bool) -> None:
    net, images = fill(Branching()), draw_images()
    folded = read_net(net, fused)
    with torch.inference_mode():
        assert torch.allclose(folded(images), net(images), atol=1e-5)
    kinds = [step.kind for step in folded.steps]
    assert kinds.count("add") == (0 if fused else 2) and not any(
        isinstance(m, nn.BatchNorm2d) for m in folded.modules()
    )
    assert next(step.ceiling for step in folded.steps if step.kind == "conv") == 6


@pytest.mark.parametrize("name", ["mnist-separable", "mnist-resnet", "mnist-cnn", "digits-cnn"])
def test_the_testbeds_nets_can_be_read(name: str) -> None:
    testbed = get(name)
    assert isinstance(testbed, ImageClassifier)
    size = 8 if name == "digits-cnn" else 28
    net, images = fill(testbed.build()), draw_images(4, size)
    with torch.inference_mode():
        assert torch.allclose(read_net(net)(images), net(images), rtol=1e-4, atol=1e-4)


def test_values_are_given_up_after_their_last_use() -> None:
    steps = read_net(fill(Branching())).steps
    spent = list_spent(steps)
    for k, names in enumerate(spent):
        assert all(name not in later.inputs for name in names for later in steps[k + 1 :])
    assert sorted(name for names in spent for name in names) == sorted({n for step in steps for n in step.inputs})


def test_hooks_pass_values_and_weights() -> None:
    net = read_net(fill(Branching()))
    seen: list[str] = []

    def note(name: str, tensor: torch.Tensor) -> torch.Tensor:
        seen.append(name)
        return tensor

    weights: list[str] = []

    def zero(name: str, weight: torch.Tensor) -> torch.Tensor:
        weights.append(name)
        return torch.zeros_like(weight)

    with torch.inference_mode():
        scores = net(draw_images(2), note, zero)
    assert seen == ["input", *(step.name for step in net.steps[:-1])] and weights == list(net.layers)
    assert torch.equal(scores[0], scores[1]), "nothing of the images is left"


class Sigmoid(nn.Sequential):
    def __init__(self) -> None:
        super().__init__(nn.Conv2d(1, 2, 3), nn.Sigmoid())


def test_what_has_no_integer_form_is_refused_by_name() -> None:
    with pytest.raises(RunFailed, match=r"Sigmoid.* has no integer form"):
        read_net(Sigmoid())
    with pytest.raises(RunFailed, match="ReLU follows conv, whose value is used elsewhere"):
        read_net(Trailing())
    with pytest.raises(RunFailed, match="does not follow a convolution"):
        read_net(nn.Sequential(nn.BatchNorm2d(1)))
    with pytest.raises(RunFailed, match="pads in a way"):
        read_net(nn.Sequential(nn.Conv2d(1, 1, 3, padding=1, padding_mode="reflect")))
