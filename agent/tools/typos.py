"""Likely slips of the pen in an imported paper, found by a spell checker."""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from langchain.tools import ToolRuntime, tool

from agent.gathered import passage_to_json
from agent.tools.context import TurnContext
from agent.tools.search import listed
from knowledge.collection import Collection
from knowledge.errors import KnowledgeError
from knowledge.spelling import find_slips

SEVERAL = 2
"""Other submissions that write a word: then it is one of the field's, and no slip of this paper."""


@tool(response_format="content_and_artifact")
def typos(runtime: ToolRuntime[TurnContext], submission: str | None = None) -> tuple[str, dict[str, Any]]:
    """Check the spelling of an imported paper. What comes back are suggestions of a spell checker, never a reviewer's
    words, and must be told as such. Cite what you use with the marker that stands before it."""
    context = runtime.context
    identity = submission or context.submission
    if identity is None:
        return "Name a submission.", {"submission": None, "held": False, "passages": [], "slips": []}
    try:
        artifact = check_spelling(context.collection, identity)
    except KnowledgeError as error:
        return f"Nothing was read: {error}", {"submission": identity, "held": False, "passages": [], "slips": []}
    return artifact.pop("text"), artifact


def check_spelling(collection: Collection, identity: str) -> dict[str, Any]:
    """The artifact of the tool, with its `text` for a model; `held` is whether the paper itself is there to be checked.
    UnknownSubmission where there is no such submission."""
    passages = [p for p in collection.passages(identity, kinds=["paper"]) if p.origin == "record"]
    slips = find_slips(passages, written_elsewhere(collection, identity))
    told = {slip.passage for slip in slips}
    cited = {p.id: p for p in passages if p.id in told}
    found = [f"{listed([cited[s.passage]])}\n  {s.word!r} may be meant as {s.proposal!r}" for s in slips]
    nothing = "No likely slip was found." if passages else "The paper itself is not held, so nothing was checked."
    return {
        "submission": identity,
        "held": bool(passages),
        "passages": [passage_to_json(p) for p in cited.values()],
        "slips": [asdict(slip) for slip in slips],
        "text": "\n".join(found) or nothing,
    }


def written_elsewhere(collection: Collection, identity: str) -> Callable[[str], bool]:
    """Whether others write a word (lower case) too: those who discuss this paper, or several other submissions."""
    discussion: list[str] = []
    others: list[list[str]] = []
    for one in collection.submissions():
        if one.id == identity:
            discussion = [d.text for d in one.documents if d.kind != "paper"]
        else:
            others.append([d.text for d in one.documents])

    def stands(word: str) -> bool:
        return any(writes(text, word) for text in discussion) or (
            sum(any(writes(text, word) for text in texts) for texts in others) >= SEVERAL
        )

    return stands


def writes(text: str, word: str) -> bool:
    """Whether a text holds a word, lower-case or as a sentence begins."""
    return any(one in text and re.search(rf"\b{one}\b", text) is not None for one in (word, word.capitalize()))
