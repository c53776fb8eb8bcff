"""Ratings and confidences: read from the lines under which a review's document keeps them, and told."""

import re
from dataclasses import dataclass

from agent.answering.parts import fact, listed, say
from agent.answering.record import no_reviews, reviewers
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.request import Request
from knowledge.types import Passage

SECTION = "Scores"
_LINE = re.compile(r"^(Rating|Confidence|Recommendation): *(-?\d+(?:\.\d+)?)? *(?:\((.*)\))?(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class ScoreLine:
    """One score as the record has it: number, words and scale, each possibly missing."""

    number: float | None
    words: str
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        number = f"{self.number:g}" if self.number is not None else ""
        return f"{number} ({self.words})" if number and self.words else number or self.words


def score(passage: Passage, kind: str) -> ScoreLine | None:
    """The rating, confidence or recommendation that a scores passage holds, or None."""
    for match in _LINE.finditer(passage.text):
        if match.group(1) != kind:
            continue
        words, _, scale = (match.group(3) or "").partition(";")
        ends = re.search(r"(\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)", scale or words)
        if ends and not scale:
            words = ""
        number = float(match.group(2)) if match.group(2) else None
        text = (words or match.group(4)).strip()
        low, high = (float(ends.group(1)), float(ends.group(2))) if ends else (None, None)
        return ScoreLine(number, text, low, high) if number is not None or text else None
    return None


def scores_passage(file: ReviewFile, reviewer: str) -> Passage | None:
    """The passage with a reviewer's scores, or None where none is on record."""
    held = (p for p in file.of("review", reviewer=reviewer) if p.locator.section == SECTION)
    return next((p for p in held if score(p, "Rating") or score(p, "Confidence")), None)


def ratings(file: ReviewFile) -> list[tuple[Passage, float]]:
    """Every numeric rating on record with its passage."""
    found = []
    for p in file.of("review"):
        line = score(p, "Rating") if p.locator.section == SECTION else None
        if line is not None and line.number is not None:
            found.append((p, line.number))
    return found


def scores(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """Ratings and confidences, one line a reviewer, and the range."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    lines = [(name, score_line(file, name)) for name in (request.reviewers or reviewers(file))]
    sentences = [s for _, s in lines if s is not None]
    unscored = [name for name, s in lines if s is None]
    rated = ratings(file)
    if len(rated) > 1 and not request.reviewers:
        low, high = min(v for _, v in rated), max(v for _, v in rated)
        text = f"All ratings are {low:g}." if low == high else f"The ratings lie between {low:g} and {high:g}."
        sentences.append(fact(text, *[p for p, _ in rated], paragraph=1))
    if unscored:
        sentences.append(say(f"No score by {listed(unscored)} is on record.", "abstention", 2))
    return sentences


def score_line(file: ReviewFile, name: str) -> DraftSentence | None:
    """A reviewer's rating and confidence as one sentence, cited from the review's own lines."""
    held = scores_passage(file, name)
    if held is None:
        return None
    rating, confidence = score(held, "Rating"), score(held, "Confidence")
    parts = [f"rates the paper {rating}" if rating else "gives no rating on record"]
    if confidence:
        parts.append(f"with confidence {confidence}")
    return fact(f"{name} {', '.join(parts)}.", held, bullet=True)
