"""What is on the chair's desk when a turn begins: papers, the conversation so far, what waits for a yes.

Plain data, read by `understanding`, by the embedded model and by the system prompt of any other model, so that all
of them know the same.
"""

from dataclasses import dataclass, field
from typing import Any

from agent.events import Answer
from agent.history import WaitingRun
from knowledge.types import Finding


@dataclass(frozen=True)
class Reviewer:
    """A reviewer by the record's name, with other numberings as aliases, and the scores by which a message may call them;
    `label` are the words of the rating."""

    name: str
    aliases: tuple[str, ...] = ()
    rating: float | None = None
    confidence: float | None = None
    label: str = ""


@dataclass(frozen=True)
class Paper:
    """A submission as far as a question may name it."""

    id: str
    title: str
    short_names: tuple[str, ...] = ()
    reviewers: tuple[Reviewer, ...] = ()
    decision: str | None = None
    record: str = ""
    findings: tuple[Finding, ...] = ()
    """Text that was kept apart on import: hidden from people, or addressed to a reviewing machine."""
    commenters: tuple[str, ...] = ()
    """Who wrote in the discussion without having written a review, authors and chairs apart."""
    openreview: str | None = None
    """The id of its forum."""


@dataclass(frozen=True)
class PastTurn:
    """An earlier question with its answer and how it was understood (`Request.to_json`)."""

    turn: int
    message: str
    request: dict[str, Any]
    answer: Answer


@dataclass(frozen=True)
class Desk:
    """All that is known before a message is read."""

    papers: tuple[Paper, ...]
    current: str | None = None
    past: tuple[PastTurn, ...] = ()
    proposal: WaitingRun | None = None
    running: tuple[WaitingRun, ...] = ()
    decision: dict[str, Any] | None = field(default=None)

    def paper(self, identity: str | None) -> Paper | None:
        """The paper with this id, or None."""
        return next((paper for paper in self.papers if paper.id == identity), None)

    @property
    def last(self) -> PastTurn | None:
        """The latest answered turn."""
        return self.past[-1] if self.past else None
