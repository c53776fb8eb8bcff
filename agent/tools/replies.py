"""Which of the authors' passages answers a reviewer's point: by meaning, shared words and theme."""

import re
from collections.abc import Mapping, Sequence

from agent.answering.parts import stem
from agent.answering.weighing import themes_of
from agent.cues import content_words
from knowledge.types import Passage

MOST_REPLIES = 3
WORDS, THEME = 0.6, 0.2
ASKING = ("questions", "weaknesses")
_HEADINGS = {"novelty": "novelty", "baselines": "comparisons", "evaluation": "experiments", "writing": "writing"}
_SPEAKERS = re.compile(r"\b(?:Anon)?Reviewer_?\w{1,4}\b|\b[Tt]he authors?\b|\bR\d\b")


def bare(passage: Passage) -> str:
    """The words of a passage without who speaks, which all replies to one reviewer share."""
    section = passage.locator.section if passage.kind == "response" else None
    return _SPEAKERS.sub(" ", f"{section}: {passage.text}" if section else passage.text)


def pair(
    points: Sequence[Passage],
    answers: Sequence[Passage],
    cosines: Sequence[Sequence[float]],
    dates: Mapping[str, str],
) -> dict[str, list[tuple[str, float]]]:
    """For each point that asks or objects, the answers to its reviewer or to all, best first with their fit.

    `dates` gives the day of each document where it is known; nothing written before a point answers it. The fit is the cosine plus shares for words in common (rare ones count more) and for a common theme.
    """
    weights = _rarity(answers)
    replies = {}
    for point, row in zip(points, cosines, strict=True):
        words, themes = _words(point), themes_of(point)[:2]
        total = sum(weights.get(w, 1.0) for w in words) or 1.0
        fits = []
        for answer, cosine in zip(answers, row, strict=True):
            if _addresses(answer, point) and _follows(answer, point, dates):
                shared = sum(weights.get(w, 1.0) for w in words & _words(answer)) / total
                theme = THEME if set(themes) & _about(answer) else 0.0
                fits.append((answer.id, round(float(cosine) + WORDS * shared + theme, 4)))
        replies[point.id] = sorted(fits, key=lambda fit: -fit[1])[:MOST_REPLIES]
    return replies


def _about(answer: Passage) -> set[str]:
    """The themes of an answer: of the heading that it stands under, else of its words."""
    under = _HEADINGS.get(answer.aspect or "")
    return {under} if under else set(themes_of(bare(answer))[:2])


def _words(passage: Passage) -> frozenset[str]:
    return frozenset(stem(w) for w in content_words(bare(passage)))


def _rarity(answers: Sequence[Passage]) -> dict[str, float]:
    """Words that stand in few answers say more of what an answer is about."""
    counts: dict[str, int] = {}
    for answer in answers:
        for word in _words(answer):
            counts[word] = counts.get(word, 0) + 1
    return {word: 1.0 / count for word, count in counts.items()}


def _follows(answer: Passage, point: Passage, dates: Mapping[str, str]) -> bool:
    """Whether an answer may have been written after the point, as far as the dates tell."""
    answered, asked = dates.get(answer.locator.document, ""), dates.get(point.locator.document, "")
    return not answered or not asked or answered >= asked


def _addresses(answer: Passage, point: Passage) -> bool:
    """A reply speaks to its addressee; a general one to everybody."""
    to = (answer.addressee or "").lower()
    return to in ("", "all", "everybody", "reviewers") or to == (point.reviewer or "").lower()
