import numpy as np

from knowledge.dense import Held, Vectors
from knowledge.shortlist import Found, QueryVectors, describe_found, order_found
from knowledge.weights import SHORTLIST_WEIGHTS
from tests.knowledge.fictional import WordVectors

TEXTS = ["coral tide harbour", "coral tide reef", "seaweed anchors", "reef lagoon"]
MODEL = WordVectors()
HELD = Held(np.arange(4), np.array([b"a", b"b", b"c", b"d"], dtype="S16"))
VECTORS = Vectors("x", MODEL.width).add(HELD, MODEL.embed(TEXTS), HELD)
CORAL = QueryVectors(*MODEL.embed(["coral tide"] * 3))


def test_what_only_one_ranking_finds_is_kept_and_the_nearest_comes_first():
    found = Found(near=[1, 3], said=[2, 0])
    assert found.rows() == [1, 3, 2, 0]
    order = order_found(found, VECTORS, CORAL)
    assert sorted(order) == [0, 1, 2, 3] and set(order[:2]) == {0, 1}
    assert order_found(Found([], []), VECTORS, CORAL) == []


def test_what_is_found_in_a_named_submission_comes_before_the_like_elsewhere():
    found = Found(near=[0, 1], said=[0, 1], own_near=[1], own_said=[1], named={1: 1.0, 3: 1.0})
    assert order_found(found, VECTORS, CORAL)[0] == 1
    columns = describe_found(found, [0, 1], VECTORS, CORAL)
    assert columns.keys() == SHORTLIST_WEIGHTS.keys()
    assert columns["named"].tolist() == [0, 1] and columns["another is named"].tolist() == [1, 0]


def test_a_passage_without_a_vector_counts_by_its_words():
    columns = describe_found(Found([], [9]), [9], VECTORS, CORAL)
    assert columns["cosine"].tolist() == [0] and columns["lexical rank"][0] > 0.9
