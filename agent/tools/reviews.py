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
        context.collection.submission(identity)
        passages = list(context.collection.passages(identity, kinds=KINDS, reviewer=reviewer))
        record = context.collection.passages(identity, kinds=("notes",), aspects=("record",))
    except KnowledgeError as error:
        return f"Nothing was read: {error}", empty
    replies = _replies(context, passages)
    everything = [*passages, *record]
    text = "\n".join(line(p) for p in everything) or "No review is on record."
    artifact = {"submission": identity, "passages": [passage_to_json(p) for p in everything], "replies": replies}
    return text, artifact


def _replies(context: TurnContext, passages: list[Passage]) -> dict[str, list[tuple[str, float]]]:
    """Each point that asks or objects with the authors' passages that answer it best."""
    points = [p for p in passages if p.kind in ("review", "comment") and p.aspect in ASKING]
    answers = [p for p in passages if p.kind == "response"]
    if not points or not answers:
        return {}
    cosines = _embed(context, points) @ _embed(context, answers).T
    return pair(points, answers, cosines.tolist())


def _embed(context: TurnContext, passages: list[Passage]) -> Any:
    """Unit vectors (n, 384) of the passages' bare words, each text embedded once a process."""
    fresh = [p for p in passages if bare(p) not in _vectors]
    if fresh:
        for p, vector in zip(fresh, context.collection.embed([bare(p) for p in fresh]), strict=True):
            _vectors[bare(p)] = vector
    return np.stack([_vectors[bare(p)] for p in passages])


_vectors: dict[str, Any] = {}
