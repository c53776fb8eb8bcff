"""A model of transformers in this process: a tiny one with random weights for the plumbing, SmolLM2 for real."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.tools import tool

from agent.conversation import Assistant
from agent.errors import UnknownModel
from agent.events import AnswerReady
from agent.history import History
from agent.models import choose_model
from agent.models.huggingface import TransformersChatModel, _until
from agent.models.prompting import LEFT_OUT, in_words, shorten
from compression_demo.runs import RunStore
from compression_demo.testbeds.packages import find_file
from compression_demo.testbeds.smollm2_perplexity import WEIGHTS
from knowledge.collection import Collection

TEMPLATE = "{% for m in messages %}<{{ m.role }}> {{ m.content }} {% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
CONTEXT = 2048


@tool
def look(query: str) -> str:
    """Find something."""
    return query


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A chat model of 2 layers with random weights; it reads bytes, and writes each as a word."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    where = tmp_path_factory.mktemp("tiny")
    letters = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    bytewise: Any = Tokenizer(models.BPE(vocab={**letters, "<end>": len(letters)}, merges=[]))
    bytewise.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bytewise, eos_token="<end>", chat_template=TEMPLATE)
    tokenizer.save_pretrained(where)
    torch.manual_seed(0)
    size: dict[str, Any] = {"hidden_size": 32, "intermediate_size": 32, "num_attention_heads": 2}
    config = LlamaConfig(vocab_size=len(tokenizer), num_hidden_layers=2, max_position_embeddings=CONTEXT, **size)
    LlamaForCausalLM(config).save_pretrained(where)
    return where


def test_it_is_loaded_when_first_used_and_stays_here(folder):
    choice = choose_model(f"huggingface:{folder}")
    assert choice.leaves_machine is None and choice.chat._loaded is None
    choice.chat.max_new_tokens = 5
    said = choice.chat.invoke("Hello")
    assert isinstance(said, AIMessage) and choice.chat._loaded is not None
    assert 1 <= len(said.text.split()) <= 5


def test_words_come_as_they_are_written_and_leaving_ends_the_work(folder):
    chat = TransformersChatModel(path=folder, max_new_tokens=1500)
    whole = TransformersChatModel(path=folder, max_new_tokens=12)
    pieces: list[str] = []
    for chunk in chat.stream("Hello"):
        pieces.append(chunk.text)
        if len(pieces) == 2:
            break
    began = time.monotonic()
    while any(t.name == "transformers" and t.is_alive() for t in threading.enumerate()):
        assert time.monotonic() < began + 5, "it goes on writing after it was left"
        time.sleep(0.01)
    assert all(len(piece.split()) <= 1 for piece in pieces)
    assert whole.invoke("Hello").text.startswith("".join(pieces))


def test_a_stop_word_ends_the_answer():
    assert "".join(_until(iter(["One", " two", " thr", "ee four"]), ["three"])) == "One two "
    assert "".join(_until(iter(["a", "b", "c"]), ["xyz"])) == "abc"
    assert "".join(_until(iter(["a", "b"]), [])) == "ab"


def test_tools_are_told_in_the_system_message_and_results_as_the_users_words():
    call: Any = {"name": "look", "args": {"query": "x"}, "id": "1", "type": "tool_call"}
    messages = [
        SystemMessage("Rules."), HumanMessage("Q"), AIMessage("", tool_calls=[call, call]), ToolMessage("A", tool_call_id="1", name="look"),
        ToolMessage("B", tool_call_id="2", name="look"), HumanMessage("Now."),
    ]  # fmt: skip
    told = in_words(messages, [look])
    assert [m.type for m in told] == ["system", "human", "ai", "human"]
    assert told[0].text.startswith("Rules.") and "- look(query): Find something." in told[0].text
    assert told[2].text.splitlines()[0] == '{"name": "look", "arguments": {"query": "x"}}'
    assert told[3].text == "Result of look:\nA\n\nResult of look:\nB\n\nNow."


def test_long_results_lose_whole_passages_from_their_end():
    result = ToolMessage("\n".join(f"[p:{n}] {'x' * 90}" for n in range(9)), tool_call_id="1", name="look")
    (short,) = shorten([result], 300)
    assert short.text.splitlines()[-1] == LEFT_OUT and "[p:2]" in short.text and "[p:3]" not in short.text
    assert shorten([HumanMessage("y" * 999)], 300)[0].text == "y" * 999


def test_what_does_not_fit_is_cut_until_it_does_and_else_refused(folder):
    chat = TransformersChatModel(path=folder, max_new_tokens=8)
    call: Any = {"name": "look", "args": {}, "id": "1", "type": "tool_call"}
    result = ToolMessage("\n".join("line of a result" for _ in range(400)), tool_call_id="1", name="look")
    chat.invoke("warm")
    tokens = chat._encode([HumanMessage("Q"), AIMessage("", tool_calls=[call]), result], [look])
    assert tokens.shape[1] <= CONTEXT - 8
    with pytest.raises(ValueError, match="has room for 2040"):
        chat.invoke("long " * 600)


def test_a_model_that_talks_nonsense_makes_way_for_the_embedded_one(folder, library_home, tmp_path):
    name = f"huggingface:{folder}"
    collection, history = Collection(library_home), History(tmp_path)
    assistant = Assistant(collection, RunStore(tmp_path), history, model=name)
    last = list(assistant.stream(history.create("me", "integral-pruning"), "What did reviewer 2 rate?"))[-1]
    history.close()
    collection.close()
    assert isinstance(last, AnswerReady)
    assert last.answer.model == "embedded" and last.answer.instead_of.startswith(
        f"{name} did not answer (the question needs"
    )


@pytest.mark.parametrize(("make", "says"), [("missing", "no folder"), ("empty", "config.json")])
def test_a_path_without_a_model_says_what_is_missing(make, says, tmp_path):
    where = tmp_path / "model"
    if make == "empty":
        where.mkdir()
    with pytest.raises(UnknownModel, match=says):
        choose_model(f"huggingface:{where}")


def test_a_model_without_a_chat_template_says_so(folder, tmp_path):
    import shutil

    bare = Path(shutil.copytree(folder, tmp_path / "bare"))
    (bare / "chat_template.jinja").unlink()
    with pytest.raises(ValueError, match="no chat template"):
        TransformersChatModel(path=bare).invoke("Hello")


@pytest.mark.slow
def test_smollm2_answers_in_words():
    chat = choose_model(f"huggingface:{find_file(*WEIGHTS)}").chat
    chat.max_new_tokens = 12
    said = chat.invoke("What is the capital of France? Answer with its name.").text
    assert "Paris" in said
