from dataclasses import replace

import pytest

from knowledge.silence import describe_support, judge_support, unsaid_words
from tests.knowledge.test_reranking import candidate, passage

HARBOUR = candidate(passage("The coral criterion takes 3 ms on a harbour CPU."))
LAGOON = candidate(passage("On the lagoon, the accuracy stays.", section="Lagoon"))


def test_words_that_the_sources_never_say_speak_for_silence():
    ranked, scores = [HARBOUR, LAGOON], [0.9, 0.4]
    said, unsaid = (judge_support(topic, ranked, scores) for topic in ("criterion on the harbour", "volcano on Mars"))
    assert 0 < unsaid < said < 1
    assert describe_support("coral lagoon", ranked, scores)["unsaid"] == 0, "headings count, and every candidate"
    assert describe_support("volcano", ranked, scores)["unsaid"] == 1
    elsewhere = replace(LAGOON, passage=passage("lagoon", submission="kelp"))
    assert describe_support("lagoon", [HARBOUR, elsewhere], scores)["unsaid"] == 1, "only the best one's submission"


def test_a_word_that_another_passage_of_the_submission_holds_is_said():
    assert unsaid_words("tide on the harbour", [HARBOUR]) == {"tide": ("tide",)}
    assert describe_support("tide", [HARBOUR], [0.9])["unsaid"] == 1
    assert describe_support("tide", [HARBOUR], [0.9], {"tide"})["unsaid"] == 0


def test_a_better_passage_speaks_for_an_answer():
    near = replace(HARBOUR, close=replace(HARBOUR.close, stretch=0.9))
    assert judge_support("coral", [near], [0.9]) > judge_support("coral", [HARBOUR], [0.9])
    assert judge_support("coral", [HARBOUR], [0.9]) > judge_support("coral", [HARBOUR], [0.1])


@pytest.mark.parametrize("score", [0.0, 1.0])
def test_the_ends_of_the_scale_are_no_trap(score):
    assert 0 < judge_support("the of", [HARBOUR], [score]) < 1
    assert judge_support("coral", [], []) == 0
