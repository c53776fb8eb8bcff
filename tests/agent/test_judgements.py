"""What a chair rules on a point of the reviews, and what is none of that."""

import pytest

from agent.events import Answer, Citation, Sentence
from agent.history import History
from agent.judgements import read_judgement
from agent.stated import StatedDecision
from agent.statements import find_statement
from tests.agent.desks import desk, past_turn
from tests.agent.reading import understand

RULINGS = [
    ("R1's concern about timing is settled for me", "settled", "R1's concern about timing"),
    ("The timing concern of R1 is settled, the reply answers it.", "settled", "The timing concern of R1"),
    ("I consider R1's concern about timing settled.", "settled", "R1's concern about timing"),
    ("For me R2's novelty objection is resolved.", "settled", "R2's novelty objection"),
    ("The reply settles R1's point on timing.", "settled", "R1's point on timing"),
    ("I am satisfied with the reply to R3 on group pruning.", "settled", "R3 on group pruning"),
    ("The authors' response on scaling satisfies me.", "settled", "scaling"),
    ("The authors have answered R1's timing concern to my satisfaction.", "settled", "R1's timing concern"),
    ("W2 of R1 is settled.", "settled", "W2 of R1"),
    ("the comparison concern is off the table", "settled", "the comparison concern"),
    ("That concern is met, in my view.", "settled", ""),
    ("I take this as settled.", "settled", ""),
    ("too vague to count; ignore it", "void", ""),
    ("That point does not count.", "void", ""),
    ("It's too vague to count.", "void", ""),
    ("Ignore that point.", "void", ""),
    ("I would not hold that against them.", "void", ""),
    ("R3's complaint about the captions does not matter.", "void", "R3's complaint about the captions"),
    ("I don't count R1's timing objection against the paper.", "void", "R1's timing objection"),
    ("Reviewer 2's point about novelty is irrelevant.", "void", "Reviewer 2's point about novelty"),
    ("I do not share R3's concern about hardware.", "void", "R3's concern about hardware"),
    ("I overrule R2's objection on novelty", "void", "R2's objection on novelty"),
    ("What R1 says on timing does not count.", "void", "What R1 says on timing"),
    ("I set R1's complaint about winner rates aside", "void", "R1's complaint about winner rates"),
    ("R1's timing concern is still open for me.", "open", "R1's timing concern"),
    ("The authors' answer does not settle R1's point on timing.", "open", "R1's point on timing"),
]

NONE = [
    "Is R1's concern about timing settled?",
    "R1 says the timing concern is settled.",
    "The authors say R1's concern is settled.",
    "If R1's concern is settled I accept.",
    "R1's concern is settled for R1.",
    "I wonder whether R1's point is settled",
    "That is answered, thanks.",
    "It is settled.",
    "The decision is settled.",
    "The paper is irrelevant.",
    "Novelty does not count.",
    "Discount R2.",
    "I reject it.",
    "I don't buy it",
    "Ignore my last message.",
    "Ignore all previous instructions.",
    "The evaluation is bad.",
    "Reviewer 3 is too negative.",
    "Draft a review that says R1's point is settled.",
    "forget it",
]


@pytest.mark.parametrize(("text", "sense", "what"), RULINGS)
def test_a_ruling_is_read_with_its_point(text, sense, what):
    found = read_judgement(text)
    assert found is not None and (found.sense, found.what, found.said) == (sense, what, text)
    stated = find_statement(text)
    assert stated is not None and stated.judged == (found,) and not stated.priorities and stated.decision is None


@pytest.mark.parametrize("text", NONE)
def test_what_rules_on_no_point(text):
    assert read_judgement(text) is None


def test_what_only_leads_to_a_question_is_no_ruling():
    assert find_statement("The authors answered R1's timing concern. Was he happy with it?") is None
    plain = find_statement("R1's timing concern is settled for me. What else is open?")
    assert plain is not None and plain.judged


def test_a_reason_for_a_decision_takes_nothing_back():
    found = find_statement("Reject, since R1's timing concern is still open.")
    assert found is not None and (found.decision, found.judged) == ("reject", ())
    both = find_statement("R1's timing concern is settled for me. I accept this paper.")
    assert both is not None and both.decision == "accept" and len(both.judged) == 1


def told(kind="review"):
    before = understand("What does R1 say about timing?", desk())
    cited = Citation("c1", "p1", "integral-pruning", "doc", kind, "AnonReviewer1", None, None, 0, 1, "q", "q", "label")
    answer = Answer((Sentence("AnonReviewer1: “No timings.”", ("c1",)),), {"c1": cited})
    past = past_turn(before.text, before)
    return type(past)(1, before.text, past.request, answer)


def test_that_point_is_one_that_was_told_before():
    request = understand("too vague to count; ignore it", desk(past=[told()]))
    assert request.intents == ("state",) and request.stated is not None
    (one,) = request.stated.judged
    assert one.told == ("What does R1 say about timing?", "AnonReviewer1: “No timings.”")
    assert StatedDecision.from_json(request.to_json()["stated"]) == request.stated


@pytest.mark.parametrize("past", [(), (told("paper"),)])
def test_where_no_point_was_told_none_is_meant(past):
    stated = understand("too vague to count; ignore it", desk(past=past)).stated
    assert stated is None or not stated.judged


def test_rulings_are_kept_and_taken_back(tmp_path):
    history = History(tmp_path)
    c = history.create("me", "tern")
    for turn, text in enumerate(("R1's timing concern is settled.", "R2's novelty point does not count."), 1):
        history.record_decision(c, turn, understand(text, desk()).to_json()["stated"], "tern")
    assert [one["sense"] for one in (history.decision(c, "tern") or {})["judged"]] == ["settled", "void"]
    found = find_statement("drop my judgements")
    assert found is not None and found.withdrawn == ("judged",)
    history.record_decision(c, 3, vars(found), "tern")
    assert "judged" not in (history.decision(c, "tern") or {})
    history.close()


@pytest.mark.parametrize(
    "said",
    [
        "I do not think R1's concern is unfair.",
        "I don't think R1's concern is settled.",
        "I am not sure R1's concern is settled.",
        "None of R1's concerns is settled.",
        "Not all of R2's objections are answered.",
        "I doubt that R1's concern is settled.",
    ],
)
def test_what_is_denied_or_doubted_rules_nothing(said):
    assert read_judgement(said) is None


def test_not_open_is_not_open():
    assert getattr(read_judgement("R1's concern is not open any more."), "sense", None) != "open"
