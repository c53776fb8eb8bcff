"""Silence, refusal, leaning and contradictions are read from an answer's words."""

import pytest

from agent.events import Sentence
from benchmarks.dialogues.stances import Exchange, contradictions, declines, does, read_lean, says_silence
from tests.benchmarks.answers import REVIEWS, answer, cite, fact

CITED = (cite("c1", "Limited novelty.", "AnonReviewer2"),)
SILENCE = answer(Sentence("The sources do not say.", kind="abstention"), abstained=True)


def judged(text):
    return answer(Sentence(text, ("c1",), "judgement"), citations=CITED)


def test_silence_is_told_from_a_cited_absence():
    absence = answer(fact("There is no statement on ethics in the paper.", "c1"), citations=CITED)
    assert declines(SILENCE) and says_silence(SILENCE)
    assert not declines(absence) and says_silence(absence)
    assert declines(answer())
    nobody = answer(Sentence("No review by Reviewer 4 is on record.", kind="abstention"), abstained=True)
    assert not declines(nobody) and says_silence(nobody)
    for words in ("The sources give no figure for energy.", "The sources found say nothing of MobileNet."):
        assert says_silence(answer(Sentence(words, kind="abstention"), abstained=True))
    assert not says_silence(answer(fact("Reviewer 2 says nothing new.", "c1"), citations=CITED))
    plain = answer(fact("The novelty is limited.", "c1"), citations=CITED)
    assert not declines(plain) and not says_silence(plain)


@pytest.mark.parametrize(
    ("act", "right", "wrong"),
    [
        ("facts", answer(fact("The novelty is limited.", "c1"), citations=CITED), SILENCE),
        ("facts", answer(fact("It is limited.", "c1"), citations=CITED), answer(Sentence("I cannot answer that."))),
        ("silent", SILENCE, answer(fact("The novelty is limited.", "c1"), citations=CITED)),
        ("judgement", judged("I would lean towards rejecting."), answer(fact("It is new.", "c1"), citations=CITED)),
        ("courtesy", answer(Sentence("You are welcome.", kind="smalltalk")), SILENCE),
        ("courtesy", answer(Sentence("Hello.")), answer(fact("The novelty is limited.", "c1"), citations=CITED)),
        ("clarify", answer(Sentence("Which claim do you mean?")), answer(Sentence("Hello."))),
        (
            "notestable",
            answer(Sentence("Speed on a phone cannot be tested here.")),
            answer(Sentence("The sources do not say (not checked at the source)."), abstained=True),
        ),
        ("verdict", answer(Sentence("Supported: 82 % against 20 %.", kind="run")), answer(Sentence("Supported, they say."))),
        ("draft", judged("Summary: it prunes. Weaknesses: " + "old " * 70), judged("Summary and weaknesses: none.")),
    ],
)  # fmt: skip
def test_each_act_is_told_from_another(act, right, wrong):
    assert does(act, right)
    assert not does(act, wrong)


def test_a_run_or_a_proposal_is_an_act_of_its_own():
    assert does("verdict", answer(), verdict=True) and not does("notestable", answer(), verdict=True)
    assert does("clarify", answer(), proposed=True)
    assert does("courtesy", SILENCE, type="offtopic") and not does("courtesy", SILENCE, type="smalltalk")


@pytest.mark.parametrize(
    ("text", "lean"),
    [
        ("I would lean towards rejecting: two stand against it.", "reject"),
        ("I would lean towards accepting, as the concern is met.", "accept"),
        ("I recommend to accept it as a poster.", "accept"),
        ("I would not lean towards accepting or rejecting.", "undecided"),
        ("On balance I am undecided.", "undecided"),
        ("Novelty weighs most in my view.", None),
    ],
)
def test_a_lean_is_read_in_the_answers_own_voice(text, lean):
    assert read_lean(judged(text)) == lean
    quoted = answer(fact("The meta-review recommends to reject it.", "c1"), citations=CITED)
    assert read_lean(quoted) is None


def exchange(ask, given, **more):
    return Exchange(ask, more.pop("type", "recommendation"), given, REVIEWS, **more)


ACCEPT, REJECT = judged("I would lean towards accepting."), judged("I would lean towards rejecting.")


def test_a_lean_that_flips_without_reason_is_a_contradiction():
    assert [i for i, _ in contradictions([exchange("And?", ACCEPT), exchange("Sure?", REJECT)])] == [1]
    assert contradictions([exchange("And?", ACCEPT), exchange("Sure?", ACCEPT)]) == []


@pytest.mark.parametrize(
    "second",
    [
        exchange("And if they cannot show timings?", REJECT, ran=True),
        exchange("What if the timings are wrong?", REJECT),
        exchange("Speed matters to me", REJECT, type="own_decision"),
    ],
)
def test_a_lean_may_turn_after_a_run_a_condition_or_the_chairs_word(second):
    assert contradictions([exchange("And?", ACCEPT), second]) == []


def test_a_score_given_twice_differently_is_a_contradiction():
    first = answer(fact("R1 gives a rating of 6.", "c1"), citations=CITED)
    second = answer(fact("R1 gives a rating of 4.", "c1"), citations=CITED)
    assert len(contradictions([exchange("R1?", first), exchange("again?", second)])) == 1
    assert contradictions([exchange("R1?", first), exchange("again?", first)]) == []
