"""The whole review file of a submission: scores, reviews, replies, meta-review, decision."""

from typing import Any

from langchain.tools import ToolRuntime, tool

from agent.gathered import passage_from_json, passage_to_json
from agent.siblings import with_siblings
from agent.tools.context import TurnContext
from agent.tools.replies import discussion_to_json
from agent.tools.search import listed
from knowledge.collection import Collection
from knowledge.errors import KnowledgeError
from knowledge.reviews import Discussion

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
        _, artifact = read_review_file(context.collection, identity, reviewer)
    except KnowledgeError as error:
        return f"Nothing was read: {error}", empty
    everything = [passage_from_json(p) for p in artifact["passages"]]
    return listed(everything) or "No review is on record.", artifact


def read_review_file(
    collection: Collection, identity: str, reviewer: str | None = None
) -> tuple[Discussion, dict[str, Any]]:
    """The discussion of a submission, and the same as the artifact of the tool; UnknownSubmission where there is none."""
    whole = collection.submission(identity)
    passages = list(collection.passages(identity, kinds=KINDS, reviewer=reviewer))
    record = collection.passages(identity, kinds=("notes",), aspects=("record",))
    discussion = with_siblings(collection.discussion(identity))
    return discussion, {
        "submission": identity,
        "passages": [passage_to_json(p) for p in (*passages, *record)],
        "dates": {d.id: d.date for d in whole.documents if d.date},
        **discussion_to_json(discussion, whole.documents, passages),
    }
