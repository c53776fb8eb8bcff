"""Names that no passage speaks of, and machines that none calls by name."""

import pytest

from agent.answering.unspoken import unnamed_hardware, unspoken_names
from knowledge.types import Hit, Locator, Passage


def hits(*texts):
    return [Hit(Passage(str(n), t, Locator("s", "d", None, 0, len(t)), "paper", origin="record"), 1.0, 0.5) for n, t in enumerate(texts)]  # fmt: skip


HELD = hits("We train on ImageNet with quantization-aware training.", "BERT takes 4 ms on one GPU with 24 GB.")


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("any results on MobileNet?", ["MobileNet"]),
        ("accuracy on SVHN", ["SVHN"]),
        ("does it hold for Finnish?", ["Finnish"]),
        ("results on BERT and ImageNet?", []),
        ("did they do QAT", []),
        ("is the CNN fast, AC wants to know", []),
        ("What does the Reviewer want?", []),
    ],
)
def test_names_that_stand_nowhere(message, names):
    assert unspoken_names(message, HELD, ()) == names


def test_a_machine_without_a_name():
    said = unnamed_hardware("which GPU was it exactly?", HELD)
    assert said[0].kind == "abstention"
    assert any("24 GB" in s.text for s in said)


@pytest.mark.parametrize(
    ("message", "text"),
    [("which GPU was it?", "Timed on an RTX 3090."), ("how fast is the GPU?", "On one GPU it takes 3 ms.")],
)
def test_a_named_one_and_other_questions_are_left_alone(message, text):
    assert unnamed_hardware(message, hits(text)) == []
