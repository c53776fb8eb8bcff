"""A reviewer against the authors on a matter: whom the record speaks for, with the words of both."""

from dataclasses import replace

import pytest

from agent.answering.disagreements import disagreement
from agent.desk import PastTurn
from agent.disagreeing_words import asks_for_sides, sides_with_authors
from agent.events import Answer
from agent.gathered import Gathered, Searched, WholePaper
from agent.intents import settle
from agent.points import PointReply
from agent.understanding import understand
from knowledge.types import Hit
from tests.agent.answering.files import GOOD, R1, R2, desk, passage, point, request, review_file, scores

TIMES = point("times", R1, "objects", "The paper compares no running times.")
OTHER = point("other", R2, "praises", "The running text is clear.")
TIMED = passage("timed", "We timed the layer on a laptop: 4.5 ms dense against 1.2 ms pruned.", "response", "Authors", "Evaluation", addressee=R1)  # fmt: skip
SCAN = passage("scan", "The tide is scanned once.", "response", "Authors", "Method", addressee=R1)
ASKED = request("Who is right on timing, R1 or the authors?", "disagreement", reviewers=(R1,), topic="timing")


def told(*points, asked=ASKED, responses=(TIMED, SCAN), paper=(), past=()):
    file = review_file((scores(R1, GOOD),), points or (TIMES, OTHER), *responses)
    searched = Searched({"submission": "tern"}, tuple(Hit(p, 0.2, 0.2) for p in responses))
    found = Gathered((searched,), (file,), papers=(WholePaper("tern", tuple(paper)),))
    return [s.text for s in disagreement(asked, found, desk(*past))]


def test_figures_that_the_authors_bring_stand_against_the_point_though_no_reply_is_linked_to_it():
    said = told()
    assert said[0].startswith("On the paper as reviewed Reviewer 1 has a point; the figures that the authors bring")
    assert any("“The paper compares no running times.”" in line for line in said)
    assert any("1.2 ms pruned" in line for line in said) and not any("running text" in line for line in said)


def test_without_a_reply_the_reviewer_stands_uncontradicted():
    said = told(responses=(SCAN,))
    assert said[0] == "Reviewer 1, as far as the record goes: no reply to this was found."


@pytest.mark.parametrize(
    ("facts", "lead"),
    [
        ({"verdict": "yes"}, "The authors, as far as the record goes: Reviewer 1 took the reply"),
        ({"verdict": "no"}, "It is not settled: the reply did not move Reviewer 1."),
        ({"kind": "comment"}, "It stays in dispute: Reviewer 1 holds to it after the reply."),
    ],
)
def test_what_the_reviewer_said_after_the_reply_decides(facts, lead):
    reply = PointReply(TIMED.text, TIMED.text, ("timed",), 0.9, True, "restated")
    assert told(replace(TIMES, status="answered", replies=(reply,), **facts), OTHER)[0].startswith(lead)


def test_the_papers_own_table_decides_for_the_authors():
    table = passage("table", "Table 2: Speed.\nNet | Speed-up | Batch\nGull-S | 1.2x | 1\nGull-L | 3.0x | 1", "paper", role="table")  # fmt: skip
    claim = point("claim", R1, "objects", "The authors claim a speed-up of 3x but Table 2 shows 1.2x.")
    said = told(claim, OTHER, asked=replace(ASKED, topic="speed-up"), paper=(table,))
    assert said[0].startswith("The authors, on what the paper itself shows")
    assert any("Gull-L, Speed-up: 3.0x" in line for line in said)


def test_the_next_question_on_the_sides_is_on_the_same_matter():
    last = PastTurn(1, ASKED.text, ASKED.to_json(), Answer(()))
    on = understand("Which evidence speaks for each side?", desk(last), lambda text, before: ("disagreement",))
    assert (on.intents, on.reviewers, on.topic) == (("disagreement",), (R1,), "timing")
    assert told(asked=on, past=(last,)) == told()


@pytest.mark.parametrize(
    "text",
    [
        "Who is right on timing, R1 or the authors?",
        "Reviewer 2 or the authors on novelty, whom should I believe?",
        "Do you side with AnonReviewer3 or with the authors?",
        "Does R3 disagree with the authors on hardware?",
        "Is reviewer 1 or the rebuttal right on LibriSpeech?",
        "The authors against R2 on seeds: who has the better case?",
    ],
)
def test_questions_that_set_a_reviewer_against_the_authors(text):
    assert sides_with_authors(text) and settle(("reviewer",), text) == ("disagreement",)


@pytest.mark.parametrize(
    "text", ["Who is right, R1 or R2?", "What did the authors reply to R1?", "Do the authors compare with R-Net?"]
)
def test_other_questions_do_not(text):
    assert not sides_with_authors(text)
    assert not asks_for_sides("What did he reply?")
