"""One turn in, one grounded answer out: the LangChain agent with its memory, its limits and its typed events."""

import logging
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any

# Text under review is confidential: nothing may be sent to a tracing service, whatever the environment says.
os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"

from langchain.agents import create_agent
from langchain.agents.middleware import ModelCallLimitMiddleware, wrap_model_call
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langsmith import tracing_context

from agent.answering import plan
from agent.delivery import deliver, drop_cancelled
from agent.desk import Desk, PastTurn
from agent.desks import follow_ups, lay_desk, suggestions
from agent.draft import Live, parse
from agent.errors import EmptyQuestion, UnknownConversation
from agent.events import (
    Answer,
    AnswerPart,
    AnswerReady,
    Event,
    Sentence,
    ToolCalled,
    ToolReturned,
    TurnFailed,
)
from agent.examples import Examples
from agent.gathered import gather
from agent.grounding import Evidence, ground
from agent.history import History
from agent.metareview.tool import draft as write_draft
from agent.models import ModelChoice, choose_model
from agent.models.extractive import ExtractiveChatModel
from agent.request import Request
from agent.tools import TOOLS, TurnContext
from agent.tools.verify import run_text
from agent.understanding import understand
from compression_demo.runs import RunStore
from knowledge.collection import Collection

log = logging.getLogger(__name__)
MOST_MODEL_CALLS = 8
LONGEST_MESSAGE = 20_000


class Assistant:
    """Answers turns of conversations; the same loop for the embedded model and for any other."""

    def __init__(
        self,
        collection: Collection,
        runs: RunStore,
        history: History,
        *,
        model: str | ModelChoice = "embedded",
        start_below_s: float = 120.0,
    ) -> None:
        self.collection, self.runs, self.history = collection, runs, history
        self._model = choose_model(model) if isinstance(model, str) else model
        self._start_below_s = start_below_s
        self._examples = Examples(collection.embed)
        self._vectors: dict[str, Any] = {}

    def warm_up(self) -> None:
        """Load what the first answer needs: the embedding model, the index, the example questions."""
        self.collection.warm_up()
        self._examples.nearest("What is new?")

    @property
    def model_name(self) -> str:
        """The model that writes, as the user named it."""
        return self._model.name

    @property
    def leaves_machine(self) -> str | None:
        """None, or a sentence on where text goes."""
        return self._model.leaves_machine

    def suggestions(self, submission: str) -> tuple[str, ...]:
        """Questions worth asking about a submission, from its own record."""
        return suggestions(self.collection, submission)

    def check(self, conversation: str, message: str, owner: str) -> None:
        """Raise EmptyQuestion or UnknownConversation before anything is written."""
        if not message.strip():
            raise EmptyQuestion("The question is empty: type one.")
        if len(message) > LONGEST_MESSAGE:
            raise EmptyQuestion(f"The question is longer than {LONGEST_MESSAGE:,} characters: shorten it.")
        if self.history.conversation(conversation, owner) is None:
            raise UnknownConversation("That conversation does not exist here; start a new one.")

    def stream(
        self, conversation: str, message: str, *, stop: Callable[[], bool] = lambda: False, consent: bool = False
    ) -> Iterator[Event]:
        """Answer one message: the events of the turn, the last of them AnswerReady or TurnFailed.

        `stop()` is polled; `consent` starts any run without asking. The message, the answer and the runs are written
        to the history; what was started keeps running when the turn ends.
        """
        desk = lay_desk(self.collection, self.history, conversation)
        turn = self.history.add_message(conversation, message)
        request = understand(message, desk, self._examples.nearest)
        desk = self._take_note(conversation, turn, request, desk)
        said_yes = request.intents[0] == "consent"
        context = TurnContext(
            self.collection, self.runs, self.history, conversation, turn, request.submission, stop,
            self._start_below_s, consent, desk.proposal.digest if said_yes and desk.proposal else None, self._vectors,
        )  # fmt: skip
        kept: list[dict[str, Any]] = []
        if request.submission is not None and desk.paper(request.submission) is None:
            answer = deleted(request.submission, self.model_name)
            self.history.add_answer(conversation, turn, answer, [], request.to_json(), ())
            yield AnswerReady(answer, turn)
            return
        try:
            messages: list[BaseMessage] = []
            for item in self._loop(desk, request, context):
                if isinstance(item, Event):
                    if not isinstance(item, AnswerPart):
                        kept.append(item.to_json())
                    yield item
                else:
                    messages.append(item)
                if stop():
                    self.history.add_failure(conversation, turn, "You stopped this answer.", stopped=True)
                    yield TurnFailed("Stopped. What was running goes on; your question is kept.", stopped=True)
                    return
            answer = self._ground(messages, desk, request)
        except Exception as error:
            log.exception("the model loop failed")
            text = self._explain(error)
            self.history.add_failure(conversation, turn, text, stopped=False)
            yield TurnFailed(text)
            return
        drop_cancelled(self.history, self.runs, conversation)
        delivered = tuple(v["digest"] for v in answer.verdicts)
        shown = [e for e in kept if e["event"] != "RunProgress"]
        self.history.add_answer(conversation, turn, answer, shown, request.to_json(), delivered)
        yield AnswerReady(answer, turn)

    def deliver(self, conversation: str) -> int:
        """Bring verdicts of finished runs, whose turn has ended, into a conversation; returns how many."""
        return deliver(self.history, self.runs, conversation)

    def _take_note(self, conversation: str, turn: int, request: Request, desk: Desk) -> Desk:
        """Keep what the message says beyond asking: its paper, a decision, a yes or no to a run.

        Returns the desk, with the decision on the paper that the message turned to where it turned to another.
        """
        submission = request.submission or desk.current
        if submission != desk.current:
            self.history.choose(conversation, submission)
            desk = replace(desk, decision=self.history.decision(conversation, submission))
        if request.stated is not None:
            self.history.record_decision(conversation, turn, asdict(request.stated), submission)
        if desk.proposal is not None and request.intents[0] in ("consent", "decline"):
            state = "declined" if request.intents[0] == "decline" else "delivered"
            self.history.settle_run(desk.proposal, state, in_turn=turn)
        return desk

    def _loop(self, desk: Desk, request: Request, context: TurnContext) -> Iterator[Event | BaseMessage]:
        """Run the agent: its events as they come, its messages for grounding."""
        embedded = self._model.chat is None
        chat = ExtractiveChatModel(desk=desk, request=request) if embedded else self._model.chat
        agent: Any = create_agent(
            chat,
            [*TOOLS, write_draft],
            system_prompt=system_prompt(desk, request),
            middleware=[look_before_answering(request, desk), ModelCallLimitMiddleware(run_limit=MOST_MODEL_CALLS)],
            context_schema=TurnContext,
        )
        started: dict[str, float] = {}
        live = Live()
        with tracing_context(enabled=False):
            stream = agent.stream(
                {"messages": [*_remembered(desk), HumanMessage(request.text)]},
                context=context,
                stream_mode=["updates", "messages", "custom"],
                config={"recursion_limit": 4 * MOST_MODEL_CALLS},
            )
            for mode, data in stream:
                if mode == "custom" and isinstance(data, Event):
                    yield data
                elif mode == "messages":
                    yield from _words(data[0], live)
                elif mode == "updates" and isinstance(data, dict):
                    yield from _updates(data, started)

    def _ground(self, messages: Sequence[BaseMessage], desk: Desk, request: Request) -> Answer:
        """The answer that the sources bear, of what the model wrote last."""
        results = [m for m in messages if isinstance(m, ToolMessage)]
        gathered = gather([(m.name or "", m.artifact) for m in results])
        written = next((str(m.text) for m in reversed(messages) if isinstance(m, AIMessage) and not m.tool_calls), "")
        draft = parse(written)
        passages = gathered.passages
        for identity in {p for s in draft for p in s.passages} - set(passages):
            passage = self.collection.passage(identity)
            if passage is not None:
                passages[identity] = passage
        verdicts = tuple(v for v in gathered.verifications if "verdict" in v)
        past = tuple(v for turn in desk.past for v in turn.answer.verdicts)
        runs = {v["digest"]: run_text(v) for v in (*past, *verdicts)}
        runs |= {
            r["digest"]: f"{r['claim']} {r['verdict']['outcome']} {r['verdict']['reason']} {r['verdict']['scope']}"
            for r in gathered.runs
            if r["verdict"]
        }
        evidence = Evidence(passages, runs, verdicts)
        paper = desk.paper(request.submission)
        answer = ground(
            draft,
            evidence,
            paper,
            model=self.model_name,
            submission=request.submission,
            trusted=self._model.chat is None,
            others=desk.papers,
        )
        return replace(answer, suggestions=follow_ups(self.collection, desk, request, answer))

    def _explain(self, error: Exception) -> str:
        """What went wrong in words for the person who asked."""
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if self._model.chat is not None:
            return (
                f"The language model {self._model.name} did not answer ({reason}). Your question is kept: check that its "
                "server is up and press Retry, or start again with the embedded model."
            )
        return f"The answer could not be finished ({reason}). Your question is kept: press Retry."


def deleted(submission: str, model: str) -> Answer:
    """What to say where the conversation is about a submission that the collection does not hold any more."""
    words = (
        f"The submission “{submission}”, which this conversation is about, was deleted: nothing of it can be searched"
        " or cited any more. Choose another submission, or import it again."
    )
    return Answer((Sentence(words, (), "abstention", 0),), abstained=True, model=model, submission=submission)


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


def look_before_answering(request: Request, desk: Desk) -> Any:
    """Middleware: a model that answers a question on a paper without having looked anything up looks first."""

    @wrap_model_call
    def look(call: Any, handler: Callable[[Any], Any]) -> Any:
        response = handler(call)
        since = _after_question(call.messages)
        message = response.result[0] if response.result else None
        if (
            isinstance(message, AIMessage)
            and not message.tool_calls
            and not any(isinstance(m, ToolMessage) for m in since)
        ):
            calls = plan(request, desk)
            if calls:
                asked = [
                    {"name": c.name, "args": c.arguments, "id": f"look-{i}-{len(call.messages)}", "type": "tool_call"}
                    for i, c in enumerate(calls)
                ]
                response.result[0] = AIMessage(content="", tool_calls=asked)
        return response

    return look


def _after_question(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    last = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=-1)
    return list(messages[last + 1 :])


def _remembered(desk: Desk) -> list[BaseMessage]:
    """The conversation so far as messages, answers with their passage markers."""
    return [m for past in desk.past for m in (HumanMessage(past.message), AIMessage(_with_markers(past)))]


def _with_markers(past: PastTurn) -> str:
    lines = []
    for s in past.answer.sentences:
        marks = "".join(f"[p:{past.answer.citations[k].passage_id}]" for k in s.citations if k in past.answer.citations)
        lines.append(f"{'- ' if s.bullet else ''}{s.text} {marks}".strip())
    return "\n".join(lines) or "(no answer)"


def _words(message: Any, live: Live) -> Iterator[Event]:
    """The words of an answer as they are written."""
    if isinstance(message, AIMessageChunk) and not message.tool_call_chunks:
        text = live.add(str(message.text))
        if text:
            yield AnswerPart(text)


def _updates(data: dict[str, Any], started: dict[str, float]) -> Iterator[Event | BaseMessage]:
    """Tool calls and results of one step, and its messages."""
    for update in data.values():
        for message in (update or {}).get("messages", ()):
            if isinstance(message, AIMessage):
                for call in message.tool_calls:
                    identity = call["id"] or ""
                    started[identity] = time.monotonic()
                    yield ToolCalled(identity, call["name"], call["args"], _asked_for(call["name"], call["args"]))
                yield message
            elif isinstance(message, ToolMessage):
                seconds = time.monotonic() - started.get(message.tool_call_id, time.monotonic())
                yield ToolReturned(message.tool_call_id, message.name or "", _found(message), round(seconds, 3))
                yield message


def _asked_for(tool: str, arguments: dict[str, Any]) -> str:
    """A tool call in one line for a person."""
    if tool == "search":
        where = ", ".join(
            w for w in (arguments.get("reviewer"), *(arguments.get("aspects") or arguments.get("kinds") or ())) if w
        )
        return f'searched{f" {where}" if where else ""} for "{arguments.get("query", "")}"'
    if tool == "reviews":
        return f"read the reviews{' of ' + arguments['reviewer'] if arguments.get('reviewer') else ''}"
    if tool == "typos":
        return "checked the paper's spelling"
    if tool == "verify":
        return f'put to the test: "{arguments.get("claim", "")}"'
    if tool == "draft":
        return f"{'looked at' if arguments.get('task') == 'check' else 'worked on'} the meta-review"
    return "looked at the runs"


def _found(message: ToolMessage) -> str:
    """A tool result in one line for a person."""
    artifact = message.artifact if isinstance(message.artifact, dict) else {}
    if message.name == "search":
        return f"{len(artifact.get('hits', ()))} passages"
    if message.name == "reviews":
        return f"{len(artifact.get('passages', ()))} passages"
    if message.name == "typos":
        return f"{len(artifact.get('slips', ()))} suggestions" if artifact.get("held") else "the paper is not held"
    if message.name == "verify":
        if "not_testable" in artifact:
            return "not testable here"
        return artifact.get("verdict", {}).get("outcome") or artifact.get("state", "done")
    if message.name == "draft":
        return (
            f"version {artifact['version']}, {len(artifact['lacks'])} things to do" if "version" in artifact else "none"
        )
    return f"{len(artifact.get('runs', ()))} runs"
