"""How a reply is worded: sure, possible, or none with what is nearest, and what the reviewer said of it."""

from dataclasses import replace
from typing import Any

from agent.answering.points import with_reply
from agent.answering.responses import response
from agent.gathered import Gathered, ReviewFile, gather, passage_to_json
from agent.points import Point, PointReply
from agent.request import Request
from agent.tools.replies import discussion_to_json
from knowledge.chunking import split_document
from knowledge.reviews import read_discussion
from knowledge.types import Document, Locator, Passage
from tests.agent.desks import desk
from tests.knowledge.discussion.documents import document, embed, submission


def passage(identity: str, text: str, kind: Any, author: str, addressee: str | None = None) -> Passage:
    place = Locator("s", identity, None, 0, len(text))
    return Passage(identity, text, place, kind, reviewer=author, addressee=addressee, origin="record")


POINT = passage("p", "No anchors were compared.", "review", "R1")
REPLY = passage("r", "See the new Table 4.", "response", "Authors", "R1")
WORD = passage("c", "This settles my concern.", "comment", "R1")
RAISED = Point("p:0-25", "R1", "p", "review", "objects", ("weakness",), POINT.text, POINT.text, ("p",))
ANSWER = PointReply(REPLY.text, REPLY.text, ("r",), 0.9, True, "quoted")
REVIEW = document("review", "R1", ("Weaknesses", "- No anchor was compared with the tide."))


def worded(**facts: Any) -> list[str]:
    file = ReviewFile("s", (POINT, REPLY, WORD))
    return [sentence.text for sentence in with_reply(file, replace(RAISED, **facts))]


def test_a_sure_reply_is_cited_with_what_the_reviewer_said_of_it():
    said = {"verdict": "yes", "verdict_text": WORD.text, "verdict_passages": ("c",)}
    assert worded(status="answered", replies=(ANSWER,), **said) == [
        "R1: “No anchors were compared.”",
        "Authors: “See the new Table 4.”",
        "R1 takes this as settled: “This settles my concern.”",
    ]


def test_how_a_reply_answers_is_said():
    promised = replace(ANSWER, manner="promise")
    assert worded(status="answered", replies=(promised,))[1] == "Authors (a promise): “See the new Table 4.”"


def test_an_unsure_reply_says_so():
    said = {"verdict": "no", "verdict_text": WORD.text, "verdict_passages": ("c",)}
    assert worded(status="possibly answered here", replies=(ANSWER,), **said)[1:] == [
        "Authors (possibly answered here): “See the new Table 4.”",
        "R1 still holds this open: “This settles my concern.”",
    ]


def test_no_reply_lists_the_nearest():
    assert worded(status="not answered", replies=(ANSWER,))[1:] == [
        "No reply to this point was found.",
        "Nearest to it, the authors write: “See the new Table 4.”",
    ]


def file_of(*documents: Document) -> ReviewFile:
    passages = [replace(p, origin="record") for whole in documents for p in split_document(whole)]
    artifact = {
        "submission": "s",
        "passages": [passage_to_json(p) for p in passages],
        **discussion_to_json(read_discussion(submission(*documents), embed), documents, passages),
    }
    (file,) = gather([("reviews", artifact)]).files
    return file


def test_the_discussion_reaches_the_answer_through_its_points():
    quoting = ("", "> No anchor was compared with the tide.\n\nSee the new Table 4.")
    reply = document("response", "Authors", quoting, addressee="R1")
    comment = document("comment", "R1", ("", "All my concerns have been addressed."), date="2031-03-01")
    file = file_of(REVIEW, reply, comment)
    lines = [sentence.text for sentence in with_reply(file, file.points[0])]
    assert lines == [
        "R1: “No anchor was compared with the tide.”",
        "Authors: “See the new Table 4.”",
        "R1 takes this as settled: “All my concerns have been addressed.”",
    ]


def test_points_without_a_reply_come_before_those_with_one():
    review = document("review", "R1", ("Weaknesses", "- No anchor was compared with the tide.\n- The harbour is not described anywhere."))  # fmt: skip
    reply = document("response", "Authors", ("", "> No anchor was compared with the tide.\n\nSee the new Table 4."), addressee="R1")  # fmt: skip
    file = file_of(review, reply)
    request = Request("Did they answer?", ("response",), ("s",))
    first, *rest = [s.text for s in response(request, Gathered(files=(file,)), desk())]
    assert first.startswith("The authors reply to some of the points;") and "no reply on record was found" in first
    assert rest[:2] == ["R1: “The harbour is not described anywhere.”", "No reply to this point was found."]
    assert rest.index("R1: “No anchor was compared with the tide.”") > 1
