"""Reviewer numbers differ between sources: "Review 1" of a page may be AnonReviewer3 of the record.

A number is read in the record's numbering, unless the question reports what that review says and only the review that
bears the number in another numbering says it.
"""

import re
from dataclasses import replace

from agent.answering.parts import fact, relevance
from agent.answering.scores import scores_passage
from agent.cues import content_words
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered
from agent.request import Request
from knowledge.types import Passage

LEAST_WORDS = 2
CLEARLY_BETTER = 0.1


def settle_numbers(request: Request, gathered: Gathered, desk: Desk) -> tuple[Request, list[DraftSentence]]:
    """The request with the reviewers that it means, and a sentence where that is not the record's number."""
    paper = desk.paper(request.submission)
    if paper is None or len(request.reviewers) != 1 or len(content_words(request.topic)) < LEAST_WORDS:
        return request, []
    named = request.reviewers[0]
    number = re.search(r"(\d+)$", named)
    if number is None or named.lower() in request.text.lower():
        return request, []
    pattern = re.compile(rf"\bReview(?:er)? ?{number.group(1)}\b in ", re.IGNORECASE)
    for other in paper.reviewers:
        alias = next((a for a in other.aliases if pattern.search(a)), None)
        if (
            alias is None
            or other.name == named
            or _best(other.name, request, gathered) < _best(named, request, gathered) + CLEARLY_BETTER
        ):
            continue
        return replace(request, reviewers=(other.name,)), _explain(other.name, alias, request, gathered)
    return request, []


def _best(name: str, request: Request, gathered: Gathered) -> float:
    """How well anything in a reviewer's review fits the question."""
    hits = [h for s in gathered.searched for h in s.hits if h.passage.kind == "review" and h.passage.reviewer == name]
    return max((relevance(h, request.topic) for h in hits), default=0.0)


def _explain(name: str, alias: str, request: Request, gathered: Gathered) -> list[DraftSentence]:
    file = gathered.file(request.submission)
    held: Passage | None = scores_passage(file, name) if file else None
    return [fact(f"This is what {name} wrote, who is {alias}.", held)] if held else []
