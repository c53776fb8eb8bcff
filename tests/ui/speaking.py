"""A server on loopback that speaks as OpenAI's do, word by word, and waits where a test wants it to."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE_S = 30
FIRST_SENTENCE_ENDS = 11
"""Words of an answer, its marker counted, after which it waits: four of the second sentence are said by then."""


class SpeakingServer(ThreadingHTTPServer):
    """Calls for the reviews, then answers with one sentence that they bear and one that they do not."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict] = []
        self.go_on = threading.Event()
        """Answers stop within their second sentence until it is set."""
        self.go_on.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: SpeakingServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        results = [m for m in body["messages"] if m["role"] == "tool"]
        if results:
            self._answer(str(results[-1]["content"]))
        else:
            call = {"name": "reviews", "arguments": json.dumps({"query": "rating", "submission": "tern-pruning"})}
            self._send({"content": None, "tool_calls": [{"index": 0, "id": "call-1", "type": "function", "function": call}]})  # fmt: skip
            self._send({}, "tool_calls")
        self.wfile.write(b"data: [DONE]\n\n")

    def _answer(self, found: str) -> None:
        match = re.search(r"review by AnonReviewer1, Scores[^\n]*\n(\[p:[^\]]+\])", found)
        assert match is not None, found
        said = (
            f"AnonReviewer1 gives a rating of 4. {match.group(1)}\nAnonReviewer1 gives a rating of 8. {match.group(1)}"
        )
        words = re.findall(r"\S+\s*", said)
        for number, word in enumerate(words):
            if number == FIRST_SENTENCE_ENDS:
                self.server.go_on.wait(PATIENCE_S)
            self._send({"content": word})
        self._send({}, "stop")

    def _send(self, delta: dict, end: str | None = None) -> None:
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "local"}
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": end}
        self.wfile.write(f"data: {json.dumps({**chunk, 'choices': [choice]})}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def speaking() -> Iterator[SpeakingServer]:
    """The server while it runs."""
    server = SpeakingServer()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        server.server_close()
