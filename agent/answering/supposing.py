"""What a question supposes for once ("what if R2's objection were met?"), as the file or the priorities that it would make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.after_a_lean import GONE, MET, OPENING, thought_away
from agent.answering.judged_points import matter_in, points_judged
from agent.answering.parts import stem
from agent.answering.themes import themes_of
from agent.cues import content_words
from agent.gathered import ReviewFile
from agent.judgements import NOUN, Judged
from agent.points import Point
from agent.priorities import Priority, read_priorities
from agent.request import Request

_SUPPOSES = re.compile(r"\b(?:what if|suppose|assum(?:e|ing)|imagine|if|were|without|leaving (?:out|aside)|leave out|minus|ignoring|disregarding|discounting|not counting|excluding|setting aside)\b", re.IGNORECASE)  # fmt: skip
_LITTLE = re.compile(r"\b(?:the authors?|they|he|she|were|was|is|are|be|been|had|has|have|fully|to be|by the|could|would|it|that)\b", re.IGNORECASE)  # fmt: skip
_OF_A_POINT = re.compile(rf"\b{NOUN}\b", re.IGNORECASE)


def supposed_in(request: Request) -> tuple[Priority, ...]:
    """What a question weighs otherwise for once; what is stated for good is on file instead."""
    if request.stated is not None and request.stated.priorities:
        return ()
    away = thought_away(request.text)
    if away and (_OF_A_POINT.search(away) or not request.reviewers):
        said = request.text.strip(" ?")
        return tuple(replace(p, said=said) for p in read_priorities(f"Ignore {away}"))
    return read_priorities(OPENING.sub(" ", request.text).strip(" ?"))


@dataclass(frozen=True)
class Supposed:
    """A file as a question supposes it: with the concerns in `met` taken as settled, without the reviews in `gone`."""

    file: ReviewFile
    met: tuple[Point, ...] = ()
    gone: tuple[str, ...] = ()
    unclear: bool = False
    """Whether it supposes a point to be met of which nothing tells which it is."""

    def __bool__(self) -> bool:
        return bool(self.met or self.gone)


def suppose(request: Request, file: ReviewFile) -> Supposed:
    """The file as the question supposes it; as it is where it supposes nothing."""
    text = request.text
    if not _SUPPOSES.search(text):
        return Supposed(file)
    if request.reviewers and GONE.search(text) and not supposed_in(request):
        return Supposed(_without(file, request.reviewers), gone=request.reviewers)
    if not MET.search(text):
        return Supposed(file)
    concerns = file.raised("objects", "asks", reviewers=request.reviewers)
    themes, words = set(themes_of(text)), {stem(w) for w in content_words(request.topic or text)}
    named = [p for p in concerns if set(themes_of(p)[:1]) & themes or len(words & {stem(w) for w in content_words(p.text)}) > 1]  # fmt: skip
    rest = _LITTLE.sub(" ", MET.sub(" ", OPENING.sub(" ", text))).strip(" ?.")
    named = named or points_judged(file, Judged("settled", rest, text))
    whole = request.reviewers and not content_words(matter_in(rest, request.reviewers))
    met = tuple(named or (concerns if whole else ()))
    if not met:
        return Supposed(file, unclear=bool(OPENING.search(text) and _OF_A_POINT.search(text)))
    kept = {p.id for p in met}
    points = tuple(replace(p, verdict="yes") if p.id in kept else p for p in file.points)
    return Supposed(replace(file, points=points), met)


def _without(file: ReviewFile, names: Sequence[str]) -> ReviewFile:
    passages = tuple(p for p in file.passages if p.reviewer not in names)
    return replace(file, passages=passages, points=tuple(p for p in file.points if p.reviewer not in names))
