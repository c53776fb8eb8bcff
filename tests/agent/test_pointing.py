"""Which point of a discussion a question means."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agent.answering.responses import response
from agent.answering.voices import on_topic, surely_meant
from agent.gathered import Gathered, Searched
from agent.pointing import Raised, describe, point_at
from knowledge.types import Hit, Locator
from tests.agent.answering.files import SPLIT, desk, passage, request
from tests.agent.test_telling import nearness

SPEED = Raised(
    "speed", "AnonReviewer1", "No latency on a phone is reported.", "", "r1", 0, 34, ("We add phone timings.",), True
)
PROSE = Raised("prose", "AnonReviewer1", "The paper is hard to read.", "Weaknesses", "r1", 40, 66, (), True)
PRAISE = Raised("praise", "AnonReviewer2", "The idea of tides is new.", "", "r2", 0, 25, (), False)
POINTS = (SPEED, PROSE, PRAISE)


def test_the_point_whose_words_are_asked_for_is_the_likeliest():
    odds = point_at("is latency on a phone reported?", POINTS, (), nearness)
    assert max(odds, key=odds.__getitem__) == "speed" and odds.keys() == {"speed", "prose", "praise"}


def test_what_the_search_found_in_a_point_speaks_for_it():
    at = replace(passage("held", PROSE.text, "review"), locator=Locator("tern", "r1", None, 40, 66))
    rows = describe("anything odd?", POINTS, (Hit(at, 0.9, 0.5),), nearness)
    assert rows[1]["score"] > rows[0]["score"] == rows[2]["score"]


def test_a_reviewer_who_was_not_named_stands_back():
    rows = describe("what does AnonReviewer2 say on tides?", POINTS, (), nearness)
    assert [row["another's"] for row in rows] == [1.0, 1.0, 0.0]


def test_the_replies_that_are_tied_to_a_point_are_read_with_it():
    rows = describe("did they add timings?", POINTS, (), nearness)
    assert rows[0]["reply"] > 0 and rows[0]["no reply"] == 0 and rows[1]["no reply"] == 1
    assert rows[0]["words of the reply"] > 0 == rows[1]["words of the reply"]


def asked_of(**odds: float) -> Gathered:
    return Gathered((Searched({"query": "sluggish?", "submission": "tern"}, (), {}, odds),), files=(SPLIT,))


def test_a_point_that_is_meant_in_other_words_speaks_of_the_topic():
    assert on_topic(SPLIT, "sluggishness", asked_of(slow=-3.0)) == []
    assert [point.id for point in on_topic(SPLIT, "sluggishness", asked_of(slow=1.0, imagenet=-2.0))] == ["slow"]


def test_the_reply_to_the_point_that_is_meant_is_told():
    asked = request("did they do anything about it being sluggish?", "response", topic="sluggish")
    told = response(asked, asked_of(slow=1.0), desk())
    assert any("runs twice as fast" in sentence.text for sentence in told)


def test_a_question_of_hardly_a_word_means_no_point():
    points = [point for point in SPLIT.points if point.id == "slow"]
    assert surely_meant("What about the second one?", points, {"slow": 0.9}) == []
    assert surely_meant("did they deal with the attack?", points, {"slow": 0.9}) == points
    assert surely_meant("did they deal with the attack?", points, {"slow": 0.4}) == []


def test_one_by_one_is_answered_point_by_point():
    asked = request("go through the replies to the speed point one by one", "response")
    whole = response(asked, asked_of(), desk())
    assert response(asked, asked_of(slow=3.0), desk()) == whole


def test_a_search_among_some_words_only_means_no_point():
    searched = Searched({"query": "a", "submission": "tern", "kinds": ["response"]}, (), {}, {"slow": 9.0})
    assert Gathered((searched,)).meant("tern") == {}


def test_a_reviewer_called_by_another_name_does_not_make_all_stand_back():
    rows = describe("what does R7 say on tides?", POINTS, (), nearness)
    assert [row["another's"] for row in rows] == [0.0, 0.0, 0.0]


def test_of_several_questions_the_surest_counts():
    searches = [
        Searched({"query": q, "submission": "tern"}, (), {}, {"slow": odds}) for q, odds in (("a", -4.0), ("b", 0.0))
    ]
    elsewhere = Searched({"query": "c", "submission": "skua"}, (), {}, {"slow": 9.0})
    assert Gathered((*searches, elsewhere)).meant("tern") == {"slow": 0.5}


@given(st.text(max_size=60), st.lists(st.sampled_from(POINTS), max_size=3, unique=True))
def test_every_point_has_finite_odds_whatever_is_asked(query, points):
    def none_near(query: str, texts) -> np.ndarray:
        return np.zeros(len(texts))

    odds = point_at(query, points, (), none_near)
    assert odds.keys() == {point.id for point in points} and all(np.isfinite(value) for value in odds.values())
