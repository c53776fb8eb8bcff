"""Find passages of the paper, our notes, the reviews or the discussion."""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

from langchain.tools import ToolRuntime, tool

from agent.gathered import hit_to_json
from agent.pointing import point_at, raised
from agent.telling import Nearness, tell
from agent.tools.context import TurnContext
from knowledge.collection import Collection
from knowledge.errors import KnowledgeError
from knowledge.types import Hit, Passage

MOST = 50
FEW = 16
"""Hits up to which it is looked at which of their sentences answer."""
ID_SHOWN = 8
"""A model reads ids that long; `models.dialects` finds the passage by them."""
FROM_A_PAPER = 5
SHORTEST_PROSE = 80
_OPENS_OR_CLOSES = re.compile(r"abstract|introduction|conclu|discussion", re.IGNORECASE)
_BACK_MATTER = re.compile(r"references|bibliography|acknowledg", re.IGNORECASE)


@tool(response_format="content_and_artifact")
def search(
    query: str,
    runtime: ToolRuntime[TurnContext],
    submission: str | None = None,
    kinds: list[str] | None = None,
    reviewer: str | None = None,
    aspects: list[str] | None = None,
    limit: int = 8,
    after: str = "",
) -> tuple[str, dict[str, Any]]:
    """Search passages by meaning and words. `after`: the questions that `query` goes on from, where it does not stand alone. `submission`: a submission id. `kinds`: any of paper, notes, review,
    response, comment, meta-review, decision, relayed. `reviewer`: a reviewer's name. `aspects`: any of problem,
    contributions, method, assumptions, evaluation, baselines, limitations, ethics, reproducibility, novelty, type.
    Cite what you use with the marker that stands before it."""
    context = runtime.context
    arguments = {
        "query": query,
        "after": after or None,
        "submission": submission,
        "kinds": kinds,
        "reviewer": reviewer,
        "aspects": aspects,
    }
    try:
        hits = _find(
            context, query, submission or context.submission, kinds, reviewer, aspects, min(limit, MOST), after
        )
    except KnowledgeError as error:
        return f"Nothing was searched: {error}", {"arguments": arguments, "hits": []}
    text = listed([h.passage for h in hits]) or "No passage was found."
    found: dict[str, Any] = {"arguments": arguments, "hits": [hit_to_json(h) for h in hits]}
    if hits and len(hits) <= FEW and not aspects:
        nearness = partial(context.collection.nearness, after=after)
        told = tell(query, hits, context.collection.match, nearness)
        found["told"] = {h.passage.id: [(one.text, one.odds) for one in own] for h, own in zip(hits, told, strict=True)}
        if submission is not None and not kinds and not reviewer:
            found["points"] = _pointed_at(context.collection, query, submission, hits, nearness)
    return text, found


def _pointed_at(
    collection: Collection, query: str, submission: str, hits: Sequence[Hit], nearness: Nearness
) -> dict[str, float]:
    """The log-odds that the query means each point that reviewers of the submission raised, by the point's id."""
    try:
        points = raised(collection.discussion(submission), collection.submission(submission).documents)
    except KnowledgeError:  # deleted since it was searched
        return {}
    return point_at(query, points, hits, nearness)


def _find(
    context: TurnContext,
    query: str,
    submission: str | None,
    kinds: list[str] | None,
    reviewer: str | None,
    aspects: list[str] | None,
    limit: int,
    after: str = "",
) -> list[Hit]:
    """The hits; with aspects given, all passages of these aspects, those found by the query first.

    Where the paper itself is held, notes do not stand in for it: `kinds` with both means the paper, and what it has
    under no heading of the aspects is found by the query.
    """
    collection = context.collection
    if not aspects or submission is None:
        found = collection.search(
            query, after=after, submission=submission, kinds=kinds, reviewer=reviewer, limit=limit
        )
        return [h for h in found if not aspects or h.passage.aspect in aspects]
    if kinds and {"paper", "notes"} <= set(kinds) and collection.passages(submission, kinds=["paper"]):
        kinds = ["paper"]
    wanted = collection.passages(submission, kinds=kinds, reviewer=reviewer, aspects=aspects)
    ranked = collection.search(query, after=after, submission=submission, kinds=kinds, reviewer=reviewer, limit=200)
    if not wanted and kinds == ["paper"]:
        prose = [h for h in ranked if _is_prose(h.passage)]
        # A paper claims its contributions where it opens and closes, in list items too.
        if list(aspects) == ["contributions"]:
            order = {h.passage.id: h for h in ranked}
            paper = collection.passages(submission, kinds=kinds)
            claims = [p for p in paper if p.role is None and _OPENS_OR_CLOSES.search(p.locator.section or "")]
            if claims:
                return [order.get(p.id) or Hit(p, 0.0) for p in claims][:limit]
        claims = [h for h in prose if _OPENS_OR_CLOSES.search(h.passage.locator.section or "")]
        return (claims if "contributions" in aspects and claims else prose)[:FROM_A_PAPER]
    held = {p.id for p in wanted}
    hits = [h for h in ranked if h.passage.id in held]
    seen = {h.passage.id for h in hits}
    return (hits + [Hit(p, 0.0) for p in wanted if p.id not in seen])[:limit]


def _is_prose(passage: Passage) -> bool:
    """Whether a stretch of a paper says something, unlike a heading, a list of authors or a lead-in."""
    if _BACK_MATTER.search(passage.locator.section or ""):
        return False
    return len(passage.text) >= SHORTEST_PROSE and passage.text.rstrip().endswith((".", "!", "?"))


def listed(passages: Sequence[Passage]) -> str:
    """Passages as a model reads them: the source, with its caveat, once over those that share it; then marker and text."""
    lines: list[str] = []
    source = ""
    for passage in passages:
        caveat = f"; caveat: {passage.caveat}" if passage.caveat else ""
        if (own := f"{passage.label()}{caveat}:") != source:
            lines.append(source := own)
        lines.append(f"[p:{passage.id[:ID_SHOWN]}] {passage.text}")
    return "\n".join(lines)
