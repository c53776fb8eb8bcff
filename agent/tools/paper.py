"""The paper itself from beginning to end, for what can only be said of all of it: that it never names a thing."""

from typing import Any

from langchain.tools import ToolRuntime, tool

from agent.gathered import passage_to_json
from agent.tools.context import TurnContext
from agent.tools.search import listed
from knowledge.errors import KnowledgeError

MOST_TOLD = 30
"""Passages told to a language model, tables first."""


@tool(response_format="content_and_artifact")
def paper(runtime: ToolRuntime[TurnContext], submission: str | None = None) -> tuple[str, dict[str, Any]]:
    """Read the tables of a paper and how it begins, to hold a reviewer's statement against them. Cite what you use with
    the marker that stands before it."""
    context = runtime.context
    identity = submission or context.submission
    if identity is None:
        return "Name a submission.", {"submission": None, "passages": []}
    try:
        held = [p for p in context.collection.passages(identity, kinds=["paper"]) if p.origin == "record"]
    except KnowledgeError as error:
        return f"Nothing was read: {error}", {"submission": identity, "passages": []}
    told = sorted(held, key=lambda p: p.role != "table")[:MOST_TOLD]
    nothing = "The paper itself is not held; search finds what is noted of it."
    return listed(told) or nothing, {"submission": identity, "passages": [passage_to_json(p) for p in held]}
