"""What a model that reads is told before a question: the rules, what lies on the desk, and the turns so far."""

from functools import cache
from pathlib import Path

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from agent.desk import Desk, PastTurn
from agent.request import Request


def system_prompt(desk: Desk, request: Request) -> str:
    """The rules, and what lies on the desk, for a model that reads."""
    lines = [_prompt()]
    for paper in desk.papers:
        names = ", ".join(r.name for r in paper.reviewers) or "no review on record"
        current = " (the one in question)" if paper.id == request.submission else ""
        lines.append(f'- {paper.id}{current}: "{paper.title}"; reviewers: {names}.')
    if desk.decision:
        lines.append(f"The chair has stated: {desk.decision}. Keep it; never overwrite it.")
    if desk.proposal:
        lines.append(f'A plan waits for the chair\'s yes: "{desk.proposal.claim}"')
    lines += [f'A run is under way, its verdict will follow: "{run.claim}"' for run in desk.running]
    return "\n".join(lines)


@cache
def _prompt() -> str:
    return (Path(__file__).parent / "prompts" / "system.txt").read_text(encoding="utf-8").strip()


def remembered(desk: Desk) -> list[BaseMessage]:
    """The conversation so far as messages, answers with their passage markers."""
    return [m for past in desk.past for m in (HumanMessage(past.message), AIMessage(_with_markers(past)))]


def _with_markers(past: PastTurn) -> str:
    lines = []
    for s in past.answer.sentences:
        marks = "".join(f"[p:{past.answer.citations[k].passage_id}]" for k in s.citations if k in past.answer.citations)
        lines.append(f"{'- ' if s.bullet else ''}{s.text} {marks}".strip())
    return "\n".join(lines) or "(no answer)"
