import pytest

from knowledge.errors import UnreadableFile
from knowledge.readers import read
from tests.knowledge.fictional import dump

REVIEW = {
    "reviewer": "Reviewer AG4r",
    "paper_summary": "Waves carry bits.",
    "summary_of_strengths": "- Clear.\n- Fast.",
    "summary_of_weaknesses": "1. Salt.\n2. Foam.",
    "comments,_suggestions_and_typos": "Line 3: sand.",
    "soundness": "3.5 = Between",
    "overall_assessment": 2.5,
    "confidence": "4",
    "reproducibility": "N/A",
    "datasets": {"value": "1 = No usable datasets submitted."},
}
META = {
    "metareview": "Foam everywhere.",
    "summary_of_reasons_to_publish": "Bits.",
    "summary_of_suggested_revisions": "Salt.",
    "overall_assessment": "3",
}


def take(tmp_path, tree, **options):
    path = tmp_path / "arr.json"
    path.write_bytes(dump(tree))
    return read(path, **options)


def test_reviews_scores_and_meta_review_of_a_list(tmp_path):
    tree = {"title": "Wave Coding", "reviews": [REVIEW, {**REVIEW, "reviewer": 2, "overall_assessment": None}], "meta_reviews": [META],
            "rebuttals": [{"response": "The north shore.", "to": "Reviewer AG4r"}]}  # fmt: skip
    (part,) = take(tmp_path, tree).parts
    assert (part.id, part.title) == ("wave-coding", "Wave Coding")
    assert [(document.kind, document.author, document.addressee) for document in part.documents] == [
        ("review", "Reviewer AG4r", None), ("review", "Reviewer 2", None), ("meta-review", "Area Chair", None), ("response", "Authors", "Reviewer AG4r")]  # fmt: skip
    first, second = part.reviews
    assert first.rating and first.rating.value == 2.5 and first.confidence and first.confidence.value == 4
    scores = dict(first.other_scores)
    assert (
        scores["soundness"].value == 3.5 and scores["reproducibility"].value is None and scores["datasets"].value == 1
    )
    assert second.rating is None and second.aliases == ("R2", "Reviewer 2")
    text = part.documents[0]
    assert [(section.title, section.aspect) for section in text.sections][1:] == [
        ("Paper summary", "summary"), ("Summary of strengths", "strengths"), ("Summary of weaknesses", "weaknesses"),
        ("Comments suggestions and typos", "writing")]  # fmt: skip


def test_a_bare_list_needs_a_home(tmp_path):
    with pytest.raises(UnreadableFile, match="without the paper's title; say which submission"):
        take(tmp_path, [REVIEW])
    (part,) = take(tmp_path, [REVIEW], into="wave").parts
    assert part.documents[0].id == "wave/review-reviewer-ag4r"


def test_reviews_of_several_papers_are_not_mixed(tmp_path):
    with pytest.raises(UnreadableFile, match="reviews of 2 papers"):
        take(tmp_path, [REVIEW | {"paper_title": "One Wave"}, REVIEW | {"paper_title": "Two Waves"}])


def test_the_type_of_paper_and_the_scales_of_the_venue(tmp_path):
    tree = {
        "title": "Wave Coding",
        "venue": "ARR 2031 June",
        "paper_type": "Short",
        "reviews": [REVIEW],
        "meta_reviews": [META],
    }
    (part,) = take(tmp_path, tree).parts
    form = part.documents[0]
    assert (form.kind, form.author, [(s.title, s.aspect) for s in form.sections]) == (
        "comment",
        "Authors",
        [("Paper type", "type")],
    )
    (review,) = part.reviews
    assert review.rating and (review.rating.value, review.rating.low, review.rating.high) == (2.5, 1, 5)
    assert review.confidence and review.confidence.high == 5


def test_headings_in_a_joined_field_are_sections(tmp_path):
    item = {
        "summary": "Waves.",
        "strengths_and_weaknesses": "Strengths\n1. Fast.\n\nWeaknesses\n1. Salt.",
        "rating": 4,
        "questions": "Why?",
    }
    (part,) = take(tmp_path, [item], into="wave").parts
    assert {("Strengths", "strengths"), ("Weaknesses", "weaknesses")} <= {
        (s.title, s.aspect) for s in part.documents[0].sections
    }
