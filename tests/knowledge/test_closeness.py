import numpy as np

from knowledge.closeness import Closeness, measure_closeness
from knowledge.dense import Held, Vectors
from tests.knowledge.fictional import WordVectors

TEXTS = ["coral tide harbour", "coral tide reef", "seaweed anchors", "reef lagoon"]


def test_passages_like_the_nearest_ones_come_nearer_than_by_the_question_alone():
    model = WordVectors()
    held = Held(np.arange(4), np.array([b"a", b"b", b"c", b"d"], dtype="S16"))
    vectors = Vectors("x", model.width).add(held, model.embed(TEXTS), held)
    found = measure_closeness(
        model, "coral tide", model.embed(["coral tide"])[0], vectors, [3, 0, 1], [TEXTS[3], *TEXTS[:2]]
    )
    assert found[0].feedback > found[0].cosine + 0.1
    assert found[1].match == 1 and found[0].match == 0


def test_a_passage_without_a_vector_counts_by_its_words():
    model = WordVectors()
    (found,) = measure_closeness(model, "coral", model.embed(["coral"])[0], Vectors("x", model.width), [7], ["coral"])
    assert found == Closeness(0.0, found.feedback, 1.0, 1.0)
    assert measure_closeness(model, "coral", model.embed(["coral"])[0], Vectors("x", model.width), [], []) == []
