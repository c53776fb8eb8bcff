"""What came of a reviewer's point, in one word for all that tells or weighs it, and whether it can carry a decision. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal

from agent.answering.parts import listed
from agent.answering.points import names_of, near_replies
from agent.points import Point

Outcome = Literal["kept", "open", "promised", "perhaps", "answered", "settled"]
"""kept: its reviewer holds to it after the reply; open: no reply was found; promised: the reply only announces a change;
perhaps: what was found may be no answer to it; answered: nobody came back to it; settled: its reviewer says so."""
ORDER: tuple[Outcome, ...] = ("kept", "open", "promised", "perhaps", "answered", "settled")
"""What is least done first."""
DONE: tuple[Outcome, ...] = ("answered", "settled")


def outcome(point: Point) -> Outcome:
    """What came of a point that asks or objects."""
    if point.verdict != "unknown":
        return "kept" if point.verdict == "no" else "settled"
    if point.status in (None, "not answered") or not point.replies:
        return "open"
    if point.status != "answered":
        return "perhaps"
    return "promised" if point.replies[0].manner == "promise" else "answered"


def worst(points: Sequence[Point]) -> Outcome:
    """What came of several points, one a reviewer, as one word: what is least done of them."""
    held = {outcome(p) for p in points}
    return next(o for o in ORDER if o in held)


def by_outcome(points: Sequence[Point]) -> dict[Outcome, list[Point]]:
    """The points by what came of them, what is least done first."""
    found: dict[Outcome, list[Point]] = {o: [p for p in points if outcome(p) == o] for o in ORDER}
    return {o: held for o, held in found.items() if held}


def in_short(points: Sequence[Point], words: Mapping[Outcome, str]) -> str:
    """What came of the points in a word, with whose where it differs: "open for R1 and answered for R2"."""
    parts = by_outcome(points)
    if len(parts) == 1:
        return words[next(iter(parts))]
    return listed([f"{words[o]} for {names_of(held)}" for o, held in parts.items()])


def in_words(points: Sequence[Point], words: Mapping[Outcome, str], unfound: str) -> str:
    """The same in clauses; `unfound` where something near to an open point was written."""
    parts = by_outcome(points)
    told = {o: unfound if o == "open" and any(near_replies(p) for p in held) else words[o] for o, held in parts.items()}
    if len(parts) == 1:
        return next(iter(told.values()))
    return "; ".join(f"{told[o]} ({names_of(held)})" for o, held in parts.items())
