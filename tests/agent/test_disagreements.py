"""What reviewers hold together and where they are apart."""

from agent.answering.disagreements import disagreement
from agent.answering.meeting import disputes, shared, speaks_against
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
    (dispute,) = [d for d in disputes(file()) if d.theme == "novelty"]
    assert (dispute.praise.id, dispute.blame.id) == ("a", "b")
    assert "On novelty R1 and R2 differ." in answered("Where do they disagree?")


def test_what_they_all_object_to_is_neither_praise_nor_dispute():
    said = answered("What do they all object to?")
    assert "R1 and R2 both have concerns about comparisons, each of their own:" in said
    assert "writing" not in said and "differ" not in said


def test_what_they_all_like_is_no_concern():
    said = answered("anything they all like?")
    assert "value the paper for its writing" in said and "concern" not in said


def test_a_common_theme_alone_is_no_common_point():
    said = {one.theme: one.same for one in shared(file(), ("objects",))}
    assert said == {"comparisons": False}


def test_what_only_praises_is_no_criticism_however_it_is_filed():
    praise, blame = file().point("e"), file().point("c")
    assert praise and blame and speaks_against(blame) and not speaks_against(praise)


def test_on_one_matter_both_sides_are_named_and_weighed():
    request = Request("Do they agree on novelty?", ("disagreement",), ("s",), topic="novelty")
    said = [s.text for s in disagreement(request, Gathered(files=(file(),)), desk("s"))]
    assert said[0] == "They do not agree on novelty: R1 speaks for the paper, R2 against it."
    assert said[-1] == "No reply speaks to the objection of R2, so I would not let the praise of R1 outweigh it."


def test_whether_the_objections_are_the_same():
    request = Request("Do they reject for the same reasons?", ("disagreement",), ("s",))
    said = [s.text for s in disagreement(request, Gathered(files=(file(),)), desk("s"))]
    assert said[0].startswith("In the main, yes: R1 and R2 both object on comparisons")
