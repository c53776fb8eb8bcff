"""What of a submission can be put to the test: its claims and its reviewers' points, each with the plan, or why not."""

from dataclasses import asdict
from typing import Any

from langchain.tools import ToolRuntime, tool

from agent.claim_survey import Surveyed, own_names, survey
from agent.claims import Plan
from agent.gathered import Claimed, gather, passage_to_json
from agent.plan_words import plan_text
from agent.tools.context import TurnContext
from agent.tools.reviews import read_review_file
from agent.tools.search import listed
from knowledge.collection import Collection
from knowledge.errors import KnowledgeError

MOST_TOLD = 40
"""Sentences told to a language model."""


@tool(response_format="content_and_artifact")
def claims(runtime: ToolRuntime[TurnContext], submission: str | None = None) -> tuple[str, dict[str, Any]]:
    """List the sentences of a paper and its reviews that can be put to the test with an experiment here, each with the
    planned experiment, then sentences that cannot, with the reason. To run one, call verify with its sentence. Cite
    what you use with the marker that stands before it."""
    context = runtime.context
    identity = submission or context.submission
    empty: dict[str, Any] = {"submission": identity, "passages": [], "claims": []}
    if identity is None:
        return "Name a submission.", empty
    try:
        found = survey_submission(context.collection, identity)
    except KnowledgeError as error:
        return f"Nothing was read: {error}", empty
    held = {one.passage: context.collection.passage(one.passage) for one in found}
    told = [to_claimed(one) for one in found]
    lines = [
        f"{listed([passage])}\n  “{one.sentence}”: {f'can be tested. Plan: {one.plan}.' if one.plan else f'not here. {one.reason}'}"
        for one in told[:MOST_TOLD]
        if (passage := held[one.passage])
    ]
    return "\n".join(lines) or "Nothing of it can be tested here.", {
        "submission": identity,
        "passages": [passage_to_json(p) for p in held.values() if p is not None],
        "claims": [asdict(one) for one in told],
    }


def survey_submission(collection: Collection, identity: str) -> list[Surveyed]:
    """What a submission and its reviewers say that can be put to the test, the reviewers' points first; then what they
    measure or ask and cannot be tested here.

    Raises:
        UnknownSubmission: there is no such submission.
    """
    of = collection.submission(identity)
    _, artifact = read_review_file(collection, of.id)
    file = gather([("reviews", artifact)]).files[0]
    points = [p for p in file.raised("objects", "asks") if p.passages]
    asked = (*file.held(p.passages[0] for p in points), *file.of("relayed"))
    claimed = collection.passages(of.id, kinds=("notes", "paper"))
    return survey(asked, points, claimed, own_names(of.openreview, of.short_names))


def to_claimed(one: Surveyed) -> Claimed:
    """A surveyed sentence with its plan or its reason in words."""
    if isinstance(one.found, Plan):
        return Claimed(one.sentence, one.kind, one.passage, plan=plan_text(one.found.experiment))
    return Claimed(one.sentence, one.kind, one.passage, reason=one.found.reason)
