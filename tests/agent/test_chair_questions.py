"""Questions on the chair's own work, and orders to run something: what is asked, of which papers, with which claim."""

import pytest

from agent.chair_questions import chair_question, facets_of
from agent.events import Answer
from agent.experiment_questions import experiment_question
from tests.agent.answering.files import desk, request
from tests.agent.desks import PastTurn
from tests.agent.reading import READER, understand

ASKED = [
    ("write me a structured review", "structured"),
    ("fill in my form: summary, strengths, weaknesses", "structured"),
    ("which of my papers need attention?", "triage"),
    ("where should I start?", "triage"),
    ("which papers have no author response?", "triage"),
    ("compare the two", "compare"),
    ("all five side by side", "compare"),
    ("play devil's advocate", "argue"),
    ("what would change your mind?", "changes"),
    ("whom should I trust most?", "weights"),
    ("is weak novelty enough to reject it?", "enough"),
    ("what did I note?", "own"),
    ("my decision again?", "own"),
    ("what have you kept?", "own"),
    ("are you some kind of chatbot or an llm?", "about"),
    ("are you an llm?", "about"),
    ("do you send my files anywhere?", "about"),
    ("who decides the verdict?", "about"),
    ("you are doing great", "thanks"),
    ("order me a pizza", "offtopic"),
    ("what does reviewer 2 say about novelty?", None),
    ("did the authors respond to the concerns?", None),
    ("give me an overview of the reviews", None),
    ("all reviewers like it?", None),
    ("write a meta-review", None),
]


@pytest.mark.parametrize(("text", "intent"), ASKED)
def test_what_is_asked_of_the_chairs_work(text, intent):
    found = chair_question(text, READER.read(text), (), desk(), None)
    assert (found[0] if found else None) == intent


def test_a_comparison_takes_the_papers_that_are_named_or_were_compared_before():
    both = ("tern", "skua")
    assert chair_question(
        "Tern vs Skua, what's each about?", READER.read("Tern vs Skua, what's each about?"), both, desk(), None
    ) == ("compare", both)
    assert chair_question(
        "is Skua better than this one?", READER.read("is Skua better than this one?"), ("skua",), desk(), None
    ) == ("compare", both)
    before = request("compare Tern and Skua", "compare", submissions=both)
    assert chair_question("who is better at 3 bits?", READER.read("who is better at 3 bits?"), (), desk(), before) == (
        "compare",
        both,
    )
    assert (
        chair_question(
            "who is better at 3 bits?",
            READER.read("who is better at 3 bits?"),
            (),
            desk(),
            request("average?", "scores"),
        )
        is None
    )


def test_a_triage_goes_on_by_its_facets_and_not_elsewhere():
    triage = request("which need me?", "triage")
    assert chair_question("missing scores?", READER.read("missing scores?"), (), desk(), triage) == ("triage", ())
    assert (
        chair_question("missing scores?", READER.read("missing scores?"), (), desk(), request("average?", "scores"))
        is None
    )
    lately = PastTurn(1, "which need me?", triage.to_json(), Answer(()))
    assert chair_question(
        "start with the worst. why that one?",
        READER.read("start with the worst. why that one?"),
        (),
        desk(lately),
        request("x", "lookup"),
    ) == (
        "triage",
        (),
    )
    assert facets_of("which have no reply and no scores?") == ("unscored", "unanswered")


RAN = {"claim": "OBQ loses less accuracy than round-to-nearest at 3 bits", "verdict": {"outcome": "supported"}}


def after_run():
    return desk(PastTurn(1, "check it", request("check it", "verify").to_json(), Answer((), verdicts=(RAN,))))


def test_after_a_triage_one_paper_is_no_stack():
    triage = request("which papers need me?", "triage")
    for asked, stack in (("should I accept it?", False), ("which of them should I accept?", True)):
        found = chair_question(asked, READER.read(asked), (), desk(), triage)
        assert (found == ("triage", ())) == stack


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("and at 2?", "2 bits"),
        ("with ten seeds", "with ten seeds"),
        ("4 bits then", "4 bits"),
        ("now GPTQ vs OBQ", "GPTQ vs OBQ"),
    ],
)
def test_the_last_run_is_changed_by_few_words(text, claim):
    found = experiment_question(text, after_run(), READER.read(text))
    assert found is None if claim is None else found is not None and found[0] == "verify" and claim in found[1]
    # Two methods side by side are a plan of their own, which asks first; settings alone are nothing without a run.
    alone = experiment_question(text, desk(), READER.read(text))
    assert alone == (("verify", claim) if " vs " in text else None)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Something close then: magnitude pruning at 50% sparsity is within 1 point of the dense net, check", "magnitude pruning at 50% sparsity is within 1 point of the dense net"),
        ("Run it on VGG then.", "VGG"),
        ("try the 5x saving in FLOPs anyway", "5x saving in FLOPs"),
    ],
)  # fmt: skip
def test_an_order_is_told_by_its_claim(text, claim):
    found = experiment_question(text, desk(), READER.read(text))
    assert found is not None and found[0] == "verify" and claim in found[1]


@pytest.mark.parametrize("text", ["check the typos in section 2", "run me through the reviews", "does the paper test this?", "Check the division for me"])  # fmt: skip
def test_what_is_no_order_to_run(text):
    assert experiment_question(text, desk(), READER.read(text)) is None


def test_what_a_run_means_is_asked_only_after_one():
    assert experiment_question(
        "does that say anything about the paper?", after_run(), READER.read("does that say anything about the paper?")
    ) == ("bearing", None)
    assert (
        experiment_question(
            "does that say anything about the paper?", desk(), READER.read("does that say anything about the paper?")
        )
        is None
    )


def test_whether_one_claim_or_any_can_be_tested():
    assert experiment_question(
        "can the tide claim be tested here?", desk(), READER.read("can the tide claim be tested here?")
    ) == ("testable", None)
    one = understand("can the tide claim be tested here?", desk())
    every = understand("which of the concerns could be tested?", desk())
    assert one.intents == every.intents == ("testable",)
    assert "tide" in one.topic and every.topic == ""


def test_a_statement_keeps_its_own_words_and_one_paper():
    told = understand("note: Skua accept, Tern open. and give that back to me", desk())
    assert told.intents == ("state", "own") and told.submissions == ("tern",)
    assert told.stated is not None and told.stated.kept == ("note: Skua accept, Tern open. and give that back to me",)
