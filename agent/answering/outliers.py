"""Whose score lies apart from those of the others. Pure."""

from collections.abc import Mapping, Sequence

from agent.answering.parts import judge, listed
from agent.answering.score_changes import Card
from agent.draft import DraftSentence
from agent.plain_words import OF_AN_OUTLIER

LEAST_FOR_ONE = 3
"""Scores from which on one of them can lie apart."""
FAR = 2.0
"""Points apart from which on a score is called an outlier without a reserve."""


def outlier(text: str, kind: str, named: Sequence[str], cards: Mapping[str, Card]) -> list[DraftSentence]:
    """Which score lies furthest from the others', where a question asks for an outlier; of a reviewer named, whether it is
    that one. Nobody is one where all scores are alike, or where two lie as far away."""
    held = [card for card in cards.values() if kind in card.values]
    if not OF_AN_OUTLIER.search(text) or not held:
        return []
    cited = [card.passage for card in held]
    values = [card.values[kind] for card in held]
    shown = listed([f"{v:g}" for v in sorted(values)])
    if len(held) < LEAST_FOR_ONE or len(set(values)) == 1:
        same = f"the {kind.lower()}s are all {values[0]:g}" if len(set(values)) == 1 else f"there are two {kind.lower()}s, {shown}"  # fmt: skip
        same = f"there is one {kind.lower()}, {shown}" if len(held) == 1 else same
        return [judge(f"Nobody is the outlier: {same}.", *cited)]
    apart = [_apart(card.values[kind], values) for card in held]
    furthest = [card for card, distance in zip(held, apart, strict=True) if distance == max(apart)]
    if len(furthest) > 1:
        return [judge(f"No single reviewer is the outlier: the {kind.lower()}s are {shown}.", *cited)]
    one = furthest[0]
    rest = listed([f"{v:g}" for v in sorted(c.values[kind] for c in held if c is not one)])
    gap = min(abs(one.values[kind] - c.values[kind]) for c in held if c is not one)
    little = "" if gap >= FAR else f", though by {gap:g} only" if gap else ""
    said = f"{one.name} is furthest from the others: {kind.lower()} {one.values[kind]:g} against {rest}{little}."
    verdict = "" if len(named) != 1 else "Yes: " if one.name in named else "No: "
    return [judge(f"{verdict}{said}", *cited)]


def _apart(value: float, values: Sequence[float]) -> float:
    """How far a score lies from the mean of the others."""
    return abs(value - (sum(values) - value) / (len(values) - 1))
