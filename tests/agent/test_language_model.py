"""Another language model in the place of the embedded one: a real OpenAI-compatible server on loopback."""

import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from agent.conversation import Assistant
from agent.errors import UnknownModel
from agent.events import AnswerReady
from agent.history import History
from agent.models import choose_model
from compression_demo.runs import RunStore
from knowledge.collection import Collection

# LangChain's clients leave their connections to the garbage collector, which may close them in the middle of a test.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Server(ThreadingHTTPServer):
    """Answers /v1/chat/completions: first a tool call, then words that cite what the tool returned."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict] = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        results = [m for m in body["messages"] if m["role"] == "tool"]
        delta = self._cite(str(results[-1]["content"])) if results else self._call()
        chunks = [
            {"choices": [{"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": None}]},
            {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop" if results else "tool_calls"}]},
        ]
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for chunk in chunks:
            data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "local", **chunk}
            self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def _call(self):
        arguments = json.dumps({"query": "rating and confidence", "submission": "integral-pruning"})
        call = {"index": 0, "id": "call-1", "type": "function", "function": {"name": "reviews", "arguments": arguments}}
        return {"content": None, "tool_calls": [call]}

    def _cite(self, found):
        match = re.search(r"review by AnonReviewer1, Scores[^\n]*\n(\[p:[^\]]+\])", found)
        assert match is not None, found
        marker = match.group(1)
        return {
            "content": f"AnonReviewer1 gives a rating of 4 with confidence 3. {marker}\nAnonReviewer1 gives a rating of 8. {marker}"
        }

    def log_message(self, format, *args):
        """Say nothing."""


@pytest.fixture
def server():
    running = Server()
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


def ask(library_home, tmp_path, question):
    collection = Collection(library_home)
    assistant = Assistant(collection, RunStore(tmp_path), History(tmp_path), model="openai:local")
    conversation = assistant.history.create("me", "integral-pruning")
    events = list(assistant.stream(conversation, question))
    collection.close()
    return assistant, events


def test_a_model_behind_a_server_answers_in_the_same_loop(server, library_home, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "not-needed")
    _, events = ask(library_home, tmp_path, "What did reviewer 1 rate?")
    last = events[-1]
    assert isinstance(last, AnswerReady), last
    assert [s.text for s in last.answer.sentences] == ["AnonReviewer1 gives a rating of 4 with confidence 3."]
    assert "8 is not the rating" in last.answer.struck[0] or "8" in last.answer.struck[0]
    tools = {t["function"]["name"] for t in server.requests[0]["tools"]}
    assert tools == {"search", "reviews", "claims", "paper", "typos", "verify", "runs", "draft"}
    system = server.requests[0]["messages"][0]["content"]
    assert "integral-pruning (the one in question)" in system


def test_where_a_server_is_down_the_embedded_model_answers(server, library_home, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "not-needed")
    _, events = ask(library_home, tmp_path, "What did reviewer 1 rate?")
    last = events[-1]
    assert isinstance(last, AnswerReady)
    assert last.answer.model == "embedded" and last.answer.citations
    assert "openai:local did not answer (Connection error)" in last.answer.instead_of


def test_a_remote_model_says_where_text_goes(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "not-needed")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    remote = choose_model("openai:gpt-5")
    assert remote.leaves_machine is not None and "openai" in remote.leaves_machine
    assert choose_model("embedded").leaves_machine is None


@pytest.mark.parametrize("name", ["nonsense", "nobody:model", "ollama:llama3", "openai:"])
def test_models_that_cannot_be_opened_say_what_to_do(name, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setitem(sys.modules, "langchain_ollama", None)  # as where the extra is not installed
    with pytest.raises(UnknownModel) as caught:
        choose_model(name)
    assert name.split(":")[0] in str(caught.value)
