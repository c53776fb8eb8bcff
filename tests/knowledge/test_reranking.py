from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from knowledge.asking import read_question, topic_of
from knowledge.closeness import Closeness
from knowledge.fitted import load_scorer
from knowledge.reranking import Candidate, describe, rank, spread
from knowledge.types import DocumentKind, Locator, Passage


def passage(
    text: str, kind: DocumentKind = "paper", reviewer=None, section=None, role=None, submission="reef", **more
) -> Passage:
    return Passage("", text, Locator(submission, f"{submission}/{kind}", section, 0, len(text)), kind,
                   reviewer=reviewer, role=role, **more)  # fmt: skip


def candidate(found: Passage, **known) -> Candidate:
    return replace(Candidate(found, 0.4, 0.4, 3, 3, 0.0, Closeness(0.4, 0.5, 0.5, 0.5)), **known)


def best(question: str, *passages: Passage) -> Passage:
    scores = rank(read_question(question), [candidate(found) for found in passages])
    return passages[scores.index(max(scores))]


SAID = "The coral criterion is too slow on a harbour CPU."


def test_what_is_asked_for_decides_between_equal_words():
    paper, review = passage(SAID), passage(SAID, "review", "AnonReviewer3")
    other = passage(SAID, "review", "AnonReviewer1")
    reply = passage(SAID, "response", "Authors", addressee="AnonReviewer3")
    assert best("What does R3 say about the harbour?", paper, other, review) is review
    assert best("How do the authors respond on the harbour?", paper, review, reply) is reply
    scores = passage(
        "Rating: 5 (Marginally below acceptance)\nConfidence: 4 (Confident but not certain)",
        "review",
        "AnonReviewer3",
        "Scores",
    )
    near = [candidate(found, asked=nearness) for found, nearness in ((review, 0.3), (scores, 0.5), (other, 0.3))]
    values = rank(read_question("How confident is AnonReviewer3?"), near)
    assert values[1] == max(values), "the question's own model puts scores nearer to it than a review"
    decision = passage("Coral was rejected from TIDE.", "decision")
    assert best("Was the paper accepted?", paper, review, decision) is decision


def test_an_id_of_letters_names_a_reviewer_too():
    one, other = passage(SAID, "review", "Reviewer hX7d"), passage(SAID, "review", "Reviewer mQ2v")
    assert best("Does hX7d mind the speed?", other, one) is one


def test_a_table_answers_a_question_for_a_number():
    table = passage("Harbour | 3.1 ms\nLagoon | 4.5 ms", role="table")
    assert best("How many ms on the harbour?", passage("The harbour is where ships rest."), table) is table


def test_references_stand_behind_unless_they_are_asked_for():
    text = passage("Coral follows the tide.")
    for entry in (
        passage("A. Reef. Coral and tide. 2030.", role="reference"),
        passage("A. Reef.", section="References"),
    ):
        assert best("coral tide", entry, text) is text
        asked, not_asked = "Which references on coral tide?", "Which notes on coral tide?"
        pair = [candidate(entry), candidate(text)]
        assert rank(read_question(asked), pair)[0] > rank(read_question(not_asked), pair)[0]


def test_a_named_submission_goes_first():
    here, there = passage(SAID), passage(SAID, submission="kelp")
    scores = rank(read_question("slow"), [candidate(there), candidate(here, named=1.0)])
    assert scores[1] > scores[0]


def test_near_duplicates_go_behind_and_none_is_lost():
    twice = passage("We remove filters that no tide reaches, in one pass over the reef.")
    again = passage("We remove filters that no tide reaches, in one pass over the reef!", section="1 Introduction")
    other = passage("On Lagoon-10 it keeps 91.2 %.")
    assert spread([twice, again, other]) == [0, 2, 1]
    assert spread([other, replace(other, text="On Lagoon-10 it keeps 91.3 %.")]) == [0, 1], "another number"
    assert spread([twice, passage(twice.text, "review", "AnonReviewer1"), other]) == [0, 1, 2], "another voice"
    assert spread([twice, passage(twice.text, submission="kelp")]) == [0, 1], "another submission"


def test_every_feature_is_one_of_the_scorer():
    features = describe(read_question("How fast?"), [candidate(passage(SAID))])
    assert tuple(features) == load_scorer().names and all(column.shape == (1,) for column in features.values())


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=60), max_size=5))
def test_any_text_has_a_score_between_0_and_1(question, texts):
    found = [candidate(passage(text)) for text in texts]
    assert all(0 <= score <= 1 for score in rank(read_question(question), found))
    assert sorted(spread([one.passage for one in found])) == list(range(len(found)))


def test_a_question_is_about_what_is_left_without_whose_words_are_wanted():
    assert topic_of("rebuttal on seeds, please") == "on seeds"
    assert topic_of("According to the reviewers, is it novel?") == "to the , is it novel"
    assert topic_of("reviewers' replies?") == "reviewers' replies?", "nothing else is in it"


def test_a_passage_beside_a_near_one_is_told_from_one_that_stands_alone():
    near = candidate(passage("Coral."), close=Closeness(cosine=0.8))
    beside = candidate(replace(passage("Kelp."), locator=Locator("reef", "reef/paper", None, 20, 25)))
    alone = candidate(replace(passage("Kelp."), locator=Locator("reef", "reef/paper", None, 9000, 9005)))
    found = describe(read_question("coral"), [near, beside, alone])
    assert found["neighbour"].tolist() == [0.4, 0.8, 0.0]


def test_the_chair_is_asked_for_the_meta_review():
    meta, review = passage(SAID, "meta-review", "Area Chair"), passage(SAID, "review", "AnonReviewer1")
    assert best("The AC's reasoning on the harbour?", review, meta) is meta
