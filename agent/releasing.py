"""The words of a turn held against its evidence: the answer once it is whole, and before that each sentence that stands.

A person sees no word of a model that was not checked: what is being written is released sentence by sentence.
"""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage

from agent.citing import cite
from agent.desk import Desk
from agent.draft import parse
from agent.events import Answer
from agent.gathered import Gathered, gather
from agent.grounding import Evidence, ground
from agent.models import ModelChoice
from agent.models.dialects import to_markup
from agent.request import Request
from agent.tools.verify import run_text
from knowledge.collection import Collection


class Holding:
    """What one model has looked up and written in a turn, and what of it stands."""

    def __init__(self, collection: Collection, choice: ModelChoice, desk: Desk, request: Request) -> None:
        self._collection, self._choice, self._desk, self._request = collection, choice, desk, request
        self._messages: list[BaseMessage] = []
        self._gathered: Gathered | None = None

    def take(self, message: BaseMessage) -> None:
        """Note a message of the turn; what a tool returned is evidence from then on."""
        self._messages.append(message)
        self._gathered = None

    def answer(self) -> Answer:
        """The answer that the sources bear, of what the model wrote last."""
        written = (str(m.text) for m in reversed(self._messages) if isinstance(m, AIMessage) and not m.tool_calls)
        return self._held(next(written, ""))

    def release(self, written: str) -> str:
        """The sentences of a part of a draft that stand, for showing while the rest is written."""
        sentences = self._held(written, nearest=False).sentences
        return "\n".join(f"{'- ' if s.bullet else ''}{s.text}" for s in sentences)

    def _held(self, written: str, *, nearest: bool = True) -> Answer:
        trusted, paper = self._choice.chat is None, self._desk.paper(self._request.submission)
        if self._gathered is None:
            self._gathered = gather([(m.name or "", m.artifact) for m in self._messages if isinstance(m, ToolMessage)])
        passages = self._gathered.passages
        draft = parse(written if trusted else to_markup(written, passages))
        for identity in {p for s in draft for p in s.passages} - set(passages):
            passage = self._collection.passage(identity)
            if passage is not None:
                passages[identity] = passage
        verdicts = tuple(v for v in self._gathered.verifications if "verdict" in v)
        evidence = Evidence(passages, _run_texts(self._desk, self._gathered, verdicts), verdicts)
        if not trusted:
            draft = cite(draft, evidence, paper)
        return ground(
            draft, evidence, paper, model=self._choice.name, submission=self._request.submission, trusted=trusted,
            others=self._desk.papers, nearest=nearest,
        )  # fmt: skip


def _run_texts(desk: Desk, gathered: Gathered, verdicts: Sequence[dict[str, Any]]) -> dict[str, str]:
    """What each run that a sentence may cite says, by digest."""
    past = (v for turn in desk.past for v in turn.answer.verdicts)
    runs = {v["digest"]: run_text(v) for v in (*past, *verdicts)}
    for r in gathered.runs:
        if r["verdict"]:
            v = r["verdict"]
            runs[r["digest"]] = f"{r['claim']} {v['outcome']} {v['reason']} {v['scope']}"
    return runs
