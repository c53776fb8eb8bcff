"""What keeps any model on the way to an answer, as middleware of the agent.

A model that prints its tool calls is understood; one that has no tools is told of them in words; one that cannot read so
much is given less; one that repeats itself is told to answer; one that has not looked anything up looks first.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain.agents.middleware import wrap_model_call
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from agent.answering import plan
from agent.desk import Desk
from agent.errors import GaveUp
from agent.models.dialects import read_calls
from agent.models.prompting import in_words, shorten
from agent.request import Request

CHARACTERS_A_TOKEN = 4
_NO_TOOLS = re.compile(r"\btools?\b|function.?call", re.IGNORECASE)
_REFUSES = re.compile(r"not (?:support|implement|allow|enabled)|unsupported|requires|unknown|jinja", re.IGNORECASE)
_TOO_LONG = re.compile(
    r"context (?:size|length|window)|maximum context|prompt is too long|too many (?:input )?tokens|reduce the length",
    re.IGNORECASE,
)
LEAST_READ = 1000
"""Characters of a tool's result below which nothing is left to read."""
ANSWER_NOW = "Nothing new can be looked up. Answer now from the passages above, in sentences with their markers."


@dataclass(frozen=True)
class Limits:
    """How far a language model may go in one turn before the embedded one answers in its place."""

    calls: int = 8
    seconds: float = 300.0
    """The time of runs and other tools does not count."""
    tokens: int = 200_000
    """Read and written, at four characters each."""


@dataclass
class Spent:
    """What a model has used of its limits in one turn."""

    limits: Limits
    calls: int = 0
    characters: int = 0

    def call(self, read: int) -> None:
        """Count one call that reads so many characters; GaveUp where it is one too many."""
        self.calls += 1
        if self.calls > self.limits.calls:
            raise GaveUp(f"it came to no answer in {self.limits.calls} steps")
        self.take(read)

    def take(self, characters: int) -> None:
        """Count characters read or written; GaveUp beyond the limit."""
        self.characters += characters
        if self.characters > self.limits.tokens * CHARACTERS_A_TOKEN:
            raise GaveUp(f"it used more than {self.limits.tokens:,} tokens")


def steer(request: Request, desk: Desk, spent: Spent) -> Any:
    """The middleware of one turn."""
    state: dict[str, Any] = {"in words": False, "characters": None}

    @wrap_model_call
    def steering(call: Any, handler: Callable[[Any], Any]) -> Any:
        spent.call(sum(len(m.text) for m in (*call.messages, call.system_message) if m is not None))
        response = _ask_shorter(call, handler, state)
        asked = _calls_of(response, call)
        done = _calls_made(call.messages)
        fresh = [c for c in asked if _key(c) not in done]
        if asked and not fresh:
            again = call.override(messages=[*call.messages, HumanMessage(ANSWER_NOW)], tools=[])
            response = _ask_shorter(again, handler, state)
            if _calls_of(response, call):
                raise GaveUp("it looks up the same again and again")
        elif not asked and not done:
            fresh = [{"name": c.name, "args": c.arguments} for c in plan(request, desk)]
        if fresh and not (fresh == asked and response.result[0].tool_calls):
            response.result[0] = _as_calls(fresh, len(call.messages))
        return response

    return steering


def _ask_shorter(call: Any, handler: Callable[[Any], Any], state: dict[str, Any]) -> Any:
    """The model's response; to a model that cannot read so much at once, with less and less of what tools returned."""
    while True:
        limit = state["characters"]
        told = call if limit is None else call.override(messages=shorten(call.messages, limit))
        try:
            return _ask(told, handler, state)
        except Exception as error:
            longest = max((len(m.text) for m in told.messages if isinstance(m, ToolMessage)), default=0)
            if not _TOO_LONG.search(str(error)) or longest < LEAST_READ:
                raise
            state["characters"] = longest // 2


def _ask(call: Any, handler: Callable[[Any], Any], state: dict[str, Any]) -> Any:
    """The model's response; a model that has no tools is asked in words, from then on."""
    if not state["in words"]:
        try:
            return handler(call)
        except Exception as error:
            text = str(error) or type(error).__name__
            # LangChain's chat models raise NotImplementedError where they have no tools.
            if not isinstance(error, NotImplementedError) and not (_NO_TOOLS.search(text) and _REFUSES.search(text)):
                raise
            state["in words"] = True
    system = call.system_message or SystemMessage("")
    told = in_words([system, *call.messages], call.tools)
    return handler(call.override(system_message=told[0], messages=told[1:], tools=[]))


def _calls_of(response: Any, call: Any) -> list[dict[str, Any]]:
    """The tool calls of a response, made or printed; unknown tools are none of ours."""
    message = response.result[0] if response.result else None
    if not isinstance(message, AIMessage):
        return []
    arguments: Mapping[str, Any] = {t.name: t.args for t in call.tools}
    if message.tool_calls:
        return [dict(c) for c in message.tool_calls]
    return [{**c, "args": _fitted(c["args"], arguments[c["name"]])} for c in read_calls(message.text, arguments)]


def _fitted(given: dict[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with a single word made a list where a list is wanted."""
    return {k: [v] if isinstance(v, str) and "array" in json.dumps(schema[k]) else v for k, v in given.items()}


def _as_calls(calls: Sequence[dict[str, Any]], step: int) -> AIMessage:
    asked = [
        {"name": c["name"], "args": c["args"], "id": c.get("id") or f"look-{step}-{i}", "type": "tool_call"}
        for i, c in enumerate(calls)
    ]
    return AIMessage(content="", tool_calls=asked)


def _calls_made(messages: Sequence[BaseMessage]) -> set[str]:
    """The calls that have their results since the last question."""
    since = after_question(messages)
    answered = {m.tool_call_id for m in since if isinstance(m, ToolMessage)}
    return {_key(c) for m in since if isinstance(m, AIMessage) for c in m.tool_calls if c["id"] in answered}


def _key(call: Mapping[str, Any]) -> str:
    return json.dumps([call["name"], call["args"]], sort_keys=True, default=str)


def after_question(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The messages after the last one of the user."""
    last = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=-1)
    return list(messages[last + 1 :])
