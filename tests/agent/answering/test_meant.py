"""Points called by their label, and reviewers by what they wrote."""

from dataclasses import replace

from agent.answering.composing import compose
from agent.answering.marks import spare_marks
from agent.answering.meant import points_meant, settle_reviewer
from agent.answering.parts import judge
from agent.answering.point_by_point import answered
from agent.desk import PastTurn
from agent.events import Answer, Sentence
from agent.grounding import Evidence, ground
from agent.points import PointReply
from tests.agent.answering.files import (
    GOOD,
    R1,
    R2,
    SLOW,
    STALE,
    TERN,
    TOLD,
    desk,
    gathered,
    passage,
    point,
    request,
    review_file,
    scores,
)  # fmt: skip

FIRST = replace(SLOW, label="W1")
SECOND = replace(STALE, label="W2")
ASKED = point("asked", R1, "asks", "Does it work on ResNet as well?")
FILE = review_file((scores(R1, GOOD), scores(R2, GOOD)), (FIRST, SECOND, ASKED), TOLD)


def asked(text, *names, intents=("response",)):
    return replace(request(), text=text, intents=intents, reviewers=names)


def test_a_label_means_the_point_under_it_with_its_reply():
    said = compose(asked("W1 of R2?", R2), gathered(FILE), desk())
    text = "\n".join(line.text for line in said)
    assert "No wall-clock speed" in text and "twice as fast" in text and "incremental" not in text
    assert ground(said, Evidence(gathered(FILE).passages), TERN, model="", submission="tern", trusted=True).struck == ()


def test_a_label_without_a_name_is_of_whoever_has_it():
    assert points_meant(asked("and W2?"), FILE) == [SECOND]


def test_where_nothing_is_labelled_the_questions_of_one_reviewer_are_counted():
    assert points_meant(asked("Q1?", R1), FILE) == [ASKED]
    assert points_meant(asked("Q2?", R1), FILE) == []


def test_who_asked_about_a_matter_is_that_reviewer():
    found = settle_reviewer(asked("did they answer the one who asked about ResNet?"), gathered(FILE))
    assert found.reviewers == (R1,)


def test_who_is_named_is_not_looked_for():
    named = asked("R2 and the one who asked about ResNet", R2)
    assert settle_reviewer(named, gathered(FILE)) == named


def test_the_other_question_is_what_the_last_answer_did_not_tell():
    other = point("other", R1, "asks", "What does the fine-tuning cost in hours?")
    file = review_file((scores(R1, GOOD), scores(R2, GOOD)), (ASKED, other), TOLD)
    past = PastTurn(1, "R1?", request().to_json(), Answer((Sentence(f"{R1}: “{ASKED.text}”", (), "fact", 0),)))
    assert points_meant(asked("and his other question?", R1), file, desk(past)) == [other]


def test_a_reply_over_several_passages_is_quoted_from_where_it_tells():
    text = (
        "5. On the cost\n\nIt is small.\n\nFine-tuning takes about two hours on one card, the search takes ten minutes."
    )
    parts = [
        passage(f"part{n}", part, "response", "Authors", addressee=R1) for n, part in enumerate(text.split("\n\n"))
    ]
    told = PointReply(text, "Fine-tuning takes about two hours on one card, the search takes ten minutes.", tuple(p.id for p in parts), 0.9, True, "quoted")  # fmt: skip
    cost = point("cost", R1, "asks", "What does the fine-tuning cost in hours?", status="answered", replies=(told,))
    file = review_file((scores(R1, GOOD),), (cost,), *parts)
    lines = answered(file, cost, fully=True)
    assert any("two hours on one card" in line.text for line in lines)
    evidence = Evidence(gathered(file).passages)
    assert ground(lines, evidence, TERN, model="", submission="tern", trusted=True).struck == ()


def test_a_weighing_cites_whom_it_names_and_little_more():
    held = {p.id: p for p in (passage(f"p{n}", "It is thin.", "review", (R1, R2)[n % 2]) for n in range(10))}
    line = judge(f"{R1} and {R2} share a concern:", *held.values())
    assert len(spare_marks([line], held, TERN)[0].passages) == 2
