"""What a message refers back to: a reviewer, a question, a paper or a statement of the last answer."""

from dataclasses import replace

import pytest

from agent.desk import Paper, Reviewer
from agent.events import Citation
from agent.mentions import find_reviewers, without_reviewers
from agent.request import Request
from tests.agent.desks import desk, past_turn
from tests.agent.reading import understand


def test_the_second_one_after_an_overview_is_the_second_reviewer():
    past = past_turn(
        "overview", Request("overview", ("overview",), ("integral-pruning",)), ("AnonReviewer1 rates 4.", True)
    )
    request = understand("What about the second one?", desk(past=[past]))
    assert request.reviewers == ("AnonReviewer2",)
    assert request.intents == ("reviewer",)


def test_the_same_topic_for_another_reviewer():
    before = Request(
        "What did R1 say about novelty?", ("reviewer",), ("integral-pruning",), ("AnonReviewer1",), topic="novelty"
    )
    request = understand("And what about reviewer 3?", desk(past=[past_turn("q", before, ("x", True))]))
    assert (request.reviewers, request.topic) == (("AnonReviewer3",), "novelty")


def test_the_same_question_for_another_paper():
    before = Request("What are the contributions?", ("contributions",), ("integral-pruning",))
    request = understand("And for OBC?", desk(past=[past_turn("q", before, ("x", True))]))
    assert request.submission == "optimal-brain-compression"
    assert request.intents == ("contributions",)


def test_check_the_second_points_to_the_second_statement():
    before = Request("claims?", ("evaluation",), ("integral-pruning",))
    past = past_turn("q", before, ("First claim on pruning.", True), ("ExactOBS beats magnitude pruning.", True))
    request = understand("Check the second claim", desk(past=[past]))
    assert request.intents == ("verify",)
    assert request.claim == "ExactOBS beats magnitude pruning."


@pytest.mark.parametrize("order", ["Run the second.", "ok, test the last one", "Please check number 2"])
def test_an_order_after_a_list_of_what_can_be_tested_takes_one_of_them(order):
    before = Request("Which points can be put to the test?", ("testable",), ("integral-pruning",))
    said = (
        ("I can put these to the test.", False),
        ("AnonReviewer1: ExactOBS beats magnitude pruning at 80 % sparsity.", True),
        ("Plan: ExactOBS against magnitude pruning.", False),
        ("AnonReviewer3: “OBQ beats round-to-nearest at 2 bits.”", True),
    )
    past = past_turn(before.text, before, *said)
    told = tuple(s if s.bullet else replace(s, citations=()) for s in past.answer.sentences)
    past = replace(past, answer=replace(past.answer, sentences=told))
    request = understand(order, desk(past=[past]))
    assert (request.intents, request.claim) == (("verify",), "OBQ beats round-to-nearest at 2 bits.")


def asked(question: str, before: Request, *said: tuple[str, bool]) -> Request:
    return understand(question, desk(past=[past_turn(before.text, before, *said)]))


PAPER = ("integral-pruning",)


def test_whether_it_is_settled_is_asked_of_the_last_topic():
    before = Request("What does R2 say on the baselines?", ("reviewer",), PAPER, ("AnonReviewer2",), topic="anchors")
    request = asked("settled?", before, ("AnonReviewer2: no anchors.", True))
    assert (request.intents, request.reviewers, request.topic) == (("response",), ("AnonReviewer2",), "anchors")


def test_a_pronoun_is_the_one_reviewer_of_the_last_answer():
    before = Request("Who is the least sure?", ("scores",), PAPER)
    assert asked("What bothers that one?", before, ("AnonReviewer3 is the least confident.", True)).reviewers == (
        "AnonReviewer3",
    )


def test_a_short_question_goes_on_about_the_last_subject():
    before = Request("perplexity on the wiki corpus", ("lookup",), PAPER, topic="perplexity wiki")
    request = asked("and at 3 bits?", before, ("It is 21.", True))
    assert "perplexity" in request.query and request.context == "perplexity wiki"


def test_an_aside_does_not_change_the_subject():
    before = Request("What about the anchors?", ("lookup",), PAPER, topic="anchors")
    aside = Request("thanks", ("thanks",), PAPER)
    past = [past_turn("q", before, ("x", True)), past_turn("thanks", aside)]
    assert understand("did the authors answer that?", desk(past=past)).topic == "anchors"


def test_a_code_names_a_reviewer():
    paper = Paper("s", "Kettle: Damping", (), (Reviewer("Reviewer Wz91"), Reviewer("Reviewer aB3c")))
    assert find_reviewers("walk me through wz91's view", paper) == ("Reviewer Wz91",)
    assert without_reviewers("walk me through Wz91's view", paper) == "walk me through view"


def test_after_an_overview_of_all_no_reviewer_is_meant():
    before = Request("overview", ("overview",), PAPER)
    said = (("AnonReviewer1 rates 4.", True), ("AnonReviewer2 rates 5.", True))
    request = asked("which concerns did the authors not answer?", before, *said)
    assert (request.intents, request.reviewers) == (("open",), ())


def test_whether_a_reviewers_word_is_true_is_no_experiment():
    before = Request("What does R2 object to?", ("reviewer",), PAPER, ("AnonReviewer2",))
    cited = {"c0": Citation("c0", "p0", PAPER[0], "d", "review", "AnonReviewer2", None, None, 0, 1, "q", "No anchors.", "l")}  # fmt: skip
    past = past_turn("q", before, ("AnonReviewer2: no anchors.", True), citations=cited)
    assert understand("Is that true?", desk(past=[past])).intents == ("quality",)
    claim = "ExactOBS loses less accuracy than magnitude pruning at 90 % sparsity."
    testable = {"c0": replace(cited["c0"], text=claim)}
    past = past_turn("q", before, (claim, True), citations=testable)
    assert understand("Is that true?", desk(past=[past])).intents == ("verify",)


@pytest.mark.parametrize("bare", ["the wall-clock times?", "winner rates?", "and the slowness?", "what about ImageNet?"])  # fmt: skip
def test_a_matter_named_alone_after_a_question_on_the_reply_is_asked_of_the_reply(bare):
    before = Request("did they answer R1?", ("response",), ("integral-pruning",), ("AnonReviewer1",), topic="time")
    request = understand(bare, desk(past=[past_turn("q", before, ("x", True))]))
    assert request.intents == ("response",)
    assert request.topic


@pytest.mark.parametrize("text", ["what is still open, reviewer by reviewer?", "and what is open in total?"])
def test_what_is_asked_of_all_reviewers_leaves_the_one_spoken_of(text):
    before = Request("did they answer R1?", ("response",), ("integral-pruning",), ("AnonReviewer1",), topic="time")
    request = understand(text, desk(past=[past_turn("q", before, ("x", True))]))
    assert request.reviewers == ()
