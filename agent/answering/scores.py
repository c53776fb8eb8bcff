"""Ratings, confidences and other scores: read from the lines under which a review's document keeps them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.answering.parts import fact
from agent.draft import DraftSentence
from agent.gathered import ReviewFile
from knowledge.types import Passage

SECTION = "Scores"
_LINE = re.compile(r"^([A-Z][A-Za-z -]{2,30}): *(-?\d+(?:\.\d+)?)? *(?:\((.*)\))?(.*)$", re.MULTILINE)
RATINGS = (
    "Rating",
    "Overall recommendation",
    "Overall assessment",
    "Overall rating",
    "Overall score",
    "Recommendation",
)
"""What forms call the rating; the first that a review has, with a number, is it."""
SHORT_LABEL = 60
"""Characters of a score's words that stand in a line; the long ones of a form are left to the passage."""


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
    for name, match in _lines(passage):
        if name != kind:
            continue
        words, _, scale = (match.group(3) or "").partition(";")
        ends = re.search(r"(\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)", scale or words)
        if ends and not scale:
            words = ""
        number = float(match.group(2)) if match.group(2) else None
        text = (words or match.group(4)).strip().rstrip(".")
        low, high = (float(ends.group(1)), float(ends.group(2))) if ends else (None, None)
        return ScoreLine(number, text, low, high) if number is not None or text else None
    return None


def _lines(passage: Passage) -> list[tuple[str, re.Match[str]]]:
    """The lines of scores by name, the rating as "Rating" whatever the venue's form calls it."""
    found = [(match.group(1), match) for match in _LINE.finditer(passage.text)]
    rating = next((match for called in RATINGS for name, match in found if name == called and match.group(2)), None)
    return [("Rating" if match is rating else name, match) for name, match in found]


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


def kinds(passage: Passage) -> list[str]:
    """The names of the scores that a scores passage holds."""
    return [name for name, _ in _lines(passage)]


def score_line(file: ReviewFile, name: str, others: Sequence[str] = ()) -> DraftSentence | None:
    """A reviewer's rating and confidence as one sentence, cited from the review's own lines; other scores as asked."""
    held = scores_passage(file, name)
    if held is None:
        return None
    rating = score(held, "Rating")
    parts = [f"rating {short(rating)}" if rating else "no rating on record"]
    parts += [f"{kind.lower()} {short(line)}" for kind in ("Confidence", *others) if (line := score(held, kind))]
    return fact(f"{name}: {', '.join(parts)}.", held, bullet=True)


def short(line: ScoreLine) -> str:
    """A score with its words where they are few."""
    few = len(line.words) <= SHORT_LABEL or line.number is None
    return str(line) if few else f"{line.number:g}"
