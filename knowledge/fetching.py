"""Fetching the thread of a forum from OpenReview, through openreview-py: only when asked, and within a time limit.

Credentials come from OPENREVIEW_USERNAME and OPENREVIEW_PASSWORD alone; they are sent to the site's own sign-in and
stand in no file, message or log. SECOND_OPINION_OPENREVIEW_V2 and _V1 name other addresses of the two APIs.
"""

import io
import json
import os
import re
import threading
import time
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs, urlsplit

from knowledge.errors import FetchFailed

ADDRESSES = {
    "SECOND_OPINION_OPENREVIEW_V2": "https://api2.openreview.net",
    "SECOND_OPINION_OPENREVIEW_V1": "https://api.openreview.net",
}
"""The newer API first: each holds the venues of its years, and neither those of the other."""
CREDENTIALS = ("OPENREVIEW_USERNAME", "OPENREVIEW_PASSWORD")
FORUM = re.compile(r"[\w-]{1,64}", re.ASCII)
PAGE = 1000
"""Notes of one request: the most that the site sends."""
CHUNK = 1 << 16
FIELDS = ("id", "original", "number", "cdate", "tcdate", "mdate", "tmdate", "ddate", "forum", "replyto", "invitation",
          "invitations", "signatures", "content", "details")  # fmt: skip


def forum_id(words: str) -> str:
    """The id of a forum, given as such or as the address of its page; FetchFailed if it is neither."""
    found = parse_qs(urlsplit(words.strip()).query).get("id", [words.strip()])[0]
    if not FORUM.fullmatch(found):
        raise FetchFailed(f'"{words}" is no id of a forum: write what follows "forum?id=" in the address of its page')
    return found


def fetch_thread(forum: str, *, timeout_s: float = 60, most_mb: float = 64) -> bytes:
    """The notes of a forum as JSON that `read_threads` reads, from API v2 or else v1.

    Takes at most `timeout_s` seconds, and at most `most_mb` megabytes from each API, unpacked. FetchFailed says what went
    wrong and what to do about it.
    """
    forum = forum_id(forum)
    outcome: list[bytes | BaseException] = []

    def work() -> None:
        try:
            outcome.append(find_thread(forum, time.monotonic() + timeout_s, most_mb))
        except BaseException as error:  # goes on in the caller's thread
            outcome.append(error)

    # A socket's own time limit begins anew with every byte, so a server that drips could keep the caller for ever.
    worker = threading.Thread(target=work, name=f"fetch {forum}", daemon=True)
    worker.start()
    worker.join(timeout_s)
    if not outcome:
        raise FetchFailed(f"OpenReview did not send {forum} within {timeout_s:g} s; try again later")
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def find_thread(forum: str, deadline: float, most_mb: float) -> bytes:
    """The notes from the first API that has them."""
    token, failures = None, []
    for name, default in ADDRESSES.items():
        try:
            with closing(Site(name, os.environ.get(name) or default, deadline, most_mb)) as site:
                token = site.sign_in(token)
                if notes := site.notes(forum):
                    return json.dumps({"notes": notes}).encode()
        except FetchFailed as failure:
            if failure.final:
                raise
            failures.append(failure)
    if failures:
        raise failures[0]
    raise FetchFailed(
        f"OpenReview has no forum {forum}, or none that it shows {'you' if token else 'without signing in'}; "
        f'check what follows "forum?id=" in the address of its page{"" if token else ", or " + ADVICE}'
    )


ADVICE = f"set {' and '.join(CREDENTIALS)} to sign in"


class Site:
    """One of the two APIs at its address."""

    def __init__(self, name: str, address: str, deadline: float, most_mb: float) -> None:
        import openreview
        import openreview.api

        kind = openreview.api.OpenReviewClient if name.endswith("V2") else openreview.Client
        self._name, self._address = name, address.rstrip("/")
        try:
            # With a token the constructor does not sign in by itself, before there is a time limit.
            self._client = kind(baseurl=self._address, token="none")
        except openreview.OpenReviewException:
            reason = f"{name} is {address}, the address of the other API; correct or unset it"
            raise FetchFailed(reason, final=True) from None
        del self._client.headers["Authorization"]
        self._adapter = limited_adapter(deadline, most_mb)
        for scheme in ("https://", "http://"):
            self._client.session.mount(scheme, self._adapter)
        self._client.session.auth = lambda request: request  # else requests looks for credentials in ~/.netrc

    def close(self) -> None:
        """Close all connections."""
        self._client.session.close()

    def sign_in(self, token: str | None) -> str | None:
        """Sign in where the environment has credentials, unless the other API gave a token already; the token."""
        username, password = (os.environ.get(name) for name in CREDENTIALS)
        if token is None and username and password:
            # Not by the library, which asks at the terminal for a second factor and looks for v1's sign-in elsewhere.
            body = {"id": username, "password": password, "expiresIn": None}
            answer = self._ask("post", self._client.login_url, json=body, allow_redirects=False)
            if answer.get("mfaPending"):
                raise FetchFailed(
                    "the account asks for a second factor, which cannot be given here; "
                    "export the thread as JSON in your browser and import the file",
                    final=True,
                )
            token = str(answer.get("token") or "") or None
        if token:
            self._client.headers["Authorization"] = f"Bearer {token}"
        return token

    def notes(self, forum: str) -> list[dict[str, Any]]:
        """All notes of a forum, as plain values; none where this API does not know it."""
        found: list[dict[str, Any]] = []
        while True:
            query = {"forum": forum, "limit": PAGE, "offset": len(found), "sort": "tcdate:asc"}
            page = self._call(lambda query=query: self._client.get_notes(**query))
            found += [{key: vars(note)[key] for key in FIELDS if vars(note).get(key) is not None} for note in page]
            if len(page) < PAGE:
                return found

    def _ask(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        def send() -> dict[str, Any]:
            response = self._client.session.request(method, url, headers=self._client.headers, **more)
            response.raise_for_status()
            answer = response.json()
            if not isinstance(answer, dict):
                raise ValueError
            return answer

        return self._call(send, signing_in=True)

    def _call(self, work: Any, *, signing_in: bool = False) -> Any:
        """Run one request; FetchFailed for whatever keeps it from an answer. No word of the server goes on."""
        import openreview
        import requests

        try:
            return work()
        except requests.exceptions.Timeout:
            raise FetchFailed(f"{self._address} did not answer in time; try again later") from None
        except requests.exceptions.ConnectionError:
            raise FetchFailed(
                f"{self._address} cannot be reached; check the network, or export the thread as JSON in your "
                "browser and import the file"
            ) from None
        except (openreview.OpenReviewException, requests.exceptions.HTTPError):
            failure = explain(self._adapter.status, self._address, signing_in)
            if failure is None:
                return []
            raise failure from None
        except (ValueError, KeyError, TypeError, AttributeError, requests.exceptions.RequestException):
            reason = f"{self._address} answers, but not as OpenReview does; check {self._name}"
            raise FetchFailed(reason) from None


def explain(status: int, address: str, signing_in: bool) -> FetchFailed | None:
    """What an answer other than 200 means and what to do; None where it means that there is no such forum."""
    signed = all(os.environ.get(name) for name in CREDENTIALS)
    if status == 429:
        return FetchFailed(f"{address} gets too many requests from here; wait some minutes and try again", final=True)
    if signing_in:
        refused = f"{address} refuses to sign you in; check {' and '.join(CREDENTIALS)}"
        return FetchFailed(
            refused if status < 500 else f"{address} fails (status {status}); try again later", final=True
        )
    if status in (401, 403):
        advice = "the account in OPENREVIEW_USERNAME may not read this forum" if signed else ADVICE
        return FetchFailed(f"OpenReview does not show this forum to everyone; {advice}")
    if status in (400, 404):
        return None
    return FetchFailed(f"{address} fails (status {status}); try again later")


def limited_adapter(deadline: float, most_mb: float) -> Any:
    """A transport that tries once, waits until the deadline at most, takes no more than so many megabytes in all, and keeps
    the status of the last answer."""
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter

    class LimitedAdapter(HTTPAdapter):
        status = 0
        taken = 0

        def send(self, request: Any, **more: Any) -> Any:
            left = deadline - time.monotonic()
            if left <= 0:
                raise requests.exceptions.Timeout
            response = super().send(request, **more | {"timeout": left, "stream": True})
            self.status = response.status_code
            try:
                response.raw = self.take(response.raw, request.url.partition("?")[0])
            except urllib3.exceptions.ReadTimeoutError:
                raise requests.exceptions.Timeout from None
            except urllib3.exceptions.DecodeError as error:
                raise requests.exceptions.ContentDecodingError(error) from None
            except urllib3.exceptions.HTTPError as error:
                raise requests.exceptions.ConnectionError(error) from None
            return response

        def take(self, stream: Any, address: str) -> io.BytesIO:
            """The whole body, piece by piece: else a packed answer of a few kilobytes could fill the memory."""
            body = io.BytesIO()
            for piece in stream.stream(CHUNK, decode_content=True):
                self.taken += body.write(piece)
                if self.taken > most_mb * 1e6:
                    stream.close()
                    reason = f"sends more than the limit of {most_mb:g} MB (SECOND_OPINION_MAX_FILE_MB)"
                    raise FetchFailed(f"{address} {reason}", final=True)
            body.seek(0)
            return body

    return LimitedAdapter()
