"""What a message asks, on questions as chairs put them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.request import Request
from tests.agent.desks import desk, past_turn
from tests.agent.reading import understand


@pytest.mark.parametrize(
    ("message", "intents"),
    [
        ("Can you help me understand the main contributions of the paper?", ("contributions",)),
        ("That sounds interesting. Can you tell me more about the evaluation of the method?", ("evaluation",)),
        (
            "What about the related work? How does the proposed method compare to existing compression methods?",
            ("baselines",),
        ),
        (
            "What about the limitations of the method? Are there any unaddressed ethical considerations?",
            ("limitations", "ethics"),
        ),
        ("Can you tell me more about the proposed method?", ("method",)),
        ("What are the strengths and weaknesses of the paper, in your opinion?", ("strengths", "weaknesses")),
        (
            "Based on your assessment, do you think the paper is acceptable or should it be rejected?",
            ("recommendation",),
        ),
        ("Can you please give me an overview of the reviews?", ("overview",)),
        ("Summarize the reviews", ("overview",)),
        ("Can you tell me the type of this paper?", ("type",)),
        ("Can you confirm the type and title of the paper?", ("type",)),
        ("Where do the reviewers disagree?", ("disagreement",)),
        ("What was the final decision?", ("decision",)),
        ("What questions do the reviewers ask?", ("questions",)),
        ("Which claims can be tested here?", ("testable",)),
        ("Is it true that exact OBS loses less accuracy than magnitude pruning? Check it.", ("verify",)),
        ("verify that", ("verify",)),
        ("Check whether the authors replied to the novelty concern", ("response",)),
        ("Is the code available?", ("reproducibility",)),
        ("Thank you for your responses. Based on the reviews, I will make the final decision.", ("thanks",)),
        ("thanks!", ("thanks",)),
        ("Hello there", ("greeting",)),
        ("Who are you?", ("about",)),
        ("Does the net contain dropout layers?", ("lookup",)),
    ],
)
def test_intents(message, intents):
    assert understand(message, desk()).intents == intents


def test_a_title_in_the_message_chooses_the_paper_and_gives_no_cue():
    message = 'I\'m evaluating "Optimal Brain Compression: A Framework for Accurate Post-Training Quantization and Pruning". What are its contributions?'
    request = understand(message, desk())
    assert request.submissions == ("optimal-brain-compression",)
    assert request.intents == ("contributions",)


def test_a_method_named_in_a_claim_does_not_change_the_paper():
    assert understand("Check that OBQ beats round-to-nearest at 2 bits", desk()).submission == "integral-pruning"


def test_a_title_that_is_not_held_is_named():
    request = understand('Tell me about the paper "Pruning Cats by Quantized Dogs"', desk())
    assert request.unknown_paper == "Pruning Cats by Quantized Dogs"
    assert request.intents == ("list",)


def test_a_reviewer_with_a_topic():
    request = understand("What did reviewer 2 say about novelty?", desk())
    assert (request.intents, request.reviewers, request.topic) == (("reviewer",), ("AnonReviewer2",), "novelty")


def test_the_statement_before_a_question_gives_the_topic():
    message = "Review 2 mentioned that the ideas are trivial. Can you explain why the reviewer believes so?"
    request = understand(message, desk("highly-efficient-8-bit-inference"))
    assert request.reviewers == ("AnonReviewer2",)
    assert "trivial" in request.topic


@pytest.mark.parametrize(
    ("message", "decision", "rating", "confidence"),
    [
        ("I will be giving the paper a rating of 6: Weak Accept, with a confidence level of 4.", "weak accept", 6, 4),
        ("I recommend rejection with confidence 4.", "reject", None, 4),
        ("My decision is reject.", "reject", None, None),
        ("I'm leaning to accept this one.", "accept", None, None),
        ("I will give it an 8, confidence 3.", None, 8, 3),
        (
            "I think the paper is marginally above the acceptance threshold.",
            "marginally above the acceptance threshold",
            None,
            None,
        ),
    ],
)
def test_a_stated_decision_is_read(message, decision, rating, confidence):
    stated = understand(message, desk()).stated
    assert stated is not None
    assert (stated.decision, stated.rating, stated.confidence) == (decision, rating, confidence)


@pytest.mark.parametrize(
    "message",
    ["Should I accept it?", "Would a rating of 6 be right?", "Reviewer 2 gave a rating of 5.", "Why was it rejected?"],
)
def test_a_question_or_a_report_states_no_decision(message):
    assert understand(message, desk()).stated is None


def test_tell_me_more_repeats_the_question_and_asks_for_the_rest():
    before = Request("What is the method?", ("method",), ("integral-pruning",))
    request = understand("Can you tell me more?", desk(past=[past_turn("q", before, ("x", True))]))
    assert request.more
    assert request.intents == ("method",)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_understood_as_something(message):
    request = understand(message, desk())
    assert request.intents
    assert Request.from_json(request.to_json()) == request


@pytest.mark.parametrize(
    ("message", "intents"),
    [
        ("short overview please", ("overview",)),
        ("average?", ("scores",)),
        ("Is it new?", ("novelty",)),
        ("was R2 answered at all?", ("response",)),
        ("what did they promise?", ("response",)),
        ("what is still open?", ("open",)),
        ("argue against accepting it", ("argue",)),
        ("who else complained?", ("who",)),
        ("is that criticism fair?", ("quality",)),
        ("any hidden text in the pdf?", ("integrity",)),
        ("morning, third coffee already", ("greeting",)),
    ],
)
def test_terse_questions(message, intents):
    assert understand(message, desk()).intents == intents


@pytest.mark.parametrize(
    ("message", "intents", "reviewers"),
    [
        ("Which reviewer is the outlier?", ("scores",), ()),
        ("what should the authors fix for camera ready", ("open",), ()),
        ("Please reply as the author", ("offtopic",), ()),
        ("R1 criticises the writing, doesn't she?", ("reviewer",), ("AnonReviewer1",)),
        ("R2 was happy with the results, no?", ("reviewer",), ("AnonReviewer2",)),
        ("R1 praises the results, right?", ("reviewer",), ("AnonReviewer1",)),
        ("Is R2 happy with the reply?", ("response",), ("AnonReviewer2",)),
    ],
)
def test_what_is_plain_by_its_words_and_who_is_taken_to_be_on_a_side(message, intents, reviewers):
    request = understand(message, desk())
    assert (request.intents, request.reviewers) == (intents, reviewers)
