"""What a question supposes for once ("what if R2's objection were met?"), as the file or the priorities that it would make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.answering.parts import stem
from agent.answering.themes import themes_of
from agent.cues import content_words
from agent.gathered import ReviewFile
from agent.points import Point
from agent.priorities import Priority, read_priorities
from agent.request import Request

_OPENING = re.compile(
    r"^\W*(?:(?:and|so|but|ok|then|now)\b\W*)*(?:what if|suppose|assume|assuming|if|imagine|say|given)\b(?: that)?",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(r"\b(?:what if|suppose|assum(?:e|ing)|imagine|if|were|without|leaving out|leave out|minus)\b", re.IGNORECASE)  # fmt: skip
_GONE = re.compile(
    r"\b(?:(?:did|does|do|had|were|was|is)(?: not|n't) (?:\w+ )?(?:exist|there|been|written|submitted|come)|never (?:existed|been written|came)|not (?:exist|there)|without|leav\w+ (?:out|aside)|minus|took out|taken out|removed?|gone)\b",
    re.IGNORECASE,
)
_MET = re.compile(
    r"\b(?:met|answered|settled|resolved|addressed|fixed|satisfied|sorted|mended|closed|dealt with|provided|added|done|delivered)\b|\b(?:came|come|comes) (?:round|around)\b|\b(?:raised|raises|increased|changed) (?:the|his|her|their|its) (?:score|rating|mind)",
    re.IGNORECASE,
)


def supposed_in(request: Request) -> tuple[Priority, ...]:
    """What a question weighs otherwise for once; what is stated for good is on file instead."""
    if request.stated is not None and request.stated.priorities:
        return ()
    return read_priorities(_OPENING.sub(" ", request.text).strip(" ?"))


@dataclass(frozen=True)
class Supposed:
    """A file as a question supposes it: with the concerns in `met` taken as settled, without the reviews in `gone`."""

    file: ReviewFile
    met: tuple[Point, ...] = ()
    gone: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.met or self.gone)


def suppose(request: Request, file: ReviewFile) -> Supposed:
    """The file as the question supposes it; as it is where it supposes nothing."""
    text = request.text
    if not _SUPPOSES.search(text):
        return Supposed(file)
    if request.reviewers and _GONE.search(text):
        return Supposed(_without(file, request.reviewers), gone=request.reviewers)
    if not _MET.search(text):
        return Supposed(file)
    concerns = file.raised("objects", "asks", reviewers=request.reviewers)
    themes, words = set(themes_of(text)), {stem(w) for w in content_words(request.topic or text)}
    named = [p for p in concerns if set(themes_of(p)[:1]) & themes or len(words & {stem(w) for w in content_words(p.text)}) > 1]  # fmt: skip
    met = tuple(named or (concerns if request.reviewers else ()))
    kept = {p.id for p in met}
    points = tuple(replace(p, verdict="yes") if p.id in kept else p for p in file.points)
    return Supposed(replace(file, points=points), met)


def _without(file: ReviewFile, names: Sequence[str]) -> ReviewFile:
    passages = tuple(p for p in file.passages if p.reviewer not in names)
    return replace(file, passages=passages, points=tuple(p for p in file.points if p.reviewer not in names))
