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

from agent.answering.meeting import speaks_against
from agent.answering.outcomes import DONE, Outcome, outcome, worst
from agent.answering.parts import stem
from agent.answering.points import ranked
from agent.answering.scores import SECTION, ScoreLine, ratings, score
from agent.answering.themes import HEAVY, by_theme, themes_of
from agent.cues import content_words
from agent.gathered import ReviewFile
from agent.points import Point
from agent.priorities import Priority, Sense
from knowledge.types import Passage

SLOPE, OFFSET = 1.98, -0.76
"""Of the logistic function of the mean grade; 0 is the odds of one to one."""
ASKED = 0.5
"""What a concern that is only asked about counts among the concerns."""
CLOSE = math.log(1.5)
"""Within odds of three to two either way, the lean is undecided."""
SETTLED_DISCOUNT = 0.5
FACTORS: dict[Sense, float] = {"more": 2.0, "less": 0.5, "none": 0.0}
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
class Applied:
    """A priority of the chair's with the themes and the reviewers' points that it bears on; none: it meets no point."""

    priority: Priority
    themes: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Weighing:
    """Stances, concerns and merits, the heaviest first, the priorities applied, and the lean that follows from `odds`."""

    lean: str  # accept | reject | undecided
    odds: float
    stances: tuple[Stance, ...] = ()
    concerns: tuple[Concern, ...] = ()
    merits: dict[str, list[Point]] = field(default_factory=dict)
    applied: tuple[Applied, ...] = ()

    @property
    def close(self) -> bool:
        """Whether little would turn it."""
        return abs(self.odds) < 2 * CLOSE


def weigh(file: ReviewFile, priorities: Sequence[Priority] = ()) -> Weighing:
    """Weigh what reviewers wrote; `priorities` are the chair's."""
    applied = tuple(_apply(file, p) for p in priorities)
    concerns = [
        Concern(t, tuple(p), _factor_of(t, p, applied))
        for t, p in _concerns(file).items()
        if t in HEAVY or _named(t, applied)
    ]
    praised = by_theme(ranked(file, file.raised("praises")))
    merits = {t: p for t, p in praised.items() if t in DECIDING or _named(t, applied)} or praised
    stances = _stances(file, applied)
    odds = _odds(stances) if stances else _odds_of_points(concerns, merits)
    lean = "undecided" if abs(odds) < CLOSE else "accept" if odds > 0 else "reject"
    # What the chair says matters most comes first, as it does in the meta-review.
    ordered = sorted((c for c in concerns if c.factor), key=lambda c: (c.factor <= 1, -c.weight))
    return Weighing(
        lean, odds, stances, tuple(ordered), dict(sorted(merits.items(), key=lambda i: -len(i[1]))), applied
    )


def _concerns(file: ReviewFile) -> dict[str, list[Point]]:
    """What reviewers hold against the paper, one point a reviewer by theme: objections, and where a theme has none, what
    is asked. Of one reviewer's points what is not done with comes first."""
    by_stance = [[p for p in ranked(file, file.raised(s)) if speaks_against(p)] for s in ("objects", "asks")]
    objected, asked = (by_theme(sorted(held, key=lambda p: outcome(p) in DONE)) for held in by_stance)
    return {**asked, **objected}


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
    factors = [_factor(p, applied) for p in reasons]
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


# The chair's priorities


def _apply(file: ReviewFile, priority: Priority) -> Applied:
    """The points that a priority bears on: of the reviewers it names, on the themes or with the words it names."""
    names = tuple(dict.fromkeys(p.reviewer for p in file.points if p.reviewer and _calls(priority.what, p.reviewer)))
    subject = _without(priority.what, names)
    themes, words = themes_of(subject), {stem(w) for w in content_words(subject) if w not in _EMPTY}
    if names and not themes and not words:
        return Applied(priority, reviewers=names)
    points = tuple(
        p
        for p in file.raised("objects", "asks", "praises")
        if (not names or p.reviewer in names)
        and (set(themes_of(p)[:1]) & set(themes) if themes and not _specific(subject) else _holds(p, words))
    )
    return Applied(priority, themes, points)


_EMPTY = frozenset("missing lack lacking absence worry worries complaint complaints thing things stuff review score rating opinion real honest good".split())  # fmt: skip
_NAMES_THEME = re.compile(r"novel\w*|original\w*|baselines?|comparisons?|experiments?|evaluation|theory|writing|clarity|presentation|motivation|significance|practical\w*|speed|scale|hardware|soundness", re.IGNORECASE)  # fmt: skip


def _specific(subject: str) -> bool:
    """Whether a priority names one matter ("the missing ImageNet") rather than a theme ("novelty")."""
    return not all(_NAMES_THEME.fullmatch(w) or w in _EMPTY for w in content_words(subject))


def _holds(point: Point, words: set[str]) -> bool:
    held = {stem(w) for w in content_words(point.text)}
    return bool(words) and len(words & held) / len(words) >= 0.5


def _calls(text: str, reviewer: str) -> bool:
    """Whether a text names a reviewer, by name, number or code."""
    tail = re.search(r"(\d+|[A-Za-z0-9]{4})$", reviewer)
    short = rf"|\b(?:reviewer |R){tail.group(1)}\b|\b(?=\w*\d){tail.group(1)}\b(?<=\w\w\w)" if tail else ""
    return bool(re.search(rf"\b{re.escape(reviewer)}\b{short}", text, re.IGNORECASE))


def _without(text: str, names: Sequence[str]) -> str:
    for name in names:
        tail = re.search(r"(\d+|[A-Za-z0-9]{4})$", name)
        text = re.sub(
            rf"\b{re.escape(name)}\b(?:'s)?"
            + (rf"|\b(?:anon)?(?:reviewer |R)?{tail.group(1)}\b(?:'s)?" if tail else ""),
            " ",
            text,
            flags=re.IGNORECASE,
        )
    return text


def _factor(point: Point, applied: Sequence[Applied]) -> float:
    return math.prod(FACTORS[a.priority.sense] for a in applied if any(p.id == point.id for p in a.points))


def _factor_of(theme: str, points: Sequence[Point], applied: Sequence[Applied]) -> float:
    """The mean of what the chair makes of the points of a concern."""
    return sum(_factor(p, applied) for p in points) / len(points)


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
