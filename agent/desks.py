"""Lay the desk for a turn from the collection and the history, and suggest questions from a submission's record."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from agent.answering.themes import themes_of
from agent.claim_survey import own_names, states_testable
from agent.claims import Plan, understand_claim
from agent.desk import Desk, Paper, PastTurn, Reviewer
from agent.events import Answer, Sentence
from agent.history import Entry, History, answer_from_json
from agent.request import Request
from agent.tools.verify import verification_from_json
from knowledge.collection import Collection
from knowledge.types import Review, Submission

REMEMBERED_TURNS = 12


def lay_desk(collection: Collection, history: History, conversation: str) -> Desk:
    """What is known before a message of `conversation` is read."""
    past = past_turns(history.entries(conversation))
    owner = history.owner(conversation) or ""
    held = history.conversation(conversation, owner)
    current = held.submission if held else None
    waiting = history.waiting_runs(conversation)
    proposals = [run for run in waiting if run.state == "proposed"]
    return Desk(
        papers=tuple(to_paper(s) for s in collection.submissions()),
        current=current,
        past=past[-REMEMBERED_TURNS:],
        proposal=proposals[-1] if proposals else None,
        running=tuple(run for run in waiting if run.state == "started"),
        decision=history.decision(conversation, current),
    )


def past_turns(entries: Sequence[Entry]) -> tuple[PastTurn, ...]:
    """The turns that came to an answer or to a verdict; a verdict that came later stands with its turn's answer."""
    messages = {e.turn: e.body["text"] for e in entries if e.role == "user"}
    past: dict[int, PastTurn] = {}
    for e in entries:
        if e.role == "answer":
            answer = answer_from_json(e.body["answer"])
            past[e.turn] = PastTurn(e.turn, messages.get(e.turn, ""), e.body["request"], answer)
    for e in entries:
        if e.role == "verdict" and e.body.get("experiment"):
            message = messages.get(e.turn, "")
            empty = PastTurn(e.turn, message, Request(message, ("verify",)).to_json(), Answer(()))
            past[e.turn] = _with_verdict(past.get(e.turn, empty), verification_from_json(e.body))
    return tuple(past[turn] for turn in sorted(past))


def _with_verdict(turn: PastTurn, found: dict[str, Any]) -> PastTurn:
    """The turn as if its answer had waited for the verdict."""
    verdict, answer = found["verdict"], turn.answer
    paragraph = answer.sentences[-1].paragraph + 1 if answer.sentences else 0
    told = Sentence(f"{verdict['outcome'].capitalize()}: {verdict['reason']}", (), "run", paragraph)
    sentences, verdicts = (*answer.sentences, told), (*answer.verdicts, found)
    return replace(turn, answer=replace(answer, sentences=sentences, verdicts=verdicts))


def to_paper(submission: Submission) -> Paper:
    """A submission as far as a question may name it."""
    reviewers = tuple(to_reviewer(r) for r in submission.reviews)
    names = {r.name for r in reviewers}
    comments = [d.author for d in submission.documents if d.kind == "comment" and d.author and d.author not in names]
    return Paper(
        submission.id, submission.title, submission.short_names, reviewers, submission.decision, submission.record,
        submission.findings, tuple(dict.fromkeys(comments)), submission.openreview,
    )  # fmt: skip


def to_reviewer(review: Review) -> Reviewer:
    """A reviewer as far as a question may name or describe one."""
    rating, confidence = review.rating, review.confidence
    return Reviewer(
        review.reviewer, review.aliases, rating.value if rating else None, confidence.value if confidence else None,
        rating.label if rating else "",
    )  # fmt: skip


def suggestions(collection: Collection, submission: str) -> tuple[str, ...]:
    """Up to four questions: where reviewers stand, a concern of one, an open question, a claim to check."""
    held = collection.submission(submission)
    found: list[str] = []
    if held.reviews:
        found.append("Give me an overview of the reviews.")
        rated = [r for r in held.reviews if r.rating and r.rating.value is not None]
        critic = min(rated, key=_rating, default=held.reviews[0])
        points = collection.passages(submission, kinds=("review",), reviewer=critic.reviewer, aspects=("weaknesses",))
        theme = next((t for p in points for t in themes_of(p)), None)
        found.append(
            f"What does {critic.reviewer} say about {theme}?" if theme else f"What are {critic.reviewer}'s concerns?"
        )
        if collection.passages(submission, kinds=("review", "comment"), aspects=("questions",)):
            found.append("Which questions of the reviewers are still open?")
    else:
        found += ["What are the main contributions?", "What do the experiments show?"]
    own = own_names(held.openreview, held.short_names)
    testable = any(
        states_testable(p.text, "question" if p.kind == "review" else "claim", own)
        for p in collection.passages(submission, kinds=("review", "notes", "paper"))
    )
    found.append("Which claims can be tested here?" if testable else "Should I accept it?")
    if not held.reviews and testable:
        found.append("Is it true that ExactOBS loses less accuracy than magnitude pruning at high sparsity? Check it.")
    return tuple(found)


def _rating(review: Review) -> float:
    return review.rating.value if review.rating and review.rating.value is not None else 0.0


def _plain(question: str) -> str:
    return "".join(c for c in question.lower() if c.isalnum())


def follow_ups(collection: Collection, desk: Desk, request: Request, answer: Answer) -> tuple[str, ...]:
    """Up to three next questions: check what was just claimed, then what is worth asking and was not asked yet."""
    if request.submission is None:
        return ()
    asked = {_plain(past.message) for past in desk.past} | {_plain(request.text)}
    said = (request.text, *(c.text for c in answer.citations.values()))
    testable = any(isinstance(understand_claim(text), Plan) for text in said)
    found = ["Check that."] if testable and not answer.verdicts else []
    unsure = any(
        v["verdict"]["outcome"] == "inconclusive" and len(v["experiment"]["seeds"]) < 10 for v in answer.verdicts
    )
    found += ["Check it again with ten seeds."] if unsure else []
    found += [q for q in suggestions(collection, request.submission) if _plain(q) not in asked]
    if "recommendation" in request.intents or request.stated is not None:
        found.insert(0, "Write the meta-review.")
    found += ["Should I accept it?"] if _plain("Should I accept it?") not in asked and answer.verdicts else []
    return tuple(found[:3])
