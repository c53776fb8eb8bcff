"""How a reply answers, by its own words."""

import pytest

from knowledge.discussion.manners import read_manners


@pytest.mark.parametrize(
    ("reply", "main"),
    [
        ("We will add the tide curves in the camera-ready version.", "promise"),
        ("We are currently running the anchor experiment.", "promise"),
        ("The code will be released with the final version.", "promise"),
        ("We ran the coder on the harbour dataset: it gains 2.1% over the baseline.", "results"),
        ("| net | tide |\n| A | 71.2 |", "results"),
        ("We have added Section 4.3 on the salt.", "revision"),
        ("The salt is now discussed in Section 2.", "revision"),
        ("Fixed, thank you.", "revision"),
        ("We respectfully disagree, since anchors do not swim.", "rebuttal"),
        ("Boats are beyond the scope of this paper.", "rebuttal"),
        ("We agree that this is a limitation of our method.", "concession"),
        ("The salt comes from the sea, which is why the water stings.", "explanation"),
    ],
)
def test_the_main_way(reply: str, main: str):
    assert read_manners(reply, 0, len(reply))[0].kind == main


def test_each_way_has_the_sentence_that_shows_it():
    text = "Before. You are right, the salt was missing. We have added it in Section 2. We will release the code."
    found = {manner.kind: text[manner.start : manner.end] for manner in read_manners(text, 8, len(text))}
    assert found == {
        "revision": "We have added it in Section 2.",
        "promise": "We will release the code.",
        "concession": "You are right, the salt was missing.",
    }


def test_what_is_promised_is_not_done_and_what_is_planned_no_result():
    (only,) = read_manners(text := "We will have added the table of the 12 anchors by then.", 0, len(text))
    assert only.kind == "promise"
    (only,) = read_manners(text := "We will test it on ImageNet, where it may gain 2.1%.", 0, len(text))
    assert only.kind == "promise"


def test_a_reference_is_a_way_to_answer():
    text = "Please see the general response. The sea is deep."
    assert [m.kind for m in read_manners(text, 0, len(text), ((11, 31),))] == ["reference"]
