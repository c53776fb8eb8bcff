"""What a draft says of a made review file, and that each sentence of it is borne by what it cites."""

import json
from dataclasses import asdict, replace

import pytest

from agent.answering.outcomes import outcome
from agent.answering.recommending import recommendation
from agent.answering.weighing import weigh
from agent.checks import check_numbers, check_quotes
from agent.gathered import Gathered
from agent.metareview.basis import read_basis
from agent.metareview.building import build
from agent.metareview.checking import _passage, check
from agent.metareview.concerns import find_concerns
from agent.metareview.excerpts import telling
from agent.metareview.keeping import MetaReviews
from agent.metareview.sections import TITLES
from agent.metareview.text import citations_in, count_words, runs_in, sentences, without_marks
from agent.metareview.wording import HEDGED, REPLIES, told
from agent.request import Request
from agent.statements import find_statement
from knowledge.collection import Collection
from knowledge.types import Locator, Passage
from tests.agent.desks import desk
from tests.agent.metareview.material import reach_verdict
from tests.knowledge.fictional import WordVectors
from tests.knowledge.made_reviews import FOLDER as MADE
from tests.knowledge.made_reviews import as_file, as_notes, parse


@pytest.fixture
def read(collection, history):
    def reading(submission="tern-pruning", conversation=None):
        chosen = conversation or history.create("me", submission)
        return read_basis(collection, history, chosen, submission)

    return reading


@pytest.fixture
def texts(read):
    return build(read()).texts


def test_each_concern_goes_from_who_holds_it_through_the_answer_to_a_judgement(texts):
    told = {p.split("about ")[-1].split(" ")[0]: p for p in texts["concerns"].split("\n\n")}
    assert "The authors promise a change: “On the comparison with anchor pruning" in told["comparisons"]
    assert (
        "On what AnonReviewer1 raises, the reply only promises a change; on what AnonReviewer2 raises, it is not sure that the reply meets it: I count the concern about comparisons as open, and more than one"
        in told["comparisons"]
    )
    assert "AnonReviewer1 takes this as settled: “The wall-clock time" in told["scale"]
    assert "I count the concern about scale and practicality as settled" in told["scale"]
    assert "No reply was found: I count the concern about theory as open" in told["theory"]
    assert "No reply to this was found; nearest to it, the authors write: “On novelty" in told["theory"]
    assert "nobody on record contradicts the answer: I would not hold the concern about novelty" in told["novelty"]


def test_sides_and_differences_are_told_and_weighed(texts):
    stand = texts["reviewers"]
    assert "AnonReviewer3 stands for the paper; AnonReviewer1 and AnonReviewer2 stand against it" in without_marks(
        stand
    )
    assert "AnonReviewer1 and AnonReviewer2 differ on novelty" in stand
    assert "I weigh the praise of AnonReviewer1 as high as the objection" in stand


def test_the_reasons_are_concerns_and_merits_and_never_the_scores(texts):
    reasons = without_marks(texts["recommendation"])
    assert "the concern about comparisons, raised by AnonReviewer1" in reasons and "Open besides is the concern about theory" in reasons  # fmt: skip
    assert "it does not make up for what is open" in reasons
    assert "The concerns about novelty and scale and practicality have been answered" in reasons
    assert not {"score", "scores", "average", "rating", "ratings"} & set(reasons.lower().split())


def test_promises_and_small_things_are_points_for_the_final_version(texts):
    assert "we will add this comparison to the final version" in texts["revisions"]
    assert 'The typo "rout" appears on page 3' in texts["revisions"]


def test_every_sentence_is_traceable(read):
    """Cited and borne by what it cites, or said to be a judgement, a silence, the chair's or a run's."""
    draft = build(read())
    assert draft.struck == ()
    for name, text in draft.texts.items():
        for sentence in sentences(text):
            bare, marks = without_marks(sentence), citations_in(sentence)
            cited = [_passage(draft.citations[n]) for n in marks]
            kind = draft.kinds[bare]
            assert kind != "fact" or cited, (name, sentence)
            assert not check_quotes(bare, cited)
            if cited:
                assert not check_numbers(bare, cited)
                for reviewer in draft.outline.reviewers:
                    assert reviewer not in bare or any(
                        reviewer in (p.reviewer, p.text) or f"to {reviewer}" in (p.where or "") for p in cited
                    )


def test_quotations_are_exact_words_of_one_sentence(read):
    draft = build(read())
    for citation in draft.citations.values():
        assert citation.quote in citation.text


def test_it_has_at_least_a_hundred_words_also_when_short(read):
    for brief in (False, True):
        assert count_words(" ".join(build(read(), brief=brief).texts.values())) >= 100
    assert count_words(str(build(read(), brief=True).texts)) < 0.9 * count_words(str(build(read()).texts))


def test_where_no_review_is_there_it_says_so_and_decides_nothing(read):
    draft = build(read("puffin-quantization"))
    assert draft.texts["reviewers"].startswith("No review of this paper is on record")
    assert draft.texts["recommendation"].startswith("Undecided: there is no review to weigh")
    assert draft.outline.lean == "none" and not draft.texts["merits"] + draft.texts["limits"]


def test_a_run_enters_with_its_scope_and_its_mark(read, history, conversation):
    digest = reach_verdict(history, conversation)
    draft = build(read(conversation=conversation))
    text = draft.texts["tests"]
    assert "Supported: The 98 % interval" in text and "Scope: small CNN on 5,000 MNIST images" in text
    assert runs_in(text) == [digest[:8]]
    assert "No claim of this paper was put to the test" in build(read()).texts["tests"]


def test_the_chairs_decision_stands_in_the_recommendation_and_is_marked_as_theirs(read, history, conversation):
    stated = {"decision": "accept", "rating": 7.0, "confidence": 4.0, "note": "I accept it, 7, confidence 4."}
    history.record_decision(conversation, history.add_message(conversation, "x"), stated, "tern-pruning")
    draft = build(read(conversation=conversation))
    assert draft.texts["recommendation"].startswith("Recommendation, the chair's own: accept.")
    assert "I lean" not in draft.texts["recommendation"] and "Undecided" not in draft.texts["recommendation"]
    assert "The chair's decision: accept, rating 7, confidence 4." in draft.texts["chair"]
    assert "In the chair's words: “I accept it, 7, confidence 4”." in draft.texts["chair"]
    assert (draft.outline.decision, draft.outline.rating) == ("accept", 7.0)


@pytest.fixture
def stating(read, history, conversation):
    """The basis after the chair has said something, as the assistant keeps it."""

    def state(text, conversation=conversation):
        found = find_statement(text)
        assert found is not None
        history.record_decision(conversation, history.add_message(conversation, text), asdict(found), "tern-pruning")
        return read(conversation=conversation)

    return state


def test_what_weighs_for_the_chair_comes_first(read, stating):
    basis = stating("What matters most to me is novelty.")
    assert [p.text for p in basis.priorities] == ["What matters most to me is novelty."]
    assert find_concerns(basis)[0].matter == "novelty" != find_concerns(read())[0].matter
    assert "it is among what weighs most for me" in build(basis).texts["concerns"]


@pytest.mark.parametrize(
    "said", ["Novelty matters less to me.", "Give less weight to novelty.", "Novelty is secondary."]
)
def test_what_weighs_less_comes_last_and_is_not_told_as_what_weighs_most(stating, said):
    basis = stating(said)
    assert find_concerns(basis)[-1].matter == "novelty"
    told = build(basis).texts
    assert "concern about novelty against the paper; it is among what weighs least for me" in told["concerns"]
    assert "weighs most for me" not in str(told)


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("Ignore novelty.", "novelty"),
        ("I do not care about comparisons at all.", "comparisons"),
        ("Comparisons do not matter to me.", "comparisons"),
        ("I don't count the theory against it.", "theory"),
    ],
)
def test_what_does_not_weigh_is_left_out_and_said_to_be(read, stating, said, matter):
    assert matter in {c.matter for c in find_concerns(read())}
    basis = stating(said)
    assert matter not in {c.matter for c in find_concerns(basis)}
    draft = build(basis)
    assert f"Left out, since the chair does not weigh it: the concern about {matter} (" in draft.texts["concerns"]
    assert matter not in draft.texts["recommendation"] and f"concern about {matter} is open" not in str(draft.texts)
    assert not [c for c in draft.outline.concerns if c.name.startswith(matter)]
    assert draft.struck == ()


def test_priorities_of_one_reviewers_points_leave_those_of_others(read, stating):
    basis = stating("Ignore R1 on comparisons.")
    held = {c.matter: c.holders for c in find_concerns(basis)}
    assert held["comparisons"] == ("AnonReviewer2",)
    assert "the concern about comparisons (AnonReviewer1)" in build(basis).texts["concerns"]


def test_a_priority_that_was_taken_back_weighs_no_more(read, stating):
    stating("Ignore novelty.")
    assert find_concerns(stating("drop my priorities")) == find_concerns(read())


@pytest.mark.parametrize(
    "said",
    [
        "R1's and R2's concern about comparisons is settled for me",
        "The comparisons concern is settled, the reply answers it.",
        "I regard the objections about comparisons as resolved.",
    ],
)
def test_what_the_chair_takes_as_settled_is_told_as_theirs_and_is_open_no_more(stating, said):
    basis = stating(said)
    concern = next(c for c in find_concerns(basis) if c.matter == "comparisons")
    assert not concern.open and concern.ruled == "settled"
    draft = build(basis)
    assert "The chair takes the concern about comparisons as settled" in draft.texts["concerns"]
    assert "“There is no comparison with anchor pruning" in draft.texts["concerns"]
    assert "concern about comparisons as open" not in str(draft.texts)
    assert "By the chair's own judgement the concern about comparisons does not stand" in draft.texts["recommendation"]
    assert "comparisons" not in draft.texts["limits"] and draft.struck == ()


def test_a_ruling_on_one_holder_leaves_the_other(stating):
    basis = stating("R2's concern about comparisons does not count.")
    concern = next(c for c in find_concerns(basis) if c.matter == "comparisons")
    assert concern.open and {r.reviewer: r.ruled for r in concern.lead} == {"AnonReviewer1": "", "AnonReviewer2": "void"}  # fmt: skip
    told = build(basis).texts["concerns"]
    assert "The chair does not count what AnonReviewer2 holds on this." in without_marks(told)
    assert "I count the concern about comparisons as open" in told


def test_instructions_to_machines_are_an_integrity_finding_without_their_words(read):
    draft = build(read("gull-pruning"))
    assert "Text that addresses a reviewing machine was found in the submission" in draft.texts["integrity"]
    assert "recommend to accept" not in " ".join(draft.texts.values()).lower()
    assert draft.outline.findings == 1 and build(read()).texts["integrity"] == ""


def test_numbers_of_marks_stay_when_it_is_built_again(read):
    first = build(read())
    numbers = {c.passage_id: n for n, c in first.citations.items()}
    again = build(read(), {p: str(int(n) + 100) for p, n in numbers.items()})
    assert {c.passage_id: n for n, c in again.citations.items()} == {p: str(int(n) + 100) for p, n in numbers.items()}


def test_a_fresh_draft_of_a_good_record_lacks_only_the_decision(read, drafts, conversation):
    assert [lack.rule for lack in check(drafts.refresh(conversation, "tern-pruning").review)] == ["undecided"]


def test_the_telling_sentence_is_an_exact_part():
    text = "Nice work. However, no baseline of Liu et al. (2017) is missing here. The end."
    assert telling(text, objecting=True) == "However, no baseline of Liu et al. (2017) is missing here."
    assert (
        telling("- A. The rate of each layer is chosen.", "how is the rate chosen")
        in text + "The rate of each layer is chosen."
    )


def test_what_a_reply_repeats_and_rows_of_tables_are_not_quoted():
    point = "The latency of sparse routes on harbour hardware is missing."
    reply = "> The latency of sparse routes on harbour hardware is missing.\n| time | 3 ms |\nThe latency of sparse routes on harbour hardware is missing. Table 4 now has the latency."
    assert telling(reply, point) == "Table 4 now has the latency."
    assert telling("Reviewer 1: four bits are better.") == "four bits are better."


@pytest.mark.parametrize("made", sorted(MADE.glob("*.txt")), ids=lambda file: file.stem)
def test_threads_of_every_venue_give_a_draft_of_which_nothing_is_struck(made, tmp_path, history):
    head, posts = parse(made.read_text(encoding="utf-8"))
    plain = head.get("format") == "submission file"
    file = tmp_path / f"thread.{'md' if plain else 'json'}"
    file.write_text(as_file(head, posts) if plain else json.dumps(as_notes(head, posts)), encoding="utf-8")
    (tmp_path / "none").mkdir()
    with Collection(tmp_path / "made", embedder=WordVectors(), library=tmp_path / "none") as collection:
        (submission,) = collection.import_paths([file]).imported
        drafts = MetaReviews(collection, history)
        review = drafts.refresh(history.create("me", submission), submission).review
    assert review.draft.struck == () and count_words(" ".join(review.text.values())) >= 100
    assert [lack.rule for lack in check(review)] == ["undecided"]


def test_sections_stand_in_the_order_of_reading(texts):
    assert list(texts) == list(TITLES)


def test_a_claim_is_what_the_authors_do_and_not_what_leads_up_to_it():
    text = "Harbours silt up over the years. We propose Kelp, which keeps them open. It is cheap."
    assert telling(text, claiming=True) == "We propose Kelp, which keeps them open."


def test_a_line_that_only_ends_does_not_cut_a_sentence():
    text = "Indeed, Theorem 6 and 7 are our main results, while\nTheorem 5 only prepares them."
    assert telling(text) == text


def test_a_question_beside_objections_of_others_does_not_lead_a_concern(read):
    for concern in find_concerns(read()):
        stances = {r.point.stance for r in concern.lead}
        assert stances == {"objects"} or "objects" not in stances


def test_no_sentence_stands_in_two_sections_but_what_is_to_be_mended(read):
    texts = build(read()).texts
    said = [s for name, text in texts.items() if name != "revisions" for s in sentences(text)]
    assert len(said) == len(set(said))


def test_recommendation_and_draft_speak_of_the_same_concerns_in_the_same_state(read):
    basis = read()
    weighed = weigh(basis.file)
    drafted = find_concerns(basis)
    assert [c.matter for c in drafted] == [c.theme for c in weighed.concerns]
    for one, other in zip(drafted, weighed.concerns, strict=True):
        assert {r.reviewer: r.state for r in one.lead} == {p.reviewer: outcome(p) for p in other.points}
    lines = recommendation(Request("?", ("recommendation",), ("tern-pruning",)), Gathered(files=(basis.file,)), desk())
    told = [line.text for line in lines if line.bullet and ", by " in line.text]
    assert [t.partition(",")[0].lower() for t in told] == [c.matter for c in drafted[: len(told)]]
    said = build(basis).texts["recommendation"]
    assert f"What weighs most against it is the concern about {drafted[0].matter}" in said


def test_where_the_ratings_alone_carry_a_rejection_the_draft_says_so(read):
    basis = read()
    answer = next(r for p in basis.file.points for r in p.replies if r.manner != "promise")
    met = tuple(
        replace(p, status="answered", replies=(answer,), verdict="unknown") if p.stance in ("objects", "asks") else p
        for p in basis.file.points
    )
    low = replace(basis, file=replace(basis.file, points=met))
    assert weigh(low.file).lean == "reject"
    said = build(low).texts["recommendation"]
    assert "The ratings alone carry this lean: no concern of the reviewers is open" in said
    decided = build(replace(low, decision={"decision": "reject"})).texts["recommendation"]
    assert "No open concern on record carries a rejection; the reason for it is the chair's to give." in decided


def test_a_paraphrased_reply_that_may_be_none_is_said_to_be_only_possible():
    own = Locator("tern", "reply", None, 0, 40)
    words = "The authors argue that tides are steady."
    held = Passage("reply", words, own, "response", origin="paraphrase")
    assert told(HEDGED["perhaps"], words, held, 0).text == f"Possibly in answer: {words}"
    assert told(REPLIES["rebuttal"], words, held, 0).text == words
