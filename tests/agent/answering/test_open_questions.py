"""What is left to ask: questions, wanted experiments, one reply to several points, and how points were answered."""

from dataclasses import replace

import pytest

from agent.answering.composing import compose
from agent.answering.one_reviewer import unknown_reviewer
from agent.answering.open_questions import experiments_wanted, open_points, questions
from agent.answering.point_by_point import by_reply, point_by_point, what_settled
from agent.answering.reactions import silent_points, whether_answered
from agent.answering.responses import response
from agent.answering.reviews import overview
from agent.answering.tallies import scores
from agent.answering.voices import who_speaks
from agent.answering.ways_of_answering import answered_by, manner_asked
from agent.desk import Desk, Paper, Reviewer
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.mentions import find_unknown_reviewer
from agent.points import PointReply
from tests.agent.answering.files import (
    ABOVE,
    BELOW,
    R1,
    R2,
    R3,
    TERN,
    desk,
    passage,
    point,
    reply,
    request,
    review_file,
)
from tests.agent.answering.files import scores as scores_of

TOLD = passage("told", "Tides are read twice a day.", "response", "Authors", addressee=R1)
SAID = reply("told", TOLD.text)
WHY = replace(
    point("why", R1, "asks", "Why are tides read?", status="answered", replies=(SAID,)), aspects=("question",)
)
HOW = replace(
    point("how", R1, "objects", "How often are they read? It is unclear.", status="answered", replies=(SAID,)),
    aspects=("question",),
)
MAP = replace(point("map", R2, "objects", "A comparison with dredging is missing."), aspects=("weakness", "experiment"))
SALT = point("salt", R2, "objects", "Salt is ignored.")
FILE = review_file((scores_of(R1, ABOVE), scores_of(R2, BELOW)), (WHY, HOW, MAP, SALT), TOLD)


def texts(lines: list[DraftSentence]) -> str:
    return "\n".join(line.text for line in lines)


def held(*files) -> Gathered:
    return Gathered(files=files or (FILE,))


def test_a_reply_to_several_points_is_told_once():
    assert [[p.id for p in group] for group in by_reply((WHY, MAP, HOW))] == [["why", "how"], ["map"]]
    assert texts(point_by_point(FILE, (WHY, HOW), "point")).count("twice a day") == 1
    apart = replace(HOW, replies=(replace(SAID, gist="Tides are read."),))
    assert len(by_reply((WHY, apart))) == 2


def test_questions_that_stand_in_an_objection_are_questions():
    said = texts(questions(request("What do they ask?", "questions"), held(), desk()))
    assert "Why are tides read?" in said and "How often" in said and "dredging" not in said


def test_open_questions_are_those_without_a_settling_reply():
    waiting = replace(WHY, status="not answered", replies=())
    few = texts(
        questions(
            request("Which questions are open?", "questions"), held(review_file((), (waiting, MAP), TOLD)), desk()
        )
    )
    assert "Why are tides read?" in few and "dredging" in few
    file = review_file((scores_of(R1, ABOVE),), (waiting, HOW), TOLD)
    said = texts(questions(request("Which questions are still open?", "questions"), held(file), desk()))
    assert "Why are tides read?" in said and "How often" not in said
    every = texts(questions(request("Which questions remain unanswered?", "questions"), held(), desk()))
    assert every.startswith("Every question that a reviewer asks has a reply")


def test_where_nobody_asks_objections_can_be_put_to_the_authors():
    file = review_file((scores_of(R2, BELOW),), (MAP, SALT))
    said = questions(request("What should the authors be asked?", "questions"), held(file), desk())
    assert "can be put to the authors" in said[0].text and "dredging" in texts(said)
    assert said[0].passages and all(line.kind != "abstention" for line in said)
    none = questions(request("What do they ask?", "questions"), held(review_file((scores_of(R2, BELOW),), ())), desk())
    assert [line.kind for line in none] == ["abstention"]


def test_without_a_response_the_points_stand_in_a_judgement():
    said = open_points(
        request("What is open?", "open"), held(review_file((scores_of(R2, BELOW),), (MAP, SALT))), desk()
    )
    assert said[0].kind == "judgement" and said[1].text == "No author response is on record."
    assert said[1].kind == "abstention" and "dredging" in texts(said)


@pytest.mark.parametrize("text", ["Which experiments do the reviewers ask for?", "What baselines do they want added?"])
def test_wanted_experiments_are_told_whatever_the_question_is_read_as(text: str):
    said = texts(list(compose(request(text, "baselines"), held(), desk())))
    assert "dredging" in said and "Salt" not in said
    nothing = experiments_wanted(request(text), held(review_file((scores_of(R2, BELOW),), (SALT,))), desk())
    assert nothing[0].kind == "abstention"


def test_whether_a_reviewer_was_answered_at_all():
    assert texts(whether_answered(FILE, R1)).startswith("Yes, the authors reply to Reviewer 1.")
    alone = whether_answered(FILE, R2)
    assert alone[0].kind == "abstention" and "No reply to Reviewer 2 is on record" in alone[0].text
    asked = request("Did Reviewer 2 get any answer at all?", "response", reviewers=(R2,), topic="dredging of salt")
    assert texts(response(asked, held(), desk())) == texts(alone)
    met = replace(SALT, status="answered", replies=(SAID,))
    partly = whether_answered(review_file((scores_of(R2, BELOW),), (met, MAP), TOLD), R2)
    assert partly[0].text.startswith("No reply is addressed to Reviewer 2;")


@pytest.mark.parametrize(
    ("text", "manner"),
    [
        ("What do the authors concede?", "concession"),
        ("Which points do they push back on?", "rebuttal"),
        ("Did the authors bring any new results?", "results"),
        ("What did they change in the paper?", "revision"),
        ("What do the authors say on salt?", None),
        ("Which new results are there?", None),
    ],
)
def test_a_way_of_answering_is_asked_for_in_many_words(text: str, manner: str | None):
    assert manner_asked(text) == manner


def test_points_are_told_by_the_way_they_were_answered():
    granted = PointReply("You are right.", "You are right.", ("told",), 0.9, True, "quoted", manner="concession")
    file = review_file((scores_of(R2, BELOW),), (replace(SALT, status="answered", replies=(granted,)), MAP), TOLD)
    said = texts(answered_by(file, "concession", ()))
    assert said.startswith("The authors grant these points of Reviewer 2:") and "dredging" not in said
    assert answered_by(file, "results", ())[0].kind == "abstention"


def test_a_reviewer_of_another_paper_is_noticed():
    other = Paper("skua", "Skua: Rounding at Sea", ("Skua",), (Reviewer("Reviewer_x4Qp"),))
    assert find_unknown_reviewer("What does x4Qp say?", TERN, (TERN, other)) == "Reviewer_x4Qp"
    assert find_unknown_reviewer("What does x4Qp say?", TERN) is None
    said = unknown_reviewer(
        request("What does x4Qp say?", "reviewer", unknown_reviewer="Reviewer_x4Qp"),
        held(),
        Desk((TERN, other), "tern"),
    )
    assert "No review by Reviewer_x4Qp" in said[0].text and "Skua" in said[1].text
    numbered = unknown_reviewer(
        request("R9?", "reviewer", unknown_reviewer="Reviewer 9"), held(), Desk((TERN, other), "tern")
    )
    assert len(numbered) == 1


def test_who_scored_lowest_is_about_the_rating_though_confidence_is_asked_too():
    said = scores(request("Who scored it lowest and how sure are they?", "scores"), held(), desk())
    assert "the lowest rating is 5" in said[0].text.lower() and R3 not in texts(said)


def test_what_was_left_without_a_reply_is_told_alone():
    asked = request("Which points did the authors ignore?", "response")
    assert texts(response(asked, held(), desk())) == texts(silent_points(FILE, ()))
    assert "dredging" in texts(silent_points(FILE, ())) and "Why are tides" not in texts(silent_points(FILE, ()))
    assert silent_points(FILE, (R1,))[0].text.startswith("No point of Reviewer 1 is left without a reply")


def test_what_is_settled_is_said_of_several_points_at_once():
    done = replace(WHY, verdict="yes", verdict_text="That settles it.", verdict_passages=("done",))
    file = review_file((), (done, HOW, MAP, SALT), TOLD, passage("done", "That settles it.", "comment", R1))
    said = texts(what_settled(file, (done, HOW, MAP, SALT)))
    assert "took replies as settling" in said and "That settles it." in said and "Salt is ignored." in said
    unsaid = texts(what_settled(FILE, (WHY, HOW)))
    assert "whether it is settled the record does not tell" in unsaid


def test_a_word_on_all_replies_stands_once():
    general = {"verdict": "no", "verdict_text": "Doubts remain.", "verdict_passages": ("doubts",)}
    other = replace(SAID, text="Twice.", gist="Twice.")
    points = (replace(WHY, **general), replace(HOW, replies=(other,), **general))
    file = review_file((), points, TOLD, passage("doubts", "Doubts remain.", "comment", R1))
    assert texts(point_by_point(file, points, "point")).count("Doubts remain.") == 1


def test_going_through_the_points_needs_no_topic():
    asked = request("Go through them one by one: does the rebuttal deal with each?", "response", topic="deal")
    said = texts(response(asked, held(), desk()))
    assert "Why are tides read?" in said and "dredging" in said


@pytest.mark.parametrize("text", ["Who misses a comparison?", "Which of them complains about comparisons?"])
def test_who_speaks_of_a_matter_that_has_only_a_common_name(text: str):
    said = texts(who_speaks(request(text, "who"), held(), desk()))
    assert said.startswith("Reviewer 2 speaks of this; Reviewer 1 does not.") and "dredging" in said


def test_who_comes_nearest_to_what_nobody_said():
    said = who_speaks(
        request("Who calls dredging a fraud?", "who", topic="dredging fraud allegations everywhere"), held(), desk()
    )
    assert said[0].text == "No reviewer on record says just that; Reviewer 2 comes nearest:" and "dredging" in texts(
        said
    )
    none = who_speaks(request("Who speaks of whales?", "who", topic="whales singing"), held(), desk())
    assert none[0].kind == "abstention"


def test_an_overview_begins_with_what_the_paper_does():
    does = replace(point("does", R2, "describes", "This paper reads tides to prune piers."), aspects=("summary",))
    thanks = point("thanks", R1, "describes", "The paper is fit for the venue, I keep my score.")
    said = overview(
        request("Overview?", "overview"), held(review_file((scores_of(R1, ABOVE),), (thanks, does, SALT))), desk()
    )
    assert said[0].text == "The paper, as Reviewer 2 puts it: “This paper reads tides to prune piers.”"
