"""What reviewers hold together and where they are apart."""

from agent.answering.disagreements import disagreement, disputes
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request
from knowledge.types import Locator, Passage
from tests.agent.desks import desk

SAID = {
    "a": ("R1", "praises", "The idea is novel."),
    "b": ("R2", "objects", "The novelty is limited."),
    "c": ("R1", "objects", "No baselines were compared."),
    "d": ("R2", "objects", "A comparison with other methods is missing."),
    "e": ("R1", "praises", "It is well written."),
    "f": ("R2", "praises", "The writing is clear."),
}


def file() -> ReviewFile:
    passages = [
        Passage(key, text, Locator("s", f"review-{who}", None, 0, len(text)), "review", reviewer=who, origin="record")
        for key, (who, _, text) in SAID.items()
    ]
    points = [
        Point(key, who, f"review-{who}", "review", stance, (), text, text, (key,))  # pyright: ignore[reportArgumentType]
        for key, (who, stance, text) in SAID.items()
    ]
    return ReviewFile("s", tuple(passages), tuple(points))


def answered(question: str) -> str:
    request = Request(question, ("disagreement",), ("s",))
    return "\n".join(s.text for s in disagreement(request, Gathered(files=(file(),)), desk("s")))


def test_one_praises_what_the_other_criticises():
    ((_, praise, blame),) = [d for d in disputes(file()) if d[0] == "novelty"]
    assert (praise[0].id, blame[0].id) == ("a", "b")
    assert "On novelty R1 and R2 differ." in answered("Where do they disagree?")


def test_what_they_all_object_to_is_neither_praise_nor_dispute():
    said = answered("What do they all object to?")
    assert "R1 and R2 share a concern about comparisons." in said
    assert "writing" not in said and "differ" not in said


def test_what_they_all_like_is_no_concern():
    said = answered("anything they all like?")
    assert "value the paper for its writing" in said and "concern" not in said
