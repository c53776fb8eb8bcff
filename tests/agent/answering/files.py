"""Review files made by hand: reviewers with scores and points, for tests of what is weighed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agent.desk import Desk, Paper, PastTurn, Reviewer
from agent.events import Answer
from agent.gathered import Gathered, ReviewFile
from agent.points import Point, PointReply
from agent.request import Request
from agent.stated import StatedDecision
from knowledge.types import Locator, Passage

ABOVE, BELOW = "6 (Marginally above the acceptance threshold)", "5 (Marginally below the acceptance threshold)"
GOOD, BAD = "8 (Accept, good paper)", "3 (Reject, not good enough)"


def passage(identity: str, text: str, kind: Any, author: str = "", section: str = "", home: str = "tern", **rest: Any):
    place = Locator(home, identity, section or None, 0, len(text))
    return Passage(identity, text, place, kind, reviewer=author or None, origin="record", **rest)


def scores(reviewer: str, rating: str, confidence: int = 4, home: str = "tern") -> Passage:
    text = f"Rating: {rating}\nConfidence: {confidence}"
    return passage(f"{home}-scores-{reviewer[-1]}", text, "review", reviewer, "Scores", home)


def point(identity: str, reviewer: str, stance: Any, text: str, **facts: Any) -> Point:
    """A point in a passage of its own id; without `status` an objection is not answered."""
    facts.setdefault("status", "not answered" if stance in ("objects", "asks") else None)
    return Point(identity, reviewer, f"review-{reviewer}", "review", stance, (), text, text, (identity,), **facts)


def reply(identity: str, text: str) -> PointReply:
    return PointReply(text, text, (identity,), 0.9, True, "quoted")


def review_file(scored: Sequence[Passage], points: Sequence[Point], *more: Passage, home: str = "tern") -> ReviewFile:
    held = [passage(p.id, p.text, "review", p.reviewer, home=home) for p in points]
    return ReviewFile(home, (*scored, *held, *more), tuple(points))


R1, R2, R3 = (f"Reviewer {n}" for n in (1, 2, 3))
TERN = Paper("tern", "Tern: Pruning by Tides", ("Tern",), tuple(Reviewer(n) for n in (R1, R2, R3)))
SKUA = Paper("skua", "Skua: Rounding at Sea", ("Skua",), tuple(Reviewer(n) for n in (R1, R2)))
NOVEL = point("novel", R1, "praises", "The idea of pruning by tides is novel and original.")
STALE = point("stale", R2, "objects", "The novelty is low, it is an incremental variation of known pruning.")
IMAGENET = point("imagenet", R3, "objects", "There are no experiments on ImageNet, only results on small datasets.")
SLOW = point("slow", R2, "objects", "No wall-clock speed on real hardware is measured.", status="answered", replies=(reply("told", "It runs twice as fast."),))  # fmt: skip
TOLD = passage("told", "It runs twice as fast.", "response", "Authors", addressee=R2)
SPLIT = review_file((scores(R1, GOOD), scores(R2, BELOW), scores(R3, BELOW)), (NOVEL, STALE, IMAGENET, SLOW), TOLD)


def desk(*past: PastTurn, decision: dict[str, Any] | None = None) -> Desk:
    return Desk((TERN, SKUA), "tern", past, decision=decision)


def gathered(*files: ReviewFile) -> Gathered:
    return Gathered(files=files or (SPLIT,))


def request(text: str = "Should I accept it?", *intents: Any, **rest: Any) -> Request:
    return Request(text, intents or ("recommendation",), rest.pop("submissions", ("tern",)), **rest)


def leaned(turn: int = 1) -> PastTurn:
    """An earlier turn that gave a lean."""
    return PastTurn(turn, "Should I accept it?", request().to_json(), Answer(()))


def told_to_weigh(turn: int, text: str) -> PastTurn:
    """An earlier turn in which the chair stated a priority."""
    said = replace(request(text, "state"), stated=StatedDecision(note=text, priorities=(text,)))
    return PastTurn(turn, text, said.to_json(), Answer(()))
