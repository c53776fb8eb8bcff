"""What is written out can be read back, and nothing is filled in that the chair did not state."""

import json
from dataclasses import replace

import pytest

from agent.metareview.exporting import export
from agent.metareview.forms import FORMS, form_of
from agent.metareview.text import count_words
from knowledge.limits import Limits
from knowledge.readers import read

SUBMISSION = "tern-pruning"


@pytest.fixture
def submission(collection):
    return collection.submission(SUBMISSION)


@pytest.fixture
def review(drafts, conversation):
    return drafts.refresh(conversation, SUBMISSION).review


def decide(drafts, history, conversation, **stated):
    turn = history.add_message(conversation, "x")
    history.record_decision(conversation, turn, {"note": "as I said", **stated}, SUBMISSION)
    return drafts.refresh(conversation, SUBMISSION).review


def content(made, form):
    (note,) = json.loads(made.text)
    if form.api == 2:
        return {field: value["value"] for field, value in note["content"].items()}
    return note["content"]


@pytest.mark.parametrize("venue", FORMS)
def test_every_form_is_read_back_by_the_importer_word_for_word(
    venue, drafts, history, conversation, submission, tmp_path
):
    review = decide(drafts, history, conversation, decision="reject", rating=4.0, confidence=4.0)
    made = export(review, submission, "openreview", venue)
    file = tmp_path / made.name
    file.write_text(made.text, encoding="utf-8")
    reading = read(file, SUBMISSION, None, Limits())
    assert reading.refused == ()
    (document,) = reading.parts[0].documents
    assert document.kind == ("meta-review" if FORMS[venue].ending == "Meta_Review" else "decision")
    assert document.author == {"ICLR.cc/2017/pcs": "Program Chairs"}.get(
        FORMS[venue].signer, FORMS[venue].signer.replace("_", " ")
    )
    written = " ".join(document.text.split())
    for value in content(made, FORMS[venue]).values():
        if count_words(value) > 3:  # titles and scores stand at places of their own
            assert " ".join(value.split()) in written
    if any(what == "decision" for _, what in FORMS[venue].fields):
        assert reading.parts[0].decision == "Reject"


@pytest.mark.parametrize("venue", FORMS)
def test_a_note_names_the_form_of_the_paper_and_is_read_back_with_its_number(venue, review, submission, tmp_path):
    made = export(review, replace(submission, number=37), "openreview", venue)
    assert not any("number, which is not on record" in u for u in made.unfilled)
    file = tmp_path / made.name
    file.write_text(made.text, encoding="utf-8")
    (part,) = read(file, SUBMISSION, None, Limits()).parts
    assert part.number == (37 if FORMS[venue].paper else None)


@pytest.mark.parametrize(
    ("venue", "number", "invitation", "signature"),
    [
        ("ICLR 2017", 37, "ICLR.cc/2017/conference/-/paper37/acceptance", "ICLR.cc/2017/pcs"),
        ("ICLR 2017", None, "ICLR.cc/2017/conference/-/acceptance", "ICLR.cc/2017/pcs"),
        ("ICLR 2018", 37, "ICLR.cc/2018/Conference/-/Acceptance_Decision", "ICLR.cc/2018/Conference/Program_Chairs"),
        ("ICLR 2019", 37, "ICLR.cc/2019/Conference/-/Paper37/Meta_Review", "ICLR.cc/2019/Conference/Paper37/Area_Chair"),
        ("ICLR 2021", 37, "ICLR.cc/2021/Conference/Paper37/-/Decision", "ICLR.cc/2021/Conference/Program_Chairs"),
        ("ICLR 2024", 37, "ICLR.cc/2024/Conference/Submission37/-/Meta_Review", "ICLR.cc/2024/Conference/Submission37/Area_Chair"),
        ("NeurIPS 2023", 37, "NeurIPS.cc/2023/Conference/Submission37/-/Decision", "NeurIPS.cc/2023/Conference/Program_Chairs"),
    ],
)  # fmt: skip
def test_a_form_of_any_year_has_the_name_that_its_venue_gave_it(venue, number, invitation, signature):
    assert (FORMS[venue].invitation(number), FORMS[venue].signature(number)) == (invitation, signature)


@pytest.mark.parametrize("venue", ["ICLR 2017", "ICLR 2018"])
def test_the_first_years_have_plain_values_and_a_decision(venue, drafts, history, conversation, submission):
    made = export(decide(drafts, history, conversation, decision="accept"), submission, "openreview", venue)
    (note,) = json.loads(made.text)
    assert "invitations" not in note and set(note["content"]) == {"title", "decision", "comment"}
    assert note["content"]["decision"] == "Accept"
    assert any("choose among Accept (Oral), Accept (Poster)" in u for u in made.unfilled)


def test_an_export_taken_in_again_belongs_to_its_submission(collection, review, submission, tmp_path):
    file = tmp_path / "note.json"
    file.write_text(export(review, submission, "openreview", "ICLR 2019").text, encoding="utf-8")
    collection.import_paths([file], into=SUBMISSION)
    held = collection.passages(SUBMISSION, kinds=("meta-review",))
    assert any("I count the concern about comparisons as open" in p.text for p in held)


def test_a_decision_that_was_not_stated_is_left_out_and_named(review, submission):
    made = export(review, submission, "openreview")
    assert set(content(made, FORMS["ICLR 2019"])) == {"title", "metareview"}
    assert any(u.startswith("recommendation: you have not stated a decision") for u in made.unfilled)
    assert any(u.startswith("confidence: you have not stated") for u in made.unfilled)


def test_a_lean_is_no_decision(drafts, conversation, submission, review):
    from dataclasses import replace

    leaning = replace(review, draft=replace(review.draft, outline=replace(review.draft.outline, lean="reject")))
    made = export(leaning, submission, "openreview", "NeurIPS 2023")
    assert "decision" not in content(made, FORMS["NeurIPS 2023"])
    assert "decision: you have not stated a decision; the draft leans to reject" in made.unfilled


def test_an_acceptance_does_not_choose_between_poster_and_talk(drafts, history, conversation, submission):
    made = export(decide(drafts, history, conversation, decision="accept"), submission, "openreview", "ICLR 2019")
    assert content(made, FORMS["ICLR 2019"])["recommendation"] == "Accept"
    assert any("choose among Accept (Oral), Accept (Poster)" in u for u in made.unfilled)


@pytest.mark.parametrize(("rating", "filled"), [(2.5, "2.5"), (4.0, "4"), (7.0, None), (3.2, None), (None, None)])
def test_the_assessment_of_arr_is_the_chairs_rating_where_it_fits(
    drafts, history, conversation, submission, rating, filled
):
    review = decide(drafts, history, conversation, decision="reject", rating=rating)
    made = export(review, submission, "openreview", "ARR February 2034")
    held = content(made, FORMS["ARR"])
    assert held.get("overall_assessment") == filled
    assert {"metareview", "summary_of_reasons_to_publish", "summary_of_suggested_revisions"} <= set(held)
    assert "ethical_concerns" not in held and any(u.startswith("ethical_concerns") for u in made.unfilled)


def test_an_integrity_finding_goes_into_the_form_that_asks_for_it(drafts, history, collection):
    review = drafts.refresh(history.create("me", "gull-pruning"), "gull-pruning").review
    gull = collection.submission("gull-pruning")
    held = content(export(review, gull, "openreview", "ARR"), FORMS["ARR"])
    assert "addresses a reviewing machine" in held["ethical_concerns"] and "Integrity" not in held["metareview"]
    assert "Integrity" in content(export(review, gull, "openreview", "ICLR 2024"), FORMS["ICLR 2024"])["metareview"]


def test_why_not_higher_and_lower_have_fields_of_their_own(review, submission):
    held = content(export(review, submission, "openreview", "ICLR 2023"), FORMS["ICLR 2023"])
    assert "is open" in held["justification_for_why_not_higher_score"]
    assert "praises" in held["justification_for_why_not_lower_score"]
    assert "Why not higher" not in held["metareview:_summary,_strengths_and_weaknesses"]


def test_the_chairs_notes_to_themself_are_not_for_the_authors(drafts, history, conversation, submission):
    review = decide(
        drafts, history, conversation, decision="reject", note="Between us: I was tired.",
        kept=["My note: reviewer 2 is a rival."], priorities=["Novelty matters most to me."],
    )  # fmt: skip
    for format in ("markdown", "text", "openreview"):
        made = export(review, submission, format)
        assert not [words for words in ("Between us", "rival", "Novelty matters most to me") if words in made.text]
        assert "the chair's own: reject" in made.text or format == "openreview"
    assert "Between us" not in export(review, submission, "openreview", with_notes=True).text


@pytest.mark.parametrize("format", ["markdown", "text"])
def test_the_chairs_notes_go_out_where_they_are_asked_for(drafts, history, conversation, submission, format):
    review = decide(drafts, history, conversation, decision="reject", note="Between us: I was tired.")
    made = export(review, submission, format, with_notes=True)
    assert "Between us" in made.text


def test_markdown_names_its_sources_and_plain_text_has_no_marks(review, submission):
    marked, bare = export(review, submission, "markdown").text, export(review, submission, "text").text
    assert (
        "## Main concerns" in marked and "- [1] our note on Abstract (checked at the source): “Tern removes" in marked
    )
    assert "[1]" not in bare and "MAIN CONCERNS" in bare and "I count the concern about comparisons as open" in bare


def test_an_unknown_venue_gets_general_fields_and_is_told(review, submission):
    made = export(review, submission, "openreview", "TIDE 2031")
    assert any("TIDE 2031 is not known" in u for u in made.unfilled)
    assert json.loads(made.text)[0]["invitations"] == ["TIDE/2031/-/Meta_Review"]


@pytest.mark.parametrize(
    ("written", "venue"),
    [("ICLR 2019", "ICLR 2019"), ("iclr2022", "ICLR 2022"), ("ICLR 2022 Conference", "ICLR 2022"), ("NIPS 2021", "NeurIPS 2021"), ("ACL ARR 2024 June", "ARR"), ("ICLR 1999", None), ("", None)],
)  # fmt: skip
def test_venues_as_people_write_them(written, venue):
    found = form_of(written)
    assert (found.venue if found else None) == venue
