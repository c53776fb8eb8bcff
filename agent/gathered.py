"""What the tools brought back in a turn, typed again from the artifacts on their messages."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from agent.points import Matter, Point, matter_from_json, point_from_json
from agent.telling import Told
from knowledge.spelling import Slip
from knowledge.types import Hit, Locator, Passage


@dataclass(frozen=True)
class Searched:
    """One search: what was asked of it, the hits, best first, and of some searches the sentences of each hit, by passage,
    and the log-odds that each point is meant, by the point's id (`agent.pointing`)."""

    arguments: dict[str, Any]
    hits: tuple[Hit, ...]
    told: dict[str, tuple[Told, ...]] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ReviewFile:
    """All that reviewers, authors and chairs wrote on a submission, in reading order.

    `points` is what reviewers praised, objected to or asked, with the replies; `matters` where several of them meet.
    """

    submission: str
    passages: tuple[Passage, ...]
    points: tuple[Point, ...] = ()
    matters: tuple[Matter, ...] = ()
    dates: dict[str, str] = field(default_factory=dict)
    """When each document was written, ISO 8601, where the record tells."""

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

    def held(self, identities: Iterable[str]) -> tuple[Passage, ...]:
        """The passages with these ids, in reading order."""
        wanted = set(identities)
        return tuple(p for p in self.passages if p.id in wanted)

    def raised(self, *stances: str, reviewers: Sequence[str] = (), small: bool = False) -> tuple[Point, ...]:
        """The points with some stances that reviewers raised, those named or all who wrote a review; small corrections
        only if asked."""
        wrote = set(reviewers) or {p.reviewer for p in self.points if p.kind == "review"}
        return tuple(
            p
            for p in self.points
            if p.stance in stances and p.kind != "relayed" and p.reviewer in wrote and (small or not p.small)
        )

    def point(self, identity: str) -> Point | None:
        """The point with this id."""
        return next((p for p in self.points if p.id == identity), None)


@dataclass(frozen=True)
class Typos:
    """What the spell checker found in a paper, and the passages it stands in; `held` is whether the paper was there."""

    submission: str | None
    held: bool
    passages: tuple[Passage, ...]
    slips: tuple[Slip, ...]


@dataclass(frozen=True)
class Claimed:
    """A sentence of a paper (`claim`) or of a reviewer (`question`) by its passage's id, with the planned experiment in
    words, or else the reason why it cannot be tested."""

    sentence: str
    kind: Literal["claim", "question"]
    passage: str
    plan: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Surveyed:
    """What of a submission can be put to the test, and what it measures or asks that cannot; with the passages."""

    submission: str | None
    passages: tuple[Passage, ...]
    claims: tuple[Claimed, ...]


@dataclass(frozen=True)
class WholePaper:
    """All passages of a paper in reading order; none where the paper itself is not held."""

    submission: str | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Gathered:
    """Everything found in a turn."""

    searched: tuple[Searched, ...] = ()
    files: tuple[ReviewFile, ...] = ()
    verifications: tuple[dict[str, Any], ...] = ()
    runs: tuple[dict[str, Any], ...] = ()
    drafts: tuple[dict[str, Any], ...] = ()
    typos: tuple[Typos, ...] = ()
    surveyed: tuple[Surveyed, ...] = ()
    papers: tuple[WholePaper, ...] = ()

    @property
    def passages(self) -> dict[str, Passage]:
        """Every passage found, by id."""
        found = {h.passage.id: h.passage for s in self.searched for h in s.hits}
        found |= {p.id: p for held in (*self.typos, *self.surveyed, *self.papers) for p in held.passages}
        return found | {p.id: p for f in self.files for p in f.passages}

    def without(self, seen: set[str]) -> "Gathered":
        """What is left once the passages in `seen` are put aside; scores stay, they say who is who."""
        searched = tuple(replace(s, hits=tuple(h for h in s.hits if h.passage.id not in seen)) for s in self.searched)
        files = tuple(
            replace(
                f,
                passages=tuple(p for p in f.passages if p.id not in seen or p.locator.section == "Scores"),
                points=tuple(p for p in f.points if not seen & set(p.passages)),
            )
            for f in self.files
        )
        typos = tuple(replace(t, slips=tuple(s for s in t.slips if s.passage not in seen)) for t in self.typos)
        surveyed = tuple(replace(s, claims=tuple(c for c in s.claims if c.passage not in seen)) for s in self.surveyed)
        return replace(self, searched=searched, files=files, typos=typos, surveyed=surveyed)

    def file(self, submission: str | None) -> ReviewFile | None:
        """The review file of a submission, if it was asked for."""
        return next((f for f in self.files if f.submission == submission), None)

    def paper(self, submission: str | None) -> tuple[Passage, ...]:
        """The whole paper of a submission, if it was asked for and is held."""
        return next((p.passages for p in self.papers if p.submission == submission), ())

    def survey(self, submission: str | None) -> Surveyed | None:
        """What of a submission can be tested, if it was asked for."""
        return next((s for s in self.surveyed if s.submission == submission), None)

    def best_hits(self) -> dict[str, Hit]:
        """Of every passage that a search found, by id, the hit of the search that it answers best."""
        found: dict[str, Hit] = {}
        for hit in (h for s in self.searched for h in s.hits):
            if hit.passage.id not in found or hit.score > found[hit.passage.id].score:
                found[hit.passage.id] = hit
        return found

    def meant(self, submission: str) -> dict[str, float]:
        """How likely some question of the message means each point of a submission, by the point's id. Searches among the
        words of some only ask for something else."""
        odds: dict[str, float] = {}
        for s in self.searched:
            restricted = any(s.arguments.get(name) for name in ("kinds", "reviewer", "aspects"))
            if s.arguments.get("submission") == submission and not restricted:
                odds |= {id: value for id, value in s.points.items() if value > odds.get(id, -math.inf)}
        return {id: 1 / (1 + math.exp(-value)) for id, value in odds.items()}

    def only(self, calls: Sequence[dict[str, Any]]) -> "Gathered":
        """What is held with only those searches that were asked with some arguments."""
        names = ("query", "after", "submission", "kinds", "reviewer", "aspects")
        wanted = [[call.get(name) for name in names] for call in calls]
        return replace(self, searched=tuple(s for s in self.searched if [s.arguments.get(n) for n in names] in wanted))

    def search(self, **wanted: Any) -> tuple[Hit, ...]:
        """The hits of the first search whose arguments include `wanted`."""
        for s in self.searched:
            if all(s.arguments.get(k) == v for k, v in wanted.items()):
                return s.hits
        return ()


def gather(artifacts: Sequence[tuple[str, Any]]) -> Gathered:
    """Type the (tool name, artifact) pairs of a turn."""
    searched, files, verifications, runs, drafts, typos, surveyed, papers = [], [], [], [], [], [], [], []
    for tool, artifact in artifacts:
        if not isinstance(artifact, dict):
            continue
        if tool == "search":
            hits = tuple(hit_from_json(h) for h in artifact["hits"])
            told = {id: tuple(Told(*one) for one in own) for id, own in artifact.get("told", {}).items()}
            searched.append(Searched(artifact["arguments"], hits, told, artifact.get("points", {})))
        elif tool == "reviews":
            files.append(
                ReviewFile(
                    artifact["submission"],
                    tuple(passage_from_json(p) for p in artifact["passages"]),
                    tuple(point_from_json(p) for p in artifact.get("points", ())),
                    tuple(matter_from_json(m) for m in artifact.get("matters", ())),
                    artifact.get("dates", {}),
                )
            )
        elif tool == "paper":
            papers.append(WholePaper(artifact["submission"], tuple(passage_from_json(p) for p in artifact["passages"])))
        elif tool == "verify":
            verifications.append(artifact)
        elif tool == "runs":
            runs += artifact["runs"]
        elif tool == "draft":
            drafts.append(artifact)
        elif tool == "typos":
            passages = tuple(passage_from_json(p) for p in artifact["passages"])
            slips = tuple(Slip(**s) for s in artifact["slips"])
            typos.append(Typos(artifact["submission"], artifact["held"], passages, slips))
        elif tool == "claims":
            passages = tuple(passage_from_json(p) for p in artifact["passages"])
            surveyed.append(Surveyed(artifact["submission"], passages, tuple(Claimed(**c) for c in artifact["claims"])))
    return Gathered(
        tuple(searched), tuple(files), tuple(verifications), tuple(runs), tuple(drafts), tuple(typos), tuple(surveyed),
        tuple(papers),
    )  # fmt: skip


def passage_to_json(passage: Passage) -> dict[str, Any]:
    return asdict(passage)


def passage_from_json(data: dict[str, Any]) -> Passage:
    return Passage(**{**data, "locator": Locator(**data["locator"])})


def hit_to_json(hit: Hit) -> dict[str, Any]:
    return asdict(hit)


def hit_from_json(data: dict[str, Any]) -> Hit:
    return Hit(**{**data, "passage": passage_from_json(data["passage"])})
