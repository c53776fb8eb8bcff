"""The weights by which pairs of figures are scored belong to the questions that they were fitted on."""

import json

from agent.answering.contrasts import WEIGHTS
from benchmarks.comparing_set import FOLDER, Question, is_right, sums_in
from benchmarks.fit_comparing import Case, digest, fit, outcome


def test_the_weights_are_those_of_the_questions():
    assert json.loads(WEIGHTS.read_text(encoding="utf-8"))["digest"] == digest()


def test_every_question_says_what_it_means():
    for path in FOLDER.glob("*.txt"):
        below = path.read_text(encoding="utf-8").partition("\n---\n")[2]
        assert all(" => " in line for line in below.strip().split("\n")), path.name


def test_a_measure_that_marks_the_pair_meant_gets_weight():
    cases = [Case("p", "q", [{"good": 1.0}, {"bad": 1.0}, {"bad": 2.0}], [True, False, False]) for _ in range(9)]
    cases += [Case("p", "q", [{"bad": 1.0}], [False]) for _ in range(9)]
    weights = fit(cases)
    assert weights["good"] > 1 > 0 > weights["bad"]
    assert outcome(cases[0], weights)[1:] == (True, True)
    assert outcome(cases[-1], weights)[0] < 0.2


def test_an_answer_is_right_by_the_sums_that_it_shows():
    text = "Top-1: A 70.5, B 68.0 (Table 1); 70.5 - 68.0 = 2.5; 70.5 / 68.0 = 1.04."
    assert set(sums_in(text)) == {(70.5, 68.0)}
    assert is_right(Question("?", ((68.0, 70.5),)), text)
    assert not is_right(Question("?", ()), text)
