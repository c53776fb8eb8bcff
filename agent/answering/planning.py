"""Which tools a request needs, with their arguments."""

import re
from dataclasses import dataclass
from typing import Any

from agent import cues
from agent.answering.code_available import asks_for_code
from agent.answering.completing import LIMIT, queries
from agent.answering.corrections import asks_for_corrections
from agent.answering.meant import BY_THEIR_WORDS
from agent.answering.numbers import FIGURE_KINDS, figure_query
from agent.answering.premises import takes_for_granted
from agent.chair_questions import OVER_PAPERS, facets_of
from agent.claims import Plan, understand_claim
from agent.cues import Intent
from agent.desk import Desk
from agent.disagreeing_words import sides_with_authors
from agent.events import Answer, Sentence
from agent.experiment_questions import last_claim, names_sides_only
from agent.fault_words import faults_asked
from agent.mentions import OF_A_FIELD, labels_in
from agent.metareview.asking import task_in
from agent.request import Request
from agent.setting_changes import settings_in, with_settings, without_settings

PAPER_KINDS = ["notes", "paper"]
FROM_REVIEWS = {
    "overview", "scores", "disagreement", "questions", "recommendation", "decision", "strengths", "weaknesses",
    "novelty", "writing", "testable", "state", "open", "who", "quality", "response", "reviewer", "baselines", "limitations",
    "structured", "triage", "compare", "argue", "changes", "weights", "enough", "ethics",
}  # fmt: skip
# "Check that" means what the last answer said first; of a list, one of its first three.
MEANT_BY_THAT = 3
SHORTEST_QUOTED = 40
"""A claim of so many characters that stands in a sentence is quoted there."""
# Our warnings on misquotation and on the record speak of claims without making them.
UNTESTED = ("Traps", "Record", "Scores")
NO_TOOLS = {"own", "thanks", "greeting", "about", "list", "decline", "offtopic", "integrity", "bearing"}


@dataclass(frozen=True)
class ToolCall:
    """A tool by name with its arguments."""

    name: str
    arguments: dict[str, Any]


_AGAIN = re.compile(r"\b(again|once more|re-?run|repeat)\b", re.IGNORECASE)


def plan(request: Request, desk: Desk) -> tuple[ToolCall, ...]:
    """The tool calls that bring what the answer needs; none for small talk."""
    if request.parts:
        return tuple({_key(c): c for part in request.parts for c in plan(part, desk)}.values())
    calls: list[ToolCall] = []
    if set(request.intents) & set(OVER_PAPERS) and len(request.submissions) < 2:
        return tuple(call for paper in desk.papers for call in _of_the_stack(request, paper.id))
    for submission in request.submissions or (None,):
        calls += _for_submission(request, desk, submission)
    return tuple({_key(c): c for c in calls}.values())


def _key(call: ToolCall) -> tuple[str, str]:
    """What makes two calls the same."""
    return call.name, repr(sorted(call.arguments.items()))


def _of_the_stack(request: Request, submission: str) -> list[ToolCall]:
    """What a question over the whole stack needs of one paper."""
    calls = [ToolCall("reviews", {"submission": submission})]
    if "testable" in facets_of(request.text):
        query = {"query": cues.QUERIES["evaluation"], "kinds": PAPER_KINDS, "aspects": ["evaluation"], "limit": 20}
        calls.append(ToolCall("search", {**query, "submission": submission}))
    return calls


def _for_submission(request: Request, desk: Desk, submission: str | None) -> list[ToolCall]:
    calls: list[ToolCall] = []
    if request.unknown_reviewer:
        return [ToolCall("reviews", {"submission": submission})]
    for intent in request.intents:
        if intent in NO_TOOLS:
            continue
        if intent in ("verify", "consent"):
            calls.append(_verify(request, desk))
            if request.reviewers and submission is not None:
                calls.append(ToolCall("reviews", {"submission": submission}))
            continue
        if intent == "runs":
            calls.append(ToolCall("runs", {}))
            continue
        if intent == "metareview":
            calls.append(ToolCall("draft", {"submission": submission, "task": task_in(request.text)}))
            continue
        record = takes_for_granted(request.text) or asks_for_code(request.text)
        if (intent in FROM_REVIEWS or request.reviewers or record) and submission is not None:
            calls.append(ToolCall("reviews", {"submission": submission}))
        on_paper = intent == "quality" and faults_asked(request.text)
        if submission is not None and (on_paper or (intent == "disagreement" and sides_with_authors(request.text))):
            calls.append(ToolCall("paper", {"submission": submission}))
        if intent == "testable" and submission is not None:
            calls.append(ToolCall("claims", {"submission": submission}))
        if intent == "writing" and submission is not None and asks_for_corrections(request):
            calls.append(ToolCall("typos", {"submission": submission}))
        calls += _searches(intent, request, submission)
    if (
        submission is not None
        and calls
        and (labels_in(request.text) or BY_THEIR_WORDS.search(request.text) or OF_A_FIELD.search(request.text))
    ):
        calls.append(ToolCall("reviews", {"submission": submission}))
    if submission is not None:
        calls += [
            ToolCall(
                "search",
                {"query": q.text, "submission": submission, "limit": LIMIT} | ({"after": q.after} if q.after else {}),
            )
            for q in queries(request, desk)
        ]
    query = figure_query(request, desk)
    if query and submission is not None:
        calls.append(ToolCall("search", {"query": query, "kinds": FIGURE_KINDS, "submission": submission, "limit": 50}))
    return calls


def _searches(intent: Intent, request: Request, submission: str | None) -> list[ToolCall]:
    """The searches of one intent."""
    query = request.query or request.topic or cues.QUERIES.get(intent, request.text)
    aspects = list(cues.ASPECTS.get(intent, ()))
    calls = []
    if intent == "testable":
        aspects = ["evaluation"]
    if intent == "compare" and not request.topic:
        aspects, query = list(cues.ASPECTS["summary"]), cues.QUERIES["summary"]
    if intent == "quality" and "beyond" in faults_asked(request.text):
        aspects = ["limitations"]
    if intent in ("recommendation", "structured", "argue", "enough"):
        aspects = ["contributions", "evaluation", "limitations", *(["summary"] if intent == "structured" else [])]
    if aspects:
        arguments: dict[str, Any] = {"query": query, "kinds": PAPER_KINDS, "aspects": aspects, "limit": 40}
        calls.append(ToolCall("search", {**arguments, "submission": submission}))
    if intent == "baselines":  # the tables, whose rows and columns name them
        arguments = {"query": query, "kinds": ["paper"], "aspects": ["evaluation"], "limit": 40}
        calls.append(ToolCall("search", {**arguments, "submission": submission}))
    if intent in ("reviewer", "response", "quality"):
        for name in request.reviewers:
            arguments = {"query": query, "reviewer": name, "submission": submission, "limit": 8}
            calls.append(ToolCall("search", arguments))
    against = intent == "disagreement" and bool(request.topic)  # what the authors say of a matter, and the paper
    if against or (intent == "response" and not request.reviewers):
        calls.append(
            ToolCall(
                "search",
                {"query": query, "kinds": ["response"], "submission": submission, "limit": 8 if against else 6},
            )
        )
    general = intent in ("response", *cues.ABOUT_PAPER) and request.topic
    if intent in ("lookup", "reviewer", "who", "quality") or general or (intent == "compare" and request.topic):
        calls.append(ToolCall("search", {"query": query, "submission": submission, "limit": LIMIT}))
    return calls


def _verify(request: Request, desk: Desk) -> ToolCall:
    """The verification of the request's claim, or of the latest testable statement of the conversation."""
    if request.intents[0] == "consent" and desk.proposal is not None:
        run = desk.proposal
        return ToolCall("verify", {"claim": run.claim, "bears_on": run.bears_on})
    claim, bears_on = claim_to_verify(request, desk)
    arguments: dict[str, Any] = {"claim": claim, "bears_on": bears_on or "the claim as you put it"}
    if last_claim(desk) is None and names_sides_only(request.text):
        arguments["propose"] = True
    return ToolCall("verify", arguments)


def claim_to_verify(request: Request, desk: Desk) -> tuple[str, str]:
    """The sentence to put to the test with the concern it bears on.

    A claim of the message itself comes first, then the item it points to; "again" means the last claim tested; "that"
    means what the chair asked last, if it is a claim, else the first sentences of the last answer. Nothing further
    back is ever taken: an experiment on what nobody meant would be worse than none.
    """
    extra = settings_in(request.text)
    run = last_claim(desk)
    if run is not None and request.claim is None and (extra or _AGAIN.search(request.text)):
        return with_settings(run[0], extra), run[1]
    if run is not None and request.claim and _bare(request.claim) == _bare(run[0]):
        return request.claim, run[1]
    if request.claim is not None:
        source = _source_of(request.claim, desk)
        if source is None:
            return request.claim, _point_of(request)
        return with_settings(request.claim, extra), source
    if desk.last is None:
        return request.text, ""
    if isinstance(understand_claim(desk.last.message), Plan):
        return with_settings(desk.last.message, extra), ""
    said = _said(desk.last.answer)
    for text, label in said[:MEANT_BY_THAT]:
        plan = understand_claim(text)
        if isinstance(plan, Plan) and plan.unambiguous and plan.directed:
            return with_settings(text, extra), label
    return said[0] if said else (request.text, "")


def _bare(claim: str) -> str:
    """A claim without its settings and its end."""
    return without_settings(claim).rstrip(" .?!")


def _point_of(request: Request) -> str:
    """Whose point a claim of the chair's own message is, where the message says so: "Reviewer 4 wonders ..."."""
    names = " and ".join(request.reviewers)
    return f"the point of {names} as you put it, “{(request.claim or '').rstrip(' .?')}”" if names else ""


def _said(answer: Answer) -> list[tuple[str, str]]:
    """What an answer stated with a source that makes claims: text of the passage and its label."""
    return [
        (_source_text(answer, s), _source_label(answer, s.citations))
        for s in answer.sentences
        if s.kind in ("fact", "judgement")
        and s.citations
        and not any(answer.citations[k].section in UNTESTED for k in s.citations if k in answer.citations)
    ]


def _source_of(claim: str, desk: Desk) -> str | None:
    """The label of the passage behind a sentence of an earlier answer, or None if it is the chair's own."""
    for past in reversed(desk.past):
        for s in past.answer.sentences:
            if s.text == claim or (len(claim) >= SHORTEST_QUOTED and claim in s.text):
                return _source_label(past.answer, s.citations)
    return None


def _source_text(answer: Answer, sentence: Sentence) -> str:
    """The words to test: of the cited passage where there is just one, without what was added to it."""
    held = [answer.citations[k].text for k in sentence.citations if k in answer.citations]
    return held[0] if len(held) == 1 else sentence.text


def _source_label(answer: Answer, keys: tuple[str, ...]) -> str:
    return next((answer.citations[k].label for k in keys if k in answer.citations), "")
