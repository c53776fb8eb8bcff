"""Each counter is fed an answer with the fault and one without; none of it shares code with the assistant's checks."""

import ast
import re
from pathlib import Path

import pytest

import benchmarks.dialogues
from agent.events import Sentence
from benchmarks.dialogues.marks import Surroundings, coverage, mark
from benchmarks.dialogues.scripts import Gold
from benchmarks.dialogues.tables import mean, wilson
from tests.benchmarks.answers import AROUND, HOME, SUBMISSION, answer, cite, fact, said, turn

NOTE = cite("c1", "Coral Pruning leaves 13.7 % of the multiply-accumulate operations on CIFAR-10.")
SECOND = cite("c2", "The novelty of the masks is limited.", "AnonReviewer2", "coral/review-b")
SOUND = answer(fact("On CIFAR-10, Coral Pruning leaves 13.7 % of the operations.", "c1"), citations=(NOTE, SECOND))
PARTS = Path(benchmarks.dialogues.__file__).parent


def test_a_sound_answer_has_no_fault():
    found = mark(turn(expect=(re.compile("13.7"),)), said(SOUND), AROUND)
    assert found.right and found.factual == 1
    assert not (found.unsupported or found.wrong_numbers or found.wrong_reviewers or found.wrong_scores)
    assert not found.needless_refusal


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        (fact("On CIFAR-10, Coral Pruning leaves 17.3 % of the operations.", "c1"), "wrong_numbers"),
        (fact("AnonReviewer1 finds the novelty of the masks limited.", "c2"), "wrong_reviewers"),
        (fact("AnonReviewer2 gives rating 5 and confidence 3 for limited novelty of masks.", "c2"), "wrong_scores"),
        (fact("The learning rate follows a cosine schedule with restarts.", "c1"), "unsupported"),
        (fact("Coral Pruning is fast."), "unsupported"),
        (Sentence("It saves 80 % of the energy.", kind="smalltalk"), "wrong_numbers"),
        (Sentence("R2 likes it.", kind="judgement"), "unsupported"),
    ],
)
def test_a_fault_is_counted_where_it_is_and_nowhere_else(sentence, fault):
    found = mark(turn(), said(answer(sentence, citations=(NOTE, SECOND))), AROUND)
    counted = {n for n in ("unsupported", "wrong_numbers", "wrong_reviewers", "wrong_scores") if getattr(found, n)}
    assert counted == {fault}


def test_what_the_chair_said_may_be_said_again():
    told = answer(Sentence("Recorded as your decision: reject, confidence 4, by 17 May.", kind="smalltalk"))
    heard = Surroundings({HOME: SUBMISSION}, ("reject, confidence 4, by 17 May",))
    assert not mark(turn("courtesy", type="own_decision"), said(told), heard).wrong_numbers
    assert mark(turn("courtesy", type="own_decision"), said(told), AROUND).wrong_numbers


def test_the_figures_of_a_plan_are_of_no_source_and_any_others_are_held_against_one():
    plan = Sentence("Plan: OBQ is higher in test accuracy than GPTQ at 3 bits, 5 seeds.", kind="smalltalk")
    assert not mark(turn("judgement"), said(answer(plan)), AROUND).wrong_numbers
    cited = fact("Plan: Coral Pruning leaves 17.3 % of the operations.", "c1")
    assert mark(turn(), said(answer(cited, citations=(NOTE, SECOND))), AROUND).wrong_numbers


def test_the_scores_of_an_uncited_sentence_are_held_against_the_record():
    heard = Surroundings({HOME: SUBMISSION}, ("R2?",))
    mixed = mark(turn(), said(answer(Sentence("R2 gives rating 6.", kind="smalltalk"))), heard)
    assert mixed.wrong_scores and not mixed.unsupported
    assert not mark(turn(), said(answer(Sentence("R2 gives rating 3.", kind="smalltalk"))), heard).wrong_scores


def test_right_is_every_pattern_no_forbidden_one_and_the_act():
    expect, forbid = (re.compile("13.7"), re.compile("CIFAR")), (re.compile("ImageNet"),)
    assert mark(turn(expect=expect, forbid=forbid), said(SOUND), AROUND).right
    assert not mark(turn(expect=(*expect, re.compile("points"))), said(SOUND), AROUND).right
    assert not mark(turn(forbid=(re.compile("CIFAR"),)), said(SOUND), AROUND).right
    assert not mark(turn("silent"), said(SOUND), AROUND).right
    failed = mark(turn(), said(None, failure="the model did not answer"), AROUND)
    assert not failed.right and "did not answer" in failed.reasons[0]


def test_a_refusal_is_needless_where_an_answer_was_wanted():
    silence = answer(Sentence("The sources do not say.", kind="abstention"), abstained=True)
    assert mark(turn("facts"), said(silence), AROUND).needless_refusal
    assert not mark(turn("silent"), said(silence), AROUND).needless_refusal
    nobody = said(answer(Sentence("No review by R4 is on record.", kind="abstention"), abstained=True))
    assert not mark(turn(expect=(re.compile("No review"),)), nobody, AROUND).needless_refusal
    assert mark(turn(expect=(re.compile("novelty"),)), nobody, AROUND).needless_refusal
    preaching = answer(Sentence("As an AI, I have no view."))
    assert mark(turn("courtesy"), said(preaching), AROUND).needless_refusal


def test_coverage_counts_gold_facts_and_cited_passages():
    gold = (
        Gold("", (("notes", "leaves 13.7 %"),)),
        Gold("", (("review-a", "zebra"), ("review-b", "novelty"))),
        Gold("", (("*", "zebra"),)),
    )
    assert coverage(gold, [NOTE, SECOND]) == (1.0, pytest.approx(2 / 3))
    assert coverage(gold, [NOTE, cite("c3", "other")]) == (0.5, pytest.approx(1 / 3))
    assert coverage(gold, []) == (None, 0.0)
    assert coverage((), [NOTE]) == (None, None)


def test_shares_have_intervals_and_means_leave_out_what_does_not_apply():
    low, high = wilson(69, 75)
    assert (low, high) == (pytest.approx(0.836, abs=1e-3), pytest.approx(0.963, abs=1e-3))
    assert mean([1.0, None, 0.5]) == "0.75" and mean([None]) == "-"


def test_the_counting_shares_nothing_with_the_assistants_checks():
    counting = ("words", "numbers", "people", "support", "stances", "marks", "tables", "scripts")
    allowed = {
        "counting": {"agent.events"},
        "asking": {
            "agent.events",
            "agent.conversation",
            "agent.errors",
            "agent.history",
            "agent.models",
            "agent.steering",
        },
    }
    files = {*PARTS.glob("*.py"), PARTS.parent / "eval_dialogues.py"}
    assert {PARTS / f"{name}.py" for name in counting} < files
    for path in files:
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        modules = {n.module or "" for n in tree if isinstance(n, ast.ImportFrom)}
        of_agent = {m for m in modules if m.split(".")[0] == "agent"}
        assert of_agent <= allowed["counting" if path.stem in counting else "asking"], path.name
        assert not re.search(r"^\s*import agent", path.read_text(encoding="utf-8"), re.MULTILINE), path.name
