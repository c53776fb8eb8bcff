"""Kinds of things that a question asks for and no passage found has any of."""

import pytest

from agent.answering import wanted
from agent.answering.composing import compose
from agent.answering.parts import fact, say
from agent.gathered import Gathered, Searched
from knowledge.types import Hit
from tests.agent.answering.files import R1, desk, passage, request

TIDE = passage("tide", "On ImageNet, Tern reaches 71.3 % after 3 minutes of pruning with SGD.", "paper")
LONG = passage("long", "The network is trained for a long time.", "paper")
SAID = passage("said", "It would be good to know how much slower it is on the 4-bit net.", "review", R1)


def found(*passages) -> Gathered:
    return Gathered((Searched({"query": "q", "submission": "tern"}, tuple(Hit(p, 0.5) for p in passages)),))


def asking(text: str, *intents, **rest):
    return request(text, *(intents or ("evaluation",)), **rest)


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("how many milliseconds does an image take?", "time in milliseconds"),
        ("energy per image in joules", "figure for energy"),
        ("what was the learning rate and the batch size", "learning rate and no batch size"),
        ("under which licence is the code", "licence"),
        ("how many random seeds?", "number of random seeds"),
        ("training cost in dollars?", "price"),
    ],
)
def test_what_no_passage_gives_is_said_to_be_missing(message, kind):
    said = wanted.of_no_kind(asking(message), found(TIDE, LONG))
    assert said[0].kind == "abstention" and kind in said[0].text
    assert {p for s in said for p in s.passages} == {"tide", "long"}


@pytest.mark.parametrize(
    "message",
    [
        "how many minutes does the pruning take?",
        "which optimizer did they use",
        "on which datasets",
        "what accuracy does it reach",
        "how long does it take",
        "does it hold if the learning rate changes?",
        "what is the cost of training?",
    ],
)
def test_what_a_passage_gives_is_not(message):
    assert wanted.of_no_kind(asking(message), found(TIDE, LONG)) == []


def test_a_question_without_a_data_set_in_the_sources():
    said = wanted.of_no_kind(asking("which datasets did they use?"), found(LONG))
    assert "data set" in said[0].text


def test_a_machine_is_asked_for_in_any_place_of_the_conversation():
    said = wanted.of_no_kind(asking("on which gpu?"), found(passage("card", "It runs on one GPU with 24 GB.", "paper")))
    assert said[0].text == "The sources do not name the GPU."


def test_questions_on_people_and_searches_without_a_hit_are_left_alone():
    assert wanted.of_no_kind(asking("does R1 ask for the learning rate?", "reviewer"), found(LONG)) == []
    assert wanted.of_no_kind(asking("learning rate?", reviewers=(R1,)), found(LONG)) == []
    assert wanted.of_no_kind(asking("learning rate?"), Gathered()) == []


def test_an_answer_without_any_figure_to_a_question_for_one_is_a_silence():
    gathered = found(SAID)
    written = [fact("Reviewer 1: “It would be good to know how much slower it is.”", SAID)]
    assert wanted.without_figure(asking("how much slower is it?"), written, gathered.passages.values())
    told = wanted.said_to_be_without(written)
    assert told[0].kind == "abstention" and told[-1].passages == ("said",) and told[-1].paragraph == 1


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("how much slower is it?", "On ImageNet, Tern reaches 71.3 % after 3 minutes"),
        ("how much slower is it?", "It takes twice as long."),
        ("how much faster is it?", "It is an order of magnitude faster."),
        ("how many datasets are used?", "We evaluate on three datasets."),
        ("why is it slower?", "The network is trained for a long time."),
    ],
)
def test_an_answer_with_one_or_to_another_question_stays(message, words):
    written = [fact(words, TIDE)]
    assert not wanted.without_figure(asking(message), written, [TIDE])


def test_a_silence_stays_as_it_is():
    assert not wanted.without_figure(asking("how many seeds?"), [say("No.", "abstention")], [TIDE])


def test_the_answer_itself_says_so():
    answer = compose(asking("how many milliseconds per image?", topic="milliseconds image"), found(TIDE, LONG), desk())
    assert answer[0].text == "The sources give no time in milliseconds or seconds."
