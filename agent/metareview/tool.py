"""The meta-review: written, brought up to date, made shorter, and what it still lacks."""

from typing import Any, Literal

from langchain.tools import ToolRuntime, tool

from agent.metareview.checking import check
from agent.metareview.keeping import Change, MetaReview, MetaReviews
from agent.metareview.sections import TITLES
from agent.metareview.text import citations_in, marks_in, sentences, without_marks
from agent.tools.context import TurnContext
from knowledge.errors import KnowledgeError


@tool(response_format="content_and_artifact")
def draft(
    runtime: ToolRuntime[TurnContext],
    submission: str | None = None,
    task: Literal["write", "check", "shorten", "lengthen"] = "write",
) -> tuple[str, dict[str, Any]]:
    """Write the meta-review of a submission, or bring it up to date with the record and this conversation; what the chair
    changed in it stays. `task`: "write", "shorten", "lengthen", or "check" to only tell what it still lacks."""
    context = runtime.context
    identity = submission or context.submission
    if identity is None:
        return "Name a submission.", {"submission": None}
    kept = MetaReviews(context.collection, context.history)
    held = kept.latest(context.conversation, identity)
    try:
        if task == "check" and held is not None:
            change = Change(held)
        else:
            brief = {"shorten": True, "lengthen": False}.get(task)
            change = kept.refresh(context.conversation, identity, brief)
    except KnowledgeError as error:
        return f"Nothing was written: {error}", {"submission": identity}
    lacks = [{"rule": lack.rule, "section": lack.section, "what": lack.what} for lack in check(change.review)]
    artifact = {
        "submission": identity,
        "task": task,
        "version": change.review.version,
        "first": held is None,
        "changed": list(change.changed),
        "conflicts": change.review.conflicts,
        "brief": change.review.brief,
        "lacks": lacks,
        "sections": sections_of(change.review),
    }
    return as_markup(change.review, [lack["what"] for lack in lacks]), artifact


def sections_of(review: MetaReview) -> dict[str, dict[str, Any]]:
    """Each section's text with the kinds of its sentences and the ids of what its marks point to."""
    return {
        name: {
            "text": text,
            "edited": review.parts[name].edited,
            "kinds": {s: kind for s in map(without_marks, sentences(text)) if (kind := review.draft.kinds.get(s))},
            "passages": {n: c.passage_id for n, c in review.draft.citations.items() if n in citations_in(text)},
        }
        for name, text in review.text.items()
    }


def as_markup(review: MetaReview, lacks: list[str]) -> str:
    """The text for a model to read, its marks as the markers that drafts use."""

    def marked(text: str) -> str:
        for mark in reversed(marks_in(text)):
            cited = review.draft.citations.get(mark.group(1) or "")
            marker = f"[p:{cited.passage_id}]" if cited else f"[run:{mark.group(2)}]" if mark.group(2) else ""
            text = f"{text[: mark.start()]}{marker}{text[mark.end() :]}"
        return text

    lines = [f"{TITLES[name]}: {marked(text)}" for name, text in review.text.items()]
    return "\n".join([*lines, "Still lacking: " + ("; ".join(lacks) or "nothing")])
