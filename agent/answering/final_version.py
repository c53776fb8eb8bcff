"""What is left to do for a final version: what the authors promised, small corrections, and what is open and can be mended."""

import re

from agent.answering.parts import say
from agent.answering.points import in_paragraph, one_each, point_line, ranked
from agent.answering.reactions import promises
from agent.answering.record import no_reviews
from agent.answering.themes import themes_of
from agent.desk import Desk
from agent.draft import DraftSentence
from agent.gathered import Gathered, ReviewFile
from agent.points import Point
from agent.request import Request

_MENDABLE = re.compile(
    r"\b(?:no|not|missing|miss\w*|lack\w*|without|add|report|include|provide|show|compar\w+|should|please|would like|need\w*|only|asks?|demand\w*|unclear)\b",
    re.IGNORECASE,
)
"""What tells that a point asks for something to be added."""
MOST_SMALL, MOST_OPEN = 6, 4


def final_version(request: Request, gathered: Gathered, desk: Desk) -> list[DraftSentence]:
    """What the authors are to do before a final version, by the record; novelty cannot be mended by then."""
    file = gathered.file(request.submission)
    missing = no_reviews(request, gathered, desk)
    if file is None or missing:
        return missing
    lines: list[DraftSentence] = []
    promised = [s for s in promises(file, request.reviewers) if s.passages]
    for head, told in (
        ("Promised, so to be held to:", [s for s in promised if s.bullet]),
        ("Small corrections that reviewers ask for:", [point_line(file, p) for p in _small(file, request)]),
        ("Still open, and possible to mend:", [point_line(file, p) for p in _open(file, request)]),
    ):
        paragraph = max((s.paragraph for s in lines), default=-1) + 1
        lines += [say(head, paragraph=paragraph), *in_paragraph(told, paragraph)] if told else []
    return lines or [say("The record names nothing to mend for a final version.", "abstention")]


def _small(file: ReviewFile, request: Request) -> list[Point]:
    """Corrections of the writing."""
    raised = file.raised("objects", "asks", reviewers=request.reviewers, small=True)
    return one_each([p for p in raised if p.small or themes_of(p)[:1] == ("writing",)], MOST_SMALL)


def _open(file: ReviewFile, request: Request) -> list[Point]:
    """What waits for a reply and asks for something that can be added."""
    small = _small(file, request)
    raised = [p for p in file.raised("objects", "asks", reviewers=request.reviewers) if p.open and p not in small]
    held = [p for p in raised if _MENDABLE.search(p.text) and themes_of(p)[:1] != ("novelty",)]
    return one_each(ranked(file, held), MOST_OPEN)
