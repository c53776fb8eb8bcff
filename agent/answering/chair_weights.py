"""What the chair weighs otherwise, and what they rule on single points, as the points of a review file that it bears on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agent.answering.judged_points import EMPTY, calls, holds, points_judged, specific, without_names
from agent.answering.parts import stem
from agent.answering.themes import themes_of
from agent.cues import content_words
from agent.gathered import ReviewFile
from agent.judgements import Judged
from agent.points import Point
from agent.priorities import Priority

Stated = Priority | Judged
Ruled = Literal["", "settled", "void"]
FACTORS: dict[str, float] = {"more": 2.0, "less": 0.5, "none": 0.0, "settled": 1.0, "void": 0.0, "open": 1.0}


@dataclass(frozen=True)
class Applied:
    """What the chair stated, with the themes and the reviewers' points that it bears on; none: it meets no point."""

    priority: Stated
    themes: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    reviewers: tuple[str, ...] = ()


def apply_all(file: ReviewFile, stated: Sequence[Stated]) -> tuple[Applied, ...]:
    """Each thing stated with what it bears on; a later ruling on a point takes the place of an earlier one."""
    found: list[Applied] = []
    for one in stated:
        if isinstance(one, Priority):
            found.append(_prefer(file, one))
            continue
        now = Applied(one, points=points_judged(file, one))
        ids = {p.id for p in now.points}
        before = [replace(a, points=tuple(p for p in a.points if p.id not in ids)) if isinstance(a.priority, Judged) else a for a in found]  # fmt: skip
        gone = [a.priority for a, b in zip(found, before, strict=True) if a.points and not b.points]
        found = [a for a in before if a.priority not in gone] + [now]
    return tuple(found)


def with_settled(file: ReviewFile, applied: Sequence[Applied]) -> ReviewFile:
    """The file with the points settled that the chair takes as that."""
    ids = {p.id for a in applied if a.priority.sense == "settled" for p in a.points}
    if not ids:
        return file
    return replace(file, points=tuple(replace(p, verdict="yes") if p.id in ids else p for p in file.points))


def put_aside(applied: Sequence[Applied]) -> frozenset[str]:
    """The ids of the points that do not stand against the paper for the chair: settled, without weight, of none."""
    ruled = {p.id for a in applied if a.priority.sense == "settled" for p in a.points}
    return frozenset(ruled | {p.id for a in applied for p in a.points if not factor(p, applied)})


def weightless(applied: Sequence[Applied]) -> frozenset[str]:
    """The ids of the points that the chair does not weigh at all, by a priority."""
    preferred = [a for a in applied if isinstance(a.priority, Priority)]
    return frozenset(p.id for a in preferred for p in a.points if not factor(p, preferred))


def ruling_on(identity: str, applied: Sequence[Applied]) -> Ruled:
    """What the chair ruled on a point, if it takes it from what stands against the paper."""
    for one in applied:
        if one.priority.sense in ("settled", "void") and any(p.id == identity for p in one.points):
            return "settled" if one.priority.sense == "settled" else "void"
    return ""


def factor(point: Point, applied: Sequence[Applied]) -> float:
    """What the chair makes of a point: 1 if they said nothing."""
    return math.prod(FACTORS[a.priority.sense] for a in applied if any(p.id == point.id for p in a.points))


def factor_of(points: Sequence[Point], applied: Sequence[Applied]) -> float:
    """The mean of what the chair makes of the points of a concern."""
    return sum(factor(p, applied) for p in points) / len(points)


def _prefer(file: ReviewFile, priority: Priority) -> Applied:
    """The points that a priority bears on: of the reviewers it names, on the themes or with the words it names."""
    names = tuple(dict.fromkeys(p.reviewer for p in file.points if p.reviewer and calls(priority.what, p.reviewer)))
    subject = without_names(priority.what, names)
    themes, words = themes_of(subject), {stem(w) for w in content_words(subject) if w not in EMPTY}
    if names and not themes and not words:
        return Applied(priority, reviewers=names)
    points = tuple(
        p
        for p in file.raised("objects", "asks", "praises")
        if (not names or p.reviewer in names)
        and (set(themes_of(p)[:1]) & set(themes) if themes and not specific(subject) else holds(p, words, subject))
    )
    return Applied(priority, themes, points)
