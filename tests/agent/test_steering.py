"""Weak models in the loop: what they do wrong is mended or met by a limit, and the embedded model answers at the end."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from agent.conversation import Assistant
from agent.events import AnswerPart, AnswerReady, ToolCalled, TurnFailed, WordsDropped
from agent.history import History
from agent.models import ModelChoice
from agent.models.prompting import LEFT_OUT
from agent.steering import Limits
from compression_demo.runs import RunStore
from knowledge.collection import Collection

# LangChain's clients leave their connections to the garbage collector, which may close them in the middle of a test.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

PAPER = "integral-pruning"
CALL = '```json\n{"name": "search", "arguments": {"query": "novelty", "reviewer": "AnonReviewer2"}}\n```'


class Weak(BaseChatModel):
    """Says the next line of a script; "{first}" is the marker and "{text}" a sentence of the first passage it was given."""

    script: list[str]
    seen: list[list[BaseMessage]] = Field(default_factory=list)

    refuses: str = ""
    most: int = 10**9
    """Characters that it can read at once."""

    @property
    def _llm_type(self) -> str:
        return "weak"

    def bind_tools(self, tools, **kwargs):
        if self.refuses == "bind":
            raise NotImplementedError
        return self.bind(tools=tools)

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        if self.refuses and kwargs.get("tools"):
            raise ValueError(self.refuses)
        if sum(len(m.text) for m in messages) > self.most:
            raise ValueError(
                "request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it"
            )
        self.seen.append(list(messages))
        said = self.script[min(len(self.seen), len(self.script)) - 1]
        found = next((m for m in reversed(messages) if "[p:" in m.text), None)
        line = found.text[found.text.index("[p:") :].splitlines()[0] if found else ""
        marker, _, text = line.partition(" ")
        message = AIMessage(said.replace("{first}", marker).replace("{text}", text))
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(self, messages, stop=None, run_manager=None, **kwargs):
        text = self._generate(messages, stop, run_manager, **kwargs).generations[0].message.text
        for at in range(0, max(len(text), 1), 5):
            yield ChatGenerationChunk(message=AIMessageChunk(content=text[at : at + 5]))


@pytest.fixture(scope="module")
def collection(library_home) -> Iterator[Collection]:
    opened = Collection(library_home)
    yield opened
    opened.close()


def turn(collection, tmp_path, model, question="What does reviewer 2 think of the novelty?", **options):
    history = History(tmp_path)
    stop = options.pop("stop", lambda: False)
    assistant = Assistant(collection, RunStore(tmp_path), history, model=ModelChoice("a:weak", None, model), **options)
    events = list(assistant.stream(history.create("me", PAPER), question, stop=stop))
    history.close()
    return events


def answer_of(events):
    assert isinstance(events[-1], AnswerReady), events[-1]
    return events[-1].answer


def test_a_printed_call_is_made_and_never_shown(collection, tmp_path):
    model = Weak(script=[f"Let me look.\n{CALL}", "AnonReviewer2 sees limited novelty. {first}"])
    events = turn(collection, tmp_path, model)
    called = next(e for e in events if isinstance(e, ToolCalled))
    assert called.arguments == {"query": "novelty", "reviewer": "AnonReviewer2"}
    words = "".join(e.text for e in events if isinstance(e, AnswerPart))
    assert "search" not in words and "```" not in words
    dropped = next(i for i, e in enumerate(events) if isinstance(e, WordsDropped))
    assert dropped < events.index(called)
    answer = answer_of(events)
    assert answer.text == "AnonReviewer2 sees limited novelty." and answer.model == "a:weak" and not answer.instead_of


def test_no_unchecked_word_is_shown_while_a_model_writes(collection, tmp_path):
    said = (
        "AnonReviewer2 sees limited novelty. {first}\nAnonReviewer2 gave it 9 of 10. {first}\n"
        "The method is a simple approach, AnonReviewer2 finds. {first}\nEverybody adores it.\nThat is all."
    )
    events = turn(collection, tmp_path, Weak(script=[CALL, said]))
    told = [e.text for e in events if isinstance(e, AnswerPart)]
    assert told[0] == "AnonReviewer2 sees limited novelty." and told[1].startswith("\nThe method is a simple approach")
    words = "".join(told)
    assert "9 of 10" not in words and "adores" not in words and "[p:" not in words
    answer = answer_of(events)
    assert answer.model == "a:weak" and all(line in [s.text for s in answer.sentences] for line in words.split("\n"))
    assert any("9 of 10" in line for line in answer.struck) and any("adores" in line for line in answer.struck)


def test_where_nothing_stands_nothing_is_shown_while_a_model_writes(collection, tmp_path):
    events = turn(
        collection, tmp_path, Weak(script=[CALL, "AnonReviewer2 gave it 9 of 10. {first}\nIt is bad.\nSo it is."])
    )
    before = events[: next(i for i, e in enumerate(events) if isinstance(e, WordsDropped) and i > 2)]
    assert not any(isinstance(e, AnswerPart) and ("9 of 10" in e.text or "bear" in e.text) for e in before)


def test_a_forgotten_citation_is_found_by_its_words(collection, tmp_path):
    model = Weak(script=[CALL, "{text} [1]\nThe reviewers adore everything about this fine paper. [2]"])
    answer = answer_of(turn(collection, tmp_path, model))
    assert answer.model == "a:weak"
    for sentence in answer.sentences:
        assert sentence.citations and any(
            sentence.text.rstrip(".") in answer.citations[c].text for c in sentence.citations
        )
    assert any("adore" in line for line in answer.struck)


@pytest.mark.parametrize("refuses", ["bind", "registry/gemma does not support tools (status code: 400)"])
def test_a_model_without_tools_is_told_of_them_in_words(collection, tmp_path, refuses):
    model = Weak(script=[CALL, "AnonReviewer2 sees limited novelty. {first}"], refuses=refuses)
    answer = answer_of(turn(collection, tmp_path, model))
    assert answer.text == "AnonReviewer2 sees limited novelty." and answer.model == "a:weak"
    first, second = model.seen
    assert '{"name": "search"' in first[0].text and "- reviews(" in first[0].text
    assert not any(isinstance(m, ToolMessage) for m in second) and "Result of search:" in second[-1].text
    assert [m.type for m in second] == ["system", "human", "ai", "human"]


def test_a_model_that_cannot_read_so_much_is_given_less(collection, tmp_path):
    call = '{"name": "reviews", "arguments": {}}'
    model = Weak(script=[call, "{text} {first}"], most=9000)
    answer = answer_of(turn(collection, tmp_path, model))
    assert answer.model == "a:weak" and answer.citations and not answer.instead_of
    assert LEFT_OUT in model.seen[-1][-1].text
    whole = Weak(script=[call, "{text} {first}"])
    turn(collection, tmp_path / "whole", whole)
    assert LEFT_OUT not in whole.seen[-1][-1].text


def test_other_refusals_are_not_taken_for_missing_tools(collection, tmp_path):
    answer = answer_of(turn(collection, tmp_path, Weak(script=["x"], refuses="your tools are too expensive today")))
    assert answer.instead_of.startswith("a:weak did not answer (your tools are too expensive today)")


def test_a_model_that_asks_the_same_again_is_told_to_answer(collection, tmp_path):
    model = Weak(script=[CALL, CALL, "AnonReviewer2 sees limited novelty. {first}"])
    answer = answer_of(turn(collection, tmp_path, model))
    assert answer.model == "a:weak" and answer.text == "AnonReviewer2 sees limited novelty."
    assert isinstance(model.seen[-1][-1], HumanMessage) and "Answer now" in model.seen[-1][-1].text


def test_a_model_that_goes_round_in_circles_is_left(collection, tmp_path):
    answer = answer_of(turn(collection, tmp_path, Weak(script=[CALL])))
    assert answer.model == "embedded" and "again and again" in answer.instead_of
    assert answer.citations


@pytest.mark.parametrize(
    ("said", "why"),
    [("", "wrote nothing"), ("AnonReviewer2 gave it 9 of 10. {first}", "bear nothing of what it wrote")],
)
def test_an_unusable_answer_makes_way_for_the_embedded_one(collection, tmp_path, said, why):
    events = turn(collection, tmp_path, Weak(script=[CALL, said]))
    answer = answer_of(events)
    assert answer.model == "embedded" and why in answer.instead_of
    assert "9 of 10" not in answer.text and bool(said) == any("9 of 10" in line for line in answer.struck)
    assert any(isinstance(e, WordsDropped) for e in events)


def test_a_turn_has_its_tokens(collection, tmp_path):
    model = Weak(script=[CALL, "x"])
    answer = answer_of(turn(collection, tmp_path, model, limits=Limits(tokens=1500)))
    assert "1,500 tokens" in answer.instead_of and answer.citations and len(model.seen) <= 1


class Slow(Weak):
    """Writes a word now and then, for ever."""

    left: Any = None

    def _stream(self, messages, stop=None, run_manager=None, **kwargs):
        try:
            while True:
                time.sleep(0.02)
                chunk = ChatGenerationChunk(message=AIMessageChunk(content="word "))
                if run_manager:
                    run_manager.on_llm_new_token("word ", chunk=chunk)
                yield chunk
        finally:
            self.left.set()


class Silent(Weak):
    """Says nothing until it is released."""

    release: Any = None

    def _generate(self, messages, stop=None, run_manager=None, **kwargs):
        self.release.wait(20)
        raise RuntimeError("released")


def test_a_turn_has_its_time(collection, tmp_path):
    model = Slow(script=[""], left=threading.Event())
    answer = answer_of(turn(collection, tmp_path, model, limits=Limits(seconds=0.3)))
    assert "longer than 0.3 s" in answer.instead_of and answer.citations
    assert model.left.wait(5), "the model goes on writing"


def test_stop_ends_the_work_of_the_model(collection, tmp_path):
    model = Slow(script=[""], left=threading.Event())
    began = time.monotonic()
    last = turn(collection, tmp_path, model, stop=lambda: time.monotonic() > began + 0.5)[-1]
    assert isinstance(last, TurnFailed) and last.stopped
    assert model.left.wait(5), "the model goes on writing"


def test_a_model_that_says_nothing_can_be_stopped(collection, tmp_path):
    model = Silent(script=[""], release=threading.Event())
    began = time.monotonic()
    last = turn(collection, tmp_path, model, stop=lambda: time.monotonic() > began + 0.3)[-1]
    assert isinstance(last, TurnFailed) and last.stopped and time.monotonic() < began + 5
    model.release.set()


def test_no_key_is_told_or_kept(collection, tmp_path, monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", "verysecretvalue")

    class Leaky(Weak):
        def _generate(self, messages, stop=None, run_manager=None, **kwargs):
            raise ValueError("Incorrect API key provided: verysecretvalue, also sk-abcdefgh1234.")

    events = turn(collection, tmp_path, Leaky(script=[""]))
    told = json.dumps([e.to_json() for e in events])
    assert "(key)" in answer_of(events).instead_of
    for secret in ("verysecretvalue", "sk-abcdefgh1234"):
        assert secret not in told
        assert secret.encode() not in b"".join(f.read_bytes() for f in tmp_path.glob("conversations.sqlite*"))
