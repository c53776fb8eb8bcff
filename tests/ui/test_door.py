"""The door: loopback names only, no other site's requests, one private token per browser, nothing from elsewhere."""

import re

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.door import COOKIE, Door, NoOwner, is_browser, owner_of

PAGE = "<html><script>one</script><script data-x src=a></script><p>a &lt;script> of a review</p></html>"


async def show_page(_request: Request) -> HTMLResponse:
    return HTMLResponse(PAGE)


async def show_owner(request: Request) -> PlainTextResponse:
    return PlainTextResponse(owner_of(request))


@pytest.fixture
def client():
    app = Starlette(routes=[Route("/", show_page), Route("/who", show_owner, methods=["GET", "POST"])])
    app.add_middleware(Door)
    with TestClient(app, base_url="http://127.0.0.1:7860") as client:
        yield client


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "localhost:9999", "LOCALHOST:1", "[::1]:7860"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7860", "10.0.0.5", ""]
)
def test_other_names_are_refused(client, host):
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 403 and "script" not in answer.text and "set-cookie" not in answer.headers


def test_requests_that_another_site_starts_are_refused(client):
    client.get("/")
    assert client.post("/who", headers={"origin": "http://127.0.0.1:7860"}).status_code == 200
    for origin in ("http://evil.example", "http://127.0.0.1:8000", "null"):
        assert client.post("/who", headers={"origin": origin}).status_code == 403


def test_each_browser_gets_a_token_that_scripts_cannot_read(client):
    first = client.get("/").headers["set-cookie"]
    assert all(part in first for part in ("HttpOnly", "SameSite=Strict", "Path=/"))
    owner = client.get("/who").text
    assert is_browser(owner) and not is_browser("terminal")
    assert "set-cookie" not in client.get("/").headers and client.get("/who").text == owner
    assert re.search(rf"{COOKIE}=[\w-]{{43}};", first) and client.cookies[COOKIE] not in owner
    client.cookies.clear()
    assert client.get("/").headers["set-cookie"] != first and client.get("/who").text != owner


def test_without_a_token_nobody_is_known(client):
    with pytest.raises(NoOwner, match="allow cookies"):
        client.get("/who")
    with pytest.raises(NoOwner):
        owner_of(None)


def test_a_link_from_another_site_does_not_replace_the_token(client):
    """A strict cookie is held back on such a visit: the page asks the browser to come again by itself."""
    answer = client.get("/?c=abc", headers={"sec-fetch-site": "cross-site"})
    assert "set-cookie" not in answer.headers and 'http-equiv="refresh"' in answer.text
    assert "set-cookie" in client.get("/?c=abc", headers={"sec-fetch-site": "same-origin"}).headers


def test_scripts_need_a_nonce_that_is_new_each_time(client):
    def nonce_of(answer) -> str:
        policy = answer.headers["content-security-policy"]
        found = re.search(r"script-src 'self' 'nonce-([\w-]+)' 'unsafe-eval';", policy)
        assert found and "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
        assert "http:" not in policy and "https:" not in policy and "*" not in policy
        return found.group(1)

    first, second = client.get("/"), client.get("/")
    assert nonce_of(first) != nonce_of(second)
    assert first.text == PAGE.replace("<script", f'<script nonce="{nonce_of(first)}"', 2)
    assert int(first.headers["content-length"]) == len(first.content)
    for name in ("x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy"):
        assert name in first.headers
