"""The door to the discussion: scores, points with their answers, what settles them, who agrees."""

import json
from dataclasses import replace

from benchmarks.review_labels import LABELS
from knowledge.chunking import split_document
from knowledge.discussion.judging import judge_by, sentence_embedder
from knowledge.reviews import Discussion, passages_at, read_discussion, score_table
from knowledge.types import Review, Score
from tests.knowledge.discussion.documents import document, embed, submission
from tests.knowledge.made_reviews import load_made

REVIEW = document("review", "Reviewer Ab1", ("Weaknesses", "- The salt of the harbour is not discussed.\n- No anchor was compared with the tide."), date="2031-02-01")  # fmt: skip
REPLY = document("response", "Authors", ("Comment", "> The salt of the harbour is not discussed.\n\nIt is now.\n\n> No anchor was compared with the tide.\n\nSee Table 4."), addressee="Reviewer Ab1", date="2031-03-01")  # fmt: skip


def came_back(text: str, date: str = "2031-03-05") -> list[tuple[str, str] | None]:
    """What a comment settles of the two points: the verdict and the words it rests on."""
    comment = document("comment", "Reviewer Ab1", ("Comment", text), addressee="Authors", date=date)
    found = read_discussion(submission(REVIEW, REPLY, comment), embed)
    own = [found.settled.get(point.id) for point in found.points if point.document == REVIEW.id]
    return [said and (said.verdict, comment.text[said.start : said.end]) for said in own]


def test_a_missing_score_is_missing_and_every_reviewer_has_a_row():
    reviews = (
        Review("a", "s", "AnonReviewer3", ("R3",), Score(5, "Marginal", 1, 10), None, (("soundness", Score(2.5)),)),
        Review("b", "s", "AnonReviewer1", (), None, Score(4)),
    )
    table = score_table(replace(submission(document("review", "Reviewer 9", ("", "Fine."))), reviews=reviews))
    assert [row.reviewer for row in table] == ["AnonReviewer3", "AnonReviewer1", "Reviewer 9"]
    assert (
        table[0].aliases == ("R3",) and table[0].rating == Score(5, "Marginal", 1, 10) and table[0].confidence is None
    )
    assert [row.others for row in table] == [
        (("soundness", Score(2.5)),),
        (("soundness", None),),
        (("soundness", None),),
    ]


def test_a_reviewer_who_is_satisfied_settles_everything():
    assert came_back("Thanks, all my concerns have been addressed.") == [("yes", "Thanks, all my concerns have been addressed.")] * 2  # fmt: skip


def test_a_word_on_the_matter_goes_before_a_general_one():
    salt, anchor = came_back("All my concerns are addressed. I still think that no anchor was compared with the tide.")
    assert salt and anchor and (salt[0], anchor[0]) == ("yes", "no")


def test_a_better_score_or_half_an_answer_does_not_tell_what_is_settled():
    assert {said and said[0] for said in came_back("I raise my score.")} == {"unknown"}
    assert {said and said[0] for said in came_back("This partially addressed my concerns.")} == {"unknown"}
    assert came_back("The sea is blue.") == [None, None]


def test_what_a_reviewer_takes_back_is_settled_also_where_the_matter_stands_in_the_sentence_before():
    taken_back = came_back("My point on the salt of the harbour is withdrawn.")
    assert [said and said[0] for said in taken_back].count("yes") == 1
    before = came_back("The anchor is in Table 4. I overlooked it. I raise my score.")
    anchor = [said for said in before if said and said[0] == "yes"]
    assert [words for _, words in anchor] == ["The anchor is in Table 4. I overlooked it."]


def test_nothing_is_settled_before_the_reply():
    assert came_back("All my concerns have been addressed.", "2031-02-20") == [None, None]


def test_the_same_concern_of_two_is_an_agreement_and_praise_against_it_a_disagreement():
    same = document("review", "Reviewer Zz9", ("Weaknesses", "- No anchor was compared with the tide here."))
    found = read_discussion(submission(REVIEW, same), embed).agreements
    assert [(a.kind, a.holders) for a in found] == [("agreement", (("Reviewer Ab1", "-"), ("Reviewer Zz9", "-")))]
    assert "anchor" in found[0].evidence[0].terms
    liked = document("review", "Reviewer Zz9", ("Strengths", "- The salt of the harbour is discussed."))
    found = read_discussion(submission(REVIEW, liked), embed).agreements
    assert [(a.kind, a.holders) for a in found] == [("disagreement", (("Reviewer Ab1", "-"), ("Reviewer Zz9", "+")))]


def test_points_and_replies_lead_to_passages():
    found = read_discussion(submission(REVIEW, REPLY), embed)
    passages = split_document(REVIEW) + split_document(REPLY)
    for point in found.points:
        assert [p.text for p in passages_at(point.document, point.start, point.end, passages)] == [point.text]
    (first, _) = found.answers.values()
    reply = first.replies[0]
    assert [p.text for p in passages_at(reply.document, reply.start, reply.end, passages)] == ["It is now."]


def test_a_submission_without_reviews_has_an_empty_discussion():
    assert read_discussion(submission(), embed) == Discussion()


def test_the_made_threads_keep_their_precision(minilm):
    """What `benchmarks/bench_reviews.py` reports, held here from below."""
    from benchmarks.bench_reviews import measure

    embedded = sentence_embedder(minilm)
    assert embedded is not None
    count = measure(load_made("reporting"), minilm.embed, judge_by(embedded[0]))
    assert count.found >= 0.93 * count.points
    assert count.sure[0] >= 0.9 * count.sure[1] and count.sure_found[0] >= 0.8 * count.sure_found[1]
    assert count.silent[0] >= 0.9 * count.silent[1]


def test_the_labels_of_real_threads_hold_none_of_their_words():
    keys = {"note", "field", "start", "end", "sha1", "status", "replies", "settled", "manner"}
    threads = json.loads(LABELS.read_text(encoding="utf-8"))["threads"]
    entries = [entry for thread in threads for point in thread["points"] for entry in (point, *point["replies"])]
    assert len(threads) >= 22 and sum(len(thread["points"]) for thread in threads) >= 350
    assert all(set(entry) <= keys and len(entry["sha1"]) == 12 and len(entry["note"]) <= 14 for entry in entries)


def test_a_follow_up_goes_back_to_its_point_and_has_an_answer_of_its_own():
    again = document("comment", "Reviewer Ab1", ("Comment", "Why was no anchor compared with the tide at night?"), id="again", date="2031-03-05")  # fmt: skip
    under = replace(again, reply_to=REPLY.id)
    found = read_discussion(submission(REVIEW, REPLY, under), embed)
    salt, anchor, later = found.points
    assert found.follow_ups == {anchor.id: (later.id,)} and salt.id not in found.follow_ups
    assert found.answers[anchor.id].status == "answered" and found.answers[later.id].status == "not answered"
    second = document("response", "Authors", ("Comment", "> Why was no anchor compared with the tide at night?\n\nAt night the anchor is up."), id="second", date="2031-03-08", reply_to="again", addressee="Reviewer Ab1")  # fmt: skip
    found = read_discussion(submission(REVIEW, REPLY, under, second), embed)
    assert [r.document for r in found.answers[later.id].replies] == ["second"]


def test_points_and_replies_have_a_gist():
    long = document("review", "Reviewer Ab1", ("Weaknesses", "- The sea is deep and blue. The salt of the harbour is not discussed anywhere. It is a pity."))  # fmt: skip
    answer = document("response", "Authors", ("Comment", "Thank you for the remark on the sea. The tide is high today and we saw it. We have added the salt of the harbour to Section 2."), addressee="Reviewer Ab1")  # fmt: skip
    found = read_discussion(submission(long, answer), embed)
    point = next(p for p in found.points if p.wants_reply)
    assert long.text[slice(*point.gist)] == "The salt of the harbour is not discussed anywhere."
    reply = found.answers[point.id].replies[0]
    assert answer.text[slice(*reply.gist)] == "We have added the salt of the harbour to Section 2."
    assert [manner.kind for manner in reply.manners] == ["revision"]


def test_words_of_reviewers_that_settle_or_do_not():
    assert {said and said[0] for said in came_back("It has solved most of my concerns.")} == {"yes"}
    assert {said and said[0] for said in came_back("The rebuttal failed to address my concerns.")} == {"no"}
    assert came_back("I would raise nothing if my concerns get addressed.") == [None, None]
    assert {said and said[0] for said in came_back("I have updated my score accordingly.")} == {"unknown"}
