"""What came of a discussion: later words of a reviewer, who got no reply, promises; what is contradicted, who speaks."""

from dataclasses import replace
from typing import Any

from agent.answering.disagreements import shared_lines
from agent.answering.meeting import CRITICISM, shared
from agent.answering.point_by_point import point_by_point
from agent.answering.reactions import promises, reaction, without_reply
from agent.answering.review_quality import contradicted, exemplified
from agent.answering.score_changes import moves
from agent.answering.voices import both_sides, corrected
from agent.desk import Paper, Reviewer
from agent.gathered import Gathered, ReviewFile
from agent.mentions import find_reviewers, without_reviewers
from agent.points import Point, PointReply
from knowledge.types import Locator, Passage


def passage(identity: str, text: str, kind, author: str, addressee: str | None = None) -> Passage:
    place = Locator("reef", identity, None, 0, len(text))
    return Passage(identity, text, place, kind, reviewer=author, addressee=addressee, origin="record")


def point(p: Passage, stance: Any = "objects", **facts) -> Point:
    return Point(f"{p.id}:0", p.reviewer or "", p.id, "review", stance, (), p.text, p.text, (p.id,), **facts)


A = passage("a", "The paper does not compare with anchors.", "review", "Reviewer A")
B = passage("b", "Gains vanish at low tide.", "review", "Reviewer B")
C = passage("c", "At low tide the gain vanishes, which the authors admit.", "review", "Reviewer C")
REPLY = passage("r", "Table 2 has the row 'anchors'. We will add a plot.", "response", "Authors", "Reviewer A")
LATER = passage("l", "I stand corrected on Table 2. I keep my score.", "comment", "Reviewer A")
ANSWER = PointReply("Table 2 has the row 'anchors'.", "Table 2 has the row 'anchors'.", ("r",), 0.9, True, "restated")
FIRST = point(A, status="answered", replies=(ANSWER,))
FILE = ReviewFile("reef", (A, B, C, REPLY, LATER), (FIRST, point(B, status="not answered"), point(C)))


def texts(lines) -> list[str]:
    return [line.text for line in lines]


def test_later_words_are_told_with_what_they_come_to():
    assert texts(reaction(FILE, "Reviewer A")) == [
        "After the reply Reviewer A keeps the rating.",
        "Reviewer A: “I stand corrected on Table 2. I keep my score.”",
    ]
    assert reaction(FILE, "Reviewer B") == []


def test_an_offer_to_change_a_rating_is_no_change_and_what_was_kept_is_told_first():
    offer = passage("o", "A preliminary reject; I offer to change the rating after the reply.", "review", "Reviewer A")
    later = [passage(f"l{n}", f"Remark {n} on the reply.", "comment", "Reviewer A") for n in range(4)]
    kept = passage("k", "I keep my rating.", "comment", "Reviewer A")
    lines = texts(reaction(replace(FILE, passages=(offer, REPLY, *later, kept)), "Reviewer A"))
    assert lines[:2] == ["After the reply Reviewer A keeps the rating.", "Reviewer A: “I keep my rating.”"]
    assert moves("I have raised my score from 4 to 6.") and moves("I would like to raise my rating.")
    for held_out in ("I may raise my score.", "If it is added I raise my score.", "I did not change my rating."):
        assert not moves(held_out)


def test_who_got_no_reply_is_named():
    assert texts(without_reply(FILE))[0] == "No reply to Reviewer B and Reviewer C is on record."


def test_promises_are_the_authors_words():
    assert texts(promises(FILE, ())) == [
        "The authors promise a change:",
        "Authors to Reviewer A: “We will add a plot.”",
    ]
    assert promises(FILE, ("Reviewer B",))[0].kind == "abstention"


def test_an_absence_that_the_reply_shows_to_be_there_is_contradicted():
    lines = contradicted(FILE, [FIRST])
    assert lines[0].text.startswith("One point is contradicted") and lines[0].passages == ("a", "r")
    asked = replace(FIRST, gist="Do you not compare with anchors?", text="Do you not compare with anchors?")
    assert contradicted(FILE, [asked])[0].kind == "abstention"


def test_whether_a_point_gives_an_example():
    assert exemplified(FILE, point(B))[0].kind == "abstention"
    placed = replace(point(B), text="Gains vanish in Table 3.")
    assert exemplified(FILE, placed)[0].text.startswith("Yes, Reviewer B")


def test_words_put_into_the_wrong_mouth_are_given_to_whose_they_are():
    lines = texts(corrected(FILE, "Reviewer A", "low tide", Gathered(files=(FILE,))))
    assert lines[0] == "Reviewer A does not speak of this; Reviewer B and Reviewer C do:"


def test_both_sides_of_one_reviewer_are_told():
    praise = point(B, "praises")
    assert both_sides([point(B), point(B), praise]) == [point(B), praise]


def test_what_two_say_in_nearly_the_same_words_is_in_common():
    (alike,) = shared(FILE, CRITICISM)
    assert alike.same and texts(shared_lines(FILE, alike, 0))[0].startswith("Reviewer B and Reviewer C share a concern")


def test_who_only_commented_can_be_named():
    paper = Paper("reef", "Reef", (), (Reviewer("Reviewer A"),), commenters=("Nell Harbour",))
    assert find_reviewers("What did Nell Harbour write on tides?", paper) == ("Nell Harbour",)
    assert "Nell" not in without_reviewers("What did Nell Harbour write on tides?", paper)


def test_of_one_reviewer_all_points_are_told_and_of_several_those_that_tell_most():
    held = [passage(f"n{n}", f"Anchor {n} drags in sand of kind {n}.", "review", "Reviewer A") for n in range(8)]
    points = [point(p, status="not answered") for p in held]
    file = ReviewFile("reef", (*held, REPLY), tuple(points))
    told = " ".join(texts(point_by_point(file, points, "point")))
    assert all(f"Anchor {n} drags" in told for n in range(8))
    shared_out = [*points[:4], *(replace(p, reviewer="Reviewer B") for p in points[4:])]
    fewer = " ".join(texts(point_by_point(file, shared_out, "point")))
    assert sum(f"Anchor {n} drags" in fewer for n in range(8)) < 8
