"""A point without a tied reply gets those of its siblings as possible ones; the bundled threads are held to labels."""

import pytest

from agent.siblings import with_siblings
from knowledge.collection import Collection
from knowledge.reviews import Answer, Discussion, Reply, ReviewPoint
from tests.agent.bundled_replies import REPLIES

MISSED = {"finds Sections 4, 5 and 6 very short", "does not consider the contribution on uniform"}
"""Points that a reply answers and that neither it nor one to a sibling is tied to."""


def point(identity, text, document="review", aspects=(), reviewer="Reviewer 1"):
    return ReviewPoint(identity, document, 0, len(text), text, reviewer, "objects", aspects)


TIMES = point("times", "The main concern is that no time comparison with dense nets is given.")
CLOCK = point("clock", "How fast is it in wall-clock terms on a harbour CPU?")
STYLE = point("style", "The prose of Section 4 wanders.")
LONG = point("long", "Searching the tides takes many days for deep nets.")
TIMED = Reply("response", 0, 40, 0.9, "restated", sure=True)
FAR = Reply("response", 50, 90, 0.1, "meaning")
NEAR = Reply("response", 50, 90, 0.23, "meaning")


def lifted(points, answers):
    return with_siblings(Discussion(points=tuple(points), answers=answers)).answers


def test_a_reply_to_a_sibling_is_a_possible_one_and_no_tied_one():
    before = {"times": Answer("not answered", (FAR,)), "clock": Answer("answered", (TIMED,))}
    after = lifted((TIMES, CLOCK), before)
    assert after["times"].status == "possibly answered here" and after["clock"] is before["clock"]
    assert [(r.start, r.sure) for r in after["times"].replies] == [(0, False)]


@pytest.mark.parametrize(
    "other",
    [
        STYLE,
        LONG,
        point("clock", CLOCK.text, document="another review"),
        point("clock", "A typo: wall-clock time is spelled wall clok.", aspects=("typo",)),
    ],
)
def test_another_matter_review_or_a_correction_is_no_sibling(other):
    before = {"times": Answer("not answered", (FAR,)), other.id: Answer("answered", (TIMED,))}
    assert lifted((TIMES, other), before) == before


def test_two_points_on_one_thing_may_share_what_comes_nearest_to_both():
    before = {"times": Answer("not answered", (NEAR,)), "clock": Answer("not answered", (NEAR,))}
    assert {a.status for a in lifted((TIMES, CLOCK), before).values()} == {"possibly answered here"}
    far = {"times": Answer("not answered", (FAR,)), "clock": Answer("not answered", (FAR,))}
    assert lifted((TIMES, CLOCK), far) == far


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    """Every labelled point of the bundled threads: its label, what was found for it, and the words of the replies."""
    found = []
    with Collection(tmp_path_factory.mktemp("bundled")) as collection:
        for name, labels in REPLIES.items():
            texts = {d.id: d.text for d in collection.submission(name).documents}
            told = with_siblings(collection.discussion(name))
            for beginning, replies in labels.items():
                (one,) = (p for p in told.points if p.text.removeprefix(f"{p.reviewer} ").startswith(beginning))
                answer = told.answers[one.id]
                words = [texts[r.document][r.start : r.end] for r in answer.replies]
                right = [any(begin in w[:90] for begin in replies) for w in words]
                found.append((beginning, replies, answer, right))
    return found


def test_what_the_authors_answered_in_the_bundled_threads_is_not_called_unanswered(labelled):
    silent = {beginning for beginning, replies, answer, _ in labelled if replies and answer.status == "not answered"}
    assert silent == MISSED


def test_what_they_did_not_answer_is_not_given_a_tied_reply(labelled):
    assert not [b for b, replies, answer, _ in labelled if not replies and answer.status == "answered"]
    assert not [b for b, replies, answer, _ in labelled if not replies and answer.status == "possibly answered here"]


def test_most_of_the_first_replies_of_the_bundled_threads_are_right(labelled):
    tied = [right[0] for _, replies, answer, right in labelled if replies and answer.status == "answered"]
    possible = [right[0] for _, replies, answer, right in labelled if replies and answer.status.startswith("possibly")]
    assert sum(tied) / len(tied) >= 0.9 and sum(possible) / len(possible) >= 0.6
