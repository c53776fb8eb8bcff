"""The whole review file of a submission: scores, reviews, replies, meta-review, decision."""

from typing import Any

import numpy as np
from langchain.tools import ToolRuntime, tool

from agent.gathered import passage_to_json
from agent.tools.context import TurnContext
from agent.tools.replies import ASKING, bare, pair
from agent.tools.search import line
from knowledge.errors import KnowledgeError
from knowledge.types import Passage

KINDS = ("review", "response", "comment", "meta-review", "decision", "relayed")


@tool(response_format="content_and_artifact")
def reviews(
    runtime: ToolRuntime[TurnContext], submission: str | None = None, reviewer: str | None = None
) -> tuple[str, dict[str, Any]]:
    """Read the reviews of a submission with their scores, the authors' replies, the meta-review and the decision;
    `reviewer` restricts to one reviewer. Cite what you use with the marker that stands before it."""
    context = runtime.context
    identity = submission or context.submission
    empty: dict[str, Any] = {"submission": identity, "passages": [], "replies": {}}
    if identity is None:
        return "Name a submission.", empty
    try:
        documents = context.collection.submission(identity).documents
        passages = list(context.collection.passages(identity, kinds=KINDS, reviewer=reviewer))
        record = context.collection.passages(identity, kinds=("notes",), aspects=("record",))
    except KnowledgeError as error:
        return f"Nothing was read: {error}", empty
    dates = {d.id: d.date for d in documents if d.date}
    replies = _replies(context, passages, dates)
    everything = [*passages, *record]
    text = "\n".join(line(p) for p in everything) or "No review is on record."
    artifact = {
        "submission": identity,
        "passages": [passage_to_json(p) for p in everything],
        "replies": replies,
        "dates": dates,
    }
    return text, artifact


def _replies(
    context: TurnContext, passages: list[Passage], dates: dict[str, str]
) -> dict[str, list[tuple[str, float]]]:
    """Each point that asks or objects with the authors' passages that answer it best."""
    points = [p for p in passages if p.kind in ("review", "comment") and p.aspect in ASKING]
    answers = [p for p in passages if p.kind == "response"]
    if not points or not answers:
        return {}
    cosines = _embed(context, points) @ _embed(context, answers).T
    return pair(points, answers, cosines.tolist(), dates)


def _embed(context: TurnContext, passages: list[Passage]) -> Any:
    """Unit vectors (n, 384) of the passages' bare words; those not yet in `context.vectors` are added to it."""
    texts = [bare(p) for p in passages]
    fresh = [text for text in dict.fromkeys(texts) if text not in context.vectors]
    if fresh:
        context.vectors.update(zip(fresh, context.collection.embed(fresh), strict=True))
    return np.stack([context.vectors[text] for text in texts])
