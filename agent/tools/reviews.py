"""The whole review file of a submission: scores, reviews, replies, meta-review, decision."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from langchain.tools import ToolRuntime, tool

from agent.gathered import passage_to_json
from agent.tools.context import TurnContext
from agent.tools.replies import discussion_to_json
from agent.tools.search import line
from knowledge.errors import KnowledgeError
from knowledge.reviews import read_discussion

KINDS = ("review", "response", "comment", "meta-review", "decision", "relayed")


@tool(response_format="content_and_artifact")
def reviews(
    runtime: ToolRuntime[TurnContext], submission: str | None = None, reviewer: str | None = None
) -> tuple[str, dict[str, Any]]:
    """Read the reviews of a submission with their scores, the authors' replies, the meta-review and the decision;
    `reviewer` restricts to one reviewer. Cite what you use with the marker that stands before it."""
    context = runtime.context
    identity = submission or context.submission
    empty: dict[str, Any] = {"submission": identity, "passages": []}
    if identity is None:
        return "Name a submission.", empty
    try:
        whole = context.collection.submission(identity)
        passages = list(context.collection.passages(identity, kinds=KINDS, reviewer=reviewer))
        record = context.collection.passages(identity, kinds=("notes",), aspects=("record",))
    except KnowledgeError as error:
        return f"Nothing was read: {error}", empty
    dates = {d.id: d.date for d in whole.documents if d.date}
    discussion = read_discussion(whole, lambda texts: _embed(context, texts))
    everything = [*passages, *record]
    text = "\n".join(line(p) for p in everything) or "No review is on record."
    artifact = {
        "submission": identity,
        "passages": [passage_to_json(p) for p in everything],
        "dates": dates,
        **discussion_to_json(discussion, whole.documents, passages),
    }
    return text, artifact


def _embed(context: TurnContext, texts: Sequence[str]) -> Any:
    """Unit vectors (n, 384) of texts; those not yet in `context.vectors` are added to it."""
    fresh = [text for text in dict.fromkeys(texts) if text not in context.vectors]
    if fresh:
        context.vectors.update(zip(fresh, context.collection.embed(fresh), strict=True))
    return np.stack([context.vectors[text] for text in texts])
