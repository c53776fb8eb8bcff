"""Where reviewers agree and where they do not: points that speak of the same, and who holds each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.discussion.pairing import Vectors
from knowledge.discussion.points import ReviewPoint
from knowledge.discussion.words import Rarity, terms

Sign = Literal["+", "-"]
THEMES = {
    "novelty": r"\bnovel\w*|\boriginal(ity)?\b|\bincremental\b|\bnot new\b|\bnew idea",
    "writing": r"\bwrit(ten|ing)\b|\breadab\w+|\bclarity\b|\bpresentation\b|\beasy to (read|follow|understand)|\bhard to (read|follow|understand)|\btypos\b|\bgrammat\w+",
    "experiments": r"\bexperiment(s|al)?\b.{0,40}\b(thorough|convincing|extensive|solid|comprehensive|limited|weak|insufficient|narrow|lack\w*|few|brief|small)|\b(thorough|convincing|extensive|solid|comprehensive|limited|weak|insufficient|few|brief|lack\w*( of)?)\b.{0,30}\b(experiment\w*|evaluation)",
    "theory": r"\btheor(y|etical|ems?)\b|\bproofs?\b|\bbounds?\b|\bguarantees?\b",
    "significance": r"\bsignifican(t|ce)\b|\bimpact\b|\bpractical\w*\b|\brelevan(t|ce)\b",
    "reproducibility": r"\breproduc\w+|\b(source )?code\b",
}
"""Matters that reviewers judge in words too different for a likeness of meaning."""
COMPILED = {name: re.compile(words, re.IGNORECASE) for name, words in THEMES.items()}
ALIKE, LIKELY, SHARED = 0.62, 0.45, 0.3
"""Two points speak of the same from the first cosine on, or from the second with this share of rare words in common."""
SHORT = 260
"""A point up to this long judges the theme that it names."""


@dataclass(frozen=True)
class Likeness:
    """Why two points are taken to speak of the same: their cosine, their rarest words in common, a theme of both."""

    left: str
    right: str
    cosine: float
    terms: tuple[str, ...] = ()
    theme: str | None = None


@dataclass(frozen=True)
class Agreement:
    """Points of several reviewers on one matter.

    kind: "agreement" where all object or all praise, "disagreement" where one praises what another criticises.
    points: ids, in reading order; holders: each reviewer with whether the matter is praised ("+") or criticised ("-").
    """

    kind: Literal["agreement", "disagreement"]
    points: tuple[str, ...]
    holders: tuple[tuple[str, Sign], ...]
    evidence: tuple[Likeness, ...]


def find_agreements(points: Sequence[ReviewPoint], vectors: Vectors) -> tuple[Agreement, ...]:
    """The matters on which points of different reviewers meet, those with most reviewers first.

    `vectors` holds a unit vector for each point's text. Cost: the points of the reviews squared.
    """
    judging = [
        point for point in points if point.stance != "describes" and point.reviewer and "typo" not in point.aspects
    ]
    likenesses = compare(judging, vectors)
    by_id = {point.id: point for point in judging}
    groups: list[list[Likeness]] = []
    used: set[str] = set()
    for seed in sorted(likenesses, key=lambda likeness: -likeness.cosine):
        if seed.left in used or seed.right in used:
            continue
        members = {seed.left, seed.right}
        group = [seed]
        for other in likenesses:
            ends = {other.left, other.right}
            joined = ends - members
            if (
                len(ends & members) == 1
                and not joined & used
                and not {by_id[id].reviewer for id in joined} & {by_id[id].reviewer for id in members}
            ):
                members |= joined
                group.append(other)
        used |= members
        groups.append(group)
    found = [make_agreement(group, by_id, [point.id for point in judging]) for group in groups]
    return tuple(sorted(found, key=lambda agreement: -len(agreement.holders)))


def compare(points: Sequence[ReviewPoint], vectors: Vectors) -> list[Likeness]:
    """The pairs of points of different reviewers that speak of the same."""
    import numpy as np

    if len(points) < 2:
        return []
    matrix = np.stack([vectors[point.text] for point in points])
    cosines = matrix @ matrix.T
    held = [terms(point.text) for point in points]
    themes = [
        {name for name, words in COMPILED.items() if len(p.text) <= SHORT and words.search(p.text)} for p in points
    ]
    rarity = Rarity.among(held)
    found = []
    for i, left in enumerate(points):
        for j in range(i + 1, len(points)):
            right, cosine = points[j], float(cosines[i, j])
            if left.reviewer == right.reviewer:
                continue
            common = held[i] & held[j]
            theme = min(themes[i] & themes[j], default=None)
            alike = cosine >= ALIKE or (cosine >= LIKELY and rarity.shared(held[i], held[j]) >= SHARED)
            if alike or (theme and cosine >= 0.3):
                found.append(Likeness(left.id, right.id, round(cosine, 4), rarity.rarest(common), theme))
    return found


def make_agreement(group: Sequence[Likeness], by_id: Mapping[str, ReviewPoint], order: Sequence[str]) -> Agreement:
    members = {id for likeness in group for id in (likeness.left, likeness.right)}
    ids = tuple(id for id in order if id in members)
    holders: tuple[tuple[str, Sign], ...] = tuple((by_id[id].reviewer or "", sign_of(by_id[id])) for id in ids)
    kind: Literal["agreement", "disagreement"] = (
        "agreement" if len({sign for _, sign in holders}) == 1 else "disagreement"
    )
    return Agreement(kind, ids, holders, tuple(group))


def sign_of(point: ReviewPoint) -> Sign:
    return "+" if point.stance == "praises" else "-"
