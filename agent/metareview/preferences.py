"""What the chair stated, as it bears on the concerns of a draft: which matters weigh more or less, which points are out. Pure."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from agent.answering.chair_weights import FACTORS, Applied, apply_all
from agent.answering.own_decision import priorities_of
from agent.judgements import Judged
from agent.metareview.basis import Basis

Ruled = Literal["", "settled", "void"]


@dataclass(frozen=True)
class Preferences:
    """The chair's priorities and rulings with what each bears on."""

    applied: tuple[Applied, ...] = ()

    def factor(self, matter: str, ids: Iterable[str]) -> float:
        """How much a concern counts: by its matter where the chair speaks of the matter as such, else by its points."""
        held = list(ids)
        whole = [FACTORS[a.priority.sense] for a in self._preferred if a.whole and matter in a.themes]
        single = [self._of_point(one) for one in held]
        return math.prod(whole) * (sum(single) / len(single) if single else 1.0)

    def leaves_out(self, matter: str, identity: str) -> bool:
        """Whether the chair does not weigh a point, or its matter, at all."""
        return not self.factor(matter, [identity])

    def ruled(self, identity: str) -> Ruled:
        """What the chair ruled on a point, if it takes it from what stands against the paper."""
        for one in self.applied:
            if one.priority.sense in ("settled", "void") and any(p.id == identity for p in one.points):
                return "settled" if one.priority.sense == "settled" else "void"
        return ""

    @property
    def _preferred(self) -> list[Applied]:
        return [a for a in self.applied if not isinstance(a.priority, Judged)]

    def _of_point(self, identity: str) -> float:
        held = (a for a in self._preferred if not a.whole and any(p.id == identity for p in a.points))
        return math.prod(FACTORS[a.priority.sense] for a in held)


def preferences_of(basis: Basis) -> Preferences:
    """What the chair stated on a submission, applied to its reviews."""
    return Preferences(apply_all(basis.file, priorities_of(basis.decision)))
