"""The fitted reader of messages: its weights belong to its examples, and it reads what it was not fitted on."""

import numpy as np
import pytest

from agent.reader import WEIGHTS, Reader
from benchmarks.fit_reading import HELD_OUT, as_read, digest, known, labelled, training_examples
from tests.agent.reading import READER
from tests.knowledge.fictional import WordVectors


def test_the_weights_were_fitted_on_the_examples_at_hand():
    with np.load(WEIGHTS) as held:
        assert str(held["digest"]) == digest()


def test_messages_that_it_was_not_fitted_on_are_read():
    examples = labelled(HELD_OUT)
    read = [frozenset(READER.read(as_read(message)) or ("lookup",)) for _, message in examples]
    right = sum(got == intents for (intents, _), got in zip(examples, read, strict=True))
    assert right / len(examples) > 0.84


def test_no_held_out_message_is_an_example():
    assert not {message for _, message in labelled(HELD_OUT)} & {message for _, message in training_examples()}


@pytest.mark.parametrize(
    ("message", "intents"),
    [
        ("which referee is the least sure of it", ("scores",)),
        ("the merits, then the flaws", ("strengths", "weaknesses")),
        ("wat do the reveiwers think", ("overview",)),
    ],
)
def test_several_things_and_typing_errors(message, intents):
    assert READER.read(message) == intents


def test_by_another_embedding_messages_are_read_from_their_words_alone(monkeypatch):
    model = WordVectors()
    monkeypatch.setattr(model, "embed", lambda _texts: pytest.fail("asked"))
    assert Reader(model).read("what are the limitations?")


def test_an_unknown_intent_is_named():
    with pytest.raises(ValueError, match="fame"):
        known("scores fame")


def test_where_the_words_tell_little_the_question_before_decides(monkeypatch):
    reader = Reader(WordVectors())
    monkeypatch.setattr(reader, "likelihoods", lambda _text: {"evaluation": 0.3, "response": 0.2, "about": 0.01})
    assert reader.read("the slow part?") == ("evaluation",)
    assert reader.read("the slow part?", ("response",)) == ("response",)
    assert reader.read("the slow part?", ("about",)) == ("evaluation",)
    monkeypatch.setattr(reader, "likelihoods", lambda _text: {"evaluation": 0.6, "response": 0.4})
    assert reader.read("the slow part?", ("response",)) == ("evaluation",)
