"""What the tools brought back in a turn, typed again from the artifacts on their messages."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from knowledge.types import Hit, Locator, Passage


@dataclass(frozen=True)
class Searched:
    """One search: what was asked of it, and the hits, best first."""

    arguments: dict[str, Any]
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class ReviewFile:
    """All that reviewers, authors and chairs wrote on a submission, in reading order.

    `replies` maps a reviewer's passage to the authors' passages that answer it, the surest first with their fit;
    `statuses` says whether they surely do, `nearest` what was written nearest to one that nothing answers, `settled`
    what the reviewer said afterwards (yes, no or unknown) and where.
    """

    submission: str
    passages: tuple[Passage, ...]
    replies: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    dates: dict[str, str] = field(default_factory=dict)
    """When each document was written, ISO 8601, where the record tells."""
    statuses: dict[str, str] = field(default_factory=dict)
    nearest: dict[str, tuple[str, ...]] = field(default_factory=dict)
    settled: dict[str, tuple[str, str]] = field(default_factory=dict)

    def date(self, passage: Passage) -> str:
        """When a passage was written; empty where the record does not tell."""
        return self.dates.get(passage.locator.document, "")

    def of(self, *kinds: str, reviewer: str | None = None, aspects: Sequence[str] = ()) -> tuple[Passage, ...]:
        """The passages of some kinds, of one reviewer, of some aspects."""
        return tuple(
            p
            for p in self.passages
            if p.kind in kinds and (reviewer is None or p.reviewer == reviewer) and (not aspects or p.aspect in aspects)
        )


@dataclass(frozen=True)
class Gathered:
    """Everything found in a turn."""

    searched: tuple[Searched, ...] = ()
    files: tuple[ReviewFile, ...] = ()
    verifications: tuple[dict[str, Any], ...] = ()
    runs: tuple[dict[str, Any], ...] = ()
    drafts: tuple[dict[str, Any], ...] = ()

    @property
    def passages(self) -> dict[str, Passage]:
        """Every passage found, by id."""
        found = {h.passage.id: h.passage for s in self.searched for h in s.hits}
        return found | {p.id: p for f in self.files for p in f.passages}

    def without(self, seen: set[str]) -> "Gathered":
        """What is left once the passages in `seen` are put aside; scores stay, they say who is who."""
        searched = tuple(replace(s, hits=tuple(h for h in s.hits if h.passage.id not in seen)) for s in self.searched)
        files = tuple(
            replace(f, passages=tuple(p for p in f.passages if p.id not in seen or p.locator.section == "Scores"))
            for f in self.files
        )
        return replace(self, searched=searched, files=files)

    def file(self, submission: str | None) -> ReviewFile | None:
        """The review file of a submission, if it was asked for."""
        return next((f for f in self.files if f.submission == submission), None)

    def search(self, **wanted: Any) -> tuple[Hit, ...]:
        """The hits of the first search whose arguments include `wanted`."""
        for s in self.searched:
            if all(s.arguments.get(k) == v for k, v in wanted.items()):
                return s.hits
        return ()


def gather(artifacts: Sequence[tuple[str, Any]]) -> Gathered:
    """Type the (tool name, artifact) pairs of a turn."""
    searched, files, verifications, runs, drafts = [], [], [], [], []
    for tool, artifact in artifacts:
        if not isinstance(artifact, dict):
            continue
        if tool == "search":
            hits = tuple(hit_from_json(h) for h in artifact["hits"])
            searched.append(Searched(artifact["arguments"], hits))
        elif tool == "reviews":
            replies = {k: tuple((p, c) for p, c in v) for k, v in artifact["replies"].items()}
            passages = tuple(passage_from_json(p) for p in artifact["passages"])
            statuses = artifact.get("statuses", {})
            nearest = {k: tuple(v) for k, v in artifact.get("nearest", {}).items()}
            settled = {k: (said, where) for k, (said, where) in artifact.get("settled", {}).items()}
            files.append(
                ReviewFile(
                    artifact["submission"], passages, replies, artifact.get("dates", {}), statuses, nearest, settled
                )
            )
        elif tool == "verify":
            verifications.append(artifact)
        elif tool == "runs":
            runs += artifact["runs"]
        elif tool == "draft":
            drafts.append(artifact)
    return Gathered(tuple(searched), tuple(files), tuple(verifications), tuple(runs), tuple(drafts))


def passage_to_json(passage: Passage) -> dict[str, Any]:
    return asdict(passage)


def passage_from_json(data: dict[str, Any]) -> Passage:
    return Passage(**{**data, "locator": Locator(**data["locator"])})


def hit_to_json(hit: Hit) -> dict[str, Any]:
    return asdict(hit)


def hit_from_json(data: dict[str, Any]) -> Hit:
    return Hit(**{**data, "passage": passage_from_json(data["passage"])})
