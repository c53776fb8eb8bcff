"""Tools for models that have none: described in the system message, called in words, answered as the user's words."""

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import BaseTool

_HOW = (
    "To look something up, write one JSON object and nothing else, such as\n"
    '{"name": "search", "arguments": {"query": "novelty"}}\n'
    "Its result comes back to you. Then answer in sentences, each with its marker.\n\nTools"
)
LEFT_OUT = "(further passages left out: they did not fit)"


def describe_tools(tools: Sequence[BaseTool]) -> str:
    """How to call tools in words, and which there are."""
    lines = [f"- {t.name}({', '.join(t.args)}): {' '.join(t.description.split())}" for t in tools]
    return "\n".join([_HOW, *lines])


def in_words(messages: Sequence[BaseMessage], tools: Sequence[BaseTool]) -> list[BaseMessage]:
    """The same conversation without tool messages; user and assistant take turns, as chat templates want it."""
    told: list[BaseMessage] = []
    for message in messages:
        said = _in_words(message)
        if told and type(told[-1]) is type(said):
            told[-1] = type(said)(content=f"{told[-1].text}\n\n{said.text}")
        else:
            told.append(said)
    if tools:
        system = f"{told.pop(0).text}\n\n" if told and isinstance(told[0], SystemMessage) else ""
        told.insert(0, SystemMessage(content=system + describe_tools(tools)))
    return told


def _in_words(message: BaseMessage) -> BaseMessage:
    if isinstance(message, ToolMessage):
        return HumanMessage(content=f"Result of {message.name}:\n{message.text}")
    if isinstance(message, AIMessage):
        calls: list[dict[str, Any]] = [{"name": c["name"], "arguments": c["args"]} for c in message.tool_calls]
        return AIMessage(content="\n".join([message.text, *(json.dumps(c) for c in calls)]).strip())
    return SystemMessage(content=message.text) if isinstance(message, SystemMessage) else HumanMessage(message.text)


def shorten(messages: Sequence[BaseMessage], characters: int) -> list[BaseMessage]:
    """Messages with the results of tools cut, whole lines from their ends, to `characters` each."""
    return [
        m.model_copy(update={"content": _cut(m.text, characters)}) if isinstance(m, ToolMessage) else m
        for m in messages
    ]


def _cut(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    kept: list[str] = []
    for line in text.splitlines():
        if kept and sum(map(len, kept)) + len(line) > characters:
            break
        kept.append(line)
    return "\n".join([*kept, LEFT_OUT])
