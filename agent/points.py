"""What reviewers raised, as the review file of a turn holds it: each point in its own words, the authors' replies to it and what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["answered", "possibly answered here", "not answered"]


@dataclass(frozen=True)
class PointReply:
    """A stretch of the authors' words that speaks to a point. `gist` is the part of `text` that carries the answer;
    `passages` hold it; `fit` from 0 to 1 is how likely it answers the point; `evidence` by what that is known."""

    text: str
    gist: str
    passages: tuple[str, ...]
    fit: float
    sure: bool
    evidence: str
    to_other: bool = False
    manner: str = "explanation"
    """How it answers in the main: results, revision, promise, rebuttal, concession, reference or explanation."""


@dataclass(frozen=True)
class Point:
    """One thing that somebody praised, objected to or asked.

    `text` are the exact words, `gist` the part that carries the point, `passages` the ids of the passages that hold it.
    `status` is None where nothing asks for a reply; where it is "not answered", `replies` are the nearest of what the
    authors wrote. `verdict` is what the reviewer said of the replies afterwards, in `verdict_text`.
    """

    id: str
    reviewer: str
    document: str
    kind: str
    stance: Literal["asks", "objects", "praises", "describes"]
    aspects: tuple[str, ...]
    text: str
    gist: str
    passages: tuple[str, ...]
    label: str | None = None
    date: str = ""
    status: Status | None = None
    replies: tuple[PointReply, ...] = ()
    follow_ups: tuple[str, ...] = ()
    """The ids of later points in which the reviewer came back to it."""
    verdict: Literal["yes", "no", "unknown"] = "unknown"
    verdict_text: str = ""
    verdict_passages: tuple[str, ...] = ()
    heading: str = ""
    """The sentence that introduces the list it stands in, or the heading over it."""

    @property
    def whole(self) -> str:
        """The point's words with those that introduce it."""
        return f"{self.heading} {self.text}" if self.heading else self.text

    @property
    def concern(self) -> bool:
        """Whether it objects or asks."""
        return self.stance in ("objects", "asks")

    @property
    def small(self) -> bool:
        """Whether it is a correction of the writing only."""
        return "typo" in self.aspects

    @property
    def open(self) -> bool:
        """Whether it waits for a reply, or its reviewer did not take the reply as settling it."""
        return self.concern and self.verdict != "yes" and (self.status == "not answered" or self.verdict == "no")


@dataclass(frozen=True)
class Matter:
    """Points of several reviewers on one matter: `holders` say of each whether it is praised ("+") or criticised ("-")."""

    kind: Literal["agreement", "disagreement"]
    points: tuple[str, ...]
    holders: tuple[tuple[str, str], ...]


def point_to_json(point: Point) -> dict[str, Any]:
    return asdict(point)


def point_from_json(data: Mapping[str, Any]) -> Point:
    replies = tuple(PointReply(**{**r, "passages": tuple(r["passages"])}) for r in data["replies"])
    lists = {k: tuple(data[k]) for k in ("aspects", "passages", "follow_ups", "verdict_passages")}
    return Point(**{**data, **lists, "replies": replies})


def matter_from_json(data: Mapping[str, Any]) -> Matter:
    return Matter(data["kind"], tuple(data["points"]), tuple((name, sign) for name, sign in data["holders"]))
