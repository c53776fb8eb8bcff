"""The embedded chat model: no weights, no network. A thin adapter of `understanding` and `answering`.

It asks for the tools that the question needs, and writes its answer by selecting and arranging what they returned.
"""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from agent.answering import compose, plan
from agent.desk import Desk
from agent.draft import write
from agent.gathered import gather
from agent.request import Request


class ExtractiveChatModel(BaseChatModel):
    """Answers one turn: `desk` and `request` are what stands before it and how its message was understood."""

    desk: Desk
    request: Request

    @property
    def _llm_type(self) -> str:
        return "extractive"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> "ExtractiveChatModel":
        """The tools are known by name; nothing is bound."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._respond(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        message = self._respond(messages)
        if message.tool_calls:
            calls = [
                tool_call_chunk(name=c["name"], args=_json(c["args"]), id=c["id"], index=i)
                for i, c in enumerate(message.tool_calls)
            ]
            yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=calls))
            return
        for piece in str(message.content).splitlines(keepends=True):
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=piece))
            if run_manager is not None:
                run_manager.on_llm_new_token(piece, chunk=chunk)
            yield chunk

    def _respond(self, messages: list[BaseMessage]) -> AIMessage:
        """Tool calls on a fresh question; an answer once they have returned, or when none is needed."""
        since = _since_question(messages)
        results = [m for m in since if isinstance(m, ToolMessage)]
        calls = plan(self.request, self.desk)
        if calls and not results:
            asked = [
                {"name": c.name, "args": c.arguments, "id": f"call-{uuid.uuid4().hex[:12]}", "type": "tool_call"}
                for c in calls
            ]
            return AIMessage(content="", tool_calls=asked)
        gathered = gather([(m.name or "", m.artifact) for m in results])
        return AIMessage(content=write(compose(self.request, gathered, self.desk)))


def _since_question(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """The messages after the last one of the user."""
    last = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=-1)
    return list(messages[last + 1 :])


def _json(arguments: dict[str, Any]) -> str:
    import json

    return json.dumps(arguments)
