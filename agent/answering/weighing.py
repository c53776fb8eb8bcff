"""The weighing of a paper: what each reviewer's stance rests on, how much of that stands, and the lean that follows.

A reviewer's rating counts by its degree, by the confidence it was given with, and as far as its reasons stand: where the
reviewer took their concerns as settled, an adverse rating loses up to half of its force, and what the chair weighs more,
less or not at all moves the rating of whoever argues from it. The lean is a logistic function of the mean, with two
coefficients fitted on forty public threads from 2018 to 2021, half of them accepted, by regression with a ridge of 1;
left out one at a time, one rejected thread and two accepted ones fell on the wrong side. Number and share of open
concerns, shared ones, and praise had no effect that could be told from none there: they are what the lean is argued
with, and reach it through the ratings (docs/benchmarks.md).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.answering.chair_weights import (
    FACTORS,
    Applied,
    Stated,
    apply_all,
    factor,
    factor_of,
    put_aside,
    weightless,
    with_settled,
)
from agent.answering.meeting import speaks_against
from agent.answering.outcomes import DONE, Outcome, outcome, worst
from agent.answering.points import ranked
from agent.answering.scores import SECTION, ScoreLine, ratings, score
from agent.answering.themes import HEAVY, by_theme, themes_of
from agent.gathered import ReviewFile
from agent.points import Point
from agent.priorities import Priority
from knowledge.types import Passage

SLOPE, OFFSET = 1.98, -0.76
"""Of the logistic function of the mean grade; 0 is the odds of one to one."""
ASKED = 0.5
"""What a concern that is only asked about counts among the concerns."""
CLOSE = math.log(1.5)
"""Within odds of three to two either way, the lean is undecided."""
SETTLED_DISCOUNT = 0.5
LEAST_STANDING = 0.25
"""What is left of a rating whose stated reasons the chair does not weigh: there may be others."""
USUAL_CONFIDENCE = 3.5
UNNAMED, UNNAMED_FROM = (1.0, 10.0), 5.0
"""The scale of ratings whose scale is not on record, and the rating from which on it is taken for that one."""
DECIDING = (*HEAVY, "motivation")
_DOWN = re.compile(r"below|reject|not good|resubmit", re.IGNORECASE)
_UP = re.compile(r"above|accept|good paper|top \d", re.IGNORECASE)
_SLIGHT = re.compile(r"marginal|weak|borderline|slight", re.IGNORECASE)
_STRONG = re.compile(r"strong|clear|trivial|wrong|seminal|top \d", re.IGNORECASE)


@dataclass(frozen=True)
class Stance:
    """A reviewer for (above 0) or against: `grade` from -3 to 3, `weight` what it counts, `passage` holds the scores."""

    reviewer: str
    grade: float
    weight: float
    passage: Passage


@dataclass(frozen=True)
class Concern:
    """What reviewers hold against a paper on one theme, one point a reviewer; `factor` is the chair's, 1 if they said nothing."""

    theme: str
    points: tuple[Point, ...]
    factor: float = 1.0
    ruled: tuple[Point, ...] = ()
    """What the chair takes from it by a ruling, of those who hold nothing else on the theme."""

    @property
    def state(self) -> Outcome:
        """What is least done of what its holders raise; what came of each is told by `outcomes.by_outcome`."""
        return worst(self.points)

    @property
    def weight(self) -> float:
        """What it counts among the concerns: by holders, then by what became of it."""
        return (
            self.factor
            * len(self.points)
            * (1.0 if any(p.stance == "objects" for p in self.points) else ASKED)
            * {"kept": 1.2, "open": 1.1, "promised": 1.0, "perhaps": 0.9, "answered": 0.7, "settled": 0.3}[self.state]
        )


@dataclass(frozen=True)
class Weighing:
    """Stances, concerns and merits, the heaviest first, the priorities applied, and the lean that follows from `odds`."""

    lean: str  # accept | reject | undecided
    odds: float
    stances: tuple[Stance, ...] = ()
    concerns: tuple[Concern, ...] = ()
    merits: dict[str, list[Point]] = field(default_factory=dict)
    applied: tuple[Applied, ...] = ()
    ruled: tuple[Concern, ...] = ()
    """The concerns of which no point stands after the chair's rulings."""
    left_out: tuple[Concern, ...] = ()
    """The points that the chair does not weigh at all, by theme."""

    @property
    def close(self) -> bool:
        """Whether little would turn it."""
        return abs(self.odds) < 2 * CLOSE


def weigh(file: ReviewFile, priorities: Sequence[Stated] = ()) -> Weighing:
    """Weigh what reviewers wrote; `priorities` are what the chair weighs otherwise and what they rule on single points."""
    applied = apply_all(file, priorities)
    file, aside, out = with_settled(file, applied), put_aside(applied), weightless(applied)
    held = {t: p for t, p in _held(file, aside, out).items() if t in HEAVY or _named(t, applied)}
    concerns = [_concern(t, p, aside, applied) for t, p in held.items()]
    left_out = [
        Concern(t, tuple(p), 0.0)
        for t, p in _held(file, aside, frozenset(p.id for p in file.points) - out).items()
        if t in HEAVY or _named(t, applied)
    ]
    praised = by_theme([p for p in ranked(file, file.raised("praises")) if p.id not in aside])
    merits = {t: p for t, p in praised.items() if t in DECIDING or _named(t, applied)} or praised
    stances = _stances(file, applied)
    standing = [c for c in concerns if c.points]
    odds = _odds(stances) if stances else _odds_of_points(standing, merits)
    lean = "undecided" if abs(odds) < CLOSE else "accept" if odds > 0 else "reject"
    # What the chair says matters most comes first and what matters less last, as it does in the meta-review.
    ordered = sorted(standing, key=lambda c: (-c.factor, -c.weight))
    return Weighing(
        lean, odds, stances, tuple(ordered), dict(sorted(merits.items(), key=lambda i: -len(i[1]))), applied,
        tuple(c for c in concerns if not c.points), tuple(left_out),
    )  # fmt: skip


def _held(file: ReviewFile, aside: frozenset[str], without: frozenset[str]) -> dict[str, list[Point]]:
    """What reviewers hold against the paper, one point a reviewer by theme: objections, and where a theme has none, what
    is asked. Of one reviewer's points what stands comes first, and of that what is not done with."""
    by_stance = [
        [p for p in ranked(file, file.raised(s)) if speaks_against(p) and p.id not in without]
        for s in ("objects", "asks")
    ]
    objected, asked = (by_theme(sorted(held, key=lambda p: (p.id in aside, outcome(p) in DONE))) for held in by_stance)
    return {**asked, **objected}


def _concern(theme: str, held: Sequence[Point], aside: frozenset[str], applied: Sequence[Applied]) -> Concern:
    """The points on a theme as a concern: those that stand apart from those that the chair ruled on."""
    standing = tuple(p for p in held if p.id not in aside)
    preferred = [a for a in applied if isinstance(a.priority, Priority)]
    return Concern(theme, standing, factor_of(standing or held, preferred), tuple(p for p in held if p.id in aside))


def grade(line: ScoreLine, highest: float = 0.0) -> float:
    """How far a rating is for (up to 3) or against (down to -3): by its words, else by its place on its scale.

    Where the record names no scale, it is read as 1 to 10 if `highest`, the highest rating of the thread, is above 5.
    """
    down, up = _DOWN.search(line.words), _UP.search(line.words)
    if down or up:
        size = 1 if _SLIGHT.search(line.words) else 3 if _STRONG.search(line.words) else 2
        return -size if down else size
    if line.number is None:
        return 0.0
    if line.low is None or line.high is None or line.high <= line.low:
        low, high = UNNAMED if highest > UNNAMED_FROM else (0.0, 0.0)
    else:
        low, high = line.low, line.high
    return max(-3.0, min(3.0, (line.number - (low + high) / 2) / (high - low) * 6)) if high > low else 0.0


def _stances(file: ReviewFile, applied: Sequence[Applied]) -> tuple[Stance, ...]:
    """Where each reviewer with a score stands, and what that counts."""
    stances = []
    highest = max((number for _, number in ratings(file)), default=0.0)
    for p in file.of("review"):
        line = (score(p, "Rating") or score(p, "Recommendation")) if p.locator.section == SECTION else None
        if line is None or not p.reviewer:
            continue
        sure = score(p, "Confidence")
        size = grade(line, highest)
        weight = (sure.number if sure and sure.number else USUAL_CONFIDENCE) * _standing(file, p.reviewer, size > 0, applied)  # fmt: skip
        stances.append(Stance(p.reviewer, size * _unsettled(file, p.reviewer, size), weight, p))
    return tuple(stances)


def _unsettled(file: ReviewFile, reviewer: str, grade: float) -> float:
    """What is left of an adverse rating once the reviewer took concerns as settled."""
    concerns = [p for p in file.raised("objects", reviewers=(reviewer,)) if _heavy(p)]
    if grade >= 0 or not concerns:
        return 1.0
    return 1 - SETTLED_DISCOUNT * sum(p.verdict == "yes" for p in concerns) / len(concerns)


def _standing(file: ReviewFile, reviewer: str, pro: bool, applied: Sequence[Applied]) -> float:
    """How much the chair's priorities leave of, or add to, the reasons of a reviewer for their side."""
    reasons = [
        p
        for p in file.raised("praises" if pro else "objects", reviewers=(reviewer,))
        if _heavy(p) or _named(_theme(p), applied)
    ]
    factors = [factor(p, applied) for p in reasons]
    share = sum(factors) / len(factors) if factors else 1.0
    for one in applied:
        if reviewer in one.reviewers:
            share *= FACTORS[one.priority.sense]
    return max(LEAST_STANDING, share)


def mean_grade(stances: Sequence[Stance]) -> float:
    """The mean of the grades by what each counts; 0 where none counts."""
    total = sum(s.weight for s in stances)
    return sum(s.grade * s.weight for s in stances) / total if total else 0.0


def _odds(stances: Sequence[Stance]) -> float:
    """Log odds of the lean."""
    return SLOPE * mean_grade(stances) + OFFSET


def _odds_of_points(concerns: Sequence[Concern], merits: dict[str, list[Point]]) -> float:
    """Log odds where nobody gave a score: what is praised against what is not settled."""
    objected = [c for c in concerns if any(p.stance == "objects" for p in c.points)] or concerns
    against = sum(c.factor * len(c.points) for c in objected if c.state not in DONE)
    return math.log((1 + sum(map(len, merits.values()))) / (1 + against))


def _named(theme: str, applied: Sequence[Applied]) -> bool:
    return any(theme in a.themes for a in applied)


def _theme(point: Point) -> str:
    return next(iter(themes_of(point)[:1]), "")


def _heavy(point: Point) -> bool:
    return _theme(point) in DECIDING


def lean_at(weighing: Weighing, moved: Stance) -> str:
    """The lean if one reviewer came to stand just on the other side."""
    stances = [
        Stance(s.reviewer, -1.0 if s.grade > 0 else 1.0, s.weight, s.passage) if s is moved else s
        for s in weighing.stances
    ]
    odds = _odds(stances)
    return "undecided" if abs(odds) < CLOSE else "accept" if odds > 0 else "reject"
