"""All that a meta-review is built from: the record of a submission and what the chair did with it in a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.answering.told_before import with_told
from agent.desk import Paper
from agent.desks import past_turns, to_paper
from agent.gathered import ReviewFile, gather
from agent.history import History
from agent.tools.reviews import read_review_file
from knowledge.collection import Collection
from knowledge.reviews import Discussion
from knowledge.types import Passage, Submission

CLAIMS, LIMITS = ("contributions",), ("limitations",)


@dataclass(frozen=True)
class Said:
    """A sentence of the chair with the turn in which it was said."""

    turn: int
    text: str


@dataclass(frozen=True)
class Basis:
    """What a meta-review is built from.

    claims: where notes or paper say what it contributes; verdicts: the runs of the conversation that bear on it, each as
    `agent.tools.verify` tells it; decision: the chair's, with earlier fields kept; notes, priorities: in their words.
    """

    submission: Submission
    paper: Paper
    file: ReviewFile
    discussion: Discussion
    claims: tuple[Passage, ...] = ()
    verdicts: tuple[dict[str, Any], ...] = ()
    decision: dict[str, Any] | None = None
    notes: tuple[Said, ...] = ()
    priorities: tuple[Said, ...] = ()


def read_basis(collection: Collection, history: History, conversation: str, submission: str) -> Basis:
    """Read the record and the conversation; UnknownSubmission where there is none.

    Cost: that of `Collection.discussion`.
    """
    held = collection.submission(submission)
    discussion, artifact = read_review_file(collection, submission)
    (file,) = gather([("reviews", artifact)]).files
    entries = history.entries(conversation)
    turns = past_turns(entries)
    file = with_told(file, turns)
    verdicts = {
        verdict["digest"]: verdict
        for past in turns
        if submission in (past.request.get("submissions") or (submission,))
        for verdict in past.answer.verdicts
        if "verdict" in verdict
    }
    decision = history.decision(conversation, submission)
    notes = [
        Said(turn, text)
        for turn, stated in history.statements(conversation, submission)
        if stated.get("note") and not stated.get("withdrawn") and (text := _left_of(stated, decision or {}))
    ]
    return Basis(
        held, to_paper(held), file, discussion,
        _claims(collection, held), tuple(verdicts.values()), decision,
        tuple(notes), _priorities(history, conversation, submission, decision or {}),
    )  # fmt: skip


def _left_of(stated: Mapping[str, Any], decision: Mapping[str, Any]) -> str:
    """What the chair said, without notes that were struck since; empty where nothing else was said."""
    kept = stated.get("kept", ())
    struck = [text for text in kept if text not in decision.get("notes", ())]
    if not struck:
        return stated["note"]
    said = any(stated.get(name) is not None for name in ("decision", "rating", "confidence"))
    left = " ".join(text for text in kept if text not in struck)
    return left or (stated["note"] if said and len(kept) > len(struck) else "")


def _priorities(history: History, conversation: str, submission: str, held: Mapping[str, Any]) -> tuple[Said, ...]:
    """The priorities on file, each with the turn in which it was stated."""
    stated = {text: turn for turn, said in history.statements(conversation, submission) for text in said.get("priorities", ())}  # fmt: skip
    return tuple(Said(stated.get(text, 0), text) for text in held.get("priorities", ()))


def _claims(collection: Collection, submission: Submission) -> tuple[Passage, ...]:
    """The passages on what the paper contributes: of the paper itself where it is there, else of our notes, else its
    abstract."""
    for kind in ("paper", "notes"):
        found = collection.passages(submission.id, kinds=(kind,), aspects=CLAIMS)
        if found:
            return tuple(found)
    return tuple(collection.passages(submission.id, kinds=("paper",), aspects=("summary",)))
