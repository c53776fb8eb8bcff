"""The basis of a meta-review with what its sections share: concerns in order, the weighing, the merits, the size."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.answering.meeting import disputes
from agent.answering.own_decision import priorities_of
from agent.answering.parts import unique
from agent.answering.review_faults import specific
from agent.answering.weighing import Weighing, weigh
from agent.metareview.basis import Basis
from agent.metareview.concerns import Concern, Raised, find_concerns, find_raised, left_out
from knowledge.types import Passage

GRAVE = ("instruction", "invisible", "tiny", "off-page", "covered", "layer-off", "zero-width")


@dataclass(frozen=True)
class Size:
    """How much of each kind a draft tells at most."""

    claims: int = 3
    concerns: int = 5
    voices: int = 3
    merits: int = 3
    missing: int = 4
    revisions: int = 6


FULL, BRIEF = Size(), Size(claims=1, concerns=3, voices=1, merits=1, missing=2, revisions=2)


@dataclass(frozen=True)
class Weighed:
    """The basis, its concerns and points in order, the weighing, the size; `left_out` are concerns that the chair does not
    weigh at all."""

    basis: Basis
    concerns: tuple[Concern, ...]
    raised: tuple[Raised, ...]
    weighing: Weighing
    size: Size
    left_out: tuple[Concern, ...] = ()

    @property
    def told(self) -> tuple[Concern, ...]:
        """The concerns that the draft speaks of."""
        return self.concerns[: self.size.concerns]

    @property
    def merits(self) -> list[tuple[str, list[Passage]]]:
        """What reviewers praise, the most shared first and what can be checked before what is general, one passage a reviewer."""
        ranked = sorted(self.weighing.merits.items(), key=lambda item: -len(item[1]))
        found = []
        for theme, points in ranked[: self.size.merits]:
            best = sorted((p for p in points if p.reviewer), key=lambda p: not specific(p.text))
            found.append((theme, [q for p in best for q in self.basis.file.held(p.passages[:1])]))
        return found


def weigh_up(basis: Basis, *, brief: bool = False) -> Weighed:
    """What the sections of a draft share."""
    weighing = weigh(basis.file, priorities_of(basis.decision))
    return Weighed(basis, find_concerns(basis), find_raised(basis), weighing, BRIEF if brief else FULL, left_out(basis))


def differing(weighed: Weighed) -> list[tuple[str, Passage, Raised]]:
    """What one reviewer praises and another criticises, as a theme with a passage and a point of the two."""
    by_id = {r.point.id: r for r in weighed.raised}
    by_id |= {r.point.id: r for c in weighed.concerns for r in c.raised}
    out = {r.point.id for c in weighed.left_out for r in c.raised}
    found = []
    for dispute in disputes(weighed.basis.file):
        if dispute.blame.id in out:
            continue
        minus = by_id.get(dispute.blame.id)
        held = weighed.basis.file.held(dispute.praise.passages[:1])
        if minus is not None and held and dispute.praise.kind == "review":
            found.append((dispute.theme, held[0], minus))
    return found[: weighed.size.voices]


def praised(weighed: Weighed) -> list[Passage]:
    """The passages of the merits that are quoted: one for each, two for the first."""
    most = weighed.size.voices
    return unique(p for n, (_, held) in enumerate(weighed.merits) for p in held[: min(most, 1 + (n == 0))])


def decision_of(basis: Basis) -> str | None:
    """The chair's stated decision in words, or None."""
    return (basis.decision or {}).get("decision") or None


def one_each(concern: Concern) -> list[Raised]:
    """The first point of each holder."""
    first: dict[str, Raised] = {}
    for raised in (*concern.lead, *concern.raised):
        first.setdefault(raised.reviewer, raised)
    return list(first.values())


def in_turn_of(points: Sequence[Raised], limit: int) -> list[Raised]:
    """Points in turn from each reviewer, at most `limit`."""
    queues: dict[str, list[Raised]] = {}
    for raised in points:
        queues.setdefault(raised.reviewer, []).append(raised)
    chosen: list[Raised] = []
    while len(chosen) < limit and any(queues.values()):
        for queue in queues.values():
            if queue and len(chosen) < limit:
                chosen.append(queue.pop(0))
    return chosen
