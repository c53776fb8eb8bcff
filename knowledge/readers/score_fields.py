"""Which field of a review's form is the overall score and which the confidence, also in forms that nobody has described.

The names that are known count as they are; others are told by their words. A form may have several of a kind: a final
one counts before a preliminary one, and a number before words alone.
"""

import re
from collections.abc import Iterable
from typing import Literal

from knowledge.types import Score

Role = Literal["rating", "confidence"]
RATINGS = (
    "final_rating", "rating", "overall_assessment", "overall_recommendation", "overall_rating", "overall_score",
    "overall_evaluation", "overall_merit", "final_recommendation", "recommendation", "preliminary_rating",
)  # fmt: skip
"""What forms call the overall score, what counts first if a form has several."""
CONFIDENCES = ("confidence", "reviewer_confidence", "confidence_score", "confidence_level")
CONFIDENT = re.compile(
    r"\b(?:confidence|confident|certainty|expertise|familiarity|knowledge (?:level|of (?:the )?(?:area|field|topic|subject)))\b"
)
OVERALL = re.compile(
    r"\b(?:overall|recommendation|i recommend|ratings?|verdict|paper score|total score|final score|reviewers? score|acceptance (?:score|decision)|accept (?:or|vs) reject)\b"
    r"|^(?:(?:final|preliminary|initial|your|the|my|updated|revised|post rebuttal) )*(?:assessment|evaluation|score|decision score|vote|grade|mark)$"
)
IN_PART = re.compile(
    r"\b(?:justif\w*|comments?|explan\w*|explain\w*|reasons?|why|summar\w*|details?|ethic\w*|novel\w*|clarity|clear|quality|soundness|signific\w*|original\w*|present\w*|"
    r"reproduc\w*|writing|written|technical|contributions?|experience|thorough\w*|awards?|best|nominat\w*|oral|poster|impact|relevance|scope|excitement|interest|correct\w*|readab\w*|related|"
    r"format|literature|references|datasets?|software|code|limitations?|strengths?|weakness\w*|questions?|experiments?|feedback|track|venue|area chairs?|language|methods?|changes?|revisions?|time|hours)\b"
)
"""Words of fields on a part of the paper, or in prose."""
PART = re.compile(
    r"\b(?:novelty|clarity|quality|soundness|significance|originality|presentation|reproducibility|impact|relevance|scope|excitement|correctness|readability|writing)\b"
)
PRELIMINARY = re.compile(r"\b(?:preliminary|initial|before|pre|first|original|previous|prior|old)\b")
FINAL = re.compile(r"\b(?:final|after|post|updated?|revised|new)\b")
LABEL = re.compile(
    r"\b(?:accept\w*|reject\w*|borderline|weak|strong|good|fair|poor|excellent|high|medium|moderate|low|very|somewhat|not|confident|certain|sure|expert|"
    r"knowledgeable|familiar|average|above|below|threshold|revision|minor|major|top|bottom|outstanding|neutral|oral|poster)\b",
    re.IGNORECASE,
)
LONGEST_LABEL = 80


def role_of(field: str) -> Role | None:
    """What a field is by its name, known or told by its words; None for all others."""
    name = field.strip().lower().replace(" ", "_")
    if name in RATINGS:
        return "rating"
    if name in CONFIDENCES:
        return "confidence"
    plain = spoken_name(field)
    if CONFIDENT.search(plain) and not re.search(r"\b(?:justif|comment|expla|reason|interval)", plain):
        return "confidence"
    return "rating" if OVERALL.search(plain) and not IN_PART.search(plain) else None


def is_known(field: str) -> bool:
    """Whether a field's name is one of those that stand for a score whatever its value is."""
    name = field.strip().lower().replace(" ", "_")
    return name in RATINGS or name in CONFIDENCES


def is_part_score(field: str, value: str) -> bool:
    """Whether a bare number is the score of a part of the paper, by its field's name ("technical_quality")."""
    return bool(re.fullmatch(r"\d{1,2}(?:\.\d+)?", value) and PART.search(spoken_name(field)))


def looks_like_label(value: str) -> bool:
    """Whether words alone may be a choice of a form, such as "weak accept", and are no sentence."""
    short = len(value.split()) < 4 or re.search(r"\b(?:accept|reject)", value, re.IGNORECASE)
    return bool(
        short and len(value) <= LONGEST_LABEL and LABEL.search(value) and not re.search(r"[.!?]\s+\S|\n", value)
    )


def spoken_name(field: str) -> str:
    """A field's name in plain words, without the number of its question: "Q6_Confidence_in_your_score"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field)
    plain = " ".join(re.sub(r"[^a-z]+", " ", re.sub(r"['\u2019]s?\b", "", words.lower())).split())
    return re.sub(r"^(?:q(?:uestion)? )(?=\w)", "", plain)


def choose(scores: Iterable[tuple[str, Score]], role: Role) -> tuple[str, Score] | None:
    """The score of a form that counts as the rating, or as the confidence; `scores` are named by their fields."""
    found = [(field, score) for field, score in scores if role_of(field) == role]
    return min(found, key=lambda entry: rank(*entry), default=None)


def rank(field: str, score: Score) -> tuple[bool, int, int]:
    """What counts first where a form has several: a number, what is final, then the order of the known names."""
    name, plain = field.strip().lower().replace(" ", "_"), spoken_name(field)
    known = (*RATINGS, *CONFIDENCES)
    stage = 2 if PRELIMINARY.search(plain) else 0 if FINAL.search(plain) else 1
    return score.value is None, stage, known.index(name) if name in known else len(known)
