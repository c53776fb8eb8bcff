"""Which sentences the chat lists as testable: those of the survey, with their plans, and no passages as wholes."""

from dataclasses import asdict

from agent.answering.composing import compose
from agent.answering.planning import plan
from agent.claim_survey import own_names, survey
from agent.claims import Plan
from agent.experiment_questions import experiment_question
from agent.gathered import Gathered, gather, passage_to_json
from agent.grounding import Evidence, ground
from agent.request import Request
from agent.tools.claims import to_claimed
from tests.agent.answering.files import R1, desk, passage, point
from tests.agent.desks import past_turn

ASKED = Request("Which points can be tested here?", ("testable",), ("tern",))
SOLVER = "Q2. Did you try ExactOBS instead of an approximate solver? I suspect the advantage over magnitude with refit gets bigger at high sparsity."
ROWS = "Method | 50 %\nMagnitude | 57.1\nSparseGPT | 17.5"
SETUP = (
    "Results are means over five draws; the deviation is at most 0.3 for both layers at 70 %, as with the same prior."
)


def surveyed(*claimed, own=frozenset()):
    asked = (passage("solver", SOLVER, "review", R1), passage("taste", "The colours could be better.", "review", R1))
    return asked, survey(asked, [point("solver", R1, "asks", SOLVER)], claimed, own)


def gathered(*claimed) -> Gathered:
    asked, found = surveyed(*claimed)
    artifact = {
        "submission": "tern",
        "passages": [passage_to_json(p) for p in (*asked, *claimed)],
        "claims": [asdict(to_claimed(one)) for one in found],
    }
    return gather([("claims", artifact)])


def told(*claimed, request=ASKED):
    found = gathered(*claimed)
    draft = compose(request, found, desk())
    return ground(draft, Evidence(found.passages), None, model="embedded", submission="tern", trusted=True)


def test_a_point_that_no_sentence_of_it_states_is_read_as_a_whole():
    _, (one,) = surveyed()
    assert one.sentence == SOLVER.removeprefix("Q2. ") and one.passage == "solver" and one.kind == "question"
    assert isinstance(one.found, Plan)
    expected = one.found.experiment.expectation
    assert expected.minus and expected.treatment.startswith("ExactOBS") and expected.baseline.startswith("refit")


def test_set_up_sentences_and_rows_of_tables_are_no_claims():
    _, found = surveyed(
        passage("setup", SETUP, "paper"),
        passage("rows", ROWS, "paper"),
        passage("table", ROWS, "paper", role="table"),
    )
    assert [one.passage for one in found if isinstance(one.found, Plan)] == ["solver"]
    assert "table" not in {one.passage for one in found}


def test_the_chat_tells_each_sentence_with_its_plan_then_what_cannot_be_tested():
    claim = "OBQ loses less accuracy than round-to-nearest at 2 bits."
    answer = told(
        passage("claim", f"We work on nets. {claim}", "paper"), passage("brecq", "BRECQ beats OBQ at 2 bits.", "paper")
    )
    lines = [s.text for s in answer.sentences]
    assert answer.struck == () and lines[0].startswith("I can put these to the test here")
    assert lines[1] == f"{R1}: “{SOLVER.removeprefix('Q2. ')}”" and lines[2].startswith("Plan: The gain of ExactOBS")
    assert lines[3] == f"“{claim}”" and lines[4].startswith(
        "Plan: OBQ is higher in test accuracy than round-to-nearest"
    )
    assert "“BRECQ beats OBQ at 2 bits.”" in lines and lines[-1].startswith("Not here: ") and "BRECQ" in lines[-1]


def test_one_of_the_list_can_be_run_by_its_place():
    lines = told(passage("claim", "OBQ beats round-to-nearest at 2 bits.", "paper")).sentences
    past = past_turn(ASKED.text, ASKED, *((s.text, s.bullet) for s in lines if s.citations))
    assert experiment_question("Test the second one.", desk(past), ()) == (
        "verify",
        "OBQ beats round-to-nearest at 2 bits.",
    )


def test_what_is_left_over_is_counted_and_told_on_asking_for_more():
    more = [passage(f"c{n}", f"OBQ beats round-to-nearest at {n} bits.", "paper") for n in (2, 3, 4, 5, 6)]
    answer = told(*more)
    assert "2 more can be tested" in answer.sentences[-1].text
    past = past_turn(ASKED.text, ASKED, citations=dict(answer.citations))
    rest = compose(Request("more", ("testable",), ("tern",), more=True), gathered(*more), desk(past))
    assert [s.text for s in rest if "beats" in s.text] == [f"“OBQ beats round-to-nearest at {n} bits.”" for n in (5, 6)]


def test_the_whole_submission_is_surveyed_for_it():
    assert {c.name for c in plan(ASKED, desk())} >= {"claims", "reviews"}
    assert own_names("1612.01543", ("ECQ",)) == {"1612.01543", "ECQ"} and own_names(None, ()) == frozenset()
