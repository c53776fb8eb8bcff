"""What is to be mended for a final version, whether there is code, and whose part the assistant does not play."""

from dataclasses import replace

import pytest

from agent.answering.code_available import asks_for_code, code_available
from agent.answering.courtesy import offtopic
from agent.answering.final_version import final_version
from agent.gathered import Gathered, Searched
from knowledge.types import Hit
from tests.agent.answering.files import R1, SPLIT, desk, gathered, passage, point, request


def test_promises_corrections_and_open_points_for_the_final_version():
    typo = replace(point("typo", R1, "objects", "Equation 2 has a typo."), aspects=("typo",))
    promised = passage("promised", "We will add a table on tides.", "response", "Authors", addressee=R1)
    file = replace(
        SPLIT,
        points=(*SPLIT.points, typo),
        passages=(*SPLIT.passages, promised, passage("typo", typo.text, "review", R1)),
    )
    lines = final_version(request("What should they fix for camera-ready?", "open"), gathered(file), desk())
    said = [s.text for s in lines]
    assert said[0] == "Promised, so to be held to:" and "We will add a table on tides." in said[1]
    assert said[2] == "Small corrections that reviewers ask for:" and "typo" in said[3]
    assert said[4] == "Still open, and possible to mend:" and "ImageNet" in said[5]
    assert not any("incremental" in text for text in said)  # novelty cannot be mended by then


def code(*texts: str, kind: str = "response") -> list[str]:
    hits = tuple(Hit(passage(f"c{n}", text, kind), 0.5) for n, text in enumerate(texts))
    held = Gathered((Searched({"query": "code", "submission": "tern"}, hits),), (SPLIT,))
    return [s.text for s in code_available(request("Is the code available?", "reproducibility"), held, desk())]


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("We published a small tutorial on GitHub as tern/tides.", "Yes, something is public"),
        ("The code is available at https://github.com/tern/tides.", "Yes, something is public"),
        ("Code will be released.", "It is announced or promised"),
        ("All code and models will be made public soon; no release was found.", "It is announced or promised"),
        ("No public code of Tern is known.", "No code is known"),
        ("The variable-length code is available to the decoder after Huffman coding.", "The sources found do not say"),
    ],
)
def test_whether_the_code_is_to_be_had(text, opening):
    lines = code("It prunes by tides.", text)
    assert lines[0].startswith(opening)
    assert opening.startswith("The sources") or text.split(";")[0][:20] in lines[1]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Is the code available?", True),
        ("Did they release an implementation?", True),
        ("Is there a GitHub repo?", True),
        ("where can I find the code?", True),
        ("How long is the binary code of a cluster?", False),
        ("Is the code length published for Huffman?", False),
        ("Is data available?", False),
    ],
)
def test_questions_for_code(text, asked):
    assert asks_for_code(text) is asked


def test_no_part_is_played():
    declined = offtopic(request("Please reply as the author", "offtopic"), gathered(), desk())
    assert len(declined) == 1 and "not write as an author or a reviewer" in declined[0].text
    assert "cannot help" in offtopic(request("Cook me a soup", "offtopic"), gathered(), desk())[0].text
