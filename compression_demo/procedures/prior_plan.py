"""How a net is retrained under a mixture prior: the settings of soft weight-sharing and what is taken where none is given.

Ullrich, Meeds and Welling, "Soft Weight-Sharing for Neural Network Compression" (ICLR 2017), Sec. 4 and Appendix B.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .mixture import HyperPriors

WIDE, NARROW = 0.4, 0.1
"""Deviation that the hyper-priors hold components to, in distances between neighbouring means at the start. The first is
that of the paper: 0.05 for means that lie 0.125 apart."""
FREE_STRENGTH, ZERO_STRENGTH = 250.0, 2500.0
"""Shape parameters of the Gamma hyper-priors less one."""
NARROWED = 0.8
"""Share of training after which the narrowing is at its end."""


@dataclass(frozen=True)
class PriorPlan:
    """How a net is retrained under its prior.

    components: of the mixture, the pinned one among them. zero_weight: its mixing weight. tau: how much the prior
    counts. epochs: of retraining. rate: learning rate of log-precisions and log-mixing weights. hyper_priors: whether
    Gamma densities hold the precisions; annealed: whether their mode rises. sampled: share of the weights from which
    each step takes the gradient of the prior (Appendix C).
    """

    components: int = 17
    zero_weight: float = 0.99
    tau: float = 0.1
    epochs: int = 120
    rate: float = 2e-2
    hyper_priors: bool = True
    annealed: bool = True
    sampled: float = 1.0

    def hyper(self, spacing: float, done: float) -> HyperPriors | None:
        """The hyper-priors when the share `done` of training is over, for means that began `spacing` apart."""
        from .mixture import HyperPriors

        if not self.hyper_priors:
            return None
        passed = min(1.0, done / NARROWED) if self.annealed else 0.0
        deviation = spacing * WIDE * (NARROW / WIDE) ** passed
        return HyperPriors(deviation**-2, FREE_STRENGTH, ZERO_STRENGTH)

    @staticmethod
    def of(settings: Mapping[str, Any]) -> PriorPlan:
        """That of an arm's settings, in which its epochs are called `retraining`; those of what follows are left out."""
        own = {field.name for field in fields(PriorPlan)} - {"epochs"}
        given = {name: value for name, value in settings.items() if name in own}
        return PriorPlan(**given, **({"epochs": settings["retraining"]} if "retraining" in settings else {}))

    def to_json(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}
