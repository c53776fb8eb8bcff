"""Which points are vague, unsupported, contradicted or beyond the paper, and whether one review is fair."""

from dataclasses import replace

from agent.answering.review_faults import at_fault, fault_asked, harshest, one_review
from agent.gathered import Gathered, Searched
from agent.points import Point, PointReply
from agent.request import Request
from knowledge.types import Hit, Locator, Passage
from tests.agent.answering.files import BELOW, GOOD, R1, R2, passage, point, review_file, scores

VAGUE = point("vague", R1, "objects", "The experiments are weak.")
PLACED = point("placed", R1, "objects", "Table 3 gives 71.2 for the tide, which is below the dense 74.0.")
ABSENT = point("absent", R2, "objects", "The paper does not compare with anchors.")
SHOWN = passage("shown", "Table 2 has the row on anchors.", "response", "Authors", R2)
REPLY = PointReply(SHOWN.text, SHOWN.text, ("shown",), 0.9, True, "restated", manner="reference")
ASKED = Request("which points", ("quality",), ("tern",))


def points() -> tuple[Point, ...]:
    return (VAGUE, PLACED, replace(ABSENT, status="answered", replies=(REPLY,)))


def file():
    return review_file((scores(R1, GOOD), scores(R2, BELOW)), points(), SHOWN)


def told(fault: str, gathered: Gathered | None = None) -> list[str]:
    return [s.text for s in at_fault(fault, file(), ASKED, gathered or Gathered())]


def test_what_a_question_looks_for():
    assert fault_asked("Which complaints cannot be acted on, being vague?") == "vague"
    assert fault_asked("Did anybody ask for something out of scope?") == "beyond"
    assert fault_asked("Which objections come without any evidence?") == "unsupported"
    assert fault_asked("Are there factual errors in the reviews?") == "contradicted"
    assert fault_asked("What does R1 say on the tide?") is None


def test_vague_is_what_names_nothing_to_look_up():
    said = "\n".join(told("vague"))
    assert "“The experiments are weak.”" in said and "Table 3" not in said and "anchors" not in said


def test_contradicted_is_an_absence_that_the_reply_shows_to_be_there():
    said = told("contradicted")
    assert said[0].startswith("Reviewer 2 raises") and "it should not count" in said[-1]
    assert "Authors (pointing elsewhere): “Table 2 has the row on anchors.”" in said


def test_beyond_is_a_limit_that_the_paper_draws_itself():
    assert told("beyond")[0].startswith("None that I can show")
    limit = Passage("limit", "We do not compare with anchors of the harbour.", Locator("tern", "paper", None, 0, 46), "paper", aspect="limitations", origin="record")  # fmt: skip
    open_ = review_file((), (replace(ABSENT, status="not answered"),))
    lines = at_fault("beyond", open_, ASKED, Gathered((Searched({}, (Hit(limit, 1.0),)),)))
    assert "We do not compare with anchors of the harbour" in "\n".join(s.text for s in lines)


def test_one_review_is_fair_as_far_as_it_can_be_checked_and_holds():
    assert one_review(file(), R1)[0].text.startswith("Largely fair")
    harsh = [s.text for s in one_review(file(), R2)]
    assert "some were met or taken back" in harsh[0] and "What does not hold, or no longer:" in harsh
    assert harshest(file()) == R2
