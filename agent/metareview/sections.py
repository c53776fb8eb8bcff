"""What a meta-review is made of: its sections in order, and what one draft of it holds."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from agent.events import Citation, SentenceKind

TITLES: dict[str, str] = {
    "claims": "What the paper claims",
    "reviewers": "Where the reviewers stand",
    "concerns": "Main concerns, the authors' answers, my judgement",
    "tests": "What was put to the test",
    "missing": "What is missing from the record",
    "recommendation": "Recommendation",
    "merits": "Why not lower",
    "limits": "Why not higher",
    "revisions": "Points for the final version",
    "chair": "The chair's own decision and priorities",
    "integrity": "Integrity",
}
"""Name -> title, in the order in which they are read."""


@dataclass(frozen=True)
class Matter:
    """Something that a good meta-review speaks of: what one reviewer holds of a concern, a disagreement, a claim that was
    tested.

    passages: any of them cited, by a sentence that speaks of it, tells it; so do most of `words`; runs: starts of digests.
    """

    name: str
    passages: tuple[str, ...] = ()
    words: str = ""
    runs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outline:
    """What the record holds, for checking what a text says against it.

    reviewers: name -> other names. stated: the chair's own words, which bear numbers of theirs. decision: what the
    chair decided, or None; rating and confidence as they gave them; lean: where the record alone leans, with no reviews "none".
    """

    reviewers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    concerns: tuple[Matter, ...] = ()
    disagreements: tuple[Matter, ...] = ()
    verdicts: tuple[Matter, ...] = ()
    stated: str = ""
    decision: str | None = None
    rating: float | None = None
    confidence: float | None = None
    lean: str = "none"
    findings: int = 0
    run_texts: Mapping[str, str] = field(default_factory=dict)
    """What each run says, by its digest."""

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Outline":
        def matters(name: str) -> tuple[Matter, ...]:
            return tuple(
                Matter(m["name"], tuple(m["passages"]), m["words"], tuple(m["runs"])) for m in data.get(name, ())
            )

        reviewers = {name: tuple(aliases) for name, aliases in data.get("reviewers", {}).items()}
        lists = {name: matters(name) for name in ("concerns", "disagreements", "verdicts")}
        return Outline(**{**data, "reviewers": reviewers, **lists})


@dataclass(frozen=True)
class Draft:
    """A meta-review as it is built: the text of each section with marks, and what the marks point to.

    kinds: sentence (without marks) -> its kind; struck: what grounding took out and why.
    """

    texts: Mapping[str, str]
    citations: Mapping[str, Citation] = field(default_factory=dict)
    """By the number that stands in the marks."""
    kinds: Mapping[str, SentenceKind] = field(default_factory=dict)
    outline: Outline = field(default_factory=Outline)
    struck: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> "Draft":
        citations = {number: Citation(**cited) for number, cited in data["citations"].items()}
        outline = Outline.from_json(data["outline"])
        return Draft(data["texts"], citations, data["kinds"], outline, tuple(data["struck"]))
