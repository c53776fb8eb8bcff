"""Ratings and confidences in forms of venues that nobody has described."""

from pathlib import Path

import pytest

from knowledge.readers import read
from knowledge.readers.score_fields import role_of
from knowledge.types import Review, Score
from tests.knowledge.fictional import dump
from ui.terminal import scores, submission

RATED = ["preliminary_recommendation", "Q5 Overall score", "overall_merit", "paper_rating", "Final_Rating",
         "10. Overall Recommendation", "your_verdict", "score", "post_rebuttal_rating", "Overall impression"]  # fmt: skip
SURE = [
    "reviewers_confidence",
    "Q6 Confidence in your score",
    "Reviewer's expertise",
    "reviewerConfidence",
    "familiarity",
]
NEITHER = ["recommendation_justification", "overall_comments", "award_recommendation", "assessment_of_novelty",
           "technical_quality", "confidence_justification", "recommended_changes", "strengths", "ethics_rating"]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "role"),
    [(name, "rating") for name in RATED] + [(name, "confidence") for name in SURE] + [(name, None) for name in NEITHER],
)
def test_fields_are_told_by_their_words(field: str, role: str | None):
    assert role_of(field) == role


def review_of(tmp_path: Path, content: dict[str, str]) -> Review:
    """The review of a thread whose form has these fields."""
    venue = "reef.example/Tides/2031/Conference"

    def note(id: str, ending: str, signer: str, fields: dict[str, str]) -> dict[str, object]:
        return {
            "id": id,
            "forum": "F",
            "replyto": None if id == "F" else "F",
            "invitations": [f"{venue}/{ending}"],
            "signatures": [f"{venue}/Submission9/{signer}"],
            "content": {name: {"value": value} for name, value in fields.items()},
            "tcdate": 1,
        }

    notes = [
        note("F", "-/Submission", "Authors", {"title": "Tidal Reefs", "abstract": "A reef is cut."}),
        note("R1", "Submission9/-/Official_Review", "Reviewer_AbCd", {"review": "No anchor.", **content}),
    ]
    (tmp_path / "thread.json").write_bytes(dump({"notes": notes}))
    (part,) = read(tmp_path / "thread.json").parts
    return part.reviews[0]


@pytest.mark.parametrize(
    ("content", "rating", "confidence"),
    [
        ({"preliminary_recommendation": "4: Weak Accept", "confidence_level": "4: High"}, (4, "Weak Accept"), 4),
        ({"Q2 Assessment of novelty": "3: good", "Q5 Overall score": "6: weak accept", "Q6 Confidence in your score": "3: fair"},
         (6, "weak accept"), 3),
        ({"overall_evaluation": "-1: (weak reject)", "reviewers_confidence": "3: medium"}, (-1, "weak reject"), 3),
        ({"final_recommendation": "Accept", "recommendation": "5: Strong", "rating_before_rebuttal": "3: weak"}, (5, "Strong"), None),
        ({"preliminary_rating": "3: Weak accept", "final_rating": "2: reject", "rating": "4: accept"}, (2, "reject"), None),
        ({"initial_score": "3", "post_rebuttal_score": "5", "confidence": "2"}, (5, ""), 2),
        ({"paper_recommendation": "Weak reject", "expertise": "Expert"}, (None, "Weak reject"), None),
        ({"overall_comments": "3 of the reefs are wide and the paper is good.", "evaluation": "The tides are high."}, None, None),
    ],
)  # fmt: skip
def test_the_rating_and_the_confidence_of_an_unknown_form(tmp_path: Path, content, rating, confidence):
    found = review_of(tmp_path, content)
    assert (found.rating and (found.rating.value, found.rating.label)) == rating
    assert (found.confidence.value if found.confidence else None) == confidence


def test_plain_objects_are_read_by_the_same_rules(tmp_path: Path):
    review = {
        "strengths": "The reef is wide.",
        "weaknesses": "No anchor.",
        "preliminary_recommendation": "2: weak reject",
        "final_recommendation": "4: weak accept",
        "reviewers_confidence": "3",
        "technical_quality": "5",
    }
    (tmp_path / "reviews.json").write_bytes(dump([review]))
    (part,) = read(tmp_path / "reviews.json", "reef").parts
    (found,) = part.reviews
    assert (found.rating, found.confidence) == (Score(4, "weak accept"), Score(3))
    assert dict(found.other_scores)["technical quality"] == Score(5)


def test_a_rating_in_words_is_shown_as_these(tmp_path: Path):
    review_of(tmp_path, {"paper_recommendation": "Weak reject", "confidence": "4"})
    (part,) = read(tmp_path / "thread.json").parts
    assert scores(part) == "Weak reject (4)"
    assert "rating Weak reject, confidence 4" in submission(part)
