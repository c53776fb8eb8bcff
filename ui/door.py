"""The door of the page: only this machine, only this page, and one private name for each browser.

An ASGI middleware. It answers only to loopback host names (DNS rebinding), refuses requests that other sites start,
gives each browser a random token in an HttpOnly cookie, and lets the page load nothing that is not its own.
"""

import hashlib
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "second_opinion"
HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
OWNER_PREFIX = "browser:"
YEAR_S = 365 * 24 * 3600
FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
# Gradio compiles its templates with Function(), hence 'unsafe-eval'; markup cannot bring scripts of its own, because
# inline scripts and handlers need the nonce, which only the page itself carries.
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_SCRIPT = re.compile(rb"<script(?=[\s>])")
COME_AGAIN = '<!doctype html><title>Second Opinion</title><meta http-equiv="refresh" content="0">'


class NoOwner(Exception):
    """A request without the page's cookie."""

    def __init__(self) -> None:
        super().__init__("This page needs its cookie to know your conversations: allow cookies for it and reload.")


def owner_of(request: Any) -> str:
    """Who is asking: a name made from the browser's token; raises NoOwner without a token."""
    token = request.cookies.get(COOKIE) if request is not None else None
    if not token:
        raise NoOwner
    return OWNER_PREFIX + hashlib.sha256(token.encode()).hexdigest()[:32]


def is_browser(owner: str) -> bool:
    """Whether conversations of this owner belong to the page (others belong to the terminal)."""
    return owner.startswith(OWNER_PREFIX)


class Door:
    """Wraps an ASGI application; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = _refusal(scope, headers)
        if refusal is not None or scope["type"] == "websocket":
            await PlainTextResponse(refusal or "No websockets here.", 403)(scope, receive, send)
            return
        is_page = scope["method"] == "GET" and scope["path"] == "/"
        token = _token(scope)
        if is_page and token is None and headers.get("sec-fetch-site") == "cross-site":
            # The browser holds a strict cookie back when another site led here: ask it to come again from this one.
            await HTMLResponse(COME_AGAIN)(scope, receive, _with_headers(send, secrets.token_urlsafe(16), None))
            return
        nonce = secrets.token_urlsafe(16)
        send = _with_headers(send, nonce, secrets.token_urlsafe(32) if is_page and token is None else None)
        if is_page:
            scope = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]}
            send = _with_nonce(send, nonce)
        await self.app(scope, receive, send)


def _refusal(scope: Scope, headers: Headers) -> str | None:
    host = headers.get("host", "")
    if re.sub(r":\d+$", "", host).lower() not in HOSTS:
        return "This page answers only to http://127.0.0.1 and http://localhost."
    origin = headers.get("origin")
    if scope.get("method") not in ("GET", "HEAD") and origin is not None and origin.partition("//")[2] != host:
        return "This request was started by another site."
    return None


def _token(scope: Scope) -> str | None:
    try:
        cookie = SimpleCookie(HTTPConnection(scope).headers.get("cookie", ""))
    except CookieError:
        return None
    return cookie[COOKIE].value or None if COOKIE in cookie else None


def _with_headers(send: Send, nonce: str, new_token: str | None) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in FIXED_HEADERS.items():
                headers[name] = value
            headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
            if new_token is not None:
                cookie = f"{COOKIE}={new_token}; HttpOnly; SameSite=Strict; Path=/; Max-Age={YEAR_S}"
                headers.append("Set-Cookie", cookie)
        await send(message)

    return sending


def _with_nonce(send: Send, nonce: str) -> Send:
    """Give the page's own scripts the nonce; waits for the whole body, which is one HTML page."""
    start: Message = {}
    body = bytearray()

    async def sending(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
            return
        if message["type"] != "http.response.body":
            await send(message)
            return
        body.extend(message.get("body", b""))
        if message.get("more_body"):
            return
        page = _SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), bytes(body))
        headers = MutableHeaders(scope=start)
        headers["Content-Length"] = str(len(page))
        headers["Cache-Control"] = "no-store"
        await send(start)
        await send({"type": "http.response.body", "body": page})

    return sending
