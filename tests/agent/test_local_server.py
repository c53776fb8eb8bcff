"""A real, weak language model behind a real OpenAI-compatible server on this machine: SmolLM2-135M on llama.cpp.

What it says is not known beforehand and mostly wrong. What must hold, holds whatever it says.
"""

import importlib
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from agent.conversation import Assistant
from agent.events import AnswerReady, SentenceKind
from agent.history import History
from agent.models import choose_model
from agent.steering import Limits
from compression_demo.runs import RunStore
from compression_demo.testbeds.packages import find_file
from compression_demo.testbeds.smollm2_perplexity import WEIGHTS
from knowledge.collection import Collection

# LangChain's clients leave their connections to the garbage collector, which may close them in the middle of a test.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

KEY = "a-key-of-this-test"
LABELLED: tuple[SentenceKind, ...] = ("judgement", "abstention", "run", "smalltalk")


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """llama.cpp with one thread, asking for a key, on a free port of 127.0.0.1."""
    xllamacpp: Any = importlib.import_module("xllamacpp")
    wanted = xllamacpp.CommonParams()
    wanted.model.path = str(find_file(*WEIGHTS))
    wanted.hostnames, wanted.port, wanted.api_keys, wanted.cors_origins = ["127.0.0.1"], 0, [KEY], "http://127.0.0.1"
    wanted.n_ctx, wanted.n_parallel, wanted.n_predict = 8192, 1, 48
    wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = 1
    wanted.n_threads_http, wanted.warmup, wanted.ui, wanted.verbosity = 2, False, False, -1
    wanted.sampling.temp = 0.0
    running = xllamacpp.Server(wanted)
    yield running
    del running


@pytest.fixture
def local(server, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", f"{server.listening_address}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def test_the_server_wants_its_key(server):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server.listening_address}/v1/chat/completions", data=b"{}")
    assert refused.value.code == 401
    assert server.listening_address.startswith("http://127.0.0.1:")


def test_it_streams_and_ends_when_it_is_left(local):
    # Before the others: the server goes on with what the last of them has given up, and answers one at a time.
    chat = choose_model("openai:smollm2").chat
    pieces: list[SimpleNamespace] = []
    for chunk in chat.stream("Count from one to twenty in words."):
        pieces.append(chunk)
        if len(pieces) == 4:
            break
    assert "".join(p.text for p in pieces).strip()


def ask(library_home, tmp_path, *questions):
    """The answers to questions about one paper, and how many sentences each struck."""
    collection, history = Collection(library_home), History(tmp_path)
    assistant = Assistant(
        collection, RunStore(tmp_path), history, model="openai:smollm2", limits=Limits(calls=3, seconds=60)
    )
    conversation = history.create("me", "integral-pruning")
    assert assistant.speakers.of(conversation).leaves_machine is None
    answers = []
    for question in questions:
        last = list(assistant.stream(conversation, question))[-1]
        assert isinstance(last, AnswerReady), last
        answers.append(last.answer)
    history.close()
    collection.close()
    return answers


def test_whatever_it_says_what_is_shown_is_borne(local, library_home, tmp_path):
    for answer in ask(library_home, tmp_path, "What rating did AnonReviewer2 give?"):
        assert answer.sentences
        for sentence in answer.sentences:
            assert sentence.citations or sentence.kind in LABELLED, sentence
            cited = " ".join(answer.citations[c].text + answer.citations[c].label for c in sentence.citations)
            for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", sentence.text):
                assert number in cited, (number, sentence)
        if answer.instead_of:
            assert answer.model == "embedded" and answer.instead_of.startswith("openai:smollm2 did not answer (")
        else:
            assert answer.model == "openai:smollm2"


def test_a_wrong_key_is_told_without_it_and_the_embedded_model_answers(local, library_home, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "not-this-server's")
    (answer,) = ask(library_home, tmp_path, "What rating did AnonReviewer2 give?")
    assert answer.model == "embedded" and "5" in answer.text
    assert "401" in answer.instead_of and "not-this-server" not in answer.instead_of
