"""What a message asks for, as a typed Request."""

from dataclasses import asdict, dataclass
from typing import Any

from agent.cues import Intent
from agent.stated import StatedDecision


@dataclass(frozen=True)
class Request:
    """What a message asks for.

    `topic` are the words that a fitting passage holds, `query` the question as it is searched for, `context` what an elliptic question leaves to the turns before, `after` the last questions before this one; `about` are the
    passages that the message refers back to, `item` the earlier statement; `claim` the sentence to verify; `index` counts a reviewer's points ("the second concern" is 1); `more` asks for what the last answer left out; `unknown_paper` a title not held here.
    """

    text: str
    intents: tuple[Intent, ...] = ("lookup",)
    submissions: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    unknown_reviewer: str | None = None
    index: int | None = None
    topic: str = ""
    query: str = ""
    context: str = ""
    after: str = ""
    about: tuple[str, ...] = ()
    item: str | None = None
    claim: str | None = None
    more: bool = False
    stated: StatedDecision | None = None
    offered: StatedDecision | None = None
    """What the message may state, about which the chair is asked before it is recorded."""
    unknown_paper: str | None = None
    parts: tuple["Request", ...] = ()
    """The questions of a message that asks several, each as a request of its own; this one then has the intents of all, and is the last otherwise."""

    @property
    def submission(self) -> str | None:
        """The one submission, or the first of several."""
        return self.submissions[0] if self.submissions else None

    @property
    def latest(self) -> "Request":
        """The question that stands last in the message, which the next one goes on from."""
        return self.parts[-1] if self.parts else self

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Request":
        lists = {k: tuple(data.get(k, ())) for k in ("intents", "submissions", "reviewers", "about")}
        stated = StatedDecision.from_json(data["stated"]) if data.get("stated") else None
        offered = StatedDecision.from_json(data["offered"]) if data.get("offered") else None
        parts = tuple(Request.from_json(part) for part in data.get("parts", ()))
        return Request(**{**data, **lists, "stated": stated, "offered": offered, "parts": parts})
