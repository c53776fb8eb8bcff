"""The agent's loop of one turn: a model, its tools, its limits; the same for the embedded model and any other.

It runs in a thread of its own, so that a model that says nothing can be stopped and left.
"""

import contextvars
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

# Text under review is confidential: nothing may be sent to a tracing service, whatever the environment says.
os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"

from langchain.agents import create_agent
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langsmith import tracing_context

from agent.briefing import remembered, system_prompt
from agent.desk import Desk
from agent.draft import Pieces
from agent.errors import GaveUp, Stopped
from agent.events import Event, ToolCalled, ToolReturned, WordsDropped
from agent.metareview.tool import draft
from agent.models.dialects import CALL_OPENS
from agent.request import Request
from agent.steering import Limits, Spent, steer
from agent.tools import TOOLS, TurnContext
from agent.tools.summaries import asked_for, found_by

POLL_S = 0.1
_END = object()


@dataclass(frozen=True)
class Written:
    """Whole sentences of a draft with their markers, unchecked: not for showing."""

    text: str


def run_loop(
    chat: Any, desk: Desk, request: Request, context: TurnContext, limits: Limits
) -> Iterator[Event | BaseMessage | Written]:
    """Run the agent: its events as they come, its messages and its words for grounding.

    Raises Stopped once `context.stopped()`, GaveUp at a limit, and whatever the model or a tool raises.
    """
    spent, left = Spent(limits), threading.Event()
    agent: Any = create_agent(
        chat,
        [*TOOLS, draft],
        system_prompt=system_prompt(desk, request),
        middleware=[steer(request, desk, spent)],
        context_schema=TurnContext,
    )
    surroundings = replace(context, stopped=lambda: left.is_set() or context.stopped())

    def steps() -> Iterator[tuple[str, Any]]:
        with tracing_context(enabled=False):
            yield from agent.stream(
                {"messages": [*remembered(desk), HumanMessage(request.text)]},
                context=surroundings,
                stream_mode=["updates", "messages", "custom"],
                config={"recursion_limit": 4 * limits.calls + 4, "callbacks": [_Leaving(left)]},
            )

    turn, clock = _Told(), _Clock(limits)
    for step in _beside(steps, left):
        if context.stopped():
            raise Stopped
        if step is None:
            clock.check()
            continue
        mode, data = step
        if mode == "custom" and isinstance(data, Event):
            yield data
        elif mode == "messages" and isinstance(data[0], AIMessageChunk):
            spent.take(len(data[0].text))
            yield from turn.words(data[0])
        elif mode == "updates" and isinstance(data, dict):
            for item in turn.updates(data):
                clock.note(item)
                yield item
        clock.check()


def _beside(source: Callable[[], Iterator[Any]], left: threading.Event) -> Iterator[Any]:
    """The items of `source`, drawn in another thread, and None whenever nothing came for a while.

    Whoever stops drawing sets `left`, which ends the thread at its next step; nobody waits for it.
    """
    items: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def draw() -> None:
        try:
            for item in source():
                items.put((item, None))
                if left.is_set():
                    return
            items.put((_END, None))
        except BaseException as error:
            items.put((_END, error))

    here = contextvars.copy_context()
    threading.Thread(target=here.run, args=(draw,), name="model", daemon=True).start()
    try:
        while True:
            try:
                item, error = items.get(timeout=POLL_S)
            except queue.Empty:
                yield None
                continue
            if error is not None:
                raise error
            if item is _END:
                return
            yield item
    finally:
        left.set()


class _Leaving(BaseCallbackHandler):
    """Ends the work of a turn that was left: no further word, model call or tool."""

    raise_error = True

    def __init__(self, left: threading.Event) -> None:
        self._left = left

    def _check(self, *args: Any, **kwargs: Any) -> None:
        if self._left.is_set():
            raise Stopped

    on_llm_new_token = on_chat_model_start = on_tool_start = _check


class _Clock:
    """The time that a model takes; that of tools does not count."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._since = time.monotonic()
        self._taken = 0.0
        self._tools: set[str] = set()

    def note(self, item: Event | BaseMessage) -> None:
        """Hold while a tool works."""
        if isinstance(item, ToolCalled):
            if not self._tools:
                self._taken += time.monotonic() - self._since
            self._tools.add(item.call_id)
        elif isinstance(item, ToolReturned):
            self._tools.discard(item.call_id)
            if not self._tools:
                self._since = time.monotonic()

    def check(self) -> None:
        """GaveUp beyond the limit."""
        if not self._tools and self._taken + time.monotonic() - self._since > self._limits.seconds:
            raise GaveUp(f"it took longer than {self._limits.seconds:g} s")


class _Told:
    """What the person has been told of the turn so far."""

    def __init__(self) -> None:
        self._started: dict[str, float] = {}
        self._message, self._said = "", ""
        self._pieces = Pieces()

    def words(self, chunk: AIMessageChunk) -> Iterator[Event | Written]:
        """The sentences of an answer once they are written; a new message takes the place of one before."""
        if chunk.tool_call_chunks or not chunk.text:
            return
        if (chunk.id or "") != self._message:
            yield from self._drop()
            self._message = chunk.id or ""
        before = len(self._said)
        self._said += chunk.text
        opens = CALL_OPENS.search(self._said)
        end = opens.start() if opens else len(self._said)
        text = self._pieces.add(self._said[before:end]) if end > before else ""
        if text:
            yield Written(text)

    def updates(self, data: dict[str, Any]) -> Iterator[Event | BaseMessage]:
        """Tool calls and results of one step, and its messages."""
        for update in data.values():
            for message in (update or {}).get("messages", ()):
                if isinstance(message, AIMessage):
                    if message.tool_calls:
                        yield from self._drop()
                    for call in message.tool_calls:
                        identity = call["id"] or ""
                        self._started[identity] = time.monotonic()
                        yield ToolCalled(identity, call["name"], call["args"], asked_for(call["name"], call["args"]))
                    yield message
                elif isinstance(message, ToolMessage):
                    seconds = time.monotonic() - self._started.get(message.tool_call_id, time.monotonic())
                    yield ToolReturned(message.tool_call_id, message.name or "", found_by(message), round(seconds, 3))
                    yield message

    def _drop(self) -> Iterator[Event]:
        """Take back words that were no answer."""
        if self._said:
            yield WordsDropped()
        self._said, self._pieces = "", Pieces()
