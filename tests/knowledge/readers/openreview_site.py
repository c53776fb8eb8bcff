"""A site on the loopback that answers as both APIs of OpenReview do: notes of a forum, sign-in, and their errors."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from typing import Any
from urllib.parse import parse_qs, urlsplit

USERNAME, PASSWORD, TOKEN = "chair@tide.org", "s3cret-of-the-reef", "token-of-the-reef"


@dataclass
class LoopbackSite:
    """What the site holds and what was asked of it; `v1` and `v2` map the id of a forum to its notes."""

    v1: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    v2: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    """Forums that only those who signed in may read."""
    status: int = 0
    """Answers everything with this status, where it is not 0."""
    body: bytes | None = None
    """Answers everything with this body, where there is one."""
    packed: bool = False
    """Packs answers with gzip."""
    encoding: str = ""
    """Says that answers are packed in this way, also where they are not."""
    cut: int = 0
    """Ends each answer so many bytes before its end."""
    wait_s: float = 0
    drip_s: float = 0
    """Seconds between one byte of an answer and the next."""
    second_factor: bool = False
    address: str = ""
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path without the query, and the query or the body of every request."""
    authorizations: list[str | None] = field(default_factory=list)

    def sign_in(self, sent: dict[str, Any]) -> tuple[int, Any]:
        if (sent.get("id"), sent.get("password")) != (USERNAME, PASSWORD):
            return 400, {"name": "Error", "message": f"Invalid username or password {sent}", "status": 400}
        if self.second_factor:
            return 200, {"mfaPending": True, "mfaPendingToken": "t", "mfaMethods": ["emailOtp"]}
        return 200, {"token": TOKEN, "user": {"profile": {"id": "~Chair_Tide1"}}}

    def notes(self, version: str, query: dict[str, str], signed: bool) -> tuple[int, Any]:
        forum, offset, limit = query["forum"], int(query.get("offset", 0)), int(query.get("limit", 1000))
        if forum in self.hidden and not signed:
            return 403, {"name": "ForbiddenError", "message": "This note does not exist.", "status": 403}
        found = {"v1": self.v1, "v2": self.v2}[version].get(forum)
        if found is None:
            return (404, {"name": "NotFoundError", "status": 404}) if version == "v2" else (200, {"notes": []})
        return 200, {"notes": found[offset : offset + limit], "count": len(found)}

    def answer(self, method: str, path: str, sent: dict[str, Any], signed: bool) -> tuple[int, Any]:
        version, _, end = path.strip("/").partition("/")
        if self.status:
            return self.status, {"name": "Error", "message": f"status {self.status}"}
        if (method, end) == ("POST", "login"):
            return self.sign_in(sent)
        if (method, end) == ("GET", "notes") and version in ("v1", "v2"):
            return self.notes(version, sent, signed)
        return 404, {"name": "NotFoundError", "message": path}


@contextmanager
def serve(site: LoopbackSite) -> Iterator[LoopbackSite]:
    """Serve the site under `site.address`, its two APIs under /v1 and /v2."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
            self.reply("GET", query)

        def do_POST(self) -> None:
            self.reply("POST", json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def reply(self, method: str, sent: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            site.asked.append((method, path, sent))
            site.authorizations.append(self.headers.get("Authorization"))
            sleep(site.wait_s)
            signed = site.authorizations[-1] == f"Bearer {TOKEN}"
            status, found = site.answer(method, path, sent, signed)
            body = json.dumps(found).encode() if site.body is None else site.body
            body = gzip.compress(body) if site.packed else body
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if site.packed or site.encoding:
                self.send_header("Content-Encoding", "gzip" if site.packed else site.encoding)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.close_connection |= bool(site.cut)
            body = body[: len(body) - site.cut]
            for piece in (body[i : i + 1] for i in range(len(body))) if site.drip_s else (body,):
                self.wfile.write(piece)
                sleep(site.drip_s)

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        site.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield site
        site.drip_s = 0
        server.shutdown()
        thread.join()
