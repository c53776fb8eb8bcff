"""Replies that may answer a point because they answer its sibling: what one review says twice is answered once. Pure.

`knowledge.reviews` ties a reply to a point by what the two have in common. A point that it leaves without one ("the time
comparison is missing") may be the same matter as another of the same review that has one ("wall-clock measurements on a
CPU?"). Its reply is then told as a possible one; a tied reply is never made of it, and no tied one is changed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.answering.parts import stem
from agent.cues import content_words
from knowledge.reviews import Answer, Discussion, Reply, ReviewPoint

MATTERS: dict[str, re.Pattern[str]] = {
    name: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for name, words in {
        "speed": r"wall[- ]?clock|(?:running|inference|execution|computing|computation|training|measured|actual|real) times?|run[- ]?times?|timings?|times? (?:comparisons?|measurements?)|speed[- ]?ups?|speed(?:s|ed|ing)?|accelerat(?:es?|ed|ion)|faster|slow(?:er|s|ly)?|latenc\w+|throughput|bottleneck",
        "memory": r"memory|storage|footprint|model sizes?|kilobytes?|megabytes?",
        "energy": r"energy|power consumption|joules?|watts?",
        "spread": r"error bars?|standard (?:deviations?|errors?)|seeds?|confidence intervals?|statistical\w*|significance tests?|variance (?:of|across|over|between)|repeated runs?",
        "novelty": r"novel\w*|original(?:ity)?|incremental|straight-?forward|trivial|nothing new",
        "hyper-parameters": r"hyper-?param\w*",
        "code": r"(?:source )?code|implementation (?:is|be|will)|open[- ]?sourced?|reproduc\w+",
        "length": r"pages?|too long|length(?:y)?|shorten\w*|verbose",
    }.items()
}  # fmt: skip
"""What a point of a review is about, where its words tell that exactly; themes such as "experiments" are too wide."""
ALIKE, LEAST_ALIKE = 0.4, 2
"""Share of the rarer words of the shorter point, and how many of them, from which two points are on the same thing."""
_SMALL = re.compile(
    r"\b(?:typos?|syntax|grammar|spelling|misspel\w+|blanks?|backslash|should (?:read|be spelled)|was meant)\b",
    re.IGNORECASE,
)
"""What tells a correction of the writing, which is no matter of the paper."""
COMMON = 0.25
"""Share of a review's points from which a word, such as the method's name, tells none from another."""
WORTH = 0.2
"""The fit that a reply must exceed to count for two points together; up to it only its place speaks for it."""
TOGETHER = 0.25
"""How likely a reply must answer one of two points on the same thing to be told as a possible answer to both."""
MOST = 3


def with_siblings(discussion: Discussion) -> Discussion:
    """The discussion in which a point without a reply has those of its siblings, as possible ones."""
    lifted = {
        point.id: answer
        for point in discussion.points
        if (held := discussion.answers.get(point.id)) is not None and held.status == "not answered"
        and (answer := _lifted(point, held, _siblings(point, discussion), discussion.answers)) is not None
    }  # fmt: skip
    return replace(discussion, answers={**discussion.answers, **lifted}) if lifted else discussion


def _siblings(point: ReviewPoint, discussion: Discussion) -> list[ReviewPoint]:
    """The other points of the same review that are on the same thing; corrections of the writing have none."""
    if _small(point):
        return []
    others = [
        p for p in discussion.points if p.document == point.document and p.id in discussion.answers and not _small(p)
    ]
    words = {p.id: _words(p) for p in others}
    common = {w for w in words[point.id] if sum(w in held for held in words.values()) > max(2, COMMON * len(words))}
    return [p for p in others if p.id != point.id and _same(point, p, words[point.id] - common, words[p.id] - common)]


def _small(point: ReviewPoint) -> bool:
    return "typo" in point.aspects or bool(_SMALL.search(point.text))


def _same(one: ReviewPoint, other: ReviewPoint, mine: set[str], theirs: set[str]) -> bool:
    if any(matter.search(one.text) and matter.search(other.text) for matter in MATTERS.values()):
        return True
    shared, least = mine & theirs, min(len(mine), len(theirs))
    return len(shared) >= LEAST_ALIKE and len(shared) >= ALIKE * least


def _words(point: ReviewPoint) -> set[str]:
    own = {stem(w) for w in content_words(point.reviewer or "")}
    return {stem(w) for w in content_words(point.text)} - own


def _lifted(
    point: ReviewPoint, held: Answer, siblings: Sequence[ReviewPoint], answers: Mapping[str, Answer]
) -> Answer | None:
    """What may answer a point by its siblings, the likeliest first; None where nothing does."""
    tied = [r for p in siblings if answers[p.id].status != "not answered" for r in answers[p.id].replies]
    nearest = [r for p in siblings if answers[p.id].status == "not answered" for r in answers[p.id].replies[:1]]
    for reply in held.replies[:1]:
        fits = [r.fit for r in nearest if _place(r) == _place(reply) and r.fit > WORTH]
        if reply.fit > WORTH and any(1 - (1 - reply.fit) * (1 - fit) >= TOGETHER for fit in fits):
            tied.append(reply)
    best: dict[tuple[str, int, int], Reply] = {}
    for reply in sorted(tied, key=lambda r: (not r.sure, -r.fit)):
        best.setdefault(_place(reply), replace(reply, sure=False))
    return Answer("possibly answered here", tuple(best.values())[:MOST]) if best else None


def _place(reply: Reply) -> tuple[str, int, int]:
    return reply.document, reply.start, reply.end
