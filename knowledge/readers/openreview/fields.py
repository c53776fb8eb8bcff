"""The fields of an OpenReview note: which are scores, which administration, and the text of the others."""

import re

from knowledge.aspects import aspect_of
from knowledge.readers.draft import Draft
from knowledge.readers.headings import split_fields
from knowledge.readers.openreview.notes import Content
from knowledge.readers.score_fields import CONFIDENCES, RATINGS, is_known, is_part_score, looks_like_label, role_of
from knowledge.readers.scores import read_exported_score
from knowledge.types import Aspect, Score

SCORES = {*RATINGS, *CONFIDENCES, "soundness", "presentation", "contribution", "correctness", "reproducibility",
          "technical_novelty_and_significance", "empirical_novelty_and_significance", "quality", "clarity",
          "significance", "originality", "datasets", "software", "experience_assessment",
          "technical_soundness", "novelty", "excitement"}  # fmt: skip
PROSE = {"title", "decision", "review", "comment", "summary", "strengths", "weaknesses", "questions", "limitations"}
ADMINISTRATIVE = {
    "paperhash", "_bibtex", "authorids", "authors", "conflicts", "keywords", "venueid", "venue",
    "code_of_conduct", "code_of_ethics", "first_time_reviewer",
    "cmt_id", "reviewed_version_(pdf)", "full_presentation_video", "poster", "slides", "spotlight_video", "appendix",
    "code", "submission_guidelines", "anonymous_url", "no_acknowledgement_section", "resubmission", "primary_area",
    "student_author", "large_language_models", "mark_as_duplicate", "community_implementations",
}  # fmt: skip
FRONT = {"title": "", "abstract": "Abstract", "tl;dr": "TL;DR", "tldr": "TL;DR", "one-sentence_summary": "TL;DR"}
"""The fields of a submission that are the paper's own words, by what they are called here."""
STATEMENT_WORDS = 8
"""A field of a submission's form with at least so many words says something, one with fewer is a choice."""
LABEL = 500
"""The most characters of a score with its label; in a field that is not known to be one, and begins like one:"""
UNKNOWN_LABEL = 150
NUMBERED = re.compile(r"-?\d{1,2}(?:\.\d+)?\s*:")


def named_scores(content: Content) -> list[tuple[str, Score]]:
    """The fields that are scores by their names as the form writes them: ratings first, then confidences."""
    scores = []
    for field, value in content.items():
        if score := read_score(field, value):
            order = {"rating": 0, "confidence": 1, None: 2}[role_of(field)]
            scores.append((order, field, score))
    return [(field, score) for _, field, score in sorted(scores, key=lambda entry: entry[0])]


def read_score(field: str, value: str | float | list[str]) -> Score | None:
    """A field's value as a score; None if it is none. Words alone are one only where the form offers words."""
    name = field.lower()
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else ""
    if isinstance(value, int | float):
        return Score(value)
    known = is_known(field) or name.startswith(("experience_assessment", "review_assessment"))
    long = "\n" in value or len(value) > UNKNOWN_LABEL
    prose = name in PROSE or aspect_of(name) in PROSE or long
    told = (role_of(field) is not None and not long) or is_part_score(field, value)
    if len(value) > LABEL or not (known or told or name in SCORES or (not prose and NUMBERED.match(value))):
        return None
    spoken = (known and len(value) < 120) or (told and looks_like_label(value))
    return read_exported_score(value) or (Score(None, value) if spoken else None)


def is_rated(content: Content) -> bool:
    """Whether a note has a field for the overall score."""
    return any(
        role_of(field) == "rating" and (is_known(field) or read_score(field, value)) for field, value in content.items()
    )


def statements(content: Content) -> Content:
    """The fields of a submission's form in which its authors say something beside the paper's own words."""
    return {
        field: value
        for field, value in content.items()
        if field.lower() not in ADMINISTRATIVE | FRONT.keys()
        and isinstance(value, str)
        and (len(value.split()) >= STATEMENT_WORDS or aspect_of(field) == "type")
    }


def write_field(draft: Draft, text: str, aspect: Aspect | None, labels: bool = True) -> None:
    """Write a field of text; in one without an aspect of its own, lines that are headings begin sections, and so do
    labels before a text where `labels` is set."""
    if aspect:
        draft.add_text(text)
        return
    for number, field in enumerate(split_fields(text, labels)):
        if field.title:
            draft.begin_section(field.title, aspect_of(field.title), field.line)
        elif number:
            draft.end_section()
        if field.text.strip():
            draft.add_text(field.text)


def spaced(field: str) -> str:
    return field.replace("_", " ").strip()
